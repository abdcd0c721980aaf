import Foundation
import GRDB

/// A queue with a name: which solutions, in which order, and under which rules they are reviewed.
public struct SavedQueue: Sendable, Hashable, Encodable {
  /// Its name.
  public var name: String
  /// What must hold for a solution to be in it (``QueueFilter``).
  public var filter = ""
  /// The order.
  public var sort = QueueSort.imported
  /// The mode in which it is reviewed; `nil` leaves it to the reviewer.
  public var mode: ReviewMode?
  /// How many solutions each reviewer is to finish; `nil` for all.
  public var quota: Int?
  /// How many reviewers each solution is to have; `nil` for as many as come.
  public var overlap: Int?
  /// The share of solutions with known labels that are mixed in, 0 to 1.
  public var goldRate = 0.0
  /// Decides orders by chance and where known solutions are mixed in.
  public var seed: UInt64 = 0

  /// What ``quota`` and ``overlap`` may be.
  public static let limits = 1...1_000_000_000

  /// A queue of everything.
  public init(name: String) { self.name = name }

  /// What is wrong with it, as a sentence; `nil` when nothing is.
  func problem(_ fields: FilterFields) -> String? {
    if name.isEmpty || name.count > 60 || name.contains(where: \.isNewline) {
      return "A queue's name has 1 to 60 characters on one line."
    }
    if let quota, !Self.limits.contains(quota) { return "A quota is from 1 to \(Self.limits.upperBound)." }
    if let overlap, !Self.limits.contains(overlap) { return "An overlap is from 1 to \(Self.limits.upperBound)." }
    if !(0...1).contains(goldRate) { return "The rate of known solutions goes from 0 to 1." }
    if let read = try? QueueFilter(filter, fields: fields) {
      if mode == .blind, read.revealsLabels || sort.revealsLabels {
        return
          "The \(sort.revealsLabels ? "order '\(sort.words)'" : "filter") would reveal what blind mode hides. Choose another "
          + "one, or save the queue for audit mode."
      }
    }
    return nil
  }
}

extension Workspace {
  /// Every saved queue, by name.
  public func savedQueues() throws -> [SavedQueue] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM saved_queue ORDER BY name").map(savedQueue)
    }
  }

  /// The queue with a name, if there is one.
  public func savedQueue(_ name: String) throws -> SavedQueue? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM saved_queue WHERE name = ?", arguments: [name]).map(savedQueue)
    }
  }

  /// Keeps a queue, in place of one of the same name.
  ///
  /// - Throws: ``WorkspaceError/invalidFilter(_:)`` when its filter cannot be read, ``WorkspaceError/invalidQueue(_:)`` when its
  ///   rules cannot be, also when a blind reviewer would see labels by its filter or order.
  public func save(_ queue: SavedQueue) throws {
    _ = try QueueFilter(queue.filter, fields: filterFields)
    if let problem = queue.problem(filterFields) { throw WorkspaceError.invalidQueue(problem) }
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO saved_queue(name, filter, sort, mode, quota, overlap, gold_rate, seed)
          VALUES (?,?,?,?,?,?,?,?)
          """,
        arguments: [
          queue.name, queue.filter, queue.sort.rawValue, queue.mode?.rawValue, queue.quota, queue.overlap,
          queue.goldRate, Int64(bitPattern: queue.seed),
        ])
    }
  }

  /// Forgets a queue; what was decided in it stays.
  ///
  /// - Returns: whether there was one.
  public func deleteQueue(_ name: String) throws -> Bool {
    try write { db in
      try db.execute(sql: "DELETE FROM saved_queue WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }

  private func savedQueue(_ row: Row) -> SavedQueue {
    var queue = SavedQueue(name: row["name"])
    queue.filter = row["filter"]
    let sort: String = row["sort"]
    queue.sort = schema.sorts.first { $0.rawValue == sort } ?? .imported
    queue.mode = (row["mode"] as String?).flatMap(ReviewMode.init(rawValue:))
    queue.quota = row["quota"]
    queue.overlap = row["overlap"]
    queue.goldRate = row["gold_rate"]
    queue.seed = UInt64(bitPattern: row["seed"] as Int64)
    return queue
  }
}
