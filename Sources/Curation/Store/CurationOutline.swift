import CritiqueGeneration
import CritiqueModel
import DatasetFormats
import ReviewStore
import StepLabeling

/// A critique without its text.
public struct CritiqueOutline: Sendable, Hashable {
  /// Row in this workspace.
  public var id: Int64
  /// The stage that made it.
  public var stage: Stage
  /// 1-based; 0 for a critique of the whole solution.
  public var step: Int
  /// What it concludes; `nil` without a judgement.
  public var judgement: Judgement?
  /// Why the response is not a critique: truncated or empty; `nil` when it is one.
  public var fault: SeedReason?
  /// Unicode scalars of the text without white space around it.
  public var size: Int
  /// What people made of it.
  public var standing: SampleStanding = []
}

/// All that decides about a solution's place in training sets, without its texts.
public struct CurationOutline: Sendable, Hashable {
  /// Number in this workspace.
  public var id: Int64
  /// Identity in every workspace.
  public var key: String
  /// The record's own identifier, or file and line.
  public var name: String
  /// Format of the record that is shown; `nil` for one of a later version.
  public var format: DatasetFormat?
  /// Labels that came with it, by step.
  public var ratings: [Rating?]
  /// How the labeller ended, where the record says so.
  public var finishReason: FinishReason?
  /// The problem has no text.
  public var isProblemBlank = false
  /// Hash of what the problem says (`ProblemText`).
  public var problem: Int64
  /// Unicode scalars of problem and numbered steps (`SolutionText.size`).
  public var promptSize: Int
  /// It belongs to a benchmark: by format, or by the settings.
  public var isBenchmark = false
  /// The item of a benchmark in this workspace that has the same problem.
  public var benchmarkItem: BenchmarkProblem?
  /// By stage, step and sample.
  public var critiques: [CritiqueOutline] = []
  /// The estimate from rollouts; `nil` without one.
  public var estimate: StepEstimate?
  /// Requests for critiques that failed.
  public var failures: [GenerationTarget] = []
  /// Every event about the solution, in order of effect.
  public var events: [ReviewEvent] = [] {
    didSet { views = Projection.views(of: events) }
  }
  /// What stands for each reviewer.
  public private(set) var views: [String: ReviewerView] = [:]
  /// Keys of critiques that somebody's judgement of soundness is about, by row.
  public var judgedCritiques: [Int64: CritiqueKey] = [:]

  /// An outline from its parts; what is not named has its default.
  public init(
    id: Int64, key: String, name: String, format: DatasetFormat?, ratings: [Rating?],
    finishReason: FinishReason? = nil, problem: Int64, promptSize: Int
  ) {
    self.id = id
    self.key = key
    self.name = name
    self.format = format
    self.ratings = ratings
    self.finishReason = finishReason
    self.problem = problem
    self.promptSize = promptSize
  }
}

extension CurationOutline {
  /// The labels after every decision.
  public func resolution(_ policy: LabelPolicy) -> LabelResolution {
    let rollouts = ratings.contains { $0 != nil } ? nil : estimate?.ratings(steps: ratings.count)
    return LabelResolution(
      LabelEvidence(imported: ratings, format: format, rollouts: rollouts ?? [], views: views), policy: policy)
  }
}

/// The texts that a training row is made of.
public struct CurationMaterial: Sendable {
  /// Number in this workspace.
  public var id: Int64
  /// The record exactly as it was found.
  var raw: [UInt8]
  var format: DatasetFormat
  var ordinal: Int
  /// Texts of the critiques that were asked for, by row.
  public var texts: [Int64: String]
  /// Where those of them came from that were generated here, by row.
  public var origins: [Int64: CritiqueOrigin]

  /// The record as it was imported, when it has a format and holds one solution; `nil` otherwise.
  public func record(as format: DatasetFormat) -> [UInt8]? { self.format == format ? raw : nil }

  /// Problem, steps and labels, decoded from the record; so that many can be decoded at once, away from the database.
  ///
  /// - Throws: `RecordError` if the stored record cannot be read.
  public func solution() throws -> Solution {
    guard let solution = try RecordDecoder.solution(of: raw, format: format, ordinal: ordinal) else {
      throw WorkspaceError.noSuchSolution(String(id))
    }
    return solution
  }
}

/// Where a critique came from.
public struct CritiqueOrigin: Sendable, Hashable, Codable {
  /// The model that wrote it.
  public var model: String
  /// SHA-256 of the prompt template, 64 hexadecimal digits.
  public var template: String
}
