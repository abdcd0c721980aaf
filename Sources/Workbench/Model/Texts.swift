import Terminal

/// A piece of a line in one role; `nil` is the role of the pane it stands in.
struct TextRun: Hashable {
  var text: String
  var role: StyleRole?
}

/// A line ready for the screen.
typealias TextLine = [TextRun]

/// Texts made fit for the screen, laid out once per width.
final class TextCache {
  private struct Key: Hashable {
    var text: String
    var width: Int
    var source: Bool
  }
  private var lines: [Key: [TextLine]] = [:]

  func lines(_ text: String, width: Int, source: Bool) -> [TextLine] {
    let key = Key(text: text, width: width, source: source)
    if let known = lines[key] { return known }
    if lines.count > 400 { lines.removeAll(keepingCapacity: true) }
    let readable = source ? text : ReadableMath.readable(text)
    var wrapped = TextLayout.wrap(TextSafety.block(readable), width: max(width, 1))
    while wrapped.last?.isEmpty == true { wrapped.removeLast() }
    let made = wrapped.map { [TextRun(text: $0)] }
    lines[key] = made
    return made
  }
}

extension WorkbenchModel {
  /// Whether a pane shows the raw source. Where only ASCII can be shown, that is the truest reading there is.
  func isSource(_ pane: Pane) -> Bool { sourcePanes.contains(pane) || !glyphs.isUnicode }

  /// A text of a pane as lines of at most `width` columns, sanitized; mathematics readable unless the source is asked
  /// for.
  func lines(_ text: String, width: Int, in pane: Pane) -> [TextLine] {
    texts.lines(text, width: width, source: isSource(pane))
  }

  /// The step under review as its pane shows it: readable, as source, or one above the other.
  func stepLines(_ text: String, width: Int) -> [TextLine] {
    guard showsBoth, !isSource(.step) else { return lines(text, width: width, in: .step) }
    let source = texts.lines(text, width: width, source: true).map { line in
      line.map { TextRun(text: $0.text, role: .dim) }
    }
    return lines(text, width: width, in: .step) + [[TextRun(text: "source", role: .accent)]] + source
  }

  /// The beginning of a text on one line, for lists.
  func oneLine(_ text: String) -> String {
    // No list is wider than this: a long text is not made readable for the part nobody sees.
    let start = String(text.prefix(400))
    let readable = isSource(.steps) ? start : ReadableMath.readable(start)
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
