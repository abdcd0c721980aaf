/// The kinds of file the project reads, told apart by the keys of their records (never by the file's name).
///
/// The shapes are those of real files; each format's reader (in `Formats/`) says what it takes and what it refuses.
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
  /// OpenAI's PRM800K, both phases: `question` and `label`, rated completions per step.
  case prm800k
  /// ProcessBench: `steps` as texts, `label` the 0-based first error or −1.
  case processbench
  /// MR-GSM8K as DeepCritic's `processed_test.json` has it: ProcessBench rows, a whole-number `id`, no generator.
  case mrgsm8k
  /// MR-GSM8K as published: `model_output_steps`, the first error 1-based or "N/A".
  case mrgsm8kOriginal = "mr-gsm8k"
  /// PRMBench: `modified_process` and a 1-based list of `error_steps`.
  case prmbench
  /// DeepCritic's processed input and its initial, deep and merged stage files.
  case deepcritic
  /// Chat examples for supervised fine-tuning: `messages` of a system, a user and an assistant turn.
  case sft
  /// DeepCritic's rollout files: `prompt`, `answer` and later `solutions`, `correct_solutions`, …
  case rollout
  /// Problem sets without step-by-step solutions: MATH, GSM8K, NuminaMath.
  case problems
  /// Any rows with a problem, `steps` and a `label`.
  case generic
  /// Our own export of the review log: a header line, then one event a line.
  case reviews

  /// The name shown to people.
  public var title: String {
    switch self {
    case .prm800k: "PRM800K"
    case .processbench: "ProcessBench"
    case .mrgsm8k: "MR-GSM8K (DeepCritic's processed form)"
    case .mrgsm8kOriginal: "MR-GSM8K (original)"
    case .prmbench: "PRMBench"
    case .deepcritic: "DeepCritic critique stages"
    case .sft: "SFT messages"
    case .rollout: "DeepCritic rollouts"
    case .problems: "problem set"
    case .generic: "generic steps and labels"
    case .reviews: "review log export"
    }
  }
}
