import Dispatch
import Synchronization

/// Works on what was read on other threads, page by page, and gives the results back in order.
///
/// The reading thread goes on reading meanwhile. A few pages are under way at any time, so that memory is bounded whatever
/// there is to read.
final class PagePipeline<Input: Sendable, Output: Sendable> {
  /// A page's result, filled by the thread that works on it.
  private final class Slot: Sendable {
    let result = Mutex<Result<Output, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
  }

  private let work: @Sendable ([Input]) throws -> Output
  private let take: (Output) throws -> Void
  private let queue = DispatchQueue(label: "deepcritic.pages", attributes: .concurrent)
  private var slots: [Slot] = []
  private var page: [Input] = []
  private var bytes = 0

  private static var inputs: Int { 128 }
  private static var bytesPerPage: Int { 4 << 20 }
  private static var pages: Int { 6 }

  /// - Parameters:
  ///   - work: makes the output of a page; called on any thread.
  ///   - take: gets the outputs in order, on the calling thread.
  init(work: @escaping @Sendable ([Input]) throws -> Output, take: @escaping (Output) throws -> Void) {
    self.work = work
    self.take = take
  }

  /// Adds something of about so many bytes.
  func add(_ input: Input, bytes count: Int) throws {
    page.append(input)
    bytes += count
    if page.count >= Self.inputs || bytes >= Self.bytesPerPage { try send() }
  }

  /// Waits for what is under way.
  func finish() throws {
    try send()
    while !slots.isEmpty { try takeFirst() }
  }

  private func send() throws {
    guard !page.isEmpty else { return }
    let those = page
    page = []
    bytes = 0
    if slots.count >= Self.pages { try takeFirst() }
    let slot = Slot()
    slots.append(slot)
    queue.async { [work] in
      let result = Result { try work(those) }
      slot.result.withLock { $0 = result }
      slot.done.signal()
    }
  }

  private func takeFirst() throws {
    let slot = slots.removeFirst()
    slot.done.wait()
    guard let result = slot.result.withLock({ $0 }) else { return }
    try take(try result.get())
  }
}
