import DeepCriticCore
import Terminal

/// Writes the scores of critics.
struct ScoreOutput {
  /// In what form.
  enum Form { case text, markdown, csv, json }

  let form: Form
  var details = false

  init(form: Form) { self.form = form }

  init(form options: ScoreFormOptions) {
    form = options.json ? .json : options.markdown ? .markdown : options.csv ? .csv : .text
    details = options.details
  }

  /// One critic, everything about it.
  func write(_ score: CriticScore) throws {
    if form == .json { return try JSONOutput.write(score) }
    let report = CriticReport(score)
    if form == .csv { return try StandardOutput.write(lines: [report.summary.mapCells(TextSafety.line).csv]) }
    var lines: [String] = []
    if form == .markdown {
      lines += ["## \(words(score.name))", "", words(score.conditions) + ".", ""]
    } else {
      lines += [TextSafety.line(score.name), "  " + TextSafety.line(score.conditions), ""]
    }
    add(report.summary, "", to: &lines)
    for note in report.notes { lines.append(form == .markdown ? "- " + words(note) : words(note)) }
    if let steps = report.steps { add(steps, "Single steps", to: &lines) }
    if details {
      if let votes = report.votes { add(votes, "Votes: the mean over all subsets of k answers", to: &lines) }
      add(report.groups, "Groups", to: &lines)
      add(report.distances, "Predicted minus first error", to: &lines)
      for set in score.sets {
        if let confusion = report.confusion(set.set) { add(confusion, "Confusion: \(set.set)", to: &lines) }
      }
      if let calibration = report.calibration { add(calibration, "Calibration of votes", to: &lines) }
    }
    try StandardOutput.write(lines: lines)
  }

  /// Any tables with their headings.
  func write(_ tables: [(heading: String, table: TextTable)], notes: [String] = []) throws {
    if form == .csv {
      return try StandardOutput.write(lines: tables.prefix(1).map { $0.table.mapCells(TextSafety.line).csv })
    }
    var lines: [String] = []
    for (heading, table) in tables { add(table, heading, to: &lines) }
    for note in notes { lines.append(form == .markdown ? "- " + words(note) : words(note)) }
    try StandardOutput.write(lines: lines)
  }

  /// Names come from files and people: they stay text in every form.
  private func words(_ text: String) -> String {
    form == .markdown ? Markdown.escaped(TextSafety.line(text)) : TextSafety.line(text)
  }

  private func add(_ table: TextTable, _ heading: String, to lines: inout [String]) {
    if !heading.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines += form == .markdown ? ["### \(words(heading))", ""] : [words(heading)]
    }
    // Names come from files: nothing in them may act on a terminal.
    lines += form == .markdown ? [table.mapCells(TextSafety.line).markdown, ""] : Screen.lines(table)
  }
}
