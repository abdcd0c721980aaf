import ArgumentParser
import DeepCriticCore
import Terminal

struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show counts, progress, and agreement between reviewers.",
    discussion: """
      Covers labels, critique stages, corrections, reviewers (pace, accuracy on gold items, sway, agreement) and \
      days. F6 shows the same in the workbench; docs/explanation/statistics.md defines each figure.
      """)

  @Flag(help: "List the records that imports could not read instead, as FILE:LINE: REASON.")
  var bad = false
  @Flag(help: "Write JSON.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "Only this page: \(FigureTopic.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var page: FigureTopic?
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).open()
    if bad { return try listBadRecords(opened) }
    let who = reviewing.context(root, try opened.settings())
    for topic in page.map({ [$0] }) ?? (json ? FigureTopic.allCases : []) { try Blindness.check(who, topic) }
    let figures = try FigureOutput.figures(opened)
    func shown(_ topic: FigureTopic) -> FigurePage {
      who.mode == .blind ? figures.page(topic, blindFor: who.reviewer) : figures.page(topic)
    }
    if let page, !json { return try FigureOutput.write([shown(page)]) }
    let statistics = try opened.statistics()
    if json { return try JSONOutput.write(StatisticsDocument(counts: statistics, review: figures)) }
    if who.mode == .blind {
      try FigureOutput.write(FigureTopic.allCases.filter { !$0.revealsHidden }.map(shown))
      return StandardError.write(
        "Labels, critiques and other reviewers are left out (blind mode); '--mode audit' shows them.")
    }
    try StandardOutput.write(
      lines: Self.lines(statistics) + Self.lines(statistics.seeds) + Self.lines(statistics.estimates) + [""])
    // What has nothing to tell is left out; --page shows it with the reason.
    try FigureOutput.write(figures.pages.filter(\.tellsSomething))
  }

  private func listBadRecords(_ workspace: Workspace) throws {
    let records = try workspace.badRecords(limit: .max)
    if json { return try JSONOutput.write(records.map(ListedBadRecord.init)) }
    if records.isEmpty { return StandardError.write("No bad records in the latest import of each file.") }
    try StandardOutput.write(
      lines: records.lazy.map { TextSafety.line("\($0)" + ($0.remedy.map { " (\($0))" } ?? "")) })
  }

  private static func lines(_ counts: WorkspaceStatistics) -> [String] {
    // Labels are counted below, on their own page.
    var rows = [["solutions", Figures.count(counts.solutions)], ["steps", Figures.count(counts.steps)]]
    if counts.problems > 0 { rows.insert(["of them problems without steps", Figures.count(counts.problems)], at: 1) }
    for (format, count) in counts.formats.sorted(by: { $0.key < $1.key }) {
      rows.append(["from " + (DatasetFormat(rawValue: format)?.title ?? format), Figures.count(count)])
    }
    for stage in Stage.allCases.map(\.rawValue) {
      guard let critiques = counts.critiques[stage] else { continue }
      let solutions = Figures.count(counts.critiqued[stage] ?? 0, "solution")
      rows.append(
        [
          "\(stage) critiques",
          "\(Figures.count(critiques)) of \(solutions), \(Figures.count(counts.contradictions[stage] ?? 0)) contradict a label",
        ])
    }
    rows.append(["decisions", Figures.count(counts.events)])
    if counts.badRecords > 0 {
      rows.append(["bad records met", "\(Figures.count(counts.badRecords)); 'deepcritic stats --bad' lists them"])
    }
    var lines = TextTable(words: rows).lines(width: DisplayWidth.of)
    if !counts.reviewers.isEmpty { lines.append("") }
    lines += counts.reviewers.map(words)
    return lines.map(TextSafety.line)
  }

  /// Where solutions with critiques stand on the way to a seed critique.
  private static func lines(_ seeds: [SeedCount]) -> [String] {
    guard !seeds.isEmpty else { return [] }
    let rows = seeds.map { seed in
      [
        Figures.count(seed.solutions),
        seed.standing.words(withStep: false)
          + (seed.standing.reason == .complete ? "" : ". " + seed.standing.reason.remedy),
      ]
    }
    return ["", "on the way to a seed critique"] + TextTable(rows: rows, words: [1]).lines().map { "  " + $0 }
  }

  /// What rollouts lead to, and how far that agrees with people.
  private static func lines(_ estimates: EstimateStatistics?) -> [String] {
    guard let estimates else { return [] }
    var lines = ["", "labels from rollouts"]
    for (counts, noun) in [(estimates.solutions, "solution"), (estimates.problems, "problem")] {
      for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        let words = EstimateReason(rawValue: name)?.words ?? name
        lines.append("  " + Figures.count(count, noun, noun + "s") + ": " + words)
      }
    }
    let agreement = estimates.agreement
    guard agreement.solutions > 0 else { return lines }
    lines.append(
      "  as people: \(Figures.percent(agreement.same, of: agreement.solutions)) of "
        + "\(Figures.count(agreement.solutions, "solution")) with the same first error; an "
        + "error or none, the same in \(Figures.percent(agreement.sameVerdict, of: agreement.solutions)), "
        + (agreement.kappa.map { "kappa " + Figures.decimal($0, 2) } ?? "kappa undefined (all labels alike)"))
    lines.append(
      "  otherwise: \(agreement.otherStep) at another step, \(agreement.onlyEstimate) only by rollouts, "
        + "\(agreement.onlyPeople) only by people; 'deepcritic list differs:mc' lists them")
    return lines
  }

  private static func words(_ reviewer: ReviewerStatistics) -> String {
    let states = ReviewState.allCases.compactMap { state in
      reviewer.states[state.rawValue].map { "\($0) \(state.words)" }
    }
    var parts = states
    if let absent = reviewer.states["absent"] {
      parts.append(
        Figures.count(absent, "reviewed solution is", "reviewed solutions are") + " not in this workspace yet")
    }
    parts += [Figures.count(reviewer.verdicts, "verdict")]
    if reviewer.flags > 0 { parts.append(Figures.count(reviewer.flags, "flag")) }
    if reviewer.comments > 0 { parts.append(Figures.count(reviewer.comments, "comment")) }
    return "\(reviewer.reviewer): " + parts.joined(separator: ", ")
  }
}

/// One entry of `stats --bad --json`.
private struct ListedBadRecord: Encodable {
  var file: String
  var line: Int
  var reason: String
  var remedy: String?

  init(_ bad: BadRecord) {
    file = bad.file
    line = bad.line
    reason = bad.reason
    remedy = bad.remedy
  }
}
