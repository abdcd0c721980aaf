import DeepCriticCore
import MathText
import Terminal

/// An item as lines of plain text.
public struct ItemText {
  private let item: ShownItem
  /// Columns to fill; nil leaves texts as they are, as in a pipe.
  private let columns: Int?
  private let isSource: Bool
  private let isASCII: Bool

  /// A page.
  ///
  /// - Parameters:
  ///   - columns: columns to fill; nil leaves texts as they are.
  ///   - isSource: texts as they were written, mathematics too.
  ///   - isASCII: draw formulas with ASCII characters only.
  public init(_ item: ShownItem, columns: Int?, isSource: Bool, isASCII: Bool) {
    self.item = item
    self.columns = columns
    self.isSource = isSource
    self.isASCII = isASCII
  }

  /// The lines.
  public var lines: [String] {
    let stored = item.stored
    var lines = paragraph("\(stored.id). \(stored.name), \(item.source), key \(stored.key)", 0)
    if stored.recordCount > 1 { lines += paragraph("Found in \(stored.recordCount) records.", 0) }
    lines += ["", "Problem"] + readable(stored.solution.problem, 2)
    if let answer = item.isAnswerHidden ? "(hidden in blind mode)" : item.answer {
      lines += ["", "Reference answer"] + readable(answer, 2)
    }
    if item.isWhole {
      if !item.facts.isEmpty { lines += [""] + paragraph(item.facts.joined(separator: ", "), 0) }
      if let seed = item.seed { lines += paragraph(seed, 0) }
      if let estimate = item.estimate { lines += paragraph(estimate, 0) }
    }
    for step in item.steps { lines += [""] + self.lines(of: step) }
    let remarks = item.remarks.flatMap { paragraph($0.words, 0) }
    return lines + (remarks.isEmpty ? [] : [""] + remarks)
  }

  private func lines(of step: ShownItem.Step) -> [String] {
    var heading = "Step \(step.number) of \(item.stored.solution.steps.count)"
    if step.isHidden {
      heading += "  (label and critiques hidden in blind mode)"
    } else {
      heading += "  label: \(step.label?.word ?? "none")" + (step.origin.map { " (\($0))" } ?? "")
      for stage in Stage.allCases {
        guard let judgement = step.judgements[stage] else { continue }
        heading += "  \(stage.rawValue): \(judgement?.word ?? "unclear")"
      }
    }
    var lines = paragraph(heading, 0) + readable(step.text, 2)
    for verdict in step.verdicts {
      lines += paragraph("Verdict of \(verdict.reviewer): \(verdict.rating.word) (\(verdict.mode.rawValue))", 2)
    }
    for alternative in step.alternatives {
      lines +=
        paragraph("Alternative, label \(alternative.rating?.word ?? "none"):", 2) + readable(alternative.text, 4)
    }
    for reading in step.readings {
      let sample = reading.sample > 0 ? ", sample \(reading.sample + 1)" : ""
      lines += paragraph(
        "The \(reading.stage.rawValue) critique\(sample) says \(reading.judgement?.word ?? "nothing clear"):", 2)
      lines += readable(reading.text, 4)
    }
    return lines + step.remarks.flatMap { paragraph($0.words, 2) }
  }

  /// A text of the data, with its mathematics laid out.
  private func readable(_ text: String, _ indent: Int) -> [String] {
    guard let columns, !isSource else { return paragraph(text, indent) }
    let blanks = String(repeating: " ", count: indent)
    return ReadableText.plain(text, width: max(columns - indent, 20), mode: .rendered, ascii: isASCII)
      .map { $0.isEmpty ? "" : blanks + $0 }
  }

  private func paragraph(_ text: String, _ indent: Int) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    let text = TextSafety.block(text)
    let lines =
      columns.map { TextLayout.wrap(text, width: max($0 - indent, 20)) }
      ?? text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.map { $0.isEmpty ? "" : blanks + $0 }
  }
}
