import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// Training sets that were exported: which there are, and what lies between two of them.
struct Sets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List and compare exported training sets.",
    discussion: """
      Name a set by its number, the first six or more digits of its hash, or its directory. 'deepcritic lineage' \
      shows the rows and decisions of one set.
      """, subcommands: [Log.self, Diff.self], defaultSubcommand: Log.self)

  @ParentCommand var root: DeepCritic

  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List exported sets, newest first, and runs trained on them.")

    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var sets: Sets

    func run() throws {
      let opened = try workspace.or(sets.root).open()
      let logged = try opened.datasets().map {
        LoggedSet(dataset: $0, runs: try opened.runs(ofDataset: $0.hash).map(\.name))
      }
      if json { return try JSONOutput.write(logged) }
      if logged.isEmpty {
        return StandardError.write("No dataset was exported yet. 'deepcritic export sft -o DIR' writes one.")
      }
      let rows = logged.map { set in
        [
          String(set.dataset.number), String(set.dataset.hash.prefix(12)), set.dataset.kind, set.dataset.format,
          Figures.count(set.dataset.rows, "row"), Figures.date(set.dataset.at), set.runs.joined(separator: ", "),
          set.dataset.path + (opened.isInPlace(set.dataset) ? "" : " (no longer there)"),
        ]
      }
      let header = ["no", "hash", "kind", "format", "rows", "written", "runs", "folder"]
      try StandardOutput.write(
        lines: Screen.lines(TextTable(header: header, rows: rows, words: [1, 2, 3, 5, 6, 7])))
    }
  }

  private struct LoggedSet: Encodable {
    var dataset: DatasetEntry
    var runs: [String]
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare two sets row by row, with the decisions behind each change.",
      discussion: """
        Rows are added (+), dropped (-) or changed (~: answer, labels, critiques, split). Each lists its decisions: \
        reviewer, date, note and event UUID.
        """)

    @Argument(help: ArgumentHelp("First set: number, hash or directory.", valueName: "a"))
    var before: String
    @Argument(help: ArgumentHelp("Second set.", valueName: "b"))
    var after: String
    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var sets: Sets

    func run() throws {
      let opened = try workspace.or(sets.root).open()
      let difference = try opened.difference(from: find(before, opened), to: find(after, opened))
      try Blindness.check(
        reviewing.context(sets.root, opened.settings()),
        keys: (difference.added + difference.dropped + difference.changed).map(\.solution), opened)
      if json { return try JSONOutput.write(difference) }
      try StandardOutput.write(
        lines: SetDifferencePage(difference: difference, workspace: opened).lines().map(TextSafety.line))
    }

    private func find(_ name: String, _ opened: Workspace) throws -> DatasetEntry {
      if let found = try opened.dataset(matching: name) { return found }
      if let manifest = DatasetManifest(folder: name) {
        throw CommandError(
          "'\(name)' holds the set \(manifest.hash.prefix(12)), which was not exported from this workspace. Name the "
            + "workspace that it came from with -w.")
      }
      throw CommandError("'\(name)' is not an exported set of this workspace. 'deepcritic sets log' lists them.")
    }
  }
}

/// The difference of two sets as lines.
private struct SetDifferencePage {
  let difference: DatasetDifference
  let workspace: Workspace

  func lines() throws -> [String] {
    var lines = [("A", difference.before), ("B", difference.after)].map { side, set in
      "\(side)  \(set.number)  \(set.hash.prefix(12))  \(set.kind) \(set.format)  \(Figures.count(set.rows, "row"))  "
        + "\(Figures.date(set.at))  \(set.path)"
    }
    for setting in difference.settings {
      lines.append("\(setting.name): \(setting.before ?? "not set") → \(setting.after ?? "not set")")
    }
    lines.append(
      "\(Figures.count(difference.added.count, "row")) added, \(Figures.count(difference.dropped.count)) dropped, "
        + "\(Figures.count(difference.changed.count)) changed")
    for (sign, changes) in [("+", difference.added), ("-", difference.dropped), ("~", difference.changed)] {
      for change in changes { lines += try self.lines(change, sign) }
    }
    return lines
  }

  private func lines(_ change: DatasetRowChange, _ sign: String) throws -> [String] {
    var parts: [String] = []
    if let before = change.before, let after = change.after {
      if before.firstError != after.firstError {
        parts.append("first error \(words(before.firstError)) → \(words(after.firstError))")
      }
      parts += change.labels.map { "step \($0.step) \(word($0.before)) → \(word($0.after))" }
      if !change.critiques.isEmpty {
        let steps = change.critiques.map(String.init).joined(separator: ", ")
        parts.append("other critiques at \(change.critiques.count == 1 ? "step" : "steps") \(steps)")
      }
      if before.split != after.split { parts.append("\(before.split) → \(after.split)") }
    } else if let row = change.after ?? change.before {
      parts.append("first error \(words(row.firstError))")
    }
    if let other = change.insteadOf { parts.append(sign == "-" ? "\(other) is in instead" : "in instead of \(other)") }
    var lines = ["\(sign) \(change.name ?? change.solution)  \(parts.joined(separator: "; "))"]
    lines += try change.decisions.map { "    " + (try words($0)) }
    if change.decisions.isEmpty {
      lines.append(
        change.critiques.isEmpty
          ? "    no decision about it: the settings, the data or other rows changed"
          : "    no decision about it: critiques were imported or generated since")
    }
    return lines
  }

  private func words(_ decision: DatasetDecision) throws -> String {
    guard let event = try workspace.event(decision.event) else {
      return "\(decision.event): a decision that is not in this workspace"
    }
    var words = event.account
    if event.kind == .undo, let target = try event.target.flatMap({ try workspace.event($0) }) {
      words += " (\(target.words))"
    }
    if !decision.counts { words += " (in the first set only)" }
    return words + "  \(event.uuid)"
  }

  private func words(_ firstError: Int) -> String { firstError == -1 ? "none" : String(firstError) }

  private func word(_ rating: Int?) -> String { rating.flatMap(Rating.init(rawValue:))?.word ?? "no label" }
}
