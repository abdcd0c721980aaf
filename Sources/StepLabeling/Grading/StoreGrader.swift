import CritiqueModel
import ReviewStore

/// Grades what is stored and has no grade of this grader.
public struct StoreGrader: Sendable {
  /// What was done.
  public struct Counts: Sendable, Hashable, Codable {
    /// Rollouts that got a grade.
    public var graded = 0
    /// By outcome (``RolloutOutcome``).
    public var outcomes: [String: Int] = [:]
    /// Pairs that had been graded before.
    public var reused = 0

    /// Nothing yet.
    public init() {}
  }

  private let workspace: Workspace
  private let pool: GradingPool
  private static let pageSize = 512

  /// A grader for a workspace.
  public init(workspace: Workspace, pool: GradingPool) {
    self.workspace = workspace
    self.pool = pool
  }

  /// Grades everything that waits for it. Each page is stored before the next is begun.
  ///
  /// - Parameter progress: called with how many were graded; may throw to stop.
  /// - Throws: ``GradingError``; `WorkspaceError`; `CancellationError`.
  public func gradeAll(progress: (Int) throws -> Void = { _ in }) async throws -> Counts {
    var counts = Counts()
    var after: Int64 = 0
    while true {
      // Nothing starts where nothing is to be done.
      if after == 0, try workspace.ungraded(by: "", limit: 1).isEmpty { return counts }
      let grader = try await pool.grader()
      let page = try workspace.ungraded(by: grader, after: after, limit: Self.pageSize)
      guard let last = page.last else { return counts }
      after = last.rollout
      let golds = try references(of: Set(page.map(\.solution)))
      var keys: [Int64: [UInt8]] = [:]
      var pairs: [[UInt8]: GradePair] = [:]
      for one in page {
        guard let gold = golds[one.solution] else { continue }
        let key = Workspace.gradeKey(grader: grader, gold: gold, answer: one.answer)
        keys[one.rollout] = key
        pairs[key] = GradePair(gold: gold, answer: one.answer)
      }
      let known = try workspace.grades(Array(pairs.keys))
      let open = pairs.filter { known[$0.key] == nil }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      let grades = try await pool.grade(open.map(\.value))
      let entries = zip(open, grades).map {
        Workspace.GradeEntry(key: $0.key, gold: $0.value.gold, answer: $0.value.answer, grade: $1)
      }
      try workspace.recordGrades(entries, grader: grader, rollouts: keys)
      let fresh = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.grade) })
      for key in keys.values {
        let outcome = fresh[key]?.outcome ?? known[key]?.outcome ?? .undecided
        counts.outcomes[outcome.rawValue, default: 0] += 1
      }
      counts.graded += keys.count
      counts.reused += known.count
      try progress(counts.graded)
    }
  }

  /// Reference answers, by solution; those without one are left out.
  private func references(of ids: Set<Int64>) throws -> [Int64: String] {
    var found: [Int64: String] = [:]
    for material in try workspace.seedMaterial(ids.sorted(), before: .initial) {
      if let answer = material.solution.referenceAnswer, !TrainingText.trimmed(answer).isEmpty {
        found[material.id] = answer
      }
    }
    return found
  }
}
