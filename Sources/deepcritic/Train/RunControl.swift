import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

extension RunManager {
  /// All runs, with news of clusters; a cluster that does not answer is said so.
  func freshRuns() async throws -> [TrainingRun] { try await runs { StandardError.write($0 + ".") } }

  /// One run, with news of its cluster.
  func fresh(_ name: String) async throws -> TrainingRun { try await run(name) { StandardError.write($0 + ".") } }

  /// Some runs, with news of their clusters.
  func fresh(_ names: [String]) async throws -> [TrainingRun] {
    var runs: [TrainingRun] = []
    for name in names { runs.append(try await fresh(name)) }
    return runs
  }
}

/// Shows a run's progress until it ends.
struct RunFollowing {
  let manager: RunManager
  let name: String
  let json: Bool

  func untilEnd() async throws {
    let interruption = Interruption()
    let panel = LivePanel(isQuiet: json)
    while true {
      let run = try await manager.fresh(name)
      if !run.status.phase.isOpen {
        panel.clear()
        if json { try JSONOutput.write(RunReport(run)) }
        return try say(run)
      }
      panel.show({ _, _ in lines(run) }, plain: lines(run).joined(separator: "  "))
      do {
        for _ in 0..<10 {
          try interruption.check()
          try await Task.sleep(for: .milliseconds(50))
        }
      } catch let stopped as InterruptedError {
        panel.clear()
        StandardError.write("The training keeps running. 'deepcritic runs show \(run.name)' shows its progress.")
        throw ExitCode(stopped.exitCode)
      }
    }
  }

  private func lines(_ run: TrainingRun) -> [String] {
    var first = ["\(run.name) \(run.status.phase.rawValue)", "step \(run.progress)"]
    if !run.timeLeft.isEmpty { first.append(run.timeLeft) }
    let values = MetricNames.sorted(Array(run.values.keys)).prefix(6).map {
      "\($0) "
        + "\(Figures.significant(run.values[$0] ?? .nan))"
    }
    return [first.joined(separator: "  "), values.joined(separator: "  ")]
  }

  private func say(_ run: TrainingRun) throws {
    let words = "\(run.name) has \(run.status.phase == .dead ? "died" : run.status.phase.rawValue)"
    switch run.status.phase {
    case .finished:
      if !json { StandardError.write("\(words) after \(run.entry.step) steps. The model is in \(run.folder.model).") }
    case .stopped:
      if !json {
        StandardError.write(
          "\(words) at step \(run.entry.step). 'deepcritic runs resume "
            + "\(run.name)' resumes it.")
      }
    default:
      if !json {
        for line in run.folder.logTail(6) { StandardError.write("  " + line) }
      }
      throw CommandError(
        "\(words) at step \(run.entry.step): "
          + "\(run.status.detail ?? "see 'deepcritic runs logs \(run.name)'").")
    }
  }
}

extension Runs {
  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop a run after its current step, with a checkpoint.",
      discussion:
        "A run that has not stopped after --patience seconds is killed; progress since its last checkpoint is then lost."
    )

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Flag(help: "Stop at once, without a checkpoint.")
    var now = false
    @Option(
      name: .customLong("patience"), help: ArgumentHelp("Seconds to wait before killing the run.", valueName: "seconds")
    )
    var timeLimit = 120.0
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      var run = try await manager.fresh(name)
      try await manager.stop(run, now: now)
      let deadline = ContinuousClock.now + .seconds(max(timeLimit, 0))
      var isLate = false
      repeat {
        try await Task.sleep(for: .milliseconds(100))
        run = try await manager.fresh(run.name)
        if !isLate, ContinuousClock.now > deadline, run.status.phase.isOpen {
          isLate = true
          StandardError.write("\(run.name) did not stop in time and was killed.")
          try await manager.stop(run, now: true)
        }
      } while run.status.phase.isOpen && ContinuousClock.now < deadline + .seconds(15)
      if common.json { return try JSONOutput.write(RunReport(run)) }
      StandardError.write("\(run.name) is \(run.status.phase.rawValue) at step \(run.entry.step).")
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Resume a run from its last complete checkpoint.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Flag(help: "Follow until the run ends.")
    var follow = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      let old = try await manager.fresh(name)
      let run = try await manager.resume(old)
      if follow { return try await RunFollowing(manager: manager, name: run.name, json: common.json).untilEnd() }
      if common.json { return try JSONOutput.write(RunReport(run)) }
      let from = old.folder.checkpointList().last { $0.isComplete }
      StandardError.write(
        "\(run.name) resumes \(from.map { "from step \($0.step)" } ?? "from the beginning: it has no complete checkpoint")."
      )
    }
  }

  struct ChartRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "chart",
      abstract: "Chart one or more runs.")

    @Argument(help: ArgumentHelp("Run names.", valueName: "run"))
    var names: [String]
    @Option(help: ArgumentHelp("Metrics to draw (default: the most informative).", valueName: "name"))
    var metric: [String] = []
    @Option(help: ArgumentHelp("Smoothing: 0 (none) to below 1.", valueName: "share"))
    var smooth = 0.0
    @Option(help: ArgumentHelp("Width in columns.", valueName: "n"))
    var width: Int?
    @Option(help: ArgumentHelp("Height of each chart in rows.", valueName: "n"))
    var height = 14
    @Flag(help: "Use ASCII characters only.")
    var ascii = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if names.isEmpty || names.count > 4 { throw ValidationError("Name one to four runs.") }
      if !(0..<1).contains(smooth) { throw ValidationError("--smooth goes from 0 to below 1.") }
      if !(5...200).contains(height) { throw ValidationError("--height goes from 5 to 200.") }
      if let width, !(20...1000).contains(width) { throw ValidationError("--width goes from 20 to 1000.") }
    }

    func run() async throws {
      let manager = try common.manager(root)
      let workspace = manager.catalog.workspace
      let runs = try await manager.fresh(names)
      let all = MetricNames.sorted(Array(Set(try runs.flatMap { try workspace.runSeries(of: $0.entry.id) })))
      for name in metric where !all.contains(name) {
        throw CommandError("no such line '\(name)'; there are \(all.joined(separator: ", ")).")
      }
      let chosen = metric.isEmpty ? Array(all.prefix(2)) : metric
      if common.json { return try write(chosen, runs, workspace) }
      if chosen.isEmpty { return StandardError.write("There are no values yet.") }
      let glyphs = ascii || !TerminalChecks.localeIsUTF8 ? Glyphs.ascii : .unicode
      let size = Size(width: width ?? Screen.columns(STDOUT_FILENO).map { $0 - 1 } ?? 100, height: height)
      for name in chosen {
        var chart = Chart(title: MetricNames.title(name), xTitle: "step")
        chart.series = try runs.map { run in
          var series = ChartSeries(name: run.name)
          for point in try workspace.runPoints(of: run.entry.id, series: name) {
            series.append(x: Double(point.step), y: point.value)
          }
          return series.smoothed(smooth)
        }
        var canvas = Canvas(size: size, theme: .monochrome, glyphs: glyphs)
        chart.draw(in: &canvas, area: canvas.bounds)
        try StandardOutput.write(
          lines: canvas.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
    }

    private func write(_ names: [String], _ runs: [TrainingRun], _ workspace: Workspace) throws {
      var lines: [String: [String: [[Double?]]]] = [:]
      for name in names {
        for run in runs {
          lines[name, default: [:]][run.name] = try workspace.runPoints(of: run.entry.id, series: name)
            .map { [Double($0.step), $0.value.isFinite ? $0.value : nil] }
        }
      }
      try JSONOutput.write(lines)
    }
  }

  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve a trained model or checkpoint over an OpenAI-compatible API.",
      discussion: """
        Uses vLLM if a GPU and vLLM are available ('deepcritic engines install serve'), else 'transformers serve'. \
        Prints the address when ready; press Ctrl-C to stop.
        """)

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Option(help: ArgumentHelp("Serve the checkpoint of this training step.", valueName: "n"))
    var step: Int?
    @Option(help: ArgumentHelp("Port; 0 picks a free one.", valueName: "n"))
    var port = 8000
    @Option(help: ArgumentHelp("Server: auto, vllm or transformers.", valueName: "auto|vllm|transformers"))
    var by = ServeChoice.auto
    @Flag(help: "Print the command without running it.")
    var dryRun = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if !(0...65535).contains(port) { throw ValidationError("--port goes from 0 to 65535.") }
    }

    func run() async throws {
      let manager = try common.manager(root)
      let run = try await manager.fresh(name)
      let serving = try await manager.serving(run, step: step, port: port, by: by)
      if dryRun {
        if common.json { return try JSONOutput.write(serving) }
        return try StandardOutput.write(lines: [serving.command.joined(separator: " ")])
      }
      try await ServerProcess.run(serving, json: common.json)
    }
  }
}

extension ServeChoice: ExpressibleByArgument {}
