import DeepCriticCore
import Foundation
import Terminal

/// A few lines on standard error that are redrawn in place; on anything but a terminal, a plain line every ten seconds.
final class LivePanel {
  private let isQuiet: Bool
  private let redraws = StandardError.redraws
  private var shownLines = 0
  private var shownAt: ContinuousClock.Instant?
  private let began = ContinuousClock.now

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Whether enough time has passed for another look.
  var isDue: Bool {
    guard !isQuiet else { return false }
    // A panel is there at once; a line is not worth saying before something has happened.
    guard let last = shownAt ?? (redraws ? nil : began) else { return true }
    return ContinuousClock.now - last >= (redraws ? .milliseconds(200) : .seconds(10))
  }

  /// Shows lines in place of the last ones.
  ///
  /// - Parameters:
  ///   - lines: for a terminal, given its width and height; unsanitized.
  ///   - plain: the same in one line, for everything else.
  func show(_ lines: (Int, Int) -> [String], plain: @autoclosure () -> String) {
    guard isDue else { return }
    shownAt = .now
    guard redraws else { return StandardError.write(plain()) }
    let size = Screen.size(STDERR_FILENO) ?? (80, 24)
    // One column stays free: writing into the last one makes some terminals wrap.
    let shown = lines(size.columns - 1, size.rows).prefix(max(size.rows - 1, 1)).map {
      clip(TextSafety.line($0), to: size.columns - 1)
    }
    StandardError.draw(up + shown.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
    shownLines = shown.count
  }

  /// Removes the panel, to make room for other words.
  func clear() {
    guard shownLines > 0 else { return }
    StandardError.draw(up + "\u{1B}[J")
    shownLines = 0
  }

  private var up: String { shownLines > 0 ? "\r\u{1B}[\(shownLines)A" : "\r" }
}
