import DeepCriticCore
import Terminal

/// The list of solutions.
enum QueueView {
  private static let top = 3

  static func listHeight(_ size: Size) -> Int { max(size.height - top - Chrome.footerHeight, 1) }

  static func index(at y: Int, _ screen: QueueScreen) -> Int? {
    let index = screen.queue.list.offset + y - top
    return y >= top && y < top + listHeight(screen.size) && index < screen.queue.ids.count ? index : nil
  }

  static func draw(_ canvas: inout Canvas, _ screen: QueueScreen) {
    let queue = screen.queue
    Chrome.header(&canvas, screen)
    drawOrderLine(&canvas, screen)
    let columns = Columns(width: canvas.size.width, screen.columns)
    drawTitles(&canvas, columns, why: whyTitle(queue.sort))
    if let reason = screen.emptyReason {
      canvas.wrap(reason, x: 3, y: top + 1, width: canvas.size.width - 4, role: .dim)
    }
    let first = queue.list.offset
    for (index, row) in screen.rows.enumerated() {
      draw(
        row, in: &canvas, y: top + index, columns, screen, selected: first + index == queue.list.selected)
    }
    let shown = min(first + listHeight(canvas.size), queue.ids.count)
    Chrome.footer(
      &canvas, screen,
      idle: queue.ids.isEmpty ? "" : "\(first + 1)\(screen.glyphs.rangeDash)\(shown) of \(queue.ids.count)")
  }

  /// Order, filter and how much is done.
  private static func drawOrderLine(_ canvas: inout Canvas, _ screen: QueueScreen) {
    let queue = screen.queue
    let progress = queue.progress
    let share = Share(progress.done, of: max(progress.total, 1))
    let percent = share.percent
    let counts = "\(progress.done) of \(progress.total) done "
    let barWidth = canvas.size.width >= 100 ? 16 : 8
    let tail = DisplayWidth.of(counts) + barWidth + 1 + percent.count + 1
    let start = max(canvas.size.width - tail, 0)
    var x = 1
    let filter = queue.subset ?? (queue.filter.isEmpty ? "none" : queue.filter.text)
    var facts = [("order", queue.sort.words), ("filter", filter)]
    if let saved = queue.saved { facts.insert(("queue", saved.name), at: 0) }
    for (name, value) in facts {
      x += canvas.put(name + " ", x: x, y: 1, role: .dim, maxWidth: max(start - x - 1, 0))
      x += canvas.put(value, x: x, y: 1, role: .text, maxWidth: max(start - x - 1, 0)) + 3
    }
    canvas.put(counts, x: start, y: 1, role: .dim)
    ProgressBar.draw(in: &canvas, x: start + DisplayWidth.of(counts), y: 1, width: barWidth, fraction: share.value ?? 0)
    canvas.put(percent, x: canvas.size.width - percent.count - 1, y: 1, role: .dim)
  }

  /// Columns that may be empty.
  struct Filled: OptionSet {
    let rawValue: Int
    static let error = Filled(rawValue: 1)
    static let why = Filled(rawValue: 2)
    static let by = Filled(rawValue: 4)
  }

  /// The columns in which some rows show something.
  static func filled(_ rows: [QueueRow], _ screen: QueueScreen) -> Filled {
    var filled: Filled = []
    for row in rows {
      if !row.reviewers.isEmpty { filled.insert(.by) }
      guard !row.hidesLabels(in: screen.session.mode) else { continue }
      if error(row) != "-" { filled.insert(.error) }
      if screen.queue.why(row.id) != nil || !reason(row).0.isEmpty { filled.insert(.why) }
    }
    return filled
  }

  /// Where each column stands; columns that are empty or do not fit are left out, the least needed first.
  private struct Columns {
    var name = (x: 3, width: 16)
    var error: Int?
    var steps: Int
    var why: (x: Int, width: Int)?
    var mine: Int
    var by: (x: Int, width: Int)?
    var problem: (x: Int, width: Int)?

    init(width: Int, _ filled: Filled) {
      if width >= 100 { name.width = 20 }
      var x = name.x + name.width + 1
      error = nil
      if width >= 50, filled.contains(.error) {
        error = x
        x += 7
      }
      steps = x
      x += 7
      if width >= 64, filled.contains(.why) {
        why = (x, 24)
        x += 26
      }
      mine = x
      x += 4
      if width >= 100, filled.contains(.by) {
        by = (x, 10)
        x += 12
      }
      if width - x >= 12 { problem = (x, width - x - 1) }
    }
  }

  /// What the column of reasons is about.
  private static func whyTitle(_ sort: QueueSort) -> String {
    switch sort {
    case .votes: "deep votes"
    case .uncertainty: "rollouts in doubt"
    case .curation: "training set"
    case .random: "order"
    default: "disagreement"
    }
  }

  private static func drawTitles(_ canvas: inout Canvas, _ columns: Columns, why title: String) {
    canvas.put("solution", x: columns.name.x, y: 2, role: .dim)
    if let x = columns.error { canvas.put("error", x: x, y: 2, role: .dim) }
    canvas.put("steps", x: columns.steps, y: 2, role: .dim)
    if let why = columns.why { canvas.put(title, x: why.x, y: 2, role: .dim) }
    canvas.put("me", x: columns.mine, y: 2, role: .dim)
    if let by = columns.by { canvas.put("by", x: by.x, y: 2, role: .dim) }
    if let problem = columns.problem { canvas.put("problem", x: problem.x, y: 2, role: .dim) }
  }

  private static func draw(
    _ row: QueueRow, in canvas: inout Canvas, y: Int, _ columns: Columns, _ screen: QueueScreen, selected: Bool
  ) {
    let glyphs = screen.glyphs
    if selected { canvas.put(glyphs.pointer, x: 1, y: y, role: .accent) }
    // Only the name is lit: a whole row of attributes per cursor move would be much for a slow line.
    canvas.put(
      pad(row.name, columns.name.width), x: columns.name.x, y: y, role: selected ? .selection : .text,
      maxWidth: columns.name.width)
    let hidden = row.hidesLabels(in: screen.session.mode)
    if let x = columns.error {
      if case .step = row.firstError, !hidden {
        canvas.put(Chrome.right(Self.error(row), 5), x: x, y: y, role: .text)
      } else {
        canvas.put(Chrome.right(hidden ? "?" : Self.error(row), 5), x: x, y: y, role: .dim)
      }
    }
    canvas.put(Chrome.right(String(row.stepCount), 5), x: columns.steps, y: y, role: .text)
    if let why = columns.why {
      let (text, role) =
        hidden ? ("", StyleRole.dim) : screen.queue.why(row.id).map { ($0, StyleRole.text) } ?? reason(row)
      canvas.put(text, x: why.x, y: y, role: role, maxWidth: why.width)
    }
    let (glyph, role) = mark(row, glyphs)
    canvas.put(glyph, x: columns.mine, y: y, role: role)
    if row.flags > 0, !hidden { canvas.put(glyphs.flag, x: columns.mine + 1, y: y, role: .flagged) }
    if let by = columns.by {
      let names = hidden ? row.reviewers.filter { $0 == screen.session.reviewer } : row.reviewers
      canvas.put(names.joined(separator: ","), x: by.x, y: y, role: .dim, maxWidth: by.width)
    }
    if let problem = columns.problem {
      canvas.put(
        row.tags.map { "[\($0)] " }.joined() + screen.context.oneLine(row.excerpt), x: problem.x, y: y, role: .problem,
        maxWidth: problem.width)
    }
  }

  private static func error(_ row: QueueRow) -> String {
    switch row.firstError {
    case .step(let step): String(step)
    case .none: "none"
    case .unknown: row.finishReason == .badProblem ? "bad" : "-"
    }
  }

  /// The strongest contradiction, in words.
  static func reason(_ row: QueueRow) -> (String, StyleRole) {
    if row.differingVerdicts > 0 { return ("I differ from the import", .disagreement) }
    if row.disagreement.contains(.merged) { return ("merged contradicts label", .disagreement) }
    if row.disagreement.contains(.deep) { return ("deep contradicts label", .disagreement) }
    if row.disagreement.contains(.initial) { return ("initial was wrong", .dim) }
    if row.judgements[.merged] != nil { return ("all agree", .dim) }
    return (row.judgements.isEmpty ? "" : "no merged critique", .dim)
  }

  /// My state as one glyph: what I concluded once I am done.
  private static func mark(_ row: QueueRow, _ glyphs: Glyphs) -> (String, StyleRole) {
    switch row.state {
    case .untouched: (glyphs.none, .verdictNone)
    case .started: (glyphs.ellipsis, .text)
    case .skipped: (glyphs.arrowRight, .dim)
    case .complete:
      row.myFirstError == nil ? (glyphs.correct, .verdictCorrect) : (glyphs.incorrect, .verdictIncorrect)
    case .badProblem: ("!", .warning)
    case .gaveUp: ("-", .warning)
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    let clipped = clip(TextSafety.line(text), to: width)
    return clipped + String(repeating: " ", count: max(width - DisplayWidth.of(clipped), 0))
  }
}
