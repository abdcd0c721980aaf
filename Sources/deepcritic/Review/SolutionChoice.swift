import ArgumentParser
import DeepCriticCore

/// The solutions that a command is about: named, or found by a filter.
struct SolutionChoice: ParsableArguments {
  @Argument(help: ArgumentHelp("Solution numbers, names or key prefixes.", valueName: "solution"))
  var ids: [String] = []
  @Option(help: ArgumentHelp("All matching solutions, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?

  func validate() throws {
    if let filter, filter.allSatisfy(\.isWhitespace) {
      throw ValidationError("The filter is empty. To take every solution, write --filter 'steps>=0'.")
    }
    if ids.isEmpty == (filter == nil) {
      throw ValidationError(
        ids.isEmpty ? "Name solutions, or give --filter." : "Name solutions or give --filter, not both.")
    }
  }

  /// The solutions, in order; all are found before anything is decided.
  ///
  /// - Throws: also for a filter that matches nothing, or would reveal what blind mode hides.
  func rows(_ opened: Workspace, _ who: ReviewContext) async throws -> [QueueRow] {
    guard let filter else {
      var seen = Set<Int64>()
      let numbers = try ids.map { try opened.solutionID(matching: $0) }.filter { seen.insert($0).inserted }
      return try opened.rows(numbers, reviewer: who.reviewer)
    }
    let read = try QueueFilter(filter)
    try Blindness.check(who.mode, read)
    let numbers = try await opened.countedQueue(filter: read, .init(reviewer: who.reviewer))
    if numbers.isEmpty { throw CommandError("No solution matches '\(filter)'; nothing changed.") }
    var rows: [QueueRow] = []
    for start in stride(from: 0, to: numbers.count, by: 500) {
      rows += try opened.rows(Array(numbers[start..<min(start + 500, numbers.count)]), reviewer: who.reviewer)
    }
    return rows
  }
}

/// Takes one decision about each of some solutions, all of them together.
struct BulkDecision: ParsableArguments {
  @OptionGroup var choice: SolutionChoice
  @Flag(help: "Print the number of solutions without changing anything.")
  var dryRun = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions

  /// - Parameter words: what happened, after "3 solutions".
  func record(_ decision: Decision, _ root: DeepCritic, _ words: String) async throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    let chosen = try await choice.rows(opened, who)
    let rows = try chosen.filter { try changes($0, decision, opened) }
    let unchanged = chosen.count - rows.count
    let already =
      unchanged == 0 ? "" : " \(Figures.count(unchanged, "solution")) \(unchanged == 1 ? "is" : "are") unchanged."
    let count = Figures.count(rows.count, "solution")
    if dryRun { return StandardError.write("\(count) would be \(words); nothing was written.\(already)") }
    if rows.isEmpty { return StandardError.write("Nothing to do:\(already)") }
    try opened.record(rows.map { ReviewDecision(solution: $0.key, decision) }, by: who)
    StandardError.write("\(count) \(words).\(already) '\(workspace.or(root).command("undo"))' reverts it.")
    opened.remarkOnClocks()
  }

  /// Whether the decision is not what holds for the solution already.
  private func changes(_ row: QueueRow, _ decision: Decision, _ opened: Workspace) throws -> Bool {
    switch decision {
    case .tag(let tag, let isOn): return row.tags.contains(tag.name) != isOn
    case .placement(let placement, let note):
      let placed = Projection.placed(try opened.views(of: row.key))
      return placed?.value != placement || (note != nil && placed?.note != note)
    default: return true
    }
  }
}
