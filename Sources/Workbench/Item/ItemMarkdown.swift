import DeepCriticCore
import Terminal

/// An item as Markdown, for issues and chats: LaTeX stays LaTeX, critiques of right steps fold away.
public struct ItemMarkdown {
  private let item: ShownItem
  private let glyphs = Glyphs.unicode

  /// A page.
  public init(_ item: ShownItem) { self.item = item }

  /// The page.
  public var page: String {
    let stored = item.stored
    var parts = [
      "### \(MarkdownText.line(stored.name))", MarkdownText.line("\(item.sharedSource), key \(stored.key)"),
      "**Problem**", MarkdownText.escaped(stored.solution.problem),
    ]
    if let answer = item.answer {
      parts += ["**Reference answer**", MarkdownText.escaped(answer)]
    } else if item.isAnswerHidden {
      parts.append("*The reference answer is hidden in blind mode.*")
    }
    if item.isWhole {
      if item.hasMatrix {
        parts.append(table)
      } else {
        parts.append("*Labels and critiques are shown \(item.revealWords) (blind mode).*")
      }
      if let first = item.facts.first { parts.append("**\(MarkdownText.line(first))**") }
      for fact in item.facts.dropFirst() + [item.seed, item.estimate].compactMap({ $0 }) {
        parts.append(MarkdownText.line(fact))
      }
    }
    parts += item.steps.flatMap(section)
    parts += item.remarks.map { "*\(MarkdownText.line($0.words))*" }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func glyph(_ rating: Rating?) -> String { VerdictLook.glyph(rating, glyphs) }

  private var table: String {
    let header =
      ["step", "label"] + item.stages.map { $0.title.lowercased() } + item.reviewers.map(MarkdownText.line)
    var rows = [header, ["--:"] + header.dropFirst().map { _ in ":-:" }]
    for step in item.steps {
      rows.append([String(step.number)] + item.ratings(of: step).map { step.isHidden && $0 == nil ? " " : glyph($0) })
    }
    return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private func section(_ step: ShownItem.Step) -> [String] {
    var heading = "#### Step \(step.number) of \(item.stored.solution.steps.count)"
    if !step.isHidden, let label = step.label { heading += " · label \(glyph(label)) \(label.word)" }
    var parts = [heading, MarkdownText.escaped(step.text)]
    if step.isHidden {
      parts.append("*Label and critiques are hidden in blind mode.*")
    }
    for verdict in step.verdicts {
      let mode = verdict.mode == .blind ? " (blind)" : ""
      parts.append(
        "Verdict of \(MarkdownText.line(verdict.reviewer)): \(glyph(verdict.rating)) \(verdict.rating.word)\(mode)")
    }
    for alternative in step.alternatives {
      parts += [
        "**Alternative**, label \(glyph(alternative.rating)) \(alternative.rating?.word ?? "none")",
        MarkdownText.escaped(alternative.text),
      ]
    }
    let readings = Stage.allCases.compactMap { step.reading($0) }
    let texts = readings.flatMap { reading -> [String] in
      let others = step.others(reading.stage)
      let more = others > 0 ? " (\(others) more \(others == 1 ? "sample" : "samples"))" : ""
      let says = reading.judgement.map { "\(glyph($0.rating)) \($0.word)" } ?? "nothing clear"
      return ["**\(reading.stage.title) critique** says \(says)\(more)", MarkdownText.escaped(reading.text)]
    }
    if !texts.isEmpty {
      // What is right is there for those who want it; what is wrong is what a page like this is about.
      let isRight = step.label != .incorrect && !readings.contains { $0.judgement == .incorrect }
      let says = readings.map { "\($0.stage.rawValue) \(glyph($0.judgement?.rating))" }.joined(separator: ", ")
      parts +=
        isRight
        ? ["<details><summary>Critiques: \(says)</summary>"] + texts + ["</details>"] : texts
    }
    return parts + step.remarks.map { "*\(MarkdownText.line($0.words))*" }
  }
}
