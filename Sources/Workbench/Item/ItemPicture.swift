import DeepCriticCore
import Foundation
import MathText
import Terminal

/// An item laid out with a theme's colours, as a canvas as high as it needs to be.
public struct ItemPicture {
  private let item: ShownItem
  private let width: Int
  private let mode: MathMode
  private let glyphs: Glyphs
  private var lines: [TextLine] = []

  /// Columns from which the critiques of a step stand side by side.
  static let sideBySide = 100

  /// The item at a width in columns (40 at least).
  ///
  /// - Parameter isSource: texts as they were written, mathematics too.
  public static func canvas(
    _ item: ShownItem, width: Int, isSource: Bool = false, theme: Theme, glyphs: Glyphs
  ) -> Canvas {
    var picture = ItemPicture(item, width: max(width, 40), isSource: isSource, glyphs: glyphs)
    picture.layOut()
    var canvas = Canvas(size: Size(width: picture.width, height: picture.lines.count), theme: theme, glyphs: glyphs)
    for (y, line) in picture.lines.enumerated() {
      canvas.putSpans(
        line.map { Span($0.text, style: $0.role.map { theme[$0].over(theme[.text]) } ?? theme[.text]) }, x: 0, y: y)
    }
    return canvas
  }

  private init(_ item: ShownItem, width: Int, isSource: Bool, glyphs: Glyphs) {
    self.item = item
    self.width = width
    mode = isSource ? .source : .rendered
    self.glyphs = glyphs
  }

  private mutating func layOut() {
    let stored = item.stored
    add([TextRun(text: stored.name, role: .title), TextRun(text: "  \(item.sharedSource)", role: .dim)])
    add("number \(stored.id) \(glyphs.separator) key \(stored.key)", role: .dim)
    blank()
    heading("Problem")
    text(stored.solution.problem, indent: 2, role: .problem)
    if let answer = item.answer {
      blank()
      heading("Reference answer")
      text(answer, indent: 2, role: .answer)
    } else if item.isAnswerHidden {
      blank()
      add("The reference answer is hidden in blind mode.", role: .dim)
    }
    if item.isWhole {
      blank()
      matrix()
      if !item.facts.isEmpty { blank() }
      for fact in item.facts.prefix(1) { words(fact, role: .title) }
      for fact in item.facts.dropFirst() + [item.seed, item.estimate].compactMap({ $0 }) { words(fact, role: .dim) }
    }
    for step in item.steps { section(step) }
    if !item.remarks.isEmpty { blank() }
    for remark in item.remarks { words(remark.words, role: .accent) }
    rule()
  }

  // MARK: Lines

  private mutating func add(_ line: TextLine) { lines.append(line) }
  private mutating func add(_ text: String, role: StyleRole) { lines.append([TextRun(text: text, role: role)]) }
  private mutating func blank() { if lines.last?.isEmpty == false { lines.append([]) } }
  private mutating func heading(_ text: String) { add(text, role: .title) }
  private mutating func rule() { add(String(repeating: glyphs.horizontal, count: width), role: .border) }

  private mutating func words(_ text: String, role: StyleRole) {
    for line in TextLayout.wrap(text, width: width) { add(line, role: role) }
  }

  private mutating func text(_ text: String, indent: Int, role: StyleRole) {
    for line in readable(text, width: width - indent, role: role) {
      add(line.isEmpty ? [] : [TextRun(text: String(repeating: " ", count: indent), role: nil)] + line)
    }
  }

  private func readable(_ text: String, width: Int, role: StyleRole?) -> [TextLine] {
    ReadableText.lines(text, width: max(width, 20), mode: mode, ascii: !glyphs.isUnicode).map { line in
      line.map { TextRun(text: $0.text, role: $0.role ?? role) }
    }
  }

  private func verdict(_ rating: Rating?, _ word: String) -> TextRun {
    TextRun(text: "\(VerdictLook.glyph(rating, glyphs)) \(word)", role: VerdictLook.role(rating))
  }

  // MARK: Parts

  /// The steps with a column for each voice.
  private mutating func matrix() {
    guard item.hasMatrix else {
      add("Labels and critiques are shown \(item.revealWords) (blind mode).", role: .dim)
      return
    }
    let reviewers = item.reviewers.map { clip($0, to: 10, ellipsis: glyphs.ellipsis) }
    let titles = ["label"] + item.stages.map(\.title) + reviewers
    let widths = titles.map { max(DisplayWidth.of($0), 5) + 2 }
    let room = max(width - widths.reduce(0, +) - 6, 10)
    func padded(_ text: String, _ columns: Int) -> String { TextTable.pad(text, to: columns, width: DisplayWidth.of) }
    add(
      [TextRun(text: padded("Steps", room + 6), role: .title)]
        + zip(titles, widths).map { TextRun(text: Chrome.right($0, $1), role: .dim) })
    for step in item.steps {
      let summary = clip(
        ReadableText.oneLine(String(step.text.prefix(400)), ascii: !glyphs.isUnicode, abbreviated: true), to: room,
        ellipsis: glyphs.ellipsis)
      var line = [
        TextRun(text: Chrome.right(String(step.number), 4) + "  ", role: .stepNumber),
        TextRun(text: padded(summary, room), role: .text),
      ]
      for (rating, columns) in zip(item.ratings(of: step), widths) {
        let glyph = step.isHidden && rating == nil ? " " : VerdictLook.glyph(rating, glyphs)
        line.append(TextRun(text: Chrome.right(glyph, columns - 2) + "  ", role: VerdictLook.role(rating)))
      }
      add(line)
    }
  }

  private mutating func section(_ step: ShownItem.Step) {
    blank()
    rule()
    var line = [TextRun(text: "Step \(step.number) of \(item.stored.solution.steps.count)", role: .title)]
    if step.isHidden {
      line.append(TextRun(text: "  label and critiques are hidden in blind mode", role: .dim))
    } else {
      line += [TextRun(text: "  label ", role: .dim), verdict(step.label, step.label?.word ?? "none")]
      for verdict in step.verdicts {
        line += [
          TextRun(text: "  \(verdict.reviewer) ", role: .dim), self.verdict(verdict.rating, verdict.rating.word),
          TextRun(text: verdict.mode == .blind ? " (blind)" : "", role: .dim),
        ]
      }
    }
    add(line)
    blank()
    text(step.text, indent: 2, role: .stepText)
    for alternative in step.alternatives {
      blank()
      add([
        TextRun(text: "  Alternative  ", role: .accent),
        verdict(alternative.rating, alternative.rating?.word ?? "none"),
      ])
      text(alternative.text, indent: 4, role: .dim)
    }
    critiques(step)
    if !step.remarks.isEmpty { blank() }
    for remark in step.remarks { words("  " + remark.words, role: .accent) }
  }

  /// The critiques that are used, beside each other where there is room.
  private mutating func critiques(_ step: ShownItem.Step) {
    let readings = Stage.allCases.compactMap { step.reading($0) }
    guard !readings.isEmpty else { return }
    blank()
    guard width >= Self.sideBySide, readings.count > 1 else {
      for reading in readings {
        add([TextRun(text: "  ", role: nil)] + title(reading, step))
        text(reading.text, indent: 4, role: .text)
        blank()
      }
      return
    }
    let gap = 3
    let columns = (width - gap * (readings.count - 1)) / readings.count
    let blocks = readings.map { reading in
      [title(reading, step)] + readable(reading.text, width: columns, role: .text)
    }
    for row in 0..<(blocks.map(\.count).max() ?? 0) {
      var line: TextLine = []
      for (index, block) in blocks.enumerated() {
        if index > 0 { line.append(TextRun(text: " \(glyphs.vertical) ", role: .border)) }
        let cells = block.indices.contains(row) ? block[row] : []
        line += cells
        let used = cells.reduce(0) { $0 + DisplayWidth.of($1.text) }
        if index < blocks.count - 1 {
          line.append(TextRun(text: String(repeating: " ", count: max(columns - used, 0)), role: nil))
        }
      }
      add(line)
    }
  }

  private func title(_ reading: ShownItem.Reading, _ step: ShownItem.Step) -> TextLine {
    let others = step.others(reading.stage)
    return [
      TextRun(text: reading.stage.title, role: .title), TextRun(text: "  says ", role: .dim),
      verdict(reading.judgement?.rating, reading.judgement?.word ?? "nothing clear"),
      TextRun(text: others > 0 ? "  +\(others)" : "", role: .dim),
    ]
  }
}
