import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Lineage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the decisions and solutions behind a dataset.",
    discussion: """
      ID is a dataset (hash, its beginning, or directory): shows the runs trained on it, its rows and the decisions \
      behind them. For a run: its dataset, base model and checkpoints. For a solution or a decision's UUID: the \
      datasets that include or exclude it. Without ID, lists all datasets.
      """)

  @Argument(help: ArgumentHelp("Dataset, run, solution or decision.", valueName: "id"))
  var id: String?
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).open()
    guard let id else { return try list(opened.datasets()) }
    // A number is a solution's here, as everywhere; 'deepcritic sets' takes numbers of sets.
    if Int64(id) != nil, id.count < 6 { return try showSolution(id, opened) }
    if let dataset = try opened.dataset(matching: id) { return try show(dataset, opened) }
    if let run = try opened.run(named: id) { return try RunLineage(run, opened).show(json: json) }
    // A dataset that was written elsewhere is known by the runs on it.
    if id.count >= 6, id.allSatisfy(\.isHexDigit) {
      let runs = try opened.runs().filter { $0.dataset.hasPrefix(id.lowercased()) }
      if !runs.isEmpty { return try RunLineage.show(runs.reversed().map { try RunLineage($0, opened) }, json: json) }
    }
    if let event = try opened.event(id) {
      try check([event.solution], opened)
      return try show("decision \(id) by \(event.reviewer)", opened.lineage(ofEvent: id), opened)
    }
    try showSolution(id, opened)
  }

  private func showSolution(_ id: String, _ opened: Workspace) throws {
    let rows: [QueueRow]
    do { rows = try opened.rows([opened.solutionID(matching: id)], reviewer: "") } catch WorkspaceError.noSuchSolution {
      throw CommandError(
        "'\(id)' is not a solution, dataset or decision of this workspace. 'deepcritic lineage' lists the datasets.")
    }
    guard let row = rows.first else { return }
    try check([row.key], opened)
    try show("\(row.id). \(row.name)", opened.lineage(ofSolution: row.key), opened)
  }

  private func list(_ datasets: [DatasetEntry]) throws {
    if json { return try JSONOutput.write(datasets) }
    if datasets.isEmpty {
      return StandardError.write("No dataset was exported yet. 'deepcritic export sft -o DIR' writes one.")
    }
    try StandardOutput.write(lines: datasets.map { TextSafety.line(Self.words($0)) })
  }

  private static func words(_ dataset: DatasetEntry) -> String {
    let date = Date(timeIntervalSince1970: Double(dataset.at) / 1000)
    let day = date.formatted(.iso8601.year().month().day().dateSeparator(.dash))
    return "\(dataset.hash.prefix(12))  \(dataset.kind) \(dataset.format)  "
      + "\(Figures.count(dataset.rows, "row"))  \(day)  \(dataset.path)"
  }

  private func show(_ dataset: DatasetEntry, _ workspace: Workspace) throws {
    let rows = try workspace.rows(ofDataset: dataset.hash)
    let events = try workspace.events(ofDataset: dataset.hash)
    try check(rows.map(\.solution) + events.map(\.solution), workspace)
    let decisions = try events.map { Decided($0, try workspace.event($0.event)) }
    let runs = try workspace.runs(ofDataset: dataset.hash).map { try RunLineage($0, workspace) }
    let critics = try workspace.evaluations(trainedOn: dataset.hash).map {
      try TrainedCritic(workspace.score($0, bootstrap: nil))
    }
    if json {
      return try JSONOutput.write(
        DatasetReport(dataset: dataset, rows: rows, events: decisions, runs: runs, critics: critics))
    }
    var lines = [Self.words(dataset), "hash \(dataset.hash)", "written by \(dataset.programVersion)", ""]
    if !runs.isEmpty { lines += ["Runs"] + runs.flatMap(\.lines).map { "  " + $0 } + [""] }
    for critic in critics {
      let figures = critic.f1.sorted { $0.key < $1.key }.map { "\($0.key) \(Figures.percent($0.value))" }
      lines.append("evaluation \(critic.evaluation)  \(critic.name)  F1 \(figures.joined(separator: ", "))")
    }
    if !critics.isEmpty { lines.append("") }
    lines.append("Decisions")
    if decisions.isEmpty { lines.append("  none: every label is as it came with the data") }
    lines += try decisions.map { try "  " + words($0, workspace) }
    lines += ["", "Rows"]
    for row in rows.prefix(Self.shownRows) {
      let name = try workspace.solutionName(key: row.solution) ?? row.solution
      lines.append(
        "  \(row.split) \(row.number)  \(name)  first error \(row.firstError == -1 ? "none" : "\(row.firstError)")")
    }
    if rows.count > Self.shownRows { lines.append("  and \(rows.count - Self.shownRows) more; --json writes all") }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private static let shownRows = 200

  /// In blind mode nothing is shown of solutions that the reviewer has not finished.
  private func check(_ keys: [String], _ workspace: Workspace) throws {
    try Blindness.check(reviewing.context(root, workspace.settings()), keys: keys, workspace)
  }

  private func show(_ title: String, _ links: [LineageLink], _ workspace: Workspace) throws {
    let reports = try links.map { link in
      DatasetReport(
        dataset: link.dataset, rows: link.rows,
        events: try link.events.map { Decided($0, try workspace.event($0.event)) },
        runs: try workspace.runs(ofDataset: link.dataset.hash).map { try RunLineage($0, workspace) })
    }
    if json { return try JSONOutput.write(reports) }
    var lines = [title]
    if links.isEmpty { lines.append("  is in no dataset that was exported from here") }
    for report in reports {
      lines.append("  " + Self.words(report.dataset))
      for row in report.rows {
        lines.append(
          "    \(row.split) row \(row.number), first error \(row.firstError == -1 ? "none" : "\(row.firstError)")")
      }
      lines += try report.events.map { try "    " + words($0, workspace) }
      lines += report.runs.flatMap(\.lines).map { "    " + $0 }
    }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private func words(_ decided: Decided, _ workspace: Workspace) throws -> String {
    let name = try workspace.solutionName(key: decided.solution) ?? decided.solution
    var words = "\(decided.event)  \(decided.role.replacing("-", with: " "))  \(name)"
    if let event = try workspace.event(decided.event) { words += "  \(event.account)" }
    return words
  }

  private struct DatasetReport: Encodable {
    var dataset: DatasetEntry
    var rows: [DatasetRow]
    var events: [Decided]
    var runs: [RunLineage]
    var critics: [TrainedCritic]?
  }

  /// A critic that a dataset trained, with its F1 by set.
  private struct TrainedCritic: Encodable {
    var evaluation: Int64
    var name: String
    var f1: [String: Double]

    init(_ score: CriticScore) {
      evaluation = score.number
      name = score.name
      f1 = Dictionary(
        score.sets.compactMap { set in set.scores.f1.map { (set.set, $0) } }, uniquingKeysWith: { one, _ in one })
    }
  }

  /// A decision with what it was, where the event is here.
  private struct Decided: Encodable {
    var event: String
    var solution: String
    var role: String
    var kind: String?
    var step: Int?
    var value: String?
    var reviewer: String?
    var at: Int64?

    init(_ one: DatasetEvent, _ event: ReviewEvent?) {
      self.event = one.event
      solution = one.solution
      role = one.role.rawValue
      kind = event?.kind.rawValue
      step = event?.step
      value = event?.value
      reviewer = event?.reviewer
      at = event?.at
    }
  }
}
