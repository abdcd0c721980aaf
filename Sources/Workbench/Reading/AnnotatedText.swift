import DeepCriticCore
import MathText
import Terminal

/// What a part of a text is marked for.
struct TextMark: OptionSet, Hashable {
  let rawValue: UInt32

  /// A critique pauses and thinks again.
  static let turn = TextMark(rawValue: 1)
  /// A critique quotes this.
  static let quoted = TextMark(rawValue: 2)
  /// The critique it is compared with does not have this.
  static let changed = TextMark(rawValue: 4)
  static let fromInitial = TextMark(rawValue: 8)
  static let fromDeep = TextMark(rawValue: 16)
  /// A sentence that neither of them has.
  static let isNew = TextMark(rawValue: 32)
  /// What was searched for.
  static let hit = TextMark(rawValue: 64)

  /// Reasoning that somebody said does not hold.
  static let unsound = TextMark(rawValue: 128)
  static let chosen = TextMark(rawValue: 256)

  /// The style that lies over the text; `nil` for marks that only the gutter shows.
  var role: StyleRole? {
    if contains(.chosen) { return .chosenSentence }
    if contains(.hit) { return .searchHit }
    if contains(.changed) { return .changed }
    if contains(.unsound) { return .unsoundSentence }
    if contains(.quoted) { return .quoted }
    if contains(.turn) { return .turningPoint }
    if contains(.isNew) { return .newSentence }
    return nil
  }
}

/// A part of a text and its marks.
struct Annotation: Hashable {
  var range: Range<String.Index>
  var mark: TextMark
}

/// Texts laid out with marks on parts of them.
///
/// The marks travel through the layout as characters of no width, put where they cannot change what the text means: not
/// inside formulas and commands, and behind signs of lists and emphasis. Should a layout differ from that of the plain
/// text all the same, the plain one is shown: a mark never changes what is read.
enum AnnotatedText {
  /// Private-use characters; the text itself holds none, since `TextSafety` writes them out.
  private static let base: UInt32 = 0xF0000

  /// - Parameter plain: the lines of the text without marks.
  static func lines(
    _ text: String, _ annotations: [Annotation], width: Int, mode: MathMode, ascii: Bool, plain: [TextLine]
  ) -> [TextLine] {
    let options = MathOptions(
      width: max(width, 1), mode: mode, ascii: ascii, columns: { DisplayWidth.of(withoutMarks(String($0))) })
    let rendered = MathText.render(marked(text, annotations), options).map { line in
      line.runs.map { TextRun(text: $0.text, role: StyleRole($0.role)) }
    }
    let lines = unmarked(rendered)
    func words(_ line: TextLine) -> String { line.map { $0.text }.joined() }
    let same = zip(lines, plain).allSatisfy { words($0) == words($1) }
    guard same, lines.count >= plain.count else { return plain }
    return zip(lines, plain).map { line, plain in
      guard plain.first?.isInside == true else { return line }
      var line = line.isEmpty ? [TextRun(text: "")] : line
      line[0].isInside = true
      return line
    }
  }

  private static func withoutMarks(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isMark($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isMark($0) }))
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool { (base..<base + 512).contains(scalar.value) }

  /// The sanitized text with a character wherever the set of marks changes, which says what it is from there onwards.
  private static func marked(_ text: String, _ annotations: [Annotation]) -> String {
    let formulas = Formulas.ranges(of: text)
    let commands = Commands.ranges(of: text, outside: formulas)
    let wholes = (formulas + commands).sorted { $0.lowerBound < $1.lowerBound }
    func whole(at index: String.Index) -> Range<String.Index>? {
      wholes.first { $0.lowerBound < index && index < $0.upperBound }
    }
    var changes: [(at: String.Index, mark: TextMark, begins: Bool)] = []
    let annotations = annotations.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for annotation in annotations where !annotation.range.isEmpty {
      var start = behindSigns(text, annotation.range)
      var end = annotation.range.upperBound
      if let whole = whole(at: start) { start = whole.lowerBound }
      if let whole = whole(at: end) { end = whole.upperBound }
      start = beside(displays: start, wholes, text)
      end = beside(displays: end, wholes, text)
      guard start < end else { continue }
      changes.append((start, annotation.mark, true))
      changes.append((end, annotation.mark, false))
    }
    changes.sort { $0.at < $1.at }
    var out = ""
    var last = text.startIndex
    var counts: [TextMark: Int] = [:]
    var index = 0
    while index < changes.count {
      let place = changes[index].at
      out += TextSafety.block(String(text[last..<place]))
      last = place
      while index < changes.count, changes[index].at == place {
        counts[changes[index].mark, default: 0] += changes[index].begins ? 1 : -1
        index += 1
      }
      let state = counts.reduce(into: TextMark()) { if $1.value > 0 { $0.formUnion($1.key) } }
      if let scalar = Unicode.Scalar(base + state.rawValue) { out.unicodeScalars.append(scalar) }
    }
    return out + TextSafety.block(String(text[last...]))
  }

  /// The next place that is in a line of text: a character before or after a displayed formula would be a line of its own.
  private static func beside(
    displays start: String.Index, _ wholes: [Range<String.Index>], _ text: String
  ) -> String.Index {
    var i = start
    while i < text.endIndex {
      let after = wholes.last { $0.upperBound <= i && isDisplay($0, text) }
      let isBehind = after.map { text[$0.upperBound..<i].allSatisfy(\.isWhitespace) } ?? false
      var next = i
      if isBehind { while next < text.endIndex, text[next].isWhitespace { next = text.index(after: next) } }
      if let display = wholes.first(where: { $0.lowerBound >= next && isDisplay($0, text) }),
        text[next..<display.lowerBound].allSatisfy(\.isWhitespace)
      {
        next = display.upperBound
      }
      if next == i { return i }
      i = next
    }
    return i
  }

  private static func isDisplay(_ whole: Range<String.Index>, _ text: String) -> Bool {
    ["$$", "\\[", "\\begin{"].contains { text[whole].hasPrefix($0) }
  }

  /// The first place of a range behind what makes a heading, a list item or emphasis.
  private static func behindSigns(_ text: String, _ range: Range<String.Index>) -> String.Index {
    var i = range.lowerBound
    let isLineStart = i == text.startIndex || text[..<i].last == "\n"
    func skip(_ condition: (Character) -> Bool) {
      while i < range.upperBound, condition(text[i]) { i = text.index(after: i) }
    }
    if isLineStart {
      skip { " \t>#".contains($0) }
      let before = i
      skip(\.isNumber)
      if i > before, i < range.upperBound, ".)".contains(text[i]) {
        i = text.index(after: i)
        skip { $0 == " " }
      } else {
        i = before
        if i < range.upperBound, "-*•+".contains(text[i]), text[text.index(after: i)...].first == " " {
          i = text.index(after: i)
          skip { $0 == " " }
        }
      }
    }
    skip { "*_`".contains($0) }
    return i
  }

  /// Takes the mark characters out, and puts what they say on the runs.
  private static func unmarked(_ lines: [TextLine]) -> [TextLine] {
    var state = TextMark()
    return lines.map { line in
      var out: TextLine = []
      for run in line {
        var text = String.UnicodeScalarView()
        func finish() {
          if !text.isEmpty { out.append(TextRun(text: String(text), role: run.role, marks: state)) }
          text = String.UnicodeScalarView()
        }
        for scalar in run.text.unicodeScalars {
          if isMark(scalar) {
            finish()
            state = TextMark(rawValue: scalar.value - base)
          } else {
            text.append(scalar)
          }
        }
        finish()
      }
      return out
    }
  }
}

/// Finds LaTeX commands that are in a text outside formulas, such as "\\boxed{-1}".
private enum Commands {
  /// Each command with the groups that directly follow it; an environment from its begin to its end.
  static func ranges(of text: String, outside formulas: [Range<String.Index>]) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var formulas = formulas[...]
    var i = text.startIndex
    while i < text.endIndex {
      if let formula = formulas.first, i >= formula.lowerBound {
        formulas = formulas.dropFirst()
        i = max(i, formula.upperBound)
      } else if text[i] == "\\", let end = commandEnd(text, from: i) {
        ranges.append(i..<end)
        i = end
      } else {
        i = text.index(after: i)
      }
    }
    return ranges
  }

  private static func commandEnd(_ text: String, from start: String.Index) -> String.Index? {
    let name = text[text.index(after: start)...].prefix { $0.isASCII && $0.isLetter }
    guard !name.isEmpty else { return nil }
    var end = name.endIndex
    while end < text.endIndex, "{[".contains(text[end]), let closed = group(text, from: end) { end = closed }
    if name == "begin" {
      let environment = text[name.endIndex..<end].prefix { $0 != "}" }
      if !environment.isEmpty, let close = text[end...].firstRange(of: "\\end\(environment)}") {
        return close.upperBound
      }
    }
    return end
  }

  /// The end of a group that begins with a brace or bracket; `nil` when it is not closed.
  private static func group(_ text: String, from start: String.Index) -> String.Index? {
    var depth = 0
    var i = start
    while i < text.endIndex {
      switch text[i] {
      case "{", "[": depth += 1
      case "}", "]":
        depth -= 1
        if depth == 0 { return text.index(after: i) }
      case "\n" where text[text.index(after: i)...].first == "\n": return nil
      default: break
      }
      i = text.index(after: i)
    }
    return nil
  }
}

extension Glyphs {
  /// In front of lines of the merged critique: from the initial critique.
  var fromInitial: String { isUnicode ? "│" : "i" }
  var fromDeep: String { isUnicode ? "┃" : "d" }
  var isNew: String { isUnicode ? "┆" : "+" }
  /// Beside lines of reasoning that does not hold.
  var unsound: String { "!" }
}
