import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List solutions.",
    discussion: """
      FILTER combines words to search for and conditions; all must match. -CONDITION negates a condition:
      \(WorkspaceSchema.complete.filterFields.all.map { "\($0.name)\($0.isNumber && $0.values.isEmpty ? ">N" : ":…") (\($0.about))" }.joined(separator: ", ")). \
      'deepcritic list --conditions' lists their values.

      In blind review, labels and critiques of solutions you have not finished stay hidden, and filters that would \
      reveal them are refused; --mode audit shows them.
      """)

  @Argument(help: "Words and conditions to match.")
  var filter: [String] = []
  @Option(help: ArgumentHelp("Order of the list.", valueName: "order"))
  var sort: QueueSort = .imported
  @Option(help: ArgumentHelp("Maximum number of solutions.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("Random seed of '--sort random'.", valueName: "number"))
  var seed: UInt64 = 0
  @Flag(help: "List all filter conditions and their values.")
  var conditions = false
  @Flag(help: "Write JSON Lines.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative.") }
  }

  func run() async throws {
    if conditions { return try listConditions() }
    let opened = try workspace.or(root).open()
    let settings = try opened.settings()
    let reviewer = reviewing.or(root).name(settings: settings)
    let mode = reviewing.or(root).mode(settings: settings)
    let filter = try QueueFilter(filter.joined(separator: " "))
    try Blindness.check(mode, filter, sort)
    var context = Workspace.QueueContext(reviewer: reviewer)
    context.searchesCritiques = mode == .audit
    context.seed = seed
    var ids = try await opened.countedQueue(sort: sort, filter: filter, context)
    let isNothing = ids.isEmpty
    if let limit { ids = Array(ids.prefix(limit)) }
    let output = StandardOutput()
    var table = SolutionTable(mode: mode)
    // In pieces, so that the first lines come at once and memory stays small.
    for start in stride(from: 0, to: ids.count, by: 500) {
      let rows = try opened.rows(Array(ids[start..<min(start + 500, ids.count)]), reviewer: reviewer)
      if json {
        for row in rows {
          let listed = ListedSolution(row, to: reviewer, hidesLabels: row.hidesLabels(in: mode))
          try output.writeLine(try JSONOutput.line(listed))
        }
      } else {
        if start == 0 {
          table.measure(rows, highest: ids.max() ?? 0)
          try output.writeLine(table.heading)
        }
        for row in rows { try output.writeLine(table.line(row)) }
      }
    }
    if ids.isEmpty, !isNothing, !json {
      table.measure([], highest: 0)
      try output.writeLine(table.heading)
    }
    try output.flush()
    if isNothing, !json {
      StandardError.write(
        filter.isEmpty
          ? "The workspace is empty. Import data with 'deepcritic import FILE'."
          : "No solution matches the filter. 'deepcritic list' shows all.")
    }
  }
}

extension List {
  private func listConditions() throws {
    let rows = WorkspaceSchema.complete.filterFields.all.map { field in
      let values = field.values + (field.isNumber ? ["a number (< <= > >=)"] : [])
      return [field.name, field.about + (values.isEmpty ? "" : ": " + values.joined(separator: ", "))]
    }
    try StandardOutput.write(lines: TextTable(words: rows).lines())
  }
}

/// Solutions as aligned lines.
struct SolutionTable {
  /// In blind mode labels and critiques stay hidden for solutions the reviewer has not finished.
  let mode: ReviewMode
  private let columns = Screen.columns(STDOUT_FILENO)
  private var widths = [0, 0, 0, 0, 0, 0, 0]
  private static let titles = ["no", "name", "format", "steps", "error", "state", "differs"]
  private static let rightAligned: Set<Int> = [0, 3, 4]

  init(mode: ReviewMode) { self.mode = mode }

  /// Takes the widths from the first rows; a name is given a third of the terminal at most.
  mutating func measure(_ rows: [QueueRow], highest: Int64) {
    widths = Self.titles.map(\.count)
    widths[0] = max(widths[0], String(highest).count)
    for row in rows {
      for (index, cell) in cells(row).enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
    }
    widths[1] = min(widths[1], max(12, (columns ?? 120) / 4))
  }

  var heading: String { Screen.fit(join(Self.titles) + "  problem", columns) }

  func line(_ row: QueueRow) -> String {
    Screen.fit(
      join(cells(row)) + "  " + row.tags.map { "[\($0)] " }.joined() + TextSafety.line(row.excerpt), columns)
  }

  private func join(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      Screen.pad(
        columns == nil ? cell : clip(cell, to: widths[index], ellipsis: "~"), widths[index],
        right: Self.rightAligned.contains(index))
    }.joined(separator: "  ")
  }

  private func cells(_ row: QueueRow) -> [String] {
    let hidden = row.hidesLabels(in: mode)
    return [
      String(row.id), TextSafety.line(row.name), row.format?.rawValue ?? "?", String(row.stepCount),
      hidden ? "?" : row.firstError.words, row.state.words,
      hidden ? "?" : Words.disagreement(row.disagreement),
    ]
  }
}

/// One line of `list --json`.
private struct ListedSolution: Encodable {
  var number: Int64
  var key: String
  var name: String
  var format: String?
  var steps: Int
  /// 1-based; −1 when every step is right; absent when unknown.
  var firstError: Int?
  /// The same by the labels that came with the data.
  var importedFirstError: Int?
  var labels: [Int?]?
  var critiques: [String: [Int?]]?
  var disagreement: [String]?
  var state: String
  var myFirstError: Int?
  var differingVerdicts: Int?
  var flags: Int?
  var comments: Int?
  var reviewers: [String]
  var tags: [String]
  var excerpt: String

  private enum CodingKeys: String, CodingKey {
    case number, key, name, format, steps, firstError, importedFirstError, labels, critiques, disagreement, state
    case myFirstError
    case differingVerdicts = "differs"
    case flags, comments, reviewers, tags, excerpt
  }

  /// - Parameter hidesLabels: leave out labels, what critics say, what follows from them, and others.
  init(_ row: QueueRow, to reviewer: String, hidesLabels: Bool) {
    number = row.id
    key = row.key
    name = row.name
    format = row.format?.rawValue
    steps = row.stepCount
    if !hidesLabels {
      firstError = row.firstError.boxed
      importedFirstError = row.importedFirstError.boxed
      labels = row.ratings.map { $0?.rawValue }
      critiques = Dictionary(
        uniqueKeysWithValues: row.judgements.map { ($0.key.rawValue, $0.value.map { $0?.rawValue }) })
      disagreement = Words.stages(row.disagreement)
      differingVerdicts = row.differingVerdicts
      flags = row.flags
      comments = row.comments
    }
    state = row.state.rawValue
    myFirstError = row.myFirstError
    reviewers = hidesLabels ? row.reviewers.filter { $0 == reviewer } : row.reviewers
    tags = row.tags
    excerpt = row.excerpt
  }
}
