import DeepCriticCore
import Synchronization
import Terminal

/// A text as readers will see it, laid out beside the keys: what was laid out last is shown until the next is ready.
final class TextPreview {
  private struct Wanted: Equatable {
    var text = ""
    var width = 1
  }

  /// What is to be laid out, for another thread.
  private final class Request: Sendable {
    let wanted = Mutex(Wanted())
  }

  private(set) var lines: [TextLine] = []
  private let request = Request()
  private let reading: BackgroundReading<[TextLine]>
  private var asked: (revision: Int, width: Int)?

  init(ascii: Bool) {
    reading = BackgroundReading { [request] in
      let wanted = request.wanted.withLock { $0 }
      return ReadableText.lines(wanted.text, width: wanted.width, mode: .rendered, ascii: ascii)
    }
  }

  /// Asks for a text in a width.
  ///
  /// - Parameter revision: changes with the text.
  func show(_ text: () -> String, revision: Int, width: Int) {
    if let asked, asked == (revision, width) { return }
    asked = (revision, width)
    let wanted = Wanted(text: text(), width: width)
    request.wanted.withLock { $0 = wanted }
    reading.start()
  }

  var isBusy: Bool { reading.isWorking || reading.hasOutcome }

  /// - Returns: whether there are other lines.
  func refresh() -> Bool {
    guard case .success(let lines) = reading.take() else { return false }
    self.lines = lines
    return true
  }

  func settle() {
    reading.wait()
    _ = refresh()
  }
}
