import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

extension RunLauncher {
  /// All runs, those of clusters asked for news; a cluster that does not answer is said so, and its runs are shown as last
  /// heard of.
  func freshRuns() throws -> [TrainingRun] {
    let runs = try catalog.runs()
    let jobs = runs.filter { isJob($0) && $0.status.phase.isOpen }
    guard !jobs.isEmpty else { return runs }
    for run in jobs { heed(run) }
    return try catalog.runs()
  }

  /// One run, with news of its cluster.
  func fresh(_ name: String) throws -> TrainingRun {
    let run = try catalog.run(name)
    guard isJob(run) else { return run }
    heed(run)
    return try catalog.run(run.name)
  }

  private func heed(_ run: TrainingRun) {
    do { try Background { try await self.follow(run) }.value() } catch {
      Talk.say("\(run.name) is shown as last heard of: \(Program.sentence(of: error)).")
    }
  }
}

/// Tells how a run goes until it has ended.
struct RunFollowing {
  let launcher: RunLauncher
  let name: String
  let json: Bool

  func untilEnd() throws {
    let interruption = Interruption()
    let panel = LivePanel(isQuiet: json)
    while true {
      let run = try launcher.fresh(name)
      if !run.status.phase.isOpen {
        panel.clear()
        if json { try JSONOutput.write(RunReport(run)) }
        return try say(run)
      }
      panel.show({ width, _ in lines(run, width) }, plain: lines(run, 200).joined(separator: "  "))
      do {
        for _ in 0..<10 {
          try interruption.check()
          usleep(50_000)
        }
      } catch let stopped as Interrupted {
        panel.clear()
        Talk.say("The training goes on. 'deepcritic runs show \(run.name)' tells how it is.")
        throw ExitCode(stopped.exitCode)
      }
    }
  }

  private func lines(_ run: TrainingRun, _ width: Int) -> [String] {
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
      if !json { Talk.say("\(words) after \(run.entry.step) steps. The model is in \(run.folder.model).") }
    case .stopped:
      if !json {
        Talk.say(
          "\(words) at step \(run.entry.step). 'deepcritic runs resume "
            + "\(run.name)' goes on.")
      }
    default:
      if !json {
        for line in run.folder.logTail(6) { Talk.say("  " + line) }
      }
      throw Failure(
        "\(words) at step \(run.entry.step): "
          + "\(run.status.detail ?? "see 'deepcritic runs logs \(run.name)'").")
    }
  }
}

extension Runs {
  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop a run: after the step under way and with a checkpoint, or at once.",
      discussion: "A run that has not ended after --patience seconds is ended at once; what is not in a "
        + "checkpoint is lost then.")

    @Argument(help: ArgumentHelp("Its name, or 'latest'.", valueName: "run"))
    var name: String
    @Flag(help: "End it at once.")
    var now = false
    @Option(help: ArgumentHelp("How long to wait for an orderly end.", valueName: "seconds"))
    var patience = 120.0
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() throws {
      let launcher = try common.launcher(root)
      var run = try launcher.fresh(name)
      guard run.status.phase.isOpen else {
        throw Failure("\(run.name) does not run: it is \(run.status.phase.rawValue).")
      }
      if launcher.isJob(run) {
        try Background { [run] in try await launcher.stopJob(run) }.value()
      } else if now {
        try launcher.end(run)
      } else {
        try launcher.askToStop(run)
      }
      let deadline = ContinuousClock.now + .seconds(max(patience, 0))
      var isLate = false
      repeat {
        usleep(100_000)
        run = try launcher.fresh(run.name)
        if !isLate, ContinuousClock.now > deadline, run.status.phase.isOpen, !launcher.isJob(run) {
          isLate = true
          Talk.say("\(run.name) has not ended in time and is ended at once.")
          try launcher.end(run)
        }
      } while run.status.phase.isOpen && ContinuousClock.now < deadline + .seconds(15)
      if common.json { return try JSONOutput.write(RunReport(run)) }
      Talk.say("\(run.name) is \(run.status.phase.rawValue) at step \(run.entry.step).")
    }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start a run again, from its last complete checkpoint.")

    @Argument(help: ArgumentHelp("Its name, or 'latest'.", valueName: "run"))
    var name: String
    @Flag(help: "Wait until it has ended, and say how it goes.")
    var follow = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() throws {
      let launcher = try common.launcher(root)
      let old = try launcher.fresh(name)
      let run =
        launcher.isJob(old)
        ? try Background { try await launcher.resumeJob(old) }.value() : try launcher.resume(old)
      if follow { return try RunFollowing(launcher: launcher, name: run.name, json: common.json).untilEnd() }
      if common.json { return try JSONOutput.write(RunReport(run)) }
      let from = old.folder.checkpointList().last { $0.isComplete }
      Talk.say(
        "\(run.name) goes on \(from.map { "from step \($0.step)" } ?? "from the beginning: it has no complete checkpoint")."
      )
    }
  }

  struct ChartRuns: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "chart",
      abstract: "Draw charts of one or "
        + "several runs.")

    @Argument(help: ArgumentHelp("Their names.", valueName: "run"))
    var names: [String]
    @Option(help: ArgumentHelp("What is drawn; else the most telling ones.", valueName: "name"))
    var metric: [String] = []
    @Option(help: ArgumentHelp("How much of the past counts: 0 (as it is) to below 1.", valueName: "share"))
    var smooth = 0.0
    @Option(help: ArgumentHelp("Columns.", valueName: "n"))
    var width: Int?
    @Option(help: ArgumentHelp("Rows of each chart.", valueName: "n"))
    var height = 14
    @Flag(help: "Draw with ASCII signs only.")
    var ascii = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if names.isEmpty || names.count > 4 { throw ValidationError("Name one to four runs.") }
      if !(0..<1).contains(smooth) { throw ValidationError("--smooth goes from 0 to below 1.") }
      if !(5...200).contains(height) { throw ValidationError("--height goes from 5 to 200.") }
      if let width, !(20...1000).contains(width) { throw ValidationError("--width goes from 20 to 1000.") }
    }

    func run() throws {
      let launcher = try common.launcher(root)
      let workspace = launcher.catalog.workspace
      let runs = try names.map { try launcher.fresh($0) }
      let all = MetricNames.sorted(Array(Set(try runs.flatMap { try workspace.runSeries(of: $0.entry.id) })))
      for name in metric where !all.contains(name) {
        throw Failure("no such line '\(name)'; there are \(all.joined(separator: ", ")).")
      }
      let chosen = metric.isEmpty ? Array(all.prefix(2)) : metric
      if common.json { return try write(chosen, runs, workspace) }
      if chosen.isEmpty { return Talk.say("There are no values yet.") }
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

  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start an OpenAI-compatible server on a trained model or a checkpoint.",
      discussion: """
        With vLLM where it is installed ('deepcritic engines install serve') and there is a GPU, else with 'transformers \
        serve'. It runs until Ctrl-C; the address is printed when it answers.
        """)

    @Argument(help: ArgumentHelp("The run's name, or 'latest'.", valueName: "run"))
    var name: String
    @Option(help: ArgumentHelp("The checkpoint of this step, instead of the trained model.", valueName: "n"))
    var step: Int?
    @Option(help: ArgumentHelp("Port; 0 for any that is free.", valueName: "n"))
    var port = 8000
    @Option(help: ArgumentHelp("Who serves: auto, vllm or transformers.", valueName: "auto|vllm|transformers"))
    var by = ServeChoice.auto
    @Flag(help: "Only print the command.")
    var dryRun = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if !(0...65535).contains(port) { throw ValidationError("--port goes from 0 to 65535.") }
    }

    func run() throws {
      let launcher = try common.launcher(root)
      let run = try launcher.fresh(name)
      let serving = try launcher.serving(run, step: step, port: port, by: by)
      if dryRun {
        if common.json { return try JSONOutput.write(serving) }
        return try StandardOutput.write(lines: [serving.command.joined(separator: " ")])
      }
      try ServerProcess.run(serving, json: common.json)
    }
  }
}

extension ServeChoice: ExpressibleByArgument {}
