import DeepCriticCore
import MathText
import Terminal

/// A piece of a line in one role; `nil` is the role of the pane it is in.
struct TextRun: Hashable {
  var text: String
  var role: StyleRole?
  var marks: TextMark = []
  /// Its line belongs together with the one above: both are rows of one formula.
  var isInside = false
}

/// A line ready for the screen.
typealias TextLine = [TextRun]

extension Canvas {
  /// Draws a line of text, its roles and marks over the role of the pane.
  mutating func put(_ line: TextLine, x: Int, y: Int, role: StyleRole, maxWidth: Int) {
    let spans = line.map { run in
      let over = [run.role, run.marks.role].compactMap { $0 }
      return Span(run.text, style: over.reduce(theme[role]) { theme[$1].over($0) })
    }
    putSpans(spans, x: x, y: y, maxWidth: maxWidth, ellipsis: false)
  }

  /// Draws a sentence in as many rows as it takes.
  ///
  /// - Parameters:
  ///   - width: columns of a row, 8 at least.
  ///   - most: rows that there is room for; what needs more is cut.
  /// - Returns: the row below the last one.
  @discardableResult
  mutating func wrap(_ text: String, x: Int, y: Int, width: Int, most: Int = .max, role: StyleRole) -> Int {
    let lines = TextLayout.wrap(text, width: max(width, 8)).prefix(max(most, 0))
    for (row, line) in lines.enumerated() { put(line, x: x, y: y + row, role: role) }
    return y + lines.count
  }
}

/// Texts made fit for the screen, laid out once per width.
final class TextCache {
  private struct Key: Hashable {
    var text: String
    var width: Int
    var source: Bool
    var annotations: [Annotation] = []
  }
  private var lines: [Key: [TextLine]] = [:]
  private var single: [String: String] = [:]
  private var starts: [String: String] = [:]
  private var turns: [String: [Annotation]] = [:]
  private let isASCII: Bool

  init(isASCII: Bool) { self.isASCII = isASCII }

  func lines(_ text: String, width: Int, source: Bool) -> [TextLine] {
    let key = Key(text: text, width: width, source: source)
    if let known = lines[key] { return known }
    if lines.count > 400 { lines.removeAll(keepingCapacity: true) }
    let made = ReadableText.lines(text, width: width, mode: source ? .source : .rendered, ascii: isASCII)
    lines[key] = made
    return made
  }

  /// The same with marks on parts of the text.
  func lines(_ text: String, width: Int, source: Bool, _ annotations: [Annotation]) -> [TextLine] {
    let plain = lines(text, width: width, source: source)
    guard !annotations.isEmpty else { return plain }
    let key = Key(text: text, width: width, source: source, annotations: annotations)
    if let known = lines[key] { return known }
    let made = AnnotatedText.lines(
      text, annotations, width: width, mode: source ? .source : .rendered, ascii: isASCII, plain: plain)
    lines[key] = made
    return made
  }

  /// Marks where a critique thinks again, found once for each text.
  func turns(_ text: String) -> [Annotation] {
    if let known = turns[text] { return known }
    if turns.count > 50 { turns.removeAll(keepingCapacity: true) }
    let made = TurningPoints.ranges(in: text).map { Annotation(range: $0, mark: .turn) }
    turns[text] = made
    return made
  }

  /// The beginning of a text for a list, where big grids are an ellipsis.
  func oneLine(start text: String, source: Bool) -> String {
    // No list is wider than this: a long text is not made readable for the part nobody sees.
    let start = String(text.prefix(400))
    if source { return TextSafety.block(start).split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    return Self.known(start, in: &starts) {
      ReadableText.oneLine(Self.withoutCutFormula($0, isASCII ? "..." : "…"), ascii: isASCII, abbreviated: true)
    }
  }

  /// A beginning that ends within a big formula would fall into fragments of it: an ellipsis stands for these.
  private static func withoutCutFormula(_ text: String, _ ellipsis: String) -> String {
    var opened: (by: Substring, at: String.Index)?
    for mark in text.matches(of: /\$\$|\\\[|\\\]|\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}/) {
      guard let open = opened else {
        if mark.output != "\\]", !mark.output.hasPrefix("\\end") { opened = (mark.output, mark.range.lowerBound) }
        continue
      }
      let isClosed =
        open.by == "$$"
        ? mark.output == "$$"
        : open.by == "\\["
          ? mark.output == "\\]" : mark.output == open.by.replacing("begin", with: "end")[...]
      if isClosed { opened = nil }
    }
    return opened.map { text[..<$0.at] + ellipsis } ?? text
  }

  func oneLine(_ text: String) -> String {
    Self.known(text, in: &single) { ReadableText.oneLine($0, ascii: isASCII) }
  }

  private static func known(_ text: String, in cache: inout [String: String], make: (String) -> String) -> String {
    if let known = cache[text] { return known }
    if cache.count > 2000 { cache.removeAll(keepingCapacity: true) }
    let made = make(text)
    cache[text] = made
    return made
  }
}

/// Texts of datasets for people: sanitized, with mathematics laid out.
public enum ReadableText {
  /// Lines of at most `width` columns.
  static func lines(_ text: String, width: Int, mode: MathMode, ascii: Bool) -> [TextLine] {
    let options = MathOptions(width: max(width, 1), mode: mode, ascii: ascii, columns: { DisplayWidth.of($0) })
    var above: Range<Int>?
    var lines = MathText.render(TextSafety.block(text), options).map { line in
      var runs = line.runs.map { TextRun(text: $0.text, role: StyleRole($0.role)) }
      if let above, above == line.source, !above.isEmpty {
        if runs.isEmpty { runs = [TextRun(text: "")] }
        runs[0].isInside = true
      }
      above = line.source
      return runs
    }
    while let last = lines.last, last.allSatisfy({ $0.text.allSatisfy(\.isWhitespace) }) { lines.removeLast() }
    return lines
  }

  /// The text on one line, formulas in their linear form; `abbreviated`, as in lists, big grids are an ellipsis.
  public static func oneLine(_ text: String, ascii: Bool, abbreviated: Bool = false) -> String {
    MathText.oneLine(TextSafety.block(text), ascii: ascii, abbreviated: abbreviated).map(\.text).joined()
  }

  /// The text as lines without styles, for output that is read from top to bottom.
  public static func plain(_ text: String, width: Int, mode: MathMode, ascii: Bool) -> [String] {
    lines(text, width: width, mode: mode, ascii: ascii).map { $0.map(\.text).joined() }
  }
}

extension StyleRole {
  /// The role in themes of a piece of text; `nil` is that of the pane.
  init?(_ role: MathRole) {
    switch role {
    case .text, .variable: return nil
    case .number: self.init(rawValue: "mathNumber")
    case .op: self.init(rawValue: "mathOperator")
    case .function: self.init(rawValue: "mathFunction")
    case .source: self.init(rawValue: "mathSource")
    case .boxed: self.init(rawValue: "mathBoxed")
    case .emphasis: self.init(rawValue: "emphasis")
    case .strong: self.init(rawValue: "strong")
    case .heading: self.init(rawValue: "heading")
    case .code: self.init(rawValue: "code")
    case .listMarker: self.init(rawValue: "listMarker")
    }
  }
}
