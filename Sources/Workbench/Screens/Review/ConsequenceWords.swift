import DeepCriticCore
import Foundation
import Terminal

/// A place in the training set, and what decisions would change, for one line.
struct ConsequenceLine {
  var now: String
  var verdicts: [(rating: Rating, words: String)]

  /// While all solutions are being decided about.
  static func deciding(_ glyphs: Glyphs) -> ConsequenceLine {
    ConsequenceLine(now: "SFT  deciding about all solutions" + glyphs.ellipsis, verdicts: [])
  }

  static func make(
    now: Consequence, _ verdicts: [(rating: Rating, consequence: Consequence)], glyphs: Glyphs
  ) -> ConsequenceLine {
    var parts = [now.wasIn ? "in" : "out: " + Consequence.brief(now.reasonsBefore)]
    if let answer = now.before.answer, now.before.canMakeRow {
      if answer > 0 { parts.append("ends at step \(answer)") }
      parts.append("\\boxed{\(answer)}")
    }
    return ConsequenceLine(
      now: "SFT  " + parts.joined(separator: " \(glyphs.separator) "),
      verdicts: verdicts.map { rating, consequence in
        let words = [consequence.shortWords] + consequence.balanceWords + consequence.otherWords
        return (rating: rating, words: words.joined(separator: "; "))
      })
  }
}

/// What the review says about consequences: one line always, all of it on a key.
extension ReviewScreen {
  /// Whether consequences may be told: in blind mode they would tell the label before the verdict.
  func mayTellConsequences(_ review: ReviewModel) -> Bool {
    review.stepCount > 0 && review.isOpen(mode: session.mode)
  }

  /// The place of the solution now and what another verdict would change, for one line.
  func consequenceLine(_ review: ReviewModel) -> ConsequenceLine? {
    guard review.stepCount > 0 else { return nil }
    guard mayTellConsequences(review) else {
      return ConsequenceLine(now: "SFT  shown when you have finished the solution (blind mode)", verdicts: [])
    }
    guard let found = trainingSet.consequences(review) else {
      return trainingSet.isLoading || trainingSet.hasNews ? .deciding(glyphs) : nil
    }
    return ConsequenceLine.make(now: found.now, found.verdicts, glyphs: glyphs)
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

  /// Every line of the preview.
  ///
  /// - Parameter sets: ``exportedSetLines(_:)``, which go below.
  func previewLines(width: Int, sets: [String] = []) -> [(text: String, role: StyleRole)] {
    guard let review, let found = trainingSet.consequences(review) else { return [("Not known yet.", .dim)] }
    var lines: [(String, StyleRole)] = []
    func add(_ text: String, _ role: StyleRole = .text, indent: Int = 0) {
      let blanks = String(repeating: " ", count: indent)
      for line in TextLayout.wrap(TextSafety.line(text), width: max(width - indent, 8)) {
        lines.append((blanks + line, role))
      }
    }
    let now = found.now
    add("Now: " + (now.wasIn ? "in the set" : "out: " + now.reasonsBefore.map(\.words).joined(separator: "; ")), .title)
    for reason in now.reasonsBefore { add(reason.reason.remedy, .dim, indent: 2) }
    for (rating, consequence) in found.verdicts {
      lines.append(("", .text))
      add("\(VerdictLook.glyph(rating, glyphs)) If step \(review.step) is \(rating.word): \(consequence.words)", .title)
      for words in [consequence.answerWords].compactMap({ $0 }) + consequence.balanceWords + consequence.otherWords {
        add(words, indent: 2)
      }
      let difference = RowDifference(from: consequence.rowBefore, to: consequence.rowAfter).lines
      if consequence.rowAfter == nil {
        add("No row can be made of it then.", .dim, indent: 2)
      } else if difference.isEmpty {
        add("The row stays as it is.", .dim, indent: 2)
      }
      for line in consequence.rowAfter == nil ? [] : difference {
        switch line {
        case .same(let text): add("  " + text, .dim, indent: 2)
        case .removed(let text): add("- " + text, .verdictIncorrect, indent: 2)
        case .added(let text): add("+ " + text, .verdictCorrect, indent: 2)
        case .skipped(let count): add("(\(count) \(count == 1 ? "line" : "lines") as before)", .dim, indent: 2)
        }
      }
    }
    if !sets.isEmpty {
      lines.append(("", .text))
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
  private var lines: [(text: String, role: StyleRole)] = []
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
      canvas.put(line.text, x: frame.x + 2, y: frame.y + 1 + index, role: line.role, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] { screen.previewLines(width: 1000, sets: sets).map(\.text) }
}
