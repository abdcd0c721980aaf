import Foundation
import GRDB

/// Who reserves: one run of the program.
public struct ReservationHolder: Sendable, Hashable {
  /// Who reviews.
  public var reviewer: String
  /// Names the run.
  public let session: String
  /// The machine.
  public let host: String
  /// The process.
  public let process: Int32

  /// This process.
  public init(reviewer: String) {
    self.reviewer = reviewer
    session = UUID().uuidString
    host = ProcessInfo.processInfo.hostName
    process = getpid()
  }

  init(reviewer: String, session: String, host: String, process: Int32) {
    self.reviewer = reviewer
    self.session = session
    self.host = host
    self.process = process
  }
}

extension Workspace {
  /// How long a reservation holds after it was made or renewed, in milliseconds. A crash on another machine keeps a solution
  /// from others for so long; on this one a process that is gone holds nothing.
  public static let reservationTime: Int64 = 5 * 60 * 1000

  /// Takes a solution for a reviewer, unless as many others as the queue wants have it or have finished it.
  ///
  /// A reviewer who has begun a solution may continue. What the same run held before is let go.
  ///
  /// - Parameter overlap: reviewers that each solution is to have; `nil` for as many as come.
  /// - Returns: whether it may be reviewed.
  public func reserve(
    _ solution: String, for holder: ReservationHolder, overlap: Int?, now: Date = Date()
  ) throws -> Bool {
    if isReadOnly { return true }
    do { return try reserve(solution, for: holder, overlap, now) } catch WorkspaceError.diskFull {
      // It can be read all the same; what cannot be kept is said when something is decided.
      return true
    }
  }

  private func reserve(
    _ solution: String, for holder: ReservationHolder, _ overlap: Int?, _ now: Date
  ) throws -> Bool {
    try write { db in
      let time = Int64(now.timeIntervalSince1970 * 1000)
      if let overlap {
        let others = try Self.others(db, [solution], than: holder.reviewer, host: holder.host, now: time)
        if others[solution, default: []].count >= overlap {
          let isMine = try Bool.fetchOne(
            db, sql: "SELECT EXISTS(SELECT 1 FROM review WHERE solution = ? AND reviewer = ?)",
            arguments: [solution, holder.reviewer])
          if isMine != true { return false }
        }
      }
      try db.execute(
        sql: "DELETE FROM reservation WHERE session = ? AND solution <> ?", arguments: [holder.session, solution])
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO reservation(solution, reviewer, session, host, process, until) VALUES (?,?,?,?,?,?)
          """,
        arguments: [
          solution, holder.reviewer, holder.session, holder.host, holder.process, time + Self.reservationTime,
        ])
      return true
    }
  }

  /// Lets go of all that a run holds.
  public func release(_ holder: ReservationHolder) throws {
    if isReadOnly { return }
    try write { try $0.execute(sql: "DELETE FROM reservation WHERE session = ?", arguments: [holder.session]) }
  }

  /// Others who have a solution open now.
  public func otherReviewers(
    of solution: String, besides holder: ReservationHolder, now: Date = Date()
  ) throws -> [String] {
    try database.read { db in
      try Self.holders(
        db, [solution], than: holder.reviewer, host: holder.host, now: Int64(now.timeIntervalSince1970 * 1000))[
          solution, default: []
        ].sorted()
    }
  }

  /// Those of some solutions that are not to be offered to a reviewer: enough others have them or have finished them.
  public func taken(
    among ids: [Int64], by holder: ReservationHolder, overlap: Int, now: Date = Date()
  ) throws -> Set<Int64> {
    try database.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT s.id, s.key FROM solution s WHERE s.id IN (\(databaseQuestionMarks(count: ids.count)))
            AND NOT EXISTS(SELECT 1 FROM review r WHERE r.solution = s.key AND r.reviewer = ?)
          """, arguments: StatementArguments(ids) + [holder.reviewer])
      let others = try Self.others(
        db, rows.map { $0[1] }, than: holder.reviewer, host: holder.host,
        now: Int64(now.timeIntervalSince1970 * 1000))
      return Set(rows.filter { others[$0[1], default: []].count >= overlap }.map { $0[0] })
    }
  }

  /// Reviewers who hold or have finished solutions.
  private static func others(
    _ db: Database, _ solutions: [String], than reviewer: String, host: String, now: Int64
  ) throws -> [String: Set<String>] {
    var others = try holders(db, solutions, than: reviewer, host: host, now: now)
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT solution, reviewer FROM review
        WHERE solution IN (\(databaseQuestionMarks(count: solutions.count))) AND reviewer <> ?
          AND state IN (\(ReviewState.done))
        """, arguments: StatementArguments(solutions) + [reviewer])
    for row in rows { others[row[0], default: []].insert(row[1]) }
    return others
  }

  private static func holders(
    _ db: Database, _ solutions: [String], than reviewer: String, host: String, now: Int64
  ) throws -> [String: Set<String>] {
    var holders: [String: Set<String>] = [:]
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT solution, reviewer, host, process FROM reservation
        WHERE solution IN (\(databaseQuestionMarks(count: solutions.count))) AND reviewer <> ? AND until > ?
        """, arguments: StatementArguments(solutions) + [reviewer, now])
    for row in rows {
      // A process of this machine that is gone holds nothing; of another machine only time tells.
      if (row[2] as String) == host, kill(row[3], 0) != 0, errno == ESRCH { continue }
      holders[row[0], default: []].insert(row[1])
    }
    return holders
  }
}
