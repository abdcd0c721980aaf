import Foundation
import ReviewStore

/// Reads and works page by page, on the calling thread and, where there is a second reader, on one more.
///
/// Whichever of the two is free takes the next page. Outputs are given back in order on the calling thread, and nobody is more
/// than a few pages ahead of them, so that memory is bounded whatever there is to read.
struct PagedReading<Output: Sendable>: Sendable {
  /// How many pages there are.
  var pages: Int
  /// Makes the output of a page, on either thread.
  var work: @Sendable (_ page: Int, _ reader: CurationReader) throws -> Output

  /// How many pages may be read ahead of what was returned.
  private static var ahead: Int { 8 }

  /// - Parameter take: gets the outputs in order, on the calling thread; may throw to stop.
  func run(_ reader: CurationReader, _ peer: PeerReader?, take: (Output) throws -> Void) throws {
    let board = Board(pages: pages, ahead: Self.ahead)
    if let peer {
      board.enter()
      // A thread begins with its parent's priority, so that work in the background stays there.
      Thread { [work] in
        do {
          try peer.use { reader in
            while let page = board.claim(waiting: true) { board.put(Result { try work(page, reader) }, page) }
          }
        } catch {
          board.stop(error)
        }
        board.leave()
      }.start()
    }
    defer {
      board.stop(nil)
      board.waitUntilLeft()
    }
    while true {
      if let output = try board.first() {
        try take(output)
      } else if let page = board.claim(waiting: false) {
        board.put(Result { try work(page, reader) }, page)
      } else if !board.waitForFirst() {
        return
      }
    }
  }

  /// Who works on what, and what is done.
  private final class Board: @unchecked Sendable {
    // Everything below is only touched while `condition` is locked.
    private let condition = NSCondition()
    private let pages: Int
    private let ahead: Int
    private var next = 0
    private var taken = 0
    private var done: [Int: Result<Output, any Error>] = [:]
    private var failure: (any Error)?
    private var isStopped = false
    private var others = 0

    init(pages: Int, ahead: Int) {
      self.pages = pages
      self.ahead = ahead
    }

    /// A page to work on; `nil` when there is none, or none now.
    func claim(waiting: Bool) -> Int? {
      condition.withLock {
        while !isStopped, next < pages {
          if next < taken + ahead {
            next += 1
            return next - 1
          }
          if !waiting { return nil }
          condition.wait()
        }
        return nil
      }
    }

    func put(_ result: Result<Output, any Error>, _ page: Int) {
      condition.withLock {
        done[page] = result
        condition.broadcast()
      }
    }

    /// The next output in order, if ready.
    func first() throws -> Output? {
      try condition.withLock {
        if let failure { throw failure }
        guard let result = done.removeValue(forKey: taken) else { return nil }
        taken += 1
        condition.broadcast()
        return try result.get()
      }
    }

    /// Waits until the next output is ready; `false` when all were returned.
    func waitForFirst() -> Bool {
      condition.withLock {
        while taken < pages, done[taken] == nil, failure == nil { condition.wait() }
        return taken < pages
      }
    }

    func stop(_ error: (any Error)?) {
      condition.withLock {
        isStopped = true
        failure = failure ?? error
        condition.broadcast()
      }
    }

    func enter() { condition.withLock { others += 1 } }

    func leave() {
      condition.withLock {
        others -= 1
        condition.broadcast()
      }
    }

    func waitUntilLeft() {
      condition.withLock { while others > 0 { condition.wait() } }
    }
  }
}
