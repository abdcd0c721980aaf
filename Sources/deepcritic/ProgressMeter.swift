import DeepCriticCore
import Foundation
import Terminal

/// How far an import is, on standard error: a line redrawn in place on a terminal, else a line every few seconds.
final class ProgressMeter {
  private let name: String
  private let isQuiet: Bool
  private let redraws = StandardError.redraws
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  private var shownAt: ContinuousClock.Instant
  private var isShown = false

  init(name: String, isQuiet: Bool) {
    self.name = name
    self.isQuiet = isQuiet
    began = clock.now
    shownAt = began
  }

  func update(_ progress: ImportProgress) {
    let now = clock.now
    guard !isQuiet, now - shownAt >= (redraws ? .milliseconds(100) : .seconds(5)) else { return }
    shownAt = now
    let seconds = Self.seconds(now - began)
    if redraws {
      // One column stays free: writing into the last one makes some terminals wrap.
      let columns = (Screen.columns(STDERR_FILENO) ?? 80) - 1
      StandardError.draw("\r" + Self.line(name: name, progress, seconds: seconds, columns: columns) + "\u{1B}[K")
      isShown = true
    } else {
      StandardError.write(name + ": " + Self.facts(progress, seconds: seconds).joined(separator: ", "))
    }
  }

  /// Clears the line, to make room for other output.
  func clear() {
    guard isShown else { return }
    StandardError.draw("\r\u{1B}[K")
    isShown = false
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func fraction(_ progress: ImportProgress) -> Double {
    progress.totalBytes > 0 ? min(1, Double(progress.bytes) / Double(progress.totalBytes)) : 0
  }

  /// "45 %", records, rate and time left.
  static func facts(_ progress: ImportProgress, seconds: Double) -> [String] {
    let fraction = fraction(progress)
    var facts = ["\(Int(fraction * 100)) %", Figures.count(progress.records, "record")]
    if progress.bad > 0 { facts.append("\(Figures.count(progress.bad)) bad") }
    if seconds > 0 { facts.append(Figures.decimal(Double(progress.bytes) / 1e6 / seconds, 1) + " MB/s") }
    if fraction > 0, seconds > 0.5 {
      facts.append(Figures.clock(seconds / fraction - seconds) + " left")
    }
    return facts
  }

  /// One line of at most `columns`: name, bar, facts; the bar shrinks first, then the name.
  static func line(name: String, _ progress: ImportProgress, seconds: Double, columns: Int) -> String {
    let facts = facts(progress, seconds: seconds).joined(separator: "  ")
    let name = clip(name, to: max(8, columns / 3), ellipsis: "~")
    let room = min(30, columns - DisplayWidth.of(name) - DisplayWidth.of(facts) - 6)
    guard room >= 5 else { return clip("\(name)  \(facts)", to: max(columns, 1), ellipsis: "~") }
    return "\(name)  [\(Bar.line(fraction(progress), width: room))]  \(facts)"
  }
}
