import DeepCriticCore
import Terminal

/// What the review says about consequences: one line always, all of it on a key.
extension WorkbenchModel {
  /// Whether consequences may be told: in blind mode they would tell the label before the verdict.
  func mayTellConsequences(_ review: ReviewModel) -> Bool {
    review.stepCount > 0 && review.isRevealed(review.step, mode: session.mode)
  }

  /// The place of the solution now and what another verdict would change, for one line.
  func consequenceLine(_ review: ReviewModel) -> (now: String, verdicts: [(rating: Rating, words: String)])? {
    guard review.stepCount > 0 else { return nil }
    guard mayTellConsequences(review) else { return ("SFT  told after your verdict (blind mode)", []) }
    guard let found = curation.consequences(review) else {
      return curation.isLoading || curation.hasNews ? ("SFT  deciding about all solutions" + glyphs.ellipsis, []) : nil
    }
    return consequenceLine(now: found.now, found.verdicts)
  }

  /// A place in the training set and what decisions would change, for one line.
  func consequenceLine(
    now: Consequence, _ told: [(rating: Rating, consequence: Consequence)]
  ) -> (now: String, verdicts: [(rating: Rating, words: String)]) {
    let separator = " \(glyphs.separator) "
    var parts = [now.wasIn ? "in" : "out: " + Consequence.brief(now.reasonsBefore)]
    if let answer = now.before.answer, now.before.canMakeRow {
      if answer > 0 { parts.append("ends at step \(answer)") }
      parts.append("\\boxed{\(answer)}")
    }
    let verdicts = told.map { rating, told in
      (rating: rating, words: ([told.shortWords] + told.balanceWords + told.otherWords).joined(separator: "; "))
    }
    return ("SFT  " + parts.joined(separator: separator), verdicts)
  }

  /// Every line of the preview.
  func previewLines(width: Int) -> [(text: String, role: StyleRole)] {
    guard let review, let found = curation.consequences(review) else { return [("Not known yet.", .dim)] }
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
    for (rating, told) in found.verdicts {
      lines.append(("", .text))
      add("\(VerdictLook.glyph(rating, glyphs)) If step \(review.step) is \(rating.word): \(told.words)", .title)
      for words in [told.answerWords].compactMap({ $0 }) + told.balanceWords + told.otherWords {
        add(words, indent: 2)
      }
      let difference = RowDifference(from: told.rowBefore, to: told.rowAfter).lines
      if told.rowAfter == nil {
        add("No row can be made of it then.", .dim, indent: 2)
      } else if difference.isEmpty {
        add("The row stays as it is.", .dim, indent: 2)
      }
      for line in told.rowAfter == nil ? [] : difference {
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
