import CritiqueModel
import GRDB

/// What a module adds to the store. Its tables are steps of the ``WorkspaceSchema``, its queries extensions of ``Workspace``.
package struct WorkspaceFeature: Sendable {
  /// Conditions of filters. Of several with one name the values add up.
  package var filterFields: [FilterField] = []
  /// Orders of the queue.
  package var sorts: [QueueSort] = []
  /// SQL for the ids of solutions that critics are measured on: training data must not hold their problems.
  package var benchmarkSolutions: String?
  /// SQL for what names the critiques that a merged critique `c` was made of; NULL where the rule chose them.
  package var critiqueSources: String?
  /// Brings the feature's tables up to date after the critiques of a solution have changed.
  package var critiquesChanged: (@Sendable (CritiqueSummary, Database) throws -> Void)?
  /// What rollouts say about each of a solution's steps; empty where they say nothing.
  package var rolloutLabels: (@Sendable (_ solution: Int64, _ steps: Int, Database) throws -> [Rating?])?
  /// SQL for the ids of the solutions that ``rolloutLabels`` says something about.
  package var labelledByRollouts: String?
  /// Works out the reasons and orders that no query tells (``Workspace/QueueContext/knowledge``).
  package var queueKnowledge: (@Sendable (Workspace) throws -> QueueKnowledge)?
  /// What the feature knows about a solution, read together with it (``StoredSolution/facts``).
  package var facts: (@Sendable (_ solution: Int64, Database) throws -> (any Sendable & Hashable)?)?

  package init() {}
}

/// The critiques of a solution without their texts.
package struct CritiqueSummary: Sendable {
  package let solution: Int64
  /// Labels by step.
  package let ratings: [Rating?]
  /// How labelling ended, where that is known.
  package let finishReason: FinishReason?
  /// Reviewers disagree about a step that matters.
  package let hasConflict: Bool
  /// What there is of each stage, by 1-based step.
  package let samples: [Stage: [Int: StageSamples]]
}

/// What features know about a solution, by type.
public struct SolutionFacts: Sendable, Hashable {
  private let values: [any Sendable & Hashable]

  init(_ values: [any Sendable & Hashable]) { self.values = values }

  /// The fact of a type; `nil` where no feature knows any.
  package func first<Fact>(_ type: Fact.Type) -> Fact? { values.lazy.compactMap { $0 as? Fact }.first }

  /// Equal facts in the same order.
  public static func == (a: SolutionFacts, b: SolutionFacts) -> Bool {
    a.values.map { AnyHashable($0) } == b.values.map { AnyHashable($0) }
  }

  /// Hashes all of them.
  public func hash(into hasher: inout Hasher) {
    for value in values { hasher.combine(value) }
  }
}
