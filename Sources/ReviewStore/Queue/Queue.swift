import CritiqueModel
import DatasetFormats
import GRDB
import GRDBSQLite

/// One line of the queue.
public struct QueueRow: Sendable, Hashable {
  /// Number in this workspace.
  public var id: Int64
  /// Identity in every workspace.
  public var key: String
  /// The record's own identifier, or file and line.
  public var name: String
  /// Format of the record that is shown; `nil` for one of a later version.
  public var format: DatasetFormat?
  /// The beginning of the problem, on one line.
  public var excerpt: String
  /// 0 for a problem without a solution.
  public var stepCount: Int
  /// Labels by step; shorter than `stepCount` never.
  public var ratings: [Rating?]
  /// The first error by the labels.
  public var firstError: FirstError
  /// The first error by the labels that came with the data.
  public var importedFirstError: FirstError
  /// How labelling ended, where that is known.
  public var finishReason: FinishReason?
  /// Judgements by stage and step, empty where there are none.
  public var judgements: [Stage: [Rating?]]
  /// Where critiques contradict labels.
  public var disagreement: Disagreement
  /// This reviewer's state and first error step.
  public var state: ReviewState
  /// The first step that this reviewer rated −1.
  public var myFirstError: Int?
  /// Steps where this reviewer's verdict and the label lead to different judgements.
  public var differingVerdicts: Int
  /// Flags of all reviewers.
  public var flags: Int
  /// Comments of all reviewers.
  public var comments: Int
  /// Tags, in alphabetical order.
  public var tags: [String]
  /// Everyone who has decided something here, in alphabetical order.
  public var reviewers: [String]

  /// Whether a list must not reveal labels and disagreement: a blind reviewer has not finished here.
  public func hidesLabels(in mode: ReviewMode) -> Bool { !Visibility(mode).opens(state) }
}

/// How much is done.
public struct QueueProgress: Sendable, Hashable {
  /// Solutions in the workspace.
  public var total: Int
  /// Finished by this reviewer.
  public var done: Int
  /// Begun or skipped by this reviewer.
  public var started: Int
  /// Decisions of this reviewer since midnight (local time).
  public var today: Int

  /// Counts from their parts.
  public init(total: Int = 0, done: Int = 0, started: Int = 0, today: Int = 0) {
    self.total = total
    self.done = done
    self.started = started
    self.today = today
  }
}

/// What a queue shows beyond what queries tell.
public struct QueueKnowledge: Sendable {
  /// The solutions that have a reason, by its name (``QueueFilter/reasons``); `nil` while nobody knows.
  public var reasons: @Sendable (String) throws -> Set<Int64>?
  /// All solutions in an order that no query gives, each once; `nil` while nobody knows it.
  public var order: @Sendable (QueueSort) throws -> [Int64]?

  /// Knowledge; without parts nothing is known yet.
  public init(
    reasons: @escaping @Sendable (String) throws -> Set<Int64>? = { _ in nil },
    order: @escaping @Sendable (QueueSort) throws -> [Int64]? = { _ in nil }
  ) {
    self.reasons = reasons
    self.order = order
  }
}

extension Workspace {
  /// What is needed beside the database to show what a queue shows.
  public struct QueueContext: Sendable {
    /// Whose queue it is.
    public var reviewer: String
    /// Whether texts of critiques may be searched: not for a blind reviewer.
    public var searchesCritiques = true
    /// Decides the order by chance.
    public var seed: UInt64 = 0
    /// What no query tells; without it a feature works it out.
    public var knowledge: QueueKnowledge?

    /// A context for a reviewer.
    public init(reviewer: String) { self.reviewer = reviewer }
  }

  /// Ids of all solutions in order, filtered. The order is fixed when the call returns: reviewing does not move items
  /// under the cursor.
  ///
  /// - Throws: ``WorkspaceError/invalidFilter(_:)``.
  public func queue(sort: QueueSort, filter: QueueFilter = .everything, reviewer: String) throws -> [Int64] {
    try queue(sort: sort, filter: filter, QueueContext(reviewer: reviewer))
  }

  /// The same, with all that there is to know.
  public func queue(
    sort: QueueSort, filter: QueueFilter = .everything, _ context: QueueContext
  ) throws -> [Int64] {
    if filter.needsCritiqueWords, context.searchesCritiques { try prepareCritiqueSearch() }
    let reviewer = context.reviewer
    var ids = try database.read { db in
      let aboutSolution = filter.conditions.filter { !$0.aboutReviewer }
      var conditions = aboutSolution.map { "(\($0.sql))" }
      var arguments = aboutSolution.flatMap(\.arguments)
      let found = try CritiqueSearch.found(db, filter, context)
      let join = sort == .recent ? "LEFT JOIN review r ON r.solution = s.key AND r.reviewer = ?" : ""
      if sort == .recent { arguments.insert(reviewer, at: 0) }
      // As imported is not an order for SQLite, which would read the rows of all solutions for it: an index tells ids faster,
      // and numbers are sorted at once.
      let order: String? =
        switch sort {
        case .firstError: "s.first_error IS NULL, s.first_error < 0, s.first_error, s.id"
        case .length: "s.steps DESC, s.id"
        case .recent: "r.clock DESC, s.id"
        default: nil
        }
      let isAll = filter.conditions.isEmpty && found == nil
      var ids: [Int64]
      if let found, found.isEmpty || (conditions.isEmpty && order == nil) {
        ids = found
      } else if conditions.isEmpty, order == nil, let all = try Self.allIDs(db) {
        ids = all
      } else {
        if let found, found.count <= 500 {
          // A few solutions are looked at one by one, and not all.
          conditions.append("s.id IN (\(found.map(String.init).joined(separator: ",")))")
        }
        ids = try Self.ids(
          db,
          sql: "SELECT s.id FROM solution s \(join) "
            + (conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
            + (order.map { " ORDER BY \($0)" } ?? ""),
          arguments: arguments)
        if order == nil { ids.sort() }
        if let found {
          let those = Set(found)
          ids.removeAll { !those.contains($0) }
        }
      }
      for condition in filter.conditions where condition.aboutReviewer && !ids.isEmpty {
        try Self.keep(&ids, condition, of: reviewer, db)
      }
      switch sort {
      case .todo:
        // Few solutions are finished, all are listed: a partition is cheaper than a join over everything.
        let done = Set(try Self.doneIDs(db, reviewer: reviewer))
        return done.isEmpty ? ids : ids.filter { !done.contains($0) } + ids.filter(done.contains)
      case .disagreement:
        return Self.first(
          try Self.ids(
            db, sql: "SELECT id FROM solution WHERE disagreement > 0 ORDER BY disagreement DESC, id", arguments: []),
          of: ids, isAll: isAll)
      case .votes: return Self.first(try QueueReasons.byVotes(db), of: ids, isAll: isAll)
      case .random:
        return ids.map { (QueueReasons.chance($0, seed: context.seed), $0) }.sorted { $0 < $1 }.map(\.1)
      default:
        guard case .query(let listed, _) = sort.meaning else { return ids }
        return Self.first(try listed(db), of: ids, isAll: isAll)
      }
    }
    var isComputed = false
    if case .computed = sort.meaning { isComputed = true }
    guard isComputed || !filter.reasons.isEmpty else { return ids }
    let known =
      try context.knowledge ?? schema.features.lazy.compactMap(\.queueKnowledge).first?(self) ?? QueueKnowledge()
    for reason in filter.reasons {
      guard let those = try known.reasons(reason.name) else {
        throw WorkspaceError.invalidFilter("'reason:\(reason.name)' is being worked out; try again in a moment")
      }
      ids.removeAll { those.contains($0) == reason.isNegated }
    }
    if isComputed {
      guard let order = try known.order(sort) else {
        throw WorkspaceError.invalidFilter("the order by \(sort.words) is being worked out; try again in a moment")
      }
      ids = Self.first(order, of: ids, isAll: false)
    }
    return ids
  }

  /// Keeps the solutions of which a condition about the reviewer's work holds. The reviewed ones are looked at, which are few
  /// beside all others; to those the same applies as to a review without a state.
  private static func keep(
    _ ids: inout [Int64], _ condition: QueueFilter.Condition, of reviewer: String, _ db: Database
  ) throws {
    let holds = "coalesce((\(condition.sql)), 0)"
    let untouched =
      try Bool.fetchOne(
        db, sql: "SELECT \(holds) FROM (SELECT NULL AS state, NULL AS differs) r",
        arguments: StatementArguments(condition.arguments)) ?? false
    let others = Set(
      try Self.ids(
        db,
        sql: """
          SELECT s.id FROM review r CROSS JOIN solution s ON s.key = r.solution
          WHERE r.reviewer = ? AND \(holds) <> \(untouched ? 1 : 0)
          """, arguments: [reviewer] + condition.arguments))
    ids.removeAll { others.contains($0) == untouched }
  }

  private static func doneIDs(_ db: Database, reviewer: String) throws -> [Int64] {
    try ids(
      db,
      sql: """
        SELECT s.id FROM review r JOIN solution s ON s.key = r.solution
        WHERE r.reviewer = ? AND r.state IN (\(ReviewState.done))
        """, arguments: [reviewer])
  }

  /// Solutions that a reviewer has finished.
  public func done(by reviewer: String) throws -> [Int64] {
    try database.read { try Self.doneIDs($0, reviewer: reviewer) }
  }

  /// Those of some ids that are listed, before the others.
  private static func first(_ first: [Int64], of ids: [Int64], isAll: Bool) -> [Int64] {
    if first.isEmpty { return ids }
    let listed = Set(first)
    var shown = first
    if !isAll {
      let all = Set(ids)
      shown = first.filter(all.contains)
    }
    return shown + ids.filter { !listed.contains($0) }
  }

  /// All ids in order when they have no gaps, which saves reading a row for each; else `nil`.
  private static func allIDs(_ db: Database) throws -> [Int64]? {
    guard
      let row = try Row.fetchOne(
        db,
        sql: "SELECT (SELECT min(id) FROM solution), (SELECT max(id) FROM solution), (SELECT count(*) FROM solution)"),
      let first = row[0] as Int64?, let last = row[1] as Int64?
    else { return nil }
    return last - first + 1 == row[2] ? Array(first...last) : nil
  }

  /// Steps through one column of ids without making row objects: 100,000 ids in a few milliseconds.
  static func ids(_ db: Database, sql: String, arguments: [String]) throws -> [Int64] {
    let statement = try db.makeStatement(sql: sql)
    try statement.setArguments(StatementArguments(arguments))
    var ids: [Int64] = []
    let cursor = try Int64.fetchCursor(statement)
    while let id = try cursor.next() { ids.append(id) }
    return ids
  }

  /// The lines for some ids, in the order of the ids; an id that is not there is left out.
  public func rows(_ ids: [Int64], reviewer: String) throws -> [QueueRow] {
    guard !ids.isEmpty else { return [] }
    return try database.read { db in
      let marks = databaseQuestionMarks(count: ids.count)
      let rows = try Row.fetchAll(
        db, sql: Self.lines(where: "s.id IN (\(marks))"),
        arguments: StatementArguments([reviewer]) + StatementArguments(ids)
      ).map(QueueRow.init(row:))
      let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
      return ids.compactMap { byID[$0] }
    }
  }

  /// SQL for the lines of the solutions `s` for which a condition holds; its first argument is the reviewer.
  static func lines(where condition: String) -> String {
    """
    SELECT s.*, r.state AS my_state, r.first_error AS my_first_error, coalesce(r.differs, 0) AS differs,
      (SELECT count(*) FROM flag f WHERE f.solution = s.key) AS flags,
      (SELECT coalesce(sum(v.comments), 0) FROM review v WHERE v.solution = s.key) AS comments,
      (SELECT group_concat(t.name, ' ') FROM tag t WHERE t.solution = s.key) AS tags,
      (SELECT group_concat(v.reviewer, char(31)) FROM review v WHERE v.solution = s.key) AS reviewers
    FROM solution s LEFT JOIN review r ON r.solution = s.key AND r.reviewer = ?
    WHERE \(condition)
    """
  }

  /// Those of some solutions that ask nothing more of the reviewer: finished, or without steps.
  public func finished(among ids: [Int64], reviewer: String) throws -> Set<Int64> {
    try database.read { db in
      try Int64.fetchSet(
        db,
        sql: """
          SELECT s.id FROM solution s
          WHERE s.id IN (\(databaseQuestionMarks(count: ids.count)))
            AND (s.steps = 0 OR EXISTS(
              SELECT 1 FROM review r WHERE r.solution = s.key AND r.reviewer = ?
                AND r.state IN (\(ReviewState.done))))
          """, arguments: StatementArguments(ids) + StatementArguments([reviewer]))
    }
  }

  /// Totals for the reviewer.
  ///
  /// - Parameter midnight: the beginning of the reviewer's day, in milliseconds since 1970.
  public func progress(of reviewer: String, midnight: Int64) throws -> QueueProgress {
    try database.read { db in
      let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM solution") ?? 0
      let counts = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*) FILTER (WHERE state IN (\(ReviewState.done))) AS done,
                 count(*) FILTER (WHERE state IN ('started','skipped')) AS started
          FROM review WHERE reviewer = ?
          """, arguments: [reviewer])
      let today = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM event WHERE reviewer = ? AND at >= ? AND kind NOT IN ('undo','redo')",
        arguments: [reviewer, midnight])
      return QueueProgress(
        total: total, done: counts?["done"] ?? 0, started: counts?["started"] ?? 0, today: today ?? 0)
    }
  }
}

extension QueueRow {
  init(row: Row) {
    let count: Int = row["steps"]
    let boxed: Int? = row["first_error"]
    let firstError: FirstError =
      switch boxed {
      case nil: .unknown
      case .some(let step) where step > 0: .step(step)
      default: .none
      }
    var judgements: [Stage: [Rating?]] = [:]
    for stage in Stage.allCases {
      let signature: String = row[stage.rawValue]
      if !signature.isEmpty { judgements[stage] = Signature.ratings(signature) }
    }
    let reviewers: String? = row["reviewers"]
    let tags: String? = row["tags"]
    self.init(
      id: row["id"], key: row["key"], name: row["name"], format: DatasetFormat(rawValue: row["format"]),
      excerpt: row["excerpt"], stepCount: count, ratings: Signature.ratings(row["ratings"]), firstError: firstError,
      importedFirstError: FirstError(ratings: Signature.ratings(row["imported"] ?? row["ratings"])),
      finishReason: (row["finish_reason"] as String?).flatMap(FinishReason.init(rawValue:)),
      judgements: judgements,
      disagreement: Disagreement(rawValue: row["disagreement"]),
      state: (row["my_state"] as String?).flatMap(ReviewState.init(rawValue:)) ?? .untouched,
      myFirstError: row["my_first_error"], differingVerdicts: row["differs"], flags: row["flags"],
      comments: row["comments"], tags: tags?.split(separator: " ").map(String.init).sorted() ?? [],
      reviewers: reviewers?.split(separator: "\u{1f}").map(String.init).sorted() ?? [])
  }
}
