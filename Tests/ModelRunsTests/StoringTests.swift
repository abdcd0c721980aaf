import FaultServer
import ModelClient
import Synchronization
import Testing

@testable import ModelRuns

/// Answers on their way to the store.
@Suite struct StoringTests {
  /// All that arrives while a transaction is under way goes into the next one.
  @Test func whatHasArrivedIsStoredTogether() async throws {
    let groups = Mutex<[[Int]]>([])
    let commit = GroupCommit<Int> { items in
      Thread.briefly()
      groups.withLock { $0.append(items) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for item in 0..<1000 { group.addTask { try await commit.store(item) } }
      try await group.waitForAll()
    }
    let stored = groups.withLock { $0 }
    #expect(stored.flatMap(\.self).sorted() == Array(0..<1000))
    #expect(stored.count < 500)
    #expect(stored.allSatisfy { $0.count <= 256 })
  }

  @Test func aTransactionThatFailsIsReportedToAllInItAndToNobodyElse() async throws {
    let stored = Mutex<[Int]>([])
    let commit = GroupCommit<Int> { items in
      Thread.briefly()
      if items.contains(500) { throw StoreError() }
      stored.withLock { $0 += items }
    }
    let failed = await withTaskGroup(of: Int?.self) { group in
      for item in 0..<1000 {
        group.addTask {
          do {
            try await commit.store(item)
            return nil
          } catch { return item }
        }
      }
      return await group.reduce(into: [Int]()) { if let item = $1 { $0.append(item) } }
    }
    #expect(failed.contains(500))
    #expect(failed.count <= 256)
    // Each was either stored or reported.
    #expect((stored.withLock { $0 } + failed).sorted() == Array(0..<1000))
  }

  @Test func aStoreThatFailsEndsTheRunAndTheNextOneResumes() async throws {
    let store = MemoryStore()
    store.contents.withLock { $0.failsAt = 5 }
    try await withServer(.none, { $0.latency = 0.005 }) { server async throws in
      await #expect(throws: StoreError.self) { try await ask(MemoryJob(300, in: store), server.base, concurrency: 2) }
      let stored = store.count
      #expect(stored >= 4 && stored < 300)
      #expect(store.contents.withLock(\.failures).isEmpty)
      let before = server.counts.requests
      try await ask(MemoryJob(300, in: store), server.base, concurrency: 2)
      #expect(store.count == 300)
      #expect(server.counts.requests - before == 300 - stored)
    }
  }
}

private enum Thread {
  /// Work that lets others arrive meanwhile.
  static func briefly() {
    let end = ContinuousClock.now + .milliseconds(2)
    while ContinuousClock.now < end {}
  }
}
