import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

extension Export {
  /// Writes prompts for reinforcement learning.
  struct RL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rl", abstract: "Export prompts with first errors for reinforcement learning.",
      discussion: """
        Each row holds the critic prompt and the first error (-1 for none) as ground truth. Human labels come first, \
        then labels from rollouts ('deepcritic label'). Writes train.jsonl, validation.jsonl with --validation \
        (split by problem) and manifest.json; the directory is replaced in one step. Formats: verl, trl \
        (GRPOTrainer), jsonl. Rules are set in [label.rl] and [curate] of deepcritic.toml.
        """)

    @Option(help: "Row format.")
    var format: RLFormat = .trl
    @Option(name: .shortAndLong, help: ArgumentHelp("Output directory.", valueName: "dir"), completion: .directory)
    var output: String?
    @Flag(help: "Write Parquet files too (needs Python's pyarrow).")
    var parquet = false
    @Option(
      name: .customLong("source"),
      help: ArgumentHelp(
        "Use only labels from this source; repeatable.", valueName: "source"))
    var sources: [RLSource] = []
    @Option(
      help: ArgumentHelp(
        "Balance rows to this share with an error (0.01 to 0.99), or none.", valueName: "share|none"))
    var errorShare: String?
    @Option(help: ArgumentHelp("Maximum number of rows per problem, or none for all.", valueName: "n|none"))
    var perProblem: CurateOptions.Limit?
    @Option(help: ArgumentHelp("Maximum number of rows, or none for all.", valueName: "n|none"))
    var limit: CurateOptions.Limit?
    @Option(help: ArgumentHelp("Maximum prompt length in characters, or none.", valueName: "n|none"))
    var maxPrompt: CurateOptions.Limit?
    @Flag(help: "Print what would be exported, and reasons for the rest.")
    var dryRun = false
    @Option(help: ArgumentHelp("List the solutions with this reason instead.", valueName: "reason"))
    var reason: RLReason?
    @Flag(help: "Write a summary as JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "Print only problems.")
    var quiet = false
    @OptionGroup(title: "Rules") var options: CurateOptions
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if output == nil, !dryRun, reason == nil { throw ValidationError("Name the folder with -o, or use --dry-run.") }
      if let errorShare, errorShare != "none" {
        guard let share = Double(errorShare), (0.01...0.99).contains(share) else {
          throw ValidationError("--error-share goes from 0.01 to 0.99, or is none.")
        }
      }
    }

    func run() async throws {
      let opened = try workspace.or(root).open()
      let rules = try rules(opened)
      let curator = try await options.curator(opened)
      if dryRun || reason != nil { return try await show(curator, rules, opened) }
      guard let output else { return }
      try await SetTarget.write(
        .rl(format, rules, parquet: parquet), to: output, curator, json: json, quiet: quiet)
    }

    private func rules(_ workspace: Workspace) throws -> RLSettings {
      var rules = try RLSettings(path: workspace.settingsPath)
      if !sources.isEmpty { rules.sources = sources }
      if let errorShare { rules.errorShare = Double(errorShare) }
      if let perProblem { rules.perProblem = perProblem.number }
      if let limit { rules.limit = limit.number }
      if let maxPrompt { rules.maxCharacters = maxPrompt.number }
      return rules
    }

    private func show(_ curator: Curator, _ rules: RLSettings, _ workspace: Workspace) async throws {
      if reviewing.or(root).mode(settings: try workspace.settings()) == .blind, reason != nil {
        throw ValidationError("A list by reason would reveal what blind mode hides. Use --mode audit to allow it.")
      }
      let selection = try await Interruption().cancelling { try await curator.selectRL(rules) }
      if let reason { return try list(selection, reason, workspace) }
      if json { return try JSONOutput.write(Summary(selection)) }
      var lines = ["\(Figures.count(selection.count, "row")) of \(selection.items.count) solutions"]
      for source in RLSource.allCases {
        let (wrong, right) = (selection.withError[source] ?? 0, selection.withoutError[source] ?? 0)
        if wrong + right > 0 { lines.append("  \(source.rawValue): \(wrong) with an error, \(right) without") }
      }
      for (reason, count) in Figures.ordered(selection.counts) {
        lines.append(
          "  left out: \(reason.words) \(Figures.count(count)) (\(reason.rawValue)). \(reason.remedy)")
      }
      try StandardOutput.write(lines: lines.map(TextSafety.line))
    }

    private func list(_ selection: RLSelection, _ reason: RLReason, _ workspace: Workspace) throws {
      let output = StandardOutput()
      let items = selection.items.filter { $0.reasons.contains(reason) }
      for start in stride(from: 0, to: items.count, by: 500) {
        let page = items[start..<min(start + 500, items.count)]
        for (item, row) in zip(page, try workspace.rows(page.map(\.id), reviewer: "")) {
          if json {
            try output.writeLine(
              try JSONOutput.line(
                Listed(number: row.id, key: row.key, name: row.name, reasons: item.reasons, detail: item.detail)))
          } else {
            let words = item.reasons.map(\.words).joined(separator: "; ") + (item.detail.map { " (\($0))" } ?? "")
            try output.writeLine(
              Screen.fit(
                TextSafety.line("\(row.id)  \(row.name)  \(words)  \(row.excerpt)"), Screen.columns(STDOUT_FILENO)))
          }
        }
      }
      try output.flush()
      if items.isEmpty, !json { StandardError.write("No solutions have this reason.") }
    }

    private struct Listed: Encodable {
      var number: Int64
      var key: String
      var name: String
      var reasons: [RLReason]
      var detail: String?
    }

    private struct Summary: Encodable {
      var solutions: Int
      var rows: Int
      var withError: [String: Int]
      var withoutError: [String: Int]
      var reasons: [String: Int]

      init(_ selection: RLSelection) {
        func named(_ counts: [RLSource: Int]) -> [String: Int] {
          Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
        }
        solutions = selection.items.count
        rows = selection.count
        withError = named(selection.withError)
        withoutError = named(selection.withoutError)
        reasons = Dictionary(uniqueKeysWithValues: selection.counts.map { ($0.key.rawValue, $0.value) })
      }
    }
  }
}
