import Foundation
import GRDB
import Testing

@testable import ReviewStore

/// Saved queues, and who has what open.
@Suite struct SavedQueueTests {
  @Test func queuesAreKeptReplacedAndForgotten() throws {
    let bench = try TemporaryWorkspace()
    var queue = SavedQueue(name: "second look")
    queue.filter = "state:todo steps>3"
    queue.sort = .random
    queue.mode = .blind
    queue.quota = 50
    queue.overlap = 2
    queue.goldRate = 0.1
    queue.seed = .max
    try bench.workspace.save(queue)
    #expect(try bench.workspace.savedQueues() == [queue])
    queue.quota = nil
    try bench.workspace.save(queue)
    #expect(try bench.workspace.savedQueue("second look") == queue)
    #expect(try bench.workspace.deleteQueue("second look"))
    #expect(try !bench.workspace.deleteQueue("second look"))
  }

  @Test func whatCannotBeIsRefused() throws {
    let bench = try TemporaryWorkspace()
    func refused(_ change: (inout SavedQueue) -> Void) {
      var queue = SavedQueue(name: "q")
      change(&queue)
      #expect(throws: WorkspaceError.self) { try bench.workspace.save(queue) }
    }
    refused { $0.filter = "lable:wrong" }
    refused { $0.quota = 0 }
    refused { $0.overlap = 0 }
    refused { $0.goldRate = 1.5 }
    refused { $0.name = "" }
    refused {
      $0.mode = .blind
      $0.sort = .disagreement
    }
    #expect(try bench.workspace.savedQueues().isEmpty)
  }

  private func holder(_ name: String, host: String = "here", process: Int32 = getpid()) -> ReservationHolder {
    ReservationHolder(reviewer: name, session: name + host, host: host, process: process)
  }

  @Test func aSolutionIsHeldByAsManyAsTheQueueWants() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let keys = try bench.keys()
    let ids = try bench.workspace.queue(sort: .imported, reviewer: "rt")
    let (ana, bob, cem) = (holder("ana"), holder("bob"), holder("cem"))
    #expect(try bench.workspace.reserve(keys[0], for: ana, overlap: 2))
    #expect(try bench.workspace.reserve(keys[0], for: bob, overlap: 2))
    #expect(try !bench.workspace.reserve(keys[0], for: cem, overlap: 2))
    #expect(try bench.workspace.taken(among: ids, by: cem, overlap: 2) == [ids[0]])
    #expect(try bench.workspace.taken(among: ids, by: ana, overlap: 2).isEmpty)
    #expect(try bench.workspace.otherReviewers(of: keys[0], besides: ana) == ["bob"])
    // Moving to the next one releases it; what was finished counts further.
    try bench.workspace.record(
      ReviewDecision(solution: keys[0], .mark(.giveUp)), by: ReviewContext(reviewer: "ana"))
    #expect(try bench.workspace.reserve(keys[1], for: ana, overlap: 2))
    #expect(try bench.workspace.otherReviewers(of: keys[0], besides: cem) == ["bob"])
    #expect(try !bench.workspace.reserve(keys[0], for: cem, overlap: 2))
    // Whoever has begun may continue, and without a limit everybody may.
    #expect(try bench.workspace.reserve(keys[0], for: ana, overlap: 1))
    #expect(try bench.workspace.reserve(keys[0], for: cem, overlap: nil))
    try bench.workspace.release(cem)
    try bench.workspace.release(bob)
    #expect(try bench.workspace.otherReviewers(of: keys[0], besides: holder("rt")) == ["ana"])
  }

  @Test func aCrashOrTimeLetsGo() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try bench.keys()[0]
    let process = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
    process.waitUntilExit()
    let (gone, far) = (holder("gone", process: process.processIdentifier), holder("far", host: "elsewhere", process: 1))
    #expect(try bench.workspace.reserve(key, for: gone, overlap: 1))
    #expect(try bench.workspace.reserve(key, for: holder("ana"), overlap: 1))
    try bench.workspace.release(holder("ana"))
    // From another machine only time tells.
    #expect(try !bench.workspace.reserve(key, for: far, overlap: 1))
    #expect(try bench.workspace.reserve(key, for: far, overlap: nil))
    #expect(try !bench.workspace.reserve(key, for: holder("ana"), overlap: 1))
    let later = Date(timeIntervalSinceNow: 301)
    #expect(try bench.workspace.reserve(key, for: holder("ana"), overlap: 1, now: later))
  }
}
