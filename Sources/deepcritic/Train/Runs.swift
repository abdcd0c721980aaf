import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Manage training runs.",
    subcommands: [
      ListRuns.self, ShowRun.self, Logs.self, ChartRuns.self, Samples.self, Compare.self, Stop.self, Resume.self,
      Serve.self, Note.self, Fetch.self, Delete.self,
    ], defaultSubcommand: ListRuns.self)

  /// What every subcommand has.
  struct Common: ParsableArguments {
    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption

    func manager(_ root: DeepCritic) throws -> RunManager { try RunManager.of(workspace.or(root).open()) }
  }

  struct ListRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List runs, newest first.")

    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      let runs = try await manager.freshRuns()
      if common.json { return try JSONOutput.write(runs.map(RunReport.init)) }
      if runs.isEmpty {
        return StandardError.write(
          "No runs yet. Start one with 'deepcritic train sft --data DIR --model DIR'.")
      }
      let rows = runs.map { run in
        [
          run.name, run.status.phase.rawValue, run.progress, run.headline, run.timeLeft, run.entry.engine,
          String(run.entry.dataset.prefix(8)), run.entry.model, run.folder.note.map { "“\($0)”" } ?? "",
        ]
      }
      try StandardOutput.write(lines: Screen.lines(TextTable(rows: rows, words: [0, 1, 3, 4, 5, 6, 7, 8])))
    }
  }

  struct ShowRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one run in detail.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Flag(help: "Follow until the run ends.")
    var follow = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      if follow { return try await RunFollowing(manager: manager, name: name, json: common.json).untilEnd() }
      let run = try await manager.fresh(name)
      if common.json { return try JSONOutput.write(RunReport(run)) }
      var lines = [
        "\(run.name)  \(run.status.phase.rawValue)" + (run.status.attempt > 1 ? ", attempt \(run.status.attempt)" : "")
      ]
      if let detail = run.status.detail { lines.append("  " + detail) }
      if let note = run.folder.note { lines.append("  note   \(note)") }
      lines += [
        "  \(run.entry.stage) by \(run.entry.engine), \(run.entry.launcher)",
        "  model  \(run.entry.model)", "  data   \(run.entry.dataset)",
        "  step   \(run.progress)  \(run.timeLeft)", "  folder \(run.folder.path)",
      ]
      if let instruction = run.instruction, run.status.phase == .written { lines.append("  start  \(instruction)") }
      if run.entry.badLines > 0 {
        lines.append("  \(Figures.count(run.entry.badLines, "line")) of its feed could not be read")
      }
      lines.append("")
      for name in MetricNames.sorted(Array(run.values.keys)) {
        lines.append("  \(Screen.pad(name, 22))  \(Figures.significant(run.values[name] ?? .nan))")
      }
      let checkpoints = run.folder.checkpointList()
      if !checkpoints.isEmpty { lines += ["", "Checkpoints"] }
      for one in checkpoints {
        var words = "  step \(one.step)  \(one.path)"
        if !one.isComplete { words += "  (incomplete)" }
        lines.append(words)
        if one.needsMerge, let stage = TrainingStage(rawValue: run.entry.stage) {
          lines.append(
            "    readable for others by: "
              + ShellWords.command(run.folder.mergeCommand(one, python: "python3", stage: stage)))
        }
      }
      if [.failed, .dead].contains(run.status.phase) {
        lines += ["", "Last lines of its log"] + run.folder.logTail(8).map { "  " + $0 }
      }
      try StandardOutput.write(lines: lines.map(TextSafety.line))
    }
  }

  struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a run's log.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Number of lines.", valueName: "n"))
    var lines = 40
    @Flag(help: "Print events of the feed instead, including unreadable lines.")
    var events = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if lines < 1 { throw ValidationError("--lines must be 1 or more.") }
    }

    func run() async throws {
      let manager = try common.manager(root)
      let run = try await manager.fresh(name)
      if events {
        let all = try manager.catalog.workspace.runEvents(of: run.entry.id)
        if common.json { return try JSONOutput.write(all) }
        return try StandardOutput.write(lines: all.suffix(lines).map { TextSafety.line("\($0.kind)  \($0.body)") })
      }
      let tail = run.folder.logTail(lines)
      if common.json { return try JSONOutput.write(tail) }
      try StandardOutput.write(lines: tail.map(TextSafety.line))
    }
  }

  struct Samples: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show sampled critiques with rewards and labels.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Option(help: ArgumentHelp("Only samples of this training step.", valueName: "n"))
    var step: Int?
    @Option(help: ArgumentHelp("Maximum number of samples.", valueName: "n"))
    var limit = 20
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      let workspace = manager.catalog.workspace
      let run = try await manager.fresh(name)
      let samples = try workspace.runSamples(of: run.entry.id, step: step, limit: max(limit, 0))
      if common.json { return try JSONOutput.write(samples) }
      if samples.isEmpty {
        return StandardError.write(
          "There are no samples: only reinforcement learning writes some "
            + "(sample_every).")
      }
      var lines: [String] = []
      for sample in samples {
        let name = try sample.solution.flatMap { try workspace.solutionName(key: $0) } ?? sample.solution ?? ""
        let words = [
          "step \(sample.step)", "reward \(sample.reward.map { Figures.significant($0) } ?? "-")",
          "answers \(sample.answer.map { String($0) } ?? "nothing")",
          "label \(sample.groundTruth.map { String($0) } ?? "-")", name,
        ]
        lines.append(words.filter { !$0.isEmpty }.joined(separator: "  "))
        lines += sample.completion.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 } + [""]
      }
      try StandardOutput.write(lines: lines.map(TextSafety.line))
    }
  }

  struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Compare the settings and results of runs.")

    @Argument(help: ArgumentHelp("Run names.", valueName: "run"))
    var names: [String]
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if names.count < 2 { throw ValidationError("Name at least two runs.") }
    }

    func run() async throws {
      let manager = try common.manager(root)
      let comparison = try RunComparison(try await manager.fresh(names))
      if common.json { return try JSONOutput.write(comparison) }
      let rows = [[""] + comparison.runs] + comparison.settings.map { [$0.key] + $0.values.map { $0 ?? "-" } }
      let values = comparison.values.map { row in
        [row.key] + row.values.map { $0.map { Figures.significant($0) } ?? "-" }
      }
      try StandardOutput.write(lines: Screen.lines(TextTable(words: rows + [[]] + values), isCut: false))
    }
  }
}
