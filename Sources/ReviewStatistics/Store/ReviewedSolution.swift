import CritiqueModel
import DatasetFormats
import GRDB
import ReviewStore

/// A solution that somebody has decided about, with all decisions: what statistics of reviewers are made of.
public struct ReviewedSolution: Sendable, Hashable {
  /// Identity in every workspace.
  public var key: String
  /// Number in this workspace; `nil` for a solution that is not imported here yet.
  public var id: Int64?
  /// The record's own identifier, or file and line; the key for one that is not here.
  public var name: String
  /// Format of the record that is shown.
  public var format: DatasetFormat?
  /// 0 for a solution that is not here.
  public var stepCount: Int
  /// Labels that came with it, by step.
  public var ratings: [Rating?]
  /// A quality-control or screening item of PRM800K.
  public var isScreening: Bool
  /// Judgements by stage and step; empty where there are none.
  public var judgements: [Stage: [Rating?]]
  /// Reviewers into whose queue it was mixed as an item with a known label.
  public var goldFor: Set<String>
  /// Every event about it, in order of effect.
  public var events: [ReviewEvent] {
    didSet { views = Projection.views(of: events) }
  }
  /// What stands for each reviewer.
  public private(set) var views: [String: ReviewerView]

  /// A solution from its parts; what is not named is unknown.
  public init(
    key: String, id: Int64? = nil, name: String? = nil, format: DatasetFormat? = nil, stepCount: Int = 0,
    ratings: [Rating?] = [], isScreening: Bool = false, judgements: [Stage: [Rating?]] = [:],
    goldFor: Set<String> = [], events: [ReviewEvent] = []
  ) {
    self.key = key
    self.id = id
    self.name = name ?? key
    self.format = format
    self.stepCount = stepCount
    self.ratings = ratings
    self.isScreening = isScreening
    self.judgements = judgements
    self.goldFor = goldFor
    self.events = events
    views = Projection.views(of: events)
  }

  /// How far a reviewer is with it.
  public func state(of reviewer: String) -> ReviewState { views[reviewer]?.state(count: stepCount) ?? .untouched }

  /// Each reviewer's first answer to each step, whatever became of it: a verdict that was changed or undone since was
  /// still what the reviewer said first. Of verdicts before anything was shown the last one counts: nothing has swayed it.
  public func firstVerdicts() -> [String: [Int: StandingVerdict]] {
    var found: [String: [Int: StandingVerdict]] = [:]
    for event in events where event.kind == .verdict {
      guard case .verdict(let rating, let basis) = event.decision else { continue }
      if let before = found[event.reviewer]?[event.step], before.basis != Decision.sealed || basis != Decision.sealed {
        continue
      }
      found[event.reviewer, default: [:]][event.step] = StandingVerdict(
        rating: rating, event: event.uuid, at: event.at, order: event.order, mode: event.mode, basis: basis)
    }
    return found
  }
}

/// Everything that statistics of a review are worked out from, all from one state of the workspace.
public struct ReviewSnapshot: Sendable {
  /// Solutions that somebody has decided about, by number; those that are not here last.
  public var reviewed: [ReviewedSolution]
  /// Counts over all solutions.
  public var totals: SolutionTotals
}

extension Workspace {
  /// Reads the decisions and counts labels and judgements of all solutions, in one state of the workspace.
  ///
  /// - Parameter ids: only these solutions; `nil` for all, also those that are not imported here.
  public func reviewSnapshot(among ids: Set<Int64>? = nil) throws -> ReviewSnapshot {
    try database.read { db in
      ReviewSnapshot(
        reviewed: try Self.reviewedSolutions(db, among: ids), totals: try SolutionTotals(db, among: ids))
    }
  }

  /// Solutions that somebody has decided about, by number; those that are not here last.
  ///
  /// - Parameter ids: only these solutions; `nil` for all.
  public func reviewedSolutions(among ids: Set<Int64>? = nil) throws -> [ReviewedSolution] {
    try database.read { try Self.reviewedSolutions($0, among: ids) }
  }

  /// Solutions on some step of which verdicts of several reviewers lead to different judgements, or whose problem somebody
  /// marked as bad, whether that has been settled or not, by number.
  public func contestedSolutions() throws -> [ReviewedSolution] {
    try database.read { db in
      try Self.reviewedSolutions(
        db,
        condition: """
          IN (SELECT solution FROM verdict GROUP BY solution, step HAVING min(rating) < 0 AND max(rating) >= 0
              UNION SELECT solution FROM review WHERE mark = 'bad_problem')
          """, [])
    }
  }

  /// The solution with a key, with its decisions, also when it is not here.
  public func reviewedSolution(key: String) throws -> ReviewedSolution {
    try database.read { db in
      try Self.reviewedSolutions(db, condition: "= ?", [key]).first ?? ReviewedSolution(key: key)
    }
  }

  static func reviewedSolutions(_ db: Database, among ids: Set<Int64>?) throws -> [ReviewedSolution] {
    let all = try reviewedSolutions(db, condition: "IS NOT NULL", [])
    guard let ids else { return all }
    return all.filter { $0.id.map(ids.contains) ?? false }
  }

  /// - Parameter condition: follows the name of a column that holds a solution's key.
  private static func reviewedSolutions(
    _ db: Database, condition: String, _ arguments: StatementArguments
  ) throws -> [ReviewedSolution] {
    var events: [String: [ReviewEvent]] = [:]
    let rows = try Row.fetchCursor(
      db, sql: "SELECT * FROM event WHERE solution \(condition) ORDER BY clock, uuid", arguments: arguments)
    while let row = try rows.next() {
      let event = ReviewEvent(row: row)
      events[event.solution, default: []].append(event)
    }
    var gold: [String: Set<String>] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT solution, reviewer FROM gold_item WHERE solution \(condition)", arguments: arguments)
    {
      gold[row[0], default: []].insert(row[1])
    }
    var found: [ReviewedSolution] = []
    found.reserveCapacity(events.count)
    let solutions = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, key, name, format, coalesce(imported, ratings) AS ratings, steps, screening, initial, deep, merged FROM solution
        WHERE key IN (SELECT DISTINCT solution FROM event WHERE solution \(condition)) ORDER BY id
        """, arguments: arguments)
    while let row = try solutions.next() {
      let key: String = row["key"]
      var judgements: [Stage: [Rating?]] = [:]
      for stage in Stage.allCases {
        let signature: String = row[stage.rawValue]
        if !signature.isEmpty { judgements[stage] = Signature.ratings(signature) }
      }
      found.append(
        ReviewedSolution(
          key: key, id: row["id"], name: row["name"], format: DatasetFormat(rawValue: row["format"]),
          stepCount: row["steps"], ratings: Signature.ratings(row["ratings"]), isScreening: row["screening"],
          judgements: judgements, goldFor: gold[key] ?? [], events: events.removeValue(forKey: key) ?? []))
    }
    for (key, rest) in events.sorted(by: { $0.key < $1.key }) {
      found.append(ReviewedSolution(key: key, goldFor: gold[key] ?? [], events: rest))
    }
    return found
  }
}
