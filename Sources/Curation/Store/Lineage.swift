import Foundation
import GRDB
import ReviewStore

/// A dataset that was exported.
public struct DatasetEntry: Sendable, Hashable, Codable {
  /// Its number in this workspace; 0 for one that is not stored yet.
  public var number: Int64 = 0
  /// SHA-256 over the files' hashes, 64 hexadecimal digits.
  public var hash: String
  /// What it is for: "sft" or "prm".
  public var kind: String
  /// The shape of its rows ("messages", "trl-stepwise" …).
  public var format: String
  /// Where it was written last.
  public var path: String
  /// How many rows it has, all splits together.
  public var rows: Int
  /// The settings that it was made with, as JSON.
  public var settings: String
  /// The program that wrote it.
  public var programVersion: String
  /// When it was written last, in milliseconds since 1970.
  public var at: Int64
}

/// One row of a dataset.
public struct DatasetRow: Sendable, Hashable, Codable {
  /// Which row of its file, from 1.
  public var number: Int
  /// "train" or "validation".
  public var split: String
  /// Key of the solution.
  public var solution: String
  /// The first error it teaches, 1-based; −1 for none.
  public var firstError: Int
}

/// The effect of a decision on a dataset.
public enum DatasetRole: String, Sendable, Hashable, Codable, CaseIterable {
  /// It gave a step of a row its label.
  case label
  /// It found a critique unsound, so that another one is in the row.
  case soundness
  /// It chose or wrote a critique of a row.
  case critique
  /// It put a row into the set.
  case placement
  /// It kept a solution out.
  case keptOut = "kept-out"
}

/// A decision that a dataset depends on.
public struct DatasetEvent: Sendable, Hashable, Codable {
  /// UUID of the event.
  public var event: String
  /// Key of the solution it is about.
  public var solution: String
  /// What it did.
  public var role: DatasetRole
}

/// A dataset and what connects it with a solution or a decision.
public struct LineageLink: Sendable, Hashable {
  /// The dataset.
  public var dataset: DatasetEntry
  /// The rows made from the solution.
  public var rows: [DatasetRow]
  /// The decisions that count in it.
  public var events: [DatasetEvent]
}

extension Workspace {
  /// Remembers a dataset with its rows and decisions. One with the same hash is the same dataset: only where it was
  /// written last changes.
  ///
  /// - Parameter contents: what is compared between sets, row by row; empty where it is not known.
  public func record(
    _ dataset: DatasetEntry, rows: [DatasetRow], contents: [DatasetRowContent] = [], events: [DatasetEvent]
  ) throws {
    try write { db in
      if let id = try Int64.fetchOne(db, sql: "SELECT id FROM dataset WHERE hash = ?", arguments: [dataset.hash]) {
        try db.execute(
          sql: "UPDATE dataset SET path = ?, at = ? WHERE id = ?", arguments: [dataset.path, dataset.at, id])
        return
      }
      try db.execute(
        sql: """
          INSERT INTO dataset(hash, kind, format, path, rows, settings, program_version, at) VALUES (?,?,?,?,?,?,?,?)
          """,
        arguments: [
          dataset.hash, dataset.kind, dataset.format, dataset.path, dataset.rows, dataset.settings,
          dataset.programVersion, dataset.at,
        ])
      let id = db.lastInsertedRowID
      let row = try BulkStatement(
        db,
        "INSERT INTO dataset_row(dataset_id, split, number, solution, first_error, labels, critiques) VALUES (?,?,?,?,?,?,?)"
      )
      for (place, one) in rows.enumerated() {
        let content = contents.indices.contains(place) ? contents[place] : nil
        try row.step { row in
          row.bind(1, id)
          row.bind(2, one.split)
          row.bind(3, one.number)
          row.bind(4, one.solution)
          row.bind(5, one.firstError)
          if let content { row.bind(6, content.labels) } else { row.bindNull(6) }
          if let content { row.bind(7, content.storedCritiques) } else { row.bindNull(7) }
        }
      }
      let event = try BulkStatement(
        db, "INSERT OR IGNORE INTO dataset_event(dataset_id, event, solution, role) VALUES (?,?,?,?)")
      for one in events {
        try event.step { row in
          row.bind(1, id)
          row.bind(2, one.event)
          row.bind(3, one.solution)
          row.bind(4, one.role.rawValue)
        }
      }
    }
  }

  /// Datasets whose hash begins so; all with "". The latest first.
  public func datasets(hashPrefix: String = "") throws -> [DatasetEntry] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM dataset WHERE substr(hash, 1, length(?1)) = ?1 ORDER BY at DESC, id DESC",
        arguments: [hashPrefix.lowercased()]
      ).map(DatasetEntry.init(row:))
    }
  }

  /// The rows of a dataset, in order.
  public func rows(ofDataset hash: String) throws -> [DatasetRow] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT r.* FROM dataset_row r JOIN dataset d ON d.id = r.dataset_id WHERE d.hash = ? ORDER BY r.split, r.number
          """, arguments: [hash]
      ).map(DatasetRow.init(row:))
    }
  }

  /// The solutions of a dataset that are in this workspace, in the order of its rows.
  public func solutions(ofDataset hash: String) throws -> [Int64] {
    let keys = try rows(ofDataset: hash).map(\.solution)
    let ids = try solutionIDs(keys: keys)
    return keys.compactMap { ids[$0] }.uniqued()
  }

  /// The decisions that a dataset depends on, by solution.
  public func events(ofDataset hash: String) throws -> [DatasetEvent] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT e.* FROM dataset_event e JOIN dataset d ON d.id = e.dataset_id WHERE d.hash = ?
          ORDER BY e.solution, e.role, e.event
          """, arguments: [hash]
      ).map(DatasetEvent.init(row:))
    }
  }

  /// The datasets that a solution is in, or was kept out of by a decision.
  public func lineage(ofSolution key: String) throws -> [LineageLink] {
    try links(
      "SELECT dataset_id FROM dataset_row WHERE solution = ?1 UNION SELECT dataset_id FROM dataset_event WHERE solution = ?1",
      rows: "solution = ?", events: "solution = ?", argument: key)
  }

  /// The datasets that a decision counts in.
  public func lineage(ofEvent uuid: String) throws -> [LineageLink] {
    try links(
      "SELECT dataset_id FROM dataset_event WHERE event = ?1",
      rows: "solution = (SELECT solution FROM dataset_event e WHERE e.event = ? LIMIT 1)", events: "event = ?",
      argument: uuid)
  }

  private func links(_ ids: String, rows: String, events: String, argument: String) throws -> [LineageLink] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM dataset WHERE id IN (\(ids)) ORDER BY at DESC, id DESC", arguments: [argument]
      ).map { row in
        let id: Int64 = row["id"]
        return LineageLink(
          dataset: DatasetEntry(row: row),
          rows: try Row.fetchAll(
            db, sql: "SELECT * FROM dataset_row WHERE dataset_id = ? AND \(rows) ORDER BY split, number",
            arguments: [id, argument]
          ).map(DatasetRow.init(row:)),
          events: try Row.fetchAll(
            db, sql: "SELECT * FROM dataset_event WHERE dataset_id = ? AND \(events) ORDER BY role, event",
            arguments: [id, argument]
          ).map(DatasetEvent.init(row:)))
      }
    }
  }

  /// The name of the solution with a key, if it is here.
  public func solutionName(key: String) throws -> String? {
    try database.read { try String.fetchOne($0, sql: "SELECT name FROM solution WHERE key = ?", arguments: [key]) }
  }
}

// MARK: - Tokens

extension Workspace {
  /// How many tokens rows have; rows that were not counted are left out.
  public func tokenCounts(tokenizer: [UInt8], rows: [[UInt8]]) throws -> [[UInt8]: Int] {
    try database.read { db in
      let statement = try db.cachedStatement(sql: "SELECT tokens FROM token_count WHERE tokenizer = ? AND row = ?")
      var counts: [[UInt8]: Int] = [:]
      for row in rows {
        counts[row] = try Int.fetchOne(statement, arguments: [Data(tokenizer), Data(row)])
      }
      return counts
    }
  }

  /// Keeps how many tokens rows have. A workspace that cannot be written to forgets it.
  public func keepTokenCounts(tokenizer: [UInt8], _ counts: [[UInt8]: Int]) throws {
    if isReadOnly || counts.isEmpty { return }
    _ = try writeDerived { db in
      let statement = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO token_count(tokenizer, row, tokens) VALUES (?,?,?)")
      for (row, tokens) in counts { try statement.execute(arguments: [Data(tokenizer), Data(row), tokens]) }
      return true
    }
  }
}

extension DatasetEntry {
  init(row: Row) {
    self.init(
      number: row["id"], hash: row["hash"], kind: row["kind"], format: row["format"], path: row["path"],
      rows: row["rows"],
      settings: row["settings"], programVersion: row["program_version"], at: row["at"])
  }
}

extension DatasetRow {
  init(row: Row) {
    self.init(number: row["number"], split: row["split"], solution: row["solution"], firstError: row["first_error"])
  }
}

extension DatasetEvent {
  init(row: Row) {
    self.init(
      event: row["event"], solution: row["solution"], role: DatasetRole(rawValue: row["role"]) ?? .label)
  }
}
