import Terminal

/// Texts made fit for the screen, wrapped once per width.
final class TextCache {
  private struct Key: Hashable {
    var text: String
    var width: Int
    var source: Bool
  }
  private var lines: [Key: [String]] = [:]

  func lines(_ text: String, width: Int, source: Bool) -> [String] {
    let key = Key(text: text, width: width, source: source)
    if let known = lines[key] { return known }
    if lines.count > 400 { lines.removeAll(keepingCapacity: true) }
    let readable = source ? text : ReadableMath.readable(text)
    var wrapped = TextLayout.wrap(TextSafety.block(readable), width: max(width, 1))
    while wrapped.last?.isEmpty == true { wrapped.removeLast() }
    lines[key] = wrapped
    return wrapped
  }
}

extension WorkbenchModel {
  /// A text as lines of at most `width` columns, sanitized; readable mathematics unless the source is asked for.
  func lines(_ text: String, width: Int) -> [String] {
    texts.lines(text, width: width, source: showsSource || !glyphs.isUnicode)
  }

  /// The beginning of a text on one line, for lists.
  func oneLine(_ text: String) -> String {
    // No list is wider than this: a long text is not made readable for the part nobody sees.
    let start = String(text.prefix(400))
    let readable = showsSource || !glyphs.isUnicode ? start : ReadableMath.readable(start)
    return TextSafety.block(readable).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// LaTeX source made a little easier to read without changing what it says.
///
/// Only commands without arguments that stand for exactly one sign are replaced; everything else stays as written, until
/// a real renderer takes over.
enum ReadableMath {
  static let signs: [String: String] = [
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "infty": "∞", "pi": "π", "theta": "θ", "alpha": "α",
    "beta": "β", "gamma": "γ", "lambda": "λ", "angle": "∠", "circ": "∘", "to": "→", "rightarrow": "→",
    "Rightarrow": "⇒", "implies": "⟹", "in": "∈", "cup": "∪", "cap": "∩", "ldots": "…", "cdots": "⋯", "dots": "…",
    "triangle": "△", "perp": "⊥", "parallel": "∥", "sum": "∑", "prod": "∏", "int": "∫", "nmid": "∤", "mid": "∣",
  ]

  static func readable(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var out = ""
    var rest = Substring(text)
    while let backslash = rest.firstIndex(of: "\\") {
      out += rest[..<backslash]
      let after = rest[rest.index(after: backslash)...]
      let name = after.prefix { $0.isASCII && $0.isLetter }
      if !name.isEmpty, let sign = signs[String(name)] {
        out += sign
        rest = after[name.endIndex...]
      } else {
        out += "\\"
        // The character after a backslash belongs to it: "\\" must not start a command with its second half.
        out += name.isEmpty ? after.prefix(1) : name
        rest = name.isEmpty ? after.dropFirst() : after[name.endIndex...]
      }
    }
    return out + rest
  }
}
