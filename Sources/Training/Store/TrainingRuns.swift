import Foundation
import GRDB
import ReviewStore

extension Workspace {
  /// Remembers a run, unless one of its name is here.
  public func record(_ run: RunEntry) throws {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO run(name, stage, engine, launcher, model, dataset, spec, program_version, at)
          VALUES (?,?,?,?,?,?,?,?,?)
          """,
        arguments: [
          run.name, run.stage, run.engine, run.launcher, run.model, run.dataset, run.spec, run.programVersion, run.at,
        ])
    }
  }

  /// All runs, the latest first.
  public func runs() throws -> [RunEntry] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY at DESC, id DESC").map(RunEntry.init(row:))
    }
  }

  /// The run of a name.
  public func run(named name: String) throws -> RunEntry? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM run WHERE name = ?", arguments: [name]).map(RunEntry.init(row:))
    }
  }

  /// The runs that trained on a dataset, the earliest first.
  public func runs(ofDataset hash: String) throws -> [RunEntry] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM run WHERE dataset = ? ORDER BY at, id", arguments: [hash])
        .map(RunEntry.init(row:))
    }
  }

  /// Takes over a part of a feed in one transaction. Steps that were logged before are replaced: a run that was resumed
  /// goes over some of them again.
  ///
  /// - Parameters:
  ///   - offset: where the part begins.
  ///   - end: where it ends.
  /// - Returns: `false` when another process has read that part meanwhile; nothing is changed then.
  public func record(_ part: RunFeedPart, of run: Int64, from offset: Int64, to end: Int64) throws -> Bool {
    try write { db in
      let known = try Int64.fetchOne(db, sql: "SELECT feed_offset FROM run WHERE id = ?", arguments: [run])
      guard known == offset else { return false }
      for (name, points) in part.points.sorted(by: { $0.key < $1.key }) {
        let series = try Self.series(name, of: run, db)
        let insert = try BulkStatement(
          db, "INSERT OR REPLACE INTO run_point(series_id, step, value) VALUES (?,?,?)")
        for point in points {
          try insert.step { row in
            row.bind(1, series)
            row.bind(2, point.step)
            if point.value.isNaN { row.bindNull(3) } else { row.bind(3, point.value) }
          }
        }
      }
      let step = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO run_step(run_id, step, attempt, elapsed) VALUES (?,?,?,?)")
      for (number, told) in part.steps { try step.execute(arguments: [run, number, told.attempt, told.elapsed]) }
      let sample = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO run_sample(run_id, position, step, completion, reward, answer, ground_truth, solution)
          VALUES (?,?,?,?,?,?,?,?)
          """)
      for one in part.samples {
        try sample.execute(arguments: [
          run, one.position, one.step, one.completion.storable, one.reward, one.answer, one.groundTruth,
          one.solution,
        ])
      }
      let event = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO run_event(run_id, position, attempt, kind, step, at, body) VALUES (?,?,?,?,?,?,?)")
      for one in part.events {
        try event.execute(arguments: [run, one.position, one.attempt, one.kind, one.step, one.at, one.body.storable])
      }
      try db.execute(
        sql: """
          UPDATE run SET feed_offset = ?, bad_lines = bad_lines + ?, step = coalesce(?, step), total = coalesce(?, total)
          WHERE id = ?
          """, arguments: [end, part.badLines, part.step, part.total, run])
      return true
    }
  }

  /// Forgets a feed that was replaced by another, so that it is read again.
  public func forgetFeed(of run: Int64) throws {
    try write { db in
      try Self.deleteFeed(of: run, db)
      try db.execute(sql: "UPDATE run SET feed_offset = 0, bad_lines = 0, step = 0 WHERE id = ?", arguments: [run])
    }
  }

  /// Deletes a run with everything that was read of its feed.
  func deleteRun(_ run: Int64) throws {
    try write { db in
      try Self.deleteFeed(of: run, db)
      try db.execute(sql: "DELETE FROM run_series WHERE run_id = ?", arguments: [run])
      try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
    }
  }

  private static func deleteFeed(of run: Int64, _ db: Database) throws {
    for table in ["run_sample", "run_event", "run_step"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE run_id = ?", arguments: [run])
    }
    try db.execute(
      sql: "DELETE FROM run_point WHERE series_id IN (SELECT id FROM run_series WHERE run_id = ?)", arguments: [run])
  }

  private static func series(_ name: String, of run: Int64, _ db: Database) throws -> Int64 {
    try db.execute(
      sql: "INSERT OR IGNORE INTO run_series(run_id, name) VALUES (?,?)", arguments: [run, name])
    return try Int64.fetchOne(
      db, sql: "SELECT id FROM run_series WHERE run_id = ? AND name = ?", arguments: [run, name]) ?? 0
  }

  /// The names of a run's lines, sorted.
  public func runSeries(of run: Int64) throws -> [String] {
    try database.read { db in
      try String.fetchAll(db, sql: "SELECT name FROM run_series WHERE run_id = ? ORDER BY name", arguments: [run])
    }
  }

  /// The values of a line, by step.
  ///
  /// - Parameter after: only those of later steps.
  public func runPoints(of run: Int64, series name: String, after: Int = -1) throws -> [RunPoint] {
    try database.read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT p.step, p.value FROM run_point p JOIN run_series s ON s.id = p.series_id
            WHERE s.run_id = ? AND s.name = ? AND p.step > ? ORDER BY p.step
            """), arguments: [run, name, after])
      var points: [RunPoint] = []
      while let row = try rows.next() { points.append(RunPoint(step: row[0], value: (row[1] as Double?) ?? .nan)) }
      return points
    }
  }

  /// The last value of each of a run's lines.
  public func lastRunValues(of run: Int64) throws -> [String: Double] {
    try database.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT s.name, (SELECT value FROM run_point WHERE series_id = s.id ORDER BY step DESC LIMIT 1)
          FROM run_series s WHERE s.run_id = ?
          """, arguments: [run])
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], ($0[1] as Double?) ?? .nan) })
    }
  }

  /// Seconds that a step took lately, in the attempt that logged last; `nil` before two steps were logged.
  public func secondsPerStep(of run: Int64) throws -> Double? {
    try database.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT step, attempt, elapsed FROM run_step WHERE run_id = ? ORDER BY step DESC LIMIT 50",
        arguments: [run])
      guard let last = rows.first else { return nil }
      let same = rows.prefix { ($0[1] as Int) == (last[1] as Int) }
      guard let first = same.last, (last[0] as Int) > (first[0] as Int) else { return nil }
      return max((last[2] as Double) - (first[2] as Double), 0) / Double((last[0] as Int) - (first[0] as Int))
    }
  }

  /// Sampled critiques, the latest first.
  public func runSamples(of run: Int64, step: Int? = nil, limit: Int) throws -> [RunSample] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM run_sample WHERE run_id = ? AND (?2 IS NULL OR step = ?2) ORDER BY step DESC, position LIMIT ?3
          """, arguments: [run, step, limit]
      ).map { row in
        RunSample(
          position: row["position"], step: row["step"], completion: row["completion"], reward: row["reward"],
          answer: row["answer"], groundTruth: row["ground_truth"], solution: row["solution"])
      }
    }
  }

  /// What a feed says besides values and samples, in order.
  ///
  /// - Parameter kinds: only these; `nil` for all.
  public func runEvents(of run: Int64, kinds: [String]? = nil) throws -> [RunEvent] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM run_event WHERE run_id = ? ORDER BY position", arguments: [run]
      ).map { row in
        RunEvent(
          position: row["position"], attempt: row["attempt"], kind: row["kind"], step: row["step"], at: row["at"],
          body: row["body"])
      }.filter { kinds?.contains($0.kind) ?? true }
    }
  }
}
