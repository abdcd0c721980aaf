import Foundation
import GRDB
import ReviewStore

/// A second reader of a state of the workspace, on a connection of its own, for another thread.
///
/// Valid only inside `Workspace.withConcurrentSnapshots(benchmarks:_:)`.
public final class PeerReader: Sendable {
  private let queue: DatabaseQueue
  // Only used inside the queue, which lets one thread in at a time.
  nonisolated(unsafe) private let reader: CurationReader

  fileprivate init(_ queue: DatabaseQueue, benchmarks: BenchmarkProblems) throws {
    self.queue = queue
    reader = try queue.unsafeRead { db in try CurationReader(db, benchmarks: benchmarks) }
  }

  /// Calls `body` with the reader, on the calling thread.
  public func use<T>(_ body: (CurationReader) throws -> T) throws -> T {
    try queue.unsafeRead { _ in try body(reader) }
  }
}

extension Workspace {
  /// Runs `body` on one state of the workspace with a reader and, for a second thread, another one of that very state.
  ///
  /// There is no second reader where others write so fast that two connections never see the same state.
  ///
  /// - Parameter benchmarks: parts of paths; files whose path holds one are benchmarks whatever their format.
  public func withConcurrentSnapshots<T>(
    benchmarks: [String] = [], _ body: (CurationReader, PeerReader?) throws -> T
  ) throws -> T {
    let second = try openReader()
    defer { try? second.close() }
    for attempt in 1... {
      let before = try dataVersion()
      try second.begin()
      defer { try? second.end() }
      let result: T? = try database.read { db in
        let problems = try benchmarkProblems(db, paths: benchmarks)
        // Whoever committed between the two first reads has changed the number, which this connection now sees as of its
        // own state.
        let isSame = try Int.fetchOne(db, sql: "PRAGMA data_version") == before
        if !isSame, attempt < 5 { return nil }
        let reader = try CurationReader(db, benchmarks: problems)
        return try body(reader, isSame ? try PeerReader(second, benchmarks: problems) : nil)
      }
      if let result { return result }
    }
    return try curationSnapshot(benchmarks: benchmarks) { try body($0, nil) }
  }
}

extension DatabaseQueue {
  /// Begins a transaction that stays open between uses, and with it settles what is seen.
  fileprivate func begin() throws {
    try writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN")
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
    }
  }

  fileprivate func end() throws { try writeWithoutTransaction { try $0.execute(sql: "COMMIT") } }
}
