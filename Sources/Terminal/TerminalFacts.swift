import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The process's environment variables.
enum Environment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Remembers whether a screen is open; there is one terminal.
final class ScreenLatch: Sendable {
  func take() -> Bool { ct_latch(true) }
  func release() { _ = ct_latch(false) }
}

extension TerminalScreen {
  /// Modes beyond ncurses's own: bracketed paste and, if wanted, reports of the mouse. Terminals that do not know a mode skip
  /// it, but a real VT100 prints what it cannot parse, so only those that speak ECMA-48 private modes get them.
  static func modes(_ term: String, mouse: Bool) -> (on: String, off: String) {
    guard hasPrivateModes(term) else { return ("", "") }
    let on = "\u{1B}[?2004h" + (mouse ? "\u{1B}[?1002h\u{1B}[?1006h" : "")
    // On the way out everything is switched off, whoever switched it on.
    let off = "\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?2004l"
    return (on, off)
  }

  private static func hasPrivateModes(_ term: String) -> Bool {
    !["vt52", "vt100", "vt102", "vt220", "ansi", "cygwin", "sun", "wy", "hp"].contains { term.hasPrefix($0) }
  }

  static func hasTitle(_ term: String) -> Bool {
    hasPrivateModes(term) && !term.hasPrefix("linux") && !term.hasPrefix("cons")
  }

  /// Synchronized output only where it is known to work; elsewhere it may be shown, or hold the screen for a second.
  static func synchronizes(_ term: String) -> Bool {
    if Environment["TMUX"] != nil || Environment["STY"] != nil { return false }
    let names = ["xterm-kitty", "alacritty", "foot", "wezterm", "contour", "xterm-ghostty", "ghostty", "mintty"]
    if names.contains(where: { term.hasPrefix($0) }) { return true }
    return ["WezTerm", "ghostty", "iTerm.app"].contains(Environment["TERM_PROGRAM"] ?? "")
  }

  /// The key sequences terminfo has for this terminal.
  static func terminfoKeys() -> [[UInt8]: Key] {
    var names: [(String, Key)] = [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
      ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert), ("kdch1", .delete), ("kcbt", .backTab),
      ("kent", .enter), ("kri", .shiftUp), ("kind", .shiftDown), ("kLFT", .left), ("kRIT", .right),
    ]
    for number in 1...12 { names.append(("kf\(number)", .function(number))) }
    var result: [[UInt8]: Key] = [:]
    for (name, key) in names {
      guard let value = ct_capability(name) else { continue }
      let bytes = Array(String(cString: value).utf8)
      if bytes.count > 1, bytes.first == 0x1B { result[bytes] = key }
    }
    return result
  }
}
