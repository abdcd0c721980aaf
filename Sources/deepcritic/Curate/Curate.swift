import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Curate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in the training set, and why the rest is not.",
    discussion: """
      Applies the method's rules (arXiv 2505.00662, section 3.1) with the settings in [curate] of deepcritic.toml. A \
      solution is included unless a reason excludes it. 'deepcritic explain' explains one solution, \
      'deepcritic export sft' writes the set.
      """)

  @Option(help: ArgumentHelp("List the solutions with this reason instead.", valueName: "reason"))
  var reason: CurationReason?
  @Flag(help: "List the solutions in the set instead.")
  var included = false
  @Flag(help: "Write JSON (JSON Lines for lists).")
  var json = false
  @Option(help: ArgumentHelp("Number of previews of random verdicts to time, for scripts/bench.", visibility: .hidden))
  var measurePreviews: Int?
  @OptionGroup(title: "Rules") var options: CurateOptions
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    try OptionCheck.range(measurePreviews, 1...100_000, "--measure-previews")
    if included, reason != nil { throw ValidationError("--reason and --included cannot be combined.") }
  }

  func run() async throws {
    let opened = try workspace.or(root).open()
    let settings = try opened.settings()
    if reviewing.or(root).mode(settings: settings) == .blind {
      throw ValidationError("Reasons and their counts would reveal what blind mode hides; '--mode audit' allows it.")
    }
    let curator = try await options.curator(opened)
    let index = try await Interruption().cancelling { try await curator.index() }
    if let measurePreviews { return try JSONOutput.write(PreviewTimes(measurePreviews, curator, index)) }
    if let reason { return try list(index.ids(with: reason), index, curator) }
    if included { return try list(index.included, index, curator) }
    if json { return try JSONOutput.write(CurateReport(index, curator)) }
    if index.count == 0 {
      return StandardError.write(
        options.filter.map { "No solution with steps fits '\($0)'. 'deepcritic list' shows all." }
          ?? "There is no solution here. Bring data in with 'deepcritic import FILE'.")
    }
    try StandardOutput.write(lines: CuratePage(index: index, curator: curator).lines.map(TextSafety.line))
  }

  private func list(_ ids: [Int64], _ index: CurationIndex, _ curator: Curator) throws {
    let workspace = curator.workspace
    let output = StandardOutput()
    let benchmarks = try workspace.benchmarkProblems(paths: curator.settings.benchmarks)
    for start in stride(from: 0, to: ids.count, by: 500) {
      let page = Array(ids[start..<min(start + 500, ids.count)])
      for row in try workspace.rows(page, reviewer: "") {
        let reasons = index.reasons(of: row.id) ?? []
        let item =
          reasons.contains(.contaminated)
          ? try workspace.curationSnapshot(benchmarks) { try $0.outline(row.id) }.benchmarkItem : nil
        if json {
          try output.writeLine(try JSONOutput.line(ListedItem(row, reasons, item)))
        } else {
          let words = reasons.map { $0.words + ($0 == .contaminated ? item.map { " (\($0.words))" } ?? "" : "") }
            .joined(separator: "; ")
          let line = "\(row.id)  \(row.name)  " + (words.isEmpty ? "in the set" : words) + "  \(row.excerpt)"
          try output.writeLine(Screen.fit(TextSafety.line(line), Screen.columns(STDOUT_FILENO)))
        }
      }
    }
    try output.flush()
    if ids.isEmpty, !json { StandardError.write("No solutions have this reason.") }
  }

  private struct ListedItem: Encodable {
    var number: Int64
    var key: String
    var name: String
    var reasons: [String]
    /// The benchmark's item that has the same problem, by number and name.
    var benchmarkItem: Int64?
    var benchmarkName: String?

    init(_ row: QueueRow, _ reasons: [CurationReason], _ item: BenchmarkProblem?) {
      benchmarkItem = item?.id
      benchmarkName = item?.name
      number = row.id
      key = row.key
      name = row.name
      self.reasons = reasons.map(\.rawValue)
    }
  }
}

/// The funnel, the reasons and what the set is made of, as lines.
struct CuratePage {
  let index: CurationIndex
  let curator: Curator

  private static let barWidth = 24

  var lines: [String] {
    let balance = index.balance
    let all = max(balance.count(.imported), 1)
    var rows = FunnelStage.allCases.map { ($0.word, balance.count($0)) }
    rows.append(("in the set", balance.included))
    let digits = String(all).count
    var lines = rows.map { Screen.pad($0.0, 11) + Self.pad($0.1, digits) + "  " + Self.bar($0.1, of: all) }
    let reasons = CurationReason.allCases.filter { balance.count($0) > 0 }
      .sorted { balance.count($0) > balance.count($1) }
    lines += ["", reasons.isEmpty ? "Nothing is out." : "Why the others are out (a solution may have several reasons)"]
    let width = reasons.map { $0.words.count }.max() ?? 0
    for reason in reasons {
      let sole = balance.soleCount(reason)
      lines.append(
        "  " + Self.pad(balance.count(reason), digits) + "  " + Screen.pad(reason.words, width)
          + (sole > 0 ? "  the only reason for \(sole)" : ""))
      lines.append("  " + String(repeating: " ", count: digits) + "  " + reason.remedy)
    }
    lines += ["", "In the set"]
    lines.append(
      "  \(Figures.count(balance.withError, "solution")) with an error, \(Figures.count(balance.right)) without")
    lines.append(
      "  a deep critique corrected a wrong initial one in \(balance.correctedRight) without an error (exempt from the "
        + "cap) and in \(balance.correctedWrong) with one")
    lines += histogram(balance)
    lines += ["", lengths]
    return lines
  }

  private func histogram(_ balance: CurationBalance) -> [String] {
    let steps = balance.firstErrors.filter { $0.key > 0 }
    guard let most = steps.values.max(), let last = steps.keys.max() else { return [] }
    var lines = ["", "First error"]
    let digits = String(most).count
    for step in 1...min(last, 30) {
      let count = steps[step] ?? 0
      lines.append("  " + Self.pad(step, 3) + "  " + Self.pad(count, digits) + "  " + Self.bar(count, of: most))
    }
    let rest = steps.filter { $0.key > 30 }.values.reduce(0, +)
    if rest > 0 { lines.append("  >30  " + Self.pad(rest, digits) + "  " + Self.bar(rest, of: most)) }
    return lines
  }

  private var lengths: String {
    let settings = curator.settings
    if settings.tokenizer != nil {
      return "Rows are measured in tokens; the limit is \(settings.maxTokens.map(String.init) ?? "none")."
    }
    return "Rows are measured in characters: no tokenizer is set ([curate] tokenizer). The limit is "
      + "\(settings.maxCharacters.map(String.init) ?? "none")."
  }

  private static func pad(_ number: Int, _ width: Int) -> String { Screen.pad(String(number), width, right: true) }

  private static func bar(_ count: Int, of all: Int) -> String { Bar.line(count, of: all, width: barWidth) }
}

/// What `curate --json` writes.
private struct CurateReport: Encodable {
  struct Reason: Encodable {
    var reason: String
    var count: Int
    var sole: Int
    var words: String
    var remedy: String
  }

  var funnel: [String: Int]
  var included: Int
  var reasons: [Reason]
  var withError: Int
  var withoutError: Int
  var correctedWithoutError: Int
  var correctedWithError: Int
  /// By 1-based step; "-1" for those without an error.
  var firstErrors: [String: Int]
  var lengthUnit: String
  var settings: [String: String]

  init(_ index: CurationIndex, _ curator: Curator) {
    let balance = index.balance
    funnel = Dictionary(uniqueKeysWithValues: FunnelStage.allCases.map { ($0.word, balance.count($0)) })
    included = balance.included
    reasons = CurationReason.allCases.filter { balance.count($0) > 0 }.map {
      Reason(
        reason: $0.rawValue, count: balance.count($0), sole: balance.soleCount($0), words: $0.words, remedy: $0.remedy)
    }
    withError = balance.withError
    withoutError = balance.right
    correctedWithoutError = balance.correctedRight
    correctedWithError = balance.correctedWrong
    firstErrors = Dictionary(uniqueKeysWithValues: balance.firstErrors.map { (String($0.key), $0.value) })
    lengthUnit = curator.settings.tokenizer == nil ? "characters" : "tokens"
    settings = Dictionary(uniqueKeysWithValues: curator.settings.description.map { ($0.name, $0.value) })
  }
}

/// How long previews take, in milliseconds.
private struct PreviewTimes: Encodable {
  var previews = 0
  var median_ms = 0.0
  var p99_ms = 0.0
  var max_ms = 0.0
  var item_p99_ms = 0.0

  /// Asks about random steps of random solutions, as a reviewer's cursor does: an item is read once, then each of the three
  /// verdicts on each of its steps is tried.
  init(_ wanted: Int, _ curator: Curator, _ index: CurationIndex) throws {
    let benchmarks = try curator.workspace.benchmarkProblems(paths: curator.settings.benchmarks)
    let who = ReviewContext(reviewer: "bench")
    let clock = ContinuousClock()
    var times: [Duration] = []
    var items: [Duration] = []
    // Always the same ones.
    var state: UInt64 = 1
    while times.count < wanted, index.count > 0 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let id = index.id(at: Int(state >> 33) % index.count)
      let began = clock.now
      let item = try curator.item(id, benchmarks: benchmarks)
      items.append(clock.now - began)
      for step in item.solution.steps.indices.map({ $0 + 1 }) {
        for rating in [Rating.incorrect, .neutral, .correct] {
          let began = clock.now
          let decision = ReviewDecision(solution: item.outline.key, step: step, .verdict(rating))
          _ = try curator.consequence(of: .decision(decision, by: who), on: item, in: index)
          times.append(clock.now - began)
        }
      }
    }
    times.sort()
    items.sort()
    previews = times.count
    guard let slowest = times.last else { return }
    median_ms = times[times.count / 2] / .milliseconds(1)
    p99_ms = times[times.count * 99 / 100] / .milliseconds(1)
    max_ms = slowest / .milliseconds(1)
    item_p99_ms = items[items.count * 99 / 100] / .milliseconds(1)
  }
}
