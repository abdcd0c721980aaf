import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a critic: supervised fine-tuning (sft), then reinforcement learning (rl).",
    discussion: """
      TRL trains on one machine, on CPU or GPUs; verl trains on a cluster, as in the paper. The run is stored under \
      runs/ with all its settings, and keeps running after you close the terminal: 'deepcritic runs' lists, stops \
      and resumes it. Defaults are the paper's; --settings lists them. Problems are reported before anything starts, \
      with exit code 2.
      """)

  @Argument(help: ArgumentHelp("Stage: supervised fine-tuning or reinforcement learning.", valueName: "sft|rl"))
  var stage: TrainingStage?
  @Option(help: "Training engine (default: trl).")
  var engine: TrainingEngine?
  @Option(
    help: ArgumentHelp("Dataset directory, or the beginning of its content hash.", valueName: "dir|hash"),
    completion: .directory)
  var data: String?
  @Option(help: ArgumentHelp("Base model: directory, or a name the engine can load.", valueName: "path"))
  var model: String?
  @Option(
    help: ArgumentHelp("Settings file, such as the spec.toml of another run.", valueName: "file"),
    completion: .file(extensions: ["toml"]))
  var spec: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set one setting; repeatable. trl.NAME and verl.NAME set engine options.", valueName: "key=value"))
  var settings: [String] = []
  @Option(help: "Launcher (default: local).")
  var launcher: LauncherKind?
  @Option(
    help: ArgumentHelp(
      "Ray address (default: RAY_ADDRESS or http://127.0.0.1:8265).", valueName: "url"))
  var rayAddress: String?
  @Flag(help: "Check, and print the files and commands without starting.")
  var dryRun = false
  @Flag(help: "Run the generated files for one step in isolation, without starting the run.")
  var rehearse = false
  @Option(
    help: ArgumentHelp("Small model for the rehearsal.", valueName: "dir"),
    completion: .directory)
  var standIn: String?
  @Flag(help: "Skip the engine's own checks, which take seconds.")
  var skipChecks = false
  @Flag(help: "Follow until the run ends; Ctrl-C stops following, not the run.")
  var follow = false
  @Flag(name: .customLong("settings"), help: "List all settings with their defaults.")
  var listsSettings = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func validate() throws {
    guard !listsSettings else { return }
    for setting in settings where !setting.contains("=") {
      throw ValidationError("--set expects KEY=VALUE, not '\(setting)'.")
    }
    if standIn != nil, !rehearse { throw ValidationError("--stand-in requires --rehearse.") }
    if let standIn, !FileManager.default.fileExists(atPath: standIn + "/config.json") {
      throw ValidationError("--stand-in: \(standIn) is not a model; it has no config.json.")
    }
    if rehearse, dryRun || follow { throw ValidationError("--rehearse cannot be combined with --dry-run or --follow.") }
    if stage == nil, spec == nil {
      throw ValidationError(
        "Name the stage: 'deepcritic train sft' or 'deepcritic train rl'.")
    }
  }

  func run() async throws {
    if listsSettings { return try list() }
    let opened = try workspace.or(root).open()
    defer { try? opened.close() }
    let manager = try RunManager.of(opened)
    let prepared: PreparedRun
    do {
      let spec = try specification(opened)
      let data = data ?? spec.data
      guard !data.isEmpty else {
        throw SpecificationError([
          RunSettingError(
            "data",
            "is missing: name a dataset with "
              + "--data")
        ])
      }
      prepared = try await manager.prepare(spec, data: data, asksEngine: !skipChecks)
    } catch let problem as SpecificationError {
      try refuse(problem)
    } catch let problem as RunSettingError {
      try refuse(SpecificationError([problem]))
    }
    if dryRun {
      defer { prepared.discard() }
      return try show(prepared)
    }
    if rehearse {
      defer { prepared.discard() }
      return try report(try await manager.rehearse(prepared, standIn: standIn), prepared)
    }
    let run = try await manager.start(prepared)
    for warning in prepared.warnings { StandardError.write("Note: \(warning).") }
    if json, !follow { try JSONOutput.write(RunReport(run)) } else { say(run) }
    if follow { try await RunFollowing(manager: manager, name: run.name, json: json).untilEnd() }
  }

  /// Prints what is wrong, and ends with the code of wrong usage.
  private func refuse(_ error: SpecificationError) throws -> Never {
    if json { try JSONOutput.write(["problems": error.problems]) }
    for problem in error.problems {
      StandardError.report((error.file.map { "\($0): " } ?? "") + "\(Clause.of(problem)).")
    }
    throw ExitStatus.usage
  }

  private func specification(_ workspace: Workspace) throws -> RunSpecification {
    // The file's own stage and engine, unless the command line names others.
    var spec = RunSpecification(stage: stage ?? .sft, engine: engine ?? .trl)
    try spec.readDefaults(settings: workspace.settingsPath)
    if let file = self.spec { try spec.read(file: file) }
    if let stage { spec.stage = stage }
    if let engine { spec.engine = engine }
    if let model { try spec.set(\.model, to: model) }
    if let launcher { spec.launcher = launcher }
    if let rayAddress { try spec.set(\.rayAddress, to: rayAddress) }
    var problems: [RunSettingError] = []
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      do throws(RunSettingError) { try spec.set(parts[0], to: parts[1]) } catch { problems.append(error) }
    }
    if !problems.isEmpty { throw SpecificationError(problems) }
    return spec
  }

  private func say(_ run: TrainingRun) {
    if let instruction = run.instruction {
      StandardError.write("\(run.name) is written to \(run.folder.path). To start it: \(instruction)")
    } else {
      StandardError.write(
        "\(run.name) has started and keeps running when you close this terminal. 'deepcritic runs show \(run.name)' shows its "
          + "progress, 'deepcritic runs stop \(run.name)' stops it.")
    }
  }

  private func report(_ rehearsal: Rehearsal, _ prepared: PreparedRun) throws {
    if json {
      try JSONOutput.write(rehearsal)
    } else {
      for warning in prepared.warnings { StandardError.write("Note: \(warning).") }
      for words in rehearsal.leftOut { StandardError.write("Not rehearsed: \(words).") }
      let time = Figures.roughDuration(rehearsal.seconds)
      if rehearsal.hasPassed {
        StandardError.write(
          rehearsal.steps > 0
            ? "Passed: \(Figures.count(rehearsal.steps, "step")) trained in \(time)." : "Passed in \(time).")
      } else {
        for line in rehearsal.log.suffix(12) { StandardError.write(TextSafety.line("  " + line)) }
        for problem in rehearsal.problems { StandardError.report(TextSafety.line(problem + ".")) }
      }
    }
    if !rehearsal.hasPassed { throw ExitStatus.failed }
  }

  private func list() throws {
    if json { return try JSONOutput.write(RunSetting.all.map(SettingReport.init)) }
    var lines: [String] = []
    for group in RunSetting.Group.allCases {
      lines.append("[\(group.rawValue)]")
      for setting in RunSetting.all where setting.group == group {
        let (sft, rl) = (setting.sft.toml, setting.rl.toml)
        let value =
          setting.stages.count == 1
          ? "\(setting.defaultValue(for: setting.stages[0]).toml) "
            + "(\(setting.stages[0].rawValue) only)"
          : sft == rl ? sft : "\(sft), rl \(rl)"
        lines.append("  \(Screen.pad(setting.key, 22))  \(Screen.pad(value, 22))  \(setting.summary).")
      }
    }
    try StandardOutput.write(lines: lines)
  }

  private struct SettingReport: Encodable {
    var key: String
    var group: String
    var sft: RunValue?
    var rl: RunValue?
    var summary: String
    var choices: [String]?

    init(_ setting: RunSetting) {
      key = setting.key
      group = setting.group.rawValue
      sft = setting.stages.contains(.sft) ? setting.sft : nil
      rl = setting.stages.contains(.rl) ? setting.rl : nil
      summary = setting.summary
      if case .choice(let words) = setting.kind { choices = words }
    }
  }

  private func show(_ prepared: PreparedRun) throws {
    if json { return try JSONOutput.write(DryRunReport(prepared)) }
    let spec = prepared.specification
    var lines = [
      "\(spec.stage.rawValue) by \(spec.engine.rawValue), \(spec.launcher.rawValue)",
      "data   \(prepared.data.hash.prefix(12))  \(Figures.count(prepared.data.rows["train.jsonl"] ?? 0, "row"))  \(prepared.data.folder)",
      "steps  \(prepared.steps)",
    ]
    if let facts = prepared.facts {
      if let parameters = facts.parameters {
        lines.append(
          "model  \(parameters) weights, trains on "
            + "\(facts.device ?? "?")")
      }
      if let longest = facts.longest { lines.append("longest row  \(longest) tokens") }
      let versions = (facts.versions ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      if !versions.isEmpty { lines.append("versions  " + versions.joined(separator: ", ")) }
    }
    if let memory = prepared.memory {
      lines.append("memory  about \(Figures.size(memory.total)) per device: \(memory.parts)")
    }
    lines += prepared.warnings.map { "note   \($0)" }
    lines += ["", "Commands, in the run's folder"]
    lines += (prepared.plan.preparation + [prepared.plan.command]).map {
      "  "
        + $0.map(ShellWords.quoted).joined(separator: " ")
    }
    lines += ["", "Environment"]
    lines += prepared.plan.environment.sorted { $0.key < $1.key }.map { "  \($0.key)=\($0.value)" }
    lines += ["", "Files"]
    lines += (Array(prepared.plan.files.keys) + Array(prepared.scripts.keys)).sorted().map { "  \($0)" }
    for (name, text) in prepared.scripts.sorted(by: { $0.key < $1.key }) {
      lines += ["", name] + text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
    lines += ["", "spec.toml"] + spec.toml.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private struct DryRunReport: Encodable {
    var stage: String
    var engine: String
    var launcher: String
    var data: String
    var rows: [String: Int]
    var steps: Int
    var command: [String]
    var preparation: [[String]]
    var environment: [String: String]
    var files: [String]
    var scripts: [String: String]
    var settings: [String: String]
    var facts: EngineFacts?
    var memory: MemoryEstimate?
    var warnings: [String]

    init(_ prepared: PreparedRun) {
      let spec = prepared.specification
      stage = spec.stage.rawValue
      engine = spec.engine.rawValue
      launcher = spec.launcher.rawValue
      data = prepared.data.hash
      rows = prepared.data.rows
      steps = prepared.steps
      command = prepared.plan.command
      preparation = prepared.plan.preparation
      environment = prepared.plan.environment
      files = (Array(prepared.plan.files.keys) + Array(prepared.scripts.keys)).sorted()
      scripts = prepared.scripts
      settings = Dictionary(uniqueKeysWithValues: spec.flat.map { ($0.key, $0.value) })
      facts = prepared.facts
      memory = prepared.memory
      warnings = prepared.warnings
    }
  }
}

extension TrainingStage: ExpressibleByArgument {}
extension TrainingEngine: ExpressibleByArgument {}
extension LauncherKind: ExpressibleByArgument {}

extension RunManager {
  /// The runs of an opened workspace.
  static func of(_ workspace: Workspace) throws -> RunManager {
    RunManager(
      workspace: workspace,
      environments: try EngineEnvironments(
        settings: workspace.settingsPath, environment: ProcessInfo.processInfo.environment),
      program: "deepcritic \(Version.number)")
  }
}
