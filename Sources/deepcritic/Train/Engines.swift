import ArgumentParser
import DeepCriticCore
import Foundation
import Processes
import Terminal

struct Engines: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, install and check the Python environments of the engines.",
    discussion: """
      Engines train, serve and grade. Each has its own environment in the cache directory, with tested versions. To \
      use another interpreter, set it in [train.python] of deepcritic.toml or in DEEPCRITIC_TRL_PYTHON and similar \
      variables.
      """,
    subcommands: [ListEngines.self, Install.self, CheckEngines.self], defaultSubcommand: ListEngines.self)

  static func environments(_ workspace: WorkspaceOption, _ root: DeepCritic) throws -> EngineEnvironments {
    let path = try? workspace.or(root).path()
    return try EngineEnvironments(
      settings: path.map { $0 + "/" + Workspace.settingsName }, environment: ProcessInfo.processInfo.environment)
  }

  struct ListEngines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List engines and their locations.")

    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let environments = try Engines.environments(workspace, root)
      let findings = await environments.look(at: EngineName.allCases)
      if json { return try JSONOutput.write(findings) }
      let rows = findings.map { finding in
        let isUsable = finding.problem == nil
        return [
          finding.engine.rawValue, isUsable ? finding.version ?? "?" : "-", "tested \(finding.tested)",
          finding.engine.purpose, isUsable ? finding.python : "",
        ]
      }
      try StandardOutput.write(lines: Screen.lines(TextTable(words: rows), isCut: false))
    }
  }

  struct CheckEngines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check engines; exits with 1 if one is unusable.")

    @Argument(help: ArgumentHelp("Engines (default: all).", valueName: "engine"))
    var engines: [EngineName] = []
    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let environments = try Engines.environments(workspace, root)
      let findings = await environments.look(at: engines.isEmpty ? EngineName.allCases : engines)
      if json {
        try JSONOutput.write(findings)
      } else {
        try StandardOutput.write(
          lines: findings.map { finding in
            let words = finding.problem ?? finding.warning ?? "\(finding.version ?? "") at \(finding.python)"
            return TextSafety.line("\(finding.problem == nil ? "ok" : "missing")  \(finding.engine.rawValue)  \(words)")
          })
      }
      if findings.contains(where: { $0.problem != nil }) { throw ExitStatus.failed }
    }
  }

  struct Install: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Install engines with tested versions.",
      discussion: "Takes minutes and gigabytes. Complete environments are left alone; --again recreates them.")

    @Argument(help: ArgumentHelp("Engines to install.", valueName: "engine"))
    var engines: [EngineName]
    @Option(help: ArgumentHelp("Interpreter to create the environment with.", valueName: "path"))
    var python = "python3"
    @Flag(name: .customLong("again"), help: "Reinstall.")
    var reinstalls = false
    @Flag(help: "Print the commands without running them.")
    var dryRun = false
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if engines.isEmpty {
        throw ValidationError(
          "Name an engine: "
            + "\(EngineName.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
    }

    func run() async throws {
      let environments = try Engines.environments(workspace, root)
      for engine in engines {
        let (commands, _) = environments.installation(engine, python: python)
        if dryRun {
          try StandardOutput.write(lines: commands.map(ShellWords.command))
          continue
        }
        if environments.isComplete(engine), !reinstalls {
          StandardError.write("\(engine.rawValue) is installed: \(environments.folder(engine)).")
          continue
        }
        if environments.isNamed(engine) {
          StandardError.write(
            "Note: the settings name another interpreter for \(engine.rawValue), "
              + "\(environments.python(engine)).")
        }
        let folder = environments.folder(engine)
        if reinstalls { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: environments.folder, withIntermediateDirectories: true)
        for command in commands {
          StandardError.write(ShellWords.command(command))
          try await run(command)
        }
        try environments.markComplete(engine)
        let finding = await environments.look(engine)
        if let problem = finding.problem { throw CommandError("\(engine.rawValue): \(Clause.of(problem)).") }
        StandardError.write("\(engine.rawValue) \(finding.version ?? "") is ready: \(finding.python).")
      }
    }

    private func run(_ command: [String]) async throws {
      let code: Int32
      do { code = try await ToolRun.runInForeground(command) } catch {
        throw CommandError("\(command[0]) cannot be run; name a Python with --python.")
      }
      guard code == 0 else {
        throw CommandError(
          "'\(command.prefix(4).joined(separator: " "))' failed (code \(code)); see its output above. "
            + "Check the disk ('df -h'), the network, and that Python can make environments (python3-venv).")
      }
    }
  }
}

extension EngineName: ExpressibleByArgument {}

/// What the doctor says about engines.
enum EngineChecks {
  static func all(_ workspace: WorkspaceOption) async -> [Check] {
    let path = try? workspace.path()
    let environments: EngineEnvironments
    do {
      environments = try EngineEnvironments(
        settings: path.map { $0 + "/" + Workspace.settingsName }, environment: ProcessInfo.processInfo.environment)
    } catch { return [.problem("engines", Program.sentence(of: error), "Correct the file.")] }
    // Grading has a check of its own, which grades.
    return await environments.look(at: EngineName.allCases.filter { $0 != .grading }).map { finding in
      let engine = finding.engine
      if let problem = finding.problem { return .warning(engine.rawValue, problem, "Only \(engine.purpose) needs it.") }
      if let warning = finding.warning {
        return .warning(
          engine.rawValue, warning,
          "It was tested with "
            + "\(finding.tested).")
      }
      return .ok(engine.rawValue, "\(finding.version ?? "") at \(finding.python)")
    }
  }
}
