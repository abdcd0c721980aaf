import Formatting

/// A score that others have published, with its source.
public struct PublishedScore: Sendable, Hashable, Codable {
  /// The critic.
  public var critic: String
  /// What was measured ("average of six sets").
  public var measure: String
  /// F1, in percent.
  public var f1: Double
  /// Where it stands.
  public var source: String
  /// What to mind when comparing.
  public var caveat: String

  static func table(_ scores: [PublishedScore], title: String) -> TextTable {
    TextTable(
      header: [title, "F1", "measured on", "source", "note"],
      rows: scores.map { [$0.critic, Figures.percent($0.f1), $0.measure, $0.source, $0.caveat] }, words: [0, 2, 3, 4])
  }

  private static let deepCritic = "arXiv 2505.00662"
  /// Zheng et al., ProcessBench.
  private static let processBench = "arXiv 2412.06559"
  /// Zhang et al., The Lessons of Developing Process Reward Models in Mathematical Reasoning.
  private static let qwenPRM = "arXiv 2501.07301"
  /// Zhao et al., GenPRM.
  private static let genPRM = "arXiv 2504.00891"
  private static let six = "mean of MR-GSM8K, PRM800K and ProcessBench's four sets"
  private static let four = "mean of ProcessBench's four sets"

  private static func paper(_ critic: String, _ measure: String, _ f1: Double, votes: Bool = false) -> PublishedScore {
    PublishedScore(
      critic: critic, measure: measure, f1: f1, source: deepCritic,
      caveat: votes ? "DeepCritic's vote protocol, Maj@8" : "DeepCritic's protocol, single answers")
  }

  private static func elsewhere(_ critic: String, _ f1: Double, _ source: String, _ caveat: String) -> PublishedScore {
    PublishedScore(critic: critic, measure: four, f1: f1, source: source, caveat: caveat)
  }

  /// The figures that are sourced. They are not ours: models, prompts and servers differ.
  public static let all: [PublishedScore] = [
    paper("DeepCritic-7B-RL-PRM800K (Maj@8)", six, 70.5, votes: true),
    paper("DeepCritic-7B-RL-PRM800K", six, 67.1),
    paper("DeepCritic-7B-RL-Numina", six, 63.5),
    paper("GPT-4o", six, 58.2),
    paper("DeepCritic-7B-SFT", six, 54.1),
    paper("Qwen2.5-7B-Instruct", six, 34.1),
    paper("DeepCritic-7B-RL-PRM800K (Maj@8)", "MR-GSM8K", 78.7, votes: true),
    paper("DeepCritic-7B-RL-PRM800K", "MR-GSM8K", 77.3),
    paper("GPT-4o", "MR-GSM8K", 69.7),
    paper("Qwen2.5-7B-Instruct", "MR-GSM8K", 48.1),
    elsewhere("o1-mini", 87.9, processBench, "ProcessBench's protocol"),
    elsewhere("GenPRM-32B (Maj@8)", 82.6, genPRM, "its own protocol"),
    elsewhere("GenPRM-7B (Maj@8)", 80.5, genPRM, "its own protocol"),
    elsewhere("Qwen2.5-Math-PRM-72B", 78.3, qwenPRM, "scores by step, threshold"),
    elsewhere("Qwen2.5-Math-PRM-7B", 73.5, qwenPRM, "scores by step, threshold"),
    elsewhere("GPT-4o-0806", 61.9, processBench, "ProcessBench's protocol"),
  ]
}
