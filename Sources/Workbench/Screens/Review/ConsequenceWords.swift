import DeepCriticCore
import Foundation
import Terminal

/// A place in the training set, and what decisions would change, for one line.
struct ConsequenceLine {
  /// A sentence.
  var now: String
  /// Of verdicts that would change something: "here would take it out: …".
  var verdicts: [(rating: Rating, words: String)] = []

  /// While all solutions are being decided about.
  static func deciding(_ glyphs: Glyphs) -> ConsequenceLine {
    ConsequenceLine(now: "Training set: working it out" + glyphs.ellipsis)
  }

  init(now: String) { self.now = now }

  init(now: Consequence, _ verdicts: [(rating: Rating, consequence: Consequence)]) {
    self.now = "Training set: " + (now.wasIn ? "in." : "out: \(Consequence.brief(now.reasonsBefore)).")
    self.verdicts = verdicts.compactMap { rating, consequence in
      consequence.changeWords.map { (rating, "here would " + $0) }
    }
  }
}

/// What the review says about consequences: one line always, all of it on a key.
extension ReviewScreen {
  /// Whether consequences may be shown: in blind mode they would reveal the label before the verdict.
  func mayTellConsequences(_ review: ReviewModel) -> Bool {
    review.stepCount > 0 && review.isOpen(mode: session.mode)
  }

  /// The place of the solution now and what another verdict would change, for one line.
  func consequenceLine(_ review: ReviewModel) -> ConsequenceLine? {
    guard review.stepCount > 0 else { return nil }
    guard mayTellConsequences(review) else {
      return ConsequenceLine(now: "Training set: shown when you have finished the solution (blind mode).")
    }
    guard let found = trainingSet.consequences(review) else {
      return trainingSet.isLoading || trainingSet.hasNews ? .deciding(glyphs) : nil
    }
    return ConsequenceLine(now: found.now, found.verdicts)
  }

  /// The exported sets that the solution's row is in or was kept out of, with the decisions behind that; empty where nothing
  /// was exported.
  func exportedSetLines(_ review: ReviewModel) throws -> [String] {
    let links = try workspace.lineage(ofSolution: review.stored.key)
    if links.isEmpty { return try workspace.datasets().isEmpty ? [] : ["In no exported set."] }
    return try links.flatMap { link in
      let set = link.dataset
      let rows = link.rows.map {
        "\($0.split) row \($0.number), first error \($0.firstError == -1 ? "none" : "\($0.firstError)")"
      }
      return [
        "Set \(set.number) (\(set.kind), \(set.hash.prefix(12)), \(Figures.date(set.at))): "
          + (rows.isEmpty ? "kept out" : rows.joined(separator: "; "))
      ] + (try link.events.map { "  " + (try workspace.event($0.event)?.account ?? $0.event) })
    }
  }

  /// Every line of the preview, mathematics laid out.
  ///
  /// - Parameter sets: ``exportedSetLines(_:)``, which go below.
  func previewLines(width: Int, sets: [String] = []) -> [(line: TextLine, role: StyleRole)] {
    guard let review, let found = trainingSet.consequences(review) else {
      return [([TextRun(text: "Not known yet.")], .dim)]
    }
    var lines: [(line: TextLine, role: StyleRole)] = []
    func add(_ text: String, _ role: StyleRole = .text, indent: Int = 0) {
      let blanks = String(repeating: " ", count: indent)
      for line in TextLayout.wrap(TextSafety.line(text), width: max(width - indent, 8)) {
        lines.append(([TextRun(text: blanks + line)], role))
      }
    }
    func addText(_ text: [String], _ heading: String, _ bar: StyleRole?, _ role: StyleRole) {
      guard text.contains(where: { !$0.isEmpty }) else { return }
      if !heading.isEmpty { add(heading, .dim, indent: 2) }
      for line in context.texts.lines(text.joined(separator: "\n"), width: max(width - 4, 8), source: false) {
        lines.append(
          ([TextRun(text: "  ")] + [TextRun(text: bar == nil ? "  " : glyphs.vertical + " ", role: bar)] + line, role))
      }
    }
    let now = found.now
    add("Now: " + (now.wasIn ? "in the set" : "out: " + now.reasonsBefore.map(\.words).joined(separator: "; ")), .title)
    for reason in now.reasonsBefore { add(reason.reason.remedy, .dim, indent: 2) }
    for (rating, consequence) in found.verdicts {
      lines.append(([], .text))
      add("\(VerdictLook.glyph(rating, glyphs)) If step \(review.step) is \(rating.word): \(consequence.words)", .title)
      for words in [consequence.answerWords].compactMap({ $0 }) + consequence.balanceWords + consequence.otherWords {
        add(words, indent: 2)
      }
      guard consequence.rowAfter != nil else {
        add("It then gives no row.", .dim, indent: 2)
        continue
      }
      let difference = RowDifference(from: consequence.rowBefore, to: consequence.rowAfter)
      if difference.lines.isEmpty { add("The row stays as it is.", .dim, indent: 2) }
      for block in difference.blocks {
        switch block {
        case .same(let text): addText(text, "", nil, .dim)
        case .removed(let text): addText(text, "The row loses", .verdictIncorrect, .dim)
        case .added(let text): addText(text, "The row gains", .verdictCorrect, .text)
        case .skipped(let count): add("(\(Figures.count(count, "line")) as before)", .dim, indent: 4)
        }
      }
    }
    if !sets.isEmpty {
      lines.append(([], .text))
      add("Exported sets", .title)
      for line in sets { add(line.trimmingCharacters(in: .whitespaces), indent: line.hasPrefix(" ") ? 4 : 2) }
    }
    return lines
  }
}

/// What each verdict on the step would change, in full.
final class ConsequencesOverlay: Overlay {
  private let screen: ReviewScreen
  private let sets: [String]
  private var scroll = ScrollPosition()
  private var lines: [(line: TextLine, role: StyleRole)] = []
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  init(_ screen: ReviewScreen) throws {
    self.screen = screen
    sets = try screen.review.map(screen.exportedSetLines) ?? []
  }

  private var shown: Int { max(frame.height - 2, 0) }
  private var limit: Int { max(lines.count - shown, 0) }

  func handle(_ key: Key) -> OverlayOutcome {
    scroll.handle(key, page: max(screen.size.height - 6, 1), limit: limit) ? .stays : .closes
  }

  var hints: [(key: String, title: String)] { [(screen.glyphs.arrowKeys, "scroll"), ("esc", "close")] }

  func layOut(_ size: Size) {
    let tall = Window.tall(size)
    lines = screen.previewLines(width: tall.width - 4, sets: sets)
    let height = min(tall.height, lines.count + 2)
    frame = Rect(x: tall.x, y: max((size.height - height) / 2, 0), width: tall.width, height: height)
  }

  func draw(_ canvas: inout Canvas) {
    canvas.fill(frame, role: .popup)
    let offset = min(scroll.offset, limit)
    let mark = Window.scrollMark(offset, shown, of: lines.count, screen.glyphs)
    canvas.box(frame, title: "Training set: if step \(screen.review?.step ?? 0)\(screen.glyphs.ellipsis)\(mark)")
    for (index, line) in lines.dropFirst(offset).prefix(shown).enumerated() {
      canvas.put(line.line, x: frame.x + 2, y: frame.y + 1 + index, role: line.role, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] {
    screen.previewLines(width: 1000, sets: sets).map { $0.line.map(\.text).joined() }
  }
}
