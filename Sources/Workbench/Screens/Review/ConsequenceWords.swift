import DeepCriticCore
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
    review.stepCount > 0 && (session.mode == .audit || review.view.state(count: review.stepCount).isDone)
  }

  /// The place of the solution now and what another verdict would change, for one line.
  func consequenceLine(_ review: ReviewModel) -> ConsequenceLine? {
    guard review.stepCount > 0 else { return nil }
    guard mayTellConsequences(review) else {
      return ConsequenceLine(now: "SFT  told when you have finished the solution (blind mode)", verdicts: [])
    }
    guard let found = trainingSet.consequences(review) else {
      return trainingSet.isLoading || trainingSet.hasNews ? .deciding(glyphs) : nil
    }
    return ConsequenceLine.make(now: found.now, found.verdicts, glyphs: glyphs)
  }

  func previewLines(width: Int) -> [(text: String, role: StyleRole)] {
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
    return lines
  }
}

/// What each verdict on the step would change, in full.
final class ConsequencesOverlay: Overlay {
  private let screen: ReviewScreen
  private var scroll = ScrollPosition()
  private var lines: [(text: String, role: StyleRole)] = []
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  init(_ screen: ReviewScreen) { self.screen = screen }

  private var shown: Int { max(frame.height - 2, 0) }
  private var limit: Int { max(lines.count - shown, 0) }

  func handle(_ key: Key) -> OverlayOutcome {
    scroll.handle(key, page: max(screen.size.height - 6, 1), limit: limit) ? .stays : .closes
  }

  var hints: [(key: String, title: String)] { [(screen.glyphs.arrowKeys, "scroll"), ("esc", "close")] }

  func layOut(_ size: Size) {
    let tall = Window.tall(size)
    lines = screen.previewLines(width: tall.width - 4)
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

  func describe() -> [String] { screen.previewLines(width: 1000).map(\.text) }
}
