import Formatting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The terminal's clipboard, which text is sent to (OSC 52).
public enum Clipboard {
  /// Bytes of text that are sent at most; longer text is not sent, for half of it would mislead.
  public static let limit = 55_000

  /// Sends text to the clipboard of the terminal that the process belongs to, through tmux and screen too.
  ///
  /// Nothing is returned because nothing is known: many terminals ignore the request. Say "sent to the clipboard".
  /// - Throws: ``ClipboardError`` when there is no such terminal, or the text is too long.
  public static func send(_ text: String) throws(ClipboardError) {
    let text = clean(text)
    let count = text.utf8.count
    guard count <= limit else {
      throw ClipboardError(description: "\(count) bytes are too many for a terminal's clipboard, which takes \(limit).")
    }
    let term = Environment["TERM"] ?? ""
    guard !term.isEmpty, term != "dumb", TerminalScreen.hasTitle(term) else {
      throw ClipboardError(
        description: "the terminal \"\(TextSafety.line(term))\" has no clipboard that could be reached.")
    }
    let terminal = open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else {
      throw ClipboardError(description: "there is no terminal whose clipboard could be reached.")
    }
    defer { close(terminal) }
    var bytes = Array(
      sequence(text, isTmux: Environment["TMUX"] != nil, isScreen: Environment["STY"] != nil).utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw ClipboardError(description: "the terminal cannot be written to: \(String(cString: strerror(errno))).")
      }
      bytes = bytes.dropFirst(written)
    }
  }

  /// The text without what acts where it is pasted: controls and characters that turn the direction of writing become
  /// U+FFFD. Tabs and line ends stay.
  public static func clean(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isText = scalar == "\n" || scalar == "\t" || !(scalar.isControl || scalar.turnsDirection)
      out.append(isText ? scalar : "\u{FFFD}")
    }
    return String(out)
  }

  static func sequence(_ text: String, isTmux: Bool, isScreen: Bool) -> String {
    let plain = "\u{1B}]52;c;\(base64(Array(text.utf8)))\u{07}"
    if isTmux {
      // Both ways: tmux takes the plain one (set-clipboard on), or passes the wrapped one (allow-passthrough on).
      return plain + "\u{1B}Ptmux;\u{1B}" + plain + "\u{1B}\\"
    }
    if isScreen {
      // GNU screen limits the length of one string.
      var rest = Substring(plain)
      var out = ""
      while !rest.isEmpty {
        out += "\u{1B}P\(rest.prefix(240))\u{1B}\\"
        rest = rest.dropFirst(240)
      }
      return out
    }
    return plain
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      var group = 0
      for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0) }
      for digit in 0..<4 { out.append(digit <= count ? alphabet[group >> (18 - 6 * digit) & 63] : 0x3D) }
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// Why nothing was sent to the clipboard, as a sentence with its remedy.
public struct ClipboardError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String
}
