import CritiqueModel
import Foundation
import GRDB
import ReviewStore

/// What is waiting in one batch file.
public struct BatchFileEntry: Sendable, Hashable {
  /// The file, as it was named when it was written.
  public var file: String
  /// Requests that have not come back.
  public var requests: Int
}

extension Workspace {
  /// Remembers requests that are being written to a batch file, so that its answers find their places. Nobody is kept
  /// from asking for them before ``finishWritingBatch(file:)``.
  public func keep(_ requests: [BatchRequest], generation: Int64, file: String) throws {
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    try write { db in
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO batch_request(key, solution_id, stage, step, keys, samples, generation_id, file, at,
            sources)
          VALUES (?,?,?,?,?,?,?,?,?,?)
          """)
      for request in requests {
        guard let first = request.keys.first else { continue }
        try statement.execute(arguments: [
          Data(first), request.target.solution, request.target.stage.rawValue, request.target.step,
          Data(request.keys.joined()), request.samples.map(String.init).joined(separator: ","), generation, file, now,
          request.sources,
        ])
      }
    }
  }

  /// The file is in place: from now on its requests count as asked.
  public func finishWritingBatch(file: String) throws {
    try write { db in
      try db.execute(sql: "UPDATE batch_request SET written = 1 WHERE file = ?", arguments: [file])
    }
  }

  /// Forgets the requests of a file: its writing failed, or it will never be answered.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func forgetBatch(file: String) throws -> Int {
    try write { db in
      try db.execute(sql: "DELETE FROM batch_request WHERE file = ?", arguments: [file])
      return db.changesCount
    }
  }

  /// Which of some keys name requests that are out in a batch file.
  public func batched(_ keys: [[UInt8]]) throws -> Set<[UInt8]> {
    try database.read { try Self.known(keys, in: "batch_request", $0) }
  }

  /// The request that a line of a batch's output answers.
  public func batchRequest(key: [UInt8]) throws -> (request: BatchRequest, generation: Int64)? {
    try database.read { db in
      guard
        let row = try Row.fetchOne(
          db.cachedStatement(sql: "SELECT * FROM batch_request WHERE key = ?"), arguments: [Data(key)]),
        let stage = Stage(rawValue: row["stage"])
      else { return nil }
      let keys = Array(row["keys"] as Data)
      let samples = (row["samples"] as String).split(separator: ",").compactMap { Int($0) }
      let target = GenerationTarget(solution: row["solution_id"], stage: stage, step: row["step"])
      let parts = stride(from: 0, to: keys.count, by: 16).map { Array(keys[$0..<min($0 + 16, keys.count)]) }
      return (
        BatchRequest(target: target, keys: parts, samples: samples, sources: row["sources"]), row["generation_id"]
      )
    }
  }

  /// Removes requests that have been answered from the list.
  public func finishBatchRequests(_ keys: [[UInt8]]) throws {
    guard !keys.isEmpty else { return }
    try write { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM batch_request WHERE key = ?")
      for key in keys { try statement.execute(arguments: [Data(key)]) }
    }
  }

  /// The batch files that have not come back in full.
  public func openBatches() throws -> [BatchFileEntry] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT file, count(*) AS n FROM batch_request WHERE written GROUP BY file ORDER BY min(at)"
      ).map { BatchFileEntry(file: $0["file"], requests: $0["n"]) }
    }
  }
}
