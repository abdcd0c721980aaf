import ArgumentParser
import DeepCriticCore
import Foundation

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare critics on the rows that both answered.",
    discussion: """
      Compares the first critic with each of the others: paired bootstrap for F1, McNemar's exact test for rows, and \
      the number of rows needed to confirm such a difference. Name evaluations by number or critic (see 'deepcritic \
      leaderboard').
      """)

  @Argument(help: "Two or more evaluations.")
  var critics: [String]
  @Flag(help: "List the rows that only one of two critics gets right.")
  var list = false
  @OptionGroup(title: "Output") var form: ScoreFormOptions
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if critics.count < 2 { throw ValidationError("Name two or more critics.") }
  }

  func run() throws {
    let opened = try workspace.or(root).open()
    defer { try? opened.close() }
    let bootstrap = form.bootstrap(try EvaluateSettings(path: opened.settingsPath))
    let entries = try critics.map { try opened.evaluation(named: $0) }
    let comparisons = try entries.dropFirst().map { other in
      try NamedComparison(opened, entries[0], other, bootstrap: bootstrap)
    }
    if let html = form.html {
      let scores = try entries.map { try opened.score($0, bootstrap: bootstrap, labels: form.labels) }
      try HTMLReport(scores: scores, comparisons: comparisons).write(to: html)
    }
    if form.json { return try JSONOutput.write(comparisons) }
    var tables: [(heading: String, table: TextTable)] = []
    for one in comparisons {
      tables.append(("\(one.first) against \(one.second)", one.table))
      if list { tables.append(("Rows that only one gets right", Self.rows(one))) }
    }
    try ScoreOutput(form: form).write(tables, notes: comparisons.flatMap(\.notes))
  }

  private static func rows(_ one: NamedComparison) -> TextTable {
    var table = TextTable(header: ["set", "row", "right"], words: [0, 1, 2])
    for set in one.comparison.sets {
      table.rows += set.wins.map { [set.set, $0, one.first] } + set.losses.map { [set.set, $0, one.second] }
    }
    return table
  }
}

struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Show all evaluated critics side by side.",
    discussion: "--published adds figures from papers, marked as not measured here.")

  @Flag(help: "Add published figures with their sources.")
  var published = false
  @OptionGroup(title: "Output") var form: ScoreFormOptions
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).open()
    defer { try? opened.close() }
    let bootstrap = form.bootstrap(try EvaluateSettings(path: opened.settingsPath))
    let board = try Leaderboard(opened, bootstrap: bootstrap, published: published, labels: form.labels)
    if let html = form.html {
      try HTMLReport(scores: board.critics, published: board.published).write(to: html)
    }
    if form.json { return try JSONOutput.write(board) }
    var tables = [(heading: "", table: board.table)]
    if published { tables.append(("Published", board.publishedTable)) }
    if board.critics.isEmpty, !published {
      throw CommandError(
        "nothing has been evaluated here. Begin with 'deepcritic evaluate --benchmark FILE --model NAME'.")
    }
    try ScoreOutput(form: form).write(tables, notes: board.notes)
  }
}
