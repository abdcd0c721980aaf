import CritiqueModel
import Dispatch
import ReviewStore
import Synchronization

/// Turns what was read into lines on other threads, page by page, and gives them back in order.
///
/// The reading thread goes on reading meanwhile. A few pages are under way at any time, so that memory is bounded whatever
/// the size of the set.
final class RowPipeline<Output: Sendable> {
  /// A page's results, filled by the thread that works on it.
  private final class Slot: Sendable {
    let result = Mutex<Result<Output, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
  }

  private let work: @Sendable ([(RowSpec, CurationMaterial)]) throws -> Output
  private let take: (Output) throws -> Void
  private let queue = DispatchQueue(label: "deepcritic.rows", attributes: .concurrent)
  private var slots: [Slot] = []
  private var page: [(RowSpec, CurationMaterial)] = []
  private var bytes = 0

  private static var rows: Int { 128 }
  private static var bytesPerPage: Int { 4 << 20 }
  private static var pages: Int { 6 }

  /// - Parameters:
  ///   - work: makes the output of a page; called on any thread.
  ///   - take: gets the outputs in order, on the calling thread.
  init(
    work: @escaping @Sendable ([(RowSpec, CurationMaterial)]) throws -> Output, take: @escaping (Output) throws -> Void
  ) {
    self.work = work
    self.take = take
  }

  /// Adds a row.
  func add(_ spec: RowSpec, _ material: CurationMaterial) throws {
    page.append((spec, material))
    bytes += material.byteCount
    if page.count >= Self.rows || bytes >= Self.bytesPerPage { try send() }
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
