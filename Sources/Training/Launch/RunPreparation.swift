import DatasetFormats
import Foundation
import ReviewStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A run whose files are written and checked, and which waits to be started. It has no name yet.
public struct PreparedRun: Sendable {
  /// The specification, complete.
  public var specification: RunSpecification
  /// The rows.
  public var data: TrainingData
  /// Command, environment and files.
  public var plan: LaunchPlan
  /// What the engine said; `nil` where it was not asked.
  public var facts: EngineFacts?
  /// What deserves a look before it is started.
  public var warnings: [String]
  /// The interpreter that starts it.
  public var python: String
  /// Steps that it will take.
  public var steps: Int
  /// Where its files are until it gets its name.
  let folder: RunFolder

  /// Takes the files away.
  public func discard() { try? FileManager.default.removeItem(atPath: folder.path) }
}

/// Prepares, starts, stops and resumes runs.
///
/// ```swift
/// let launcher = RunLauncher(workspace: workspace, environments: environments, program: "deepcritic 1.0")
/// let run = try launcher.start(try launcher.prepare(spec, data: "sets/sft"))
/// ```
public struct RunLauncher: Sendable {
  /// The runs of the workspace.
  public let catalog: RunCatalog
  let environments: EngineEnvironments
  let program: String

  /// - Parameter program: name and version, for lineage.
  public init(workspace: Workspace, environments: EngineEnvironments, program: String) {
    catalog = RunCatalog(workspace)
    self.environments = environments
    self.program = program
  }

  private var workspace: Workspace { catalog.workspace }

  /// Checks a specification and writes its files under a name that nobody looks at.
  ///
  /// - Parameters:
  ///   - data: a folder, or the beginning of a content hash.
  ///   - asksEngine: runs the engine's own checks, which takes some seconds.
  /// - Throws: ``SpecificationError`` with every problem that was found, ``SettingError``, `WorkspaceError`.
  public func prepare(_ spec: RunSpecification, data name: String, asksEngine: Bool = true) throws -> PreparedRun {
    if workspace.isReadOnly { throw WorkspaceError.readOnly(workspace.path) }
    let data: TrainingData
    do { data = try TrainingData(name, workspace: workspace) } catch { throw SpecificationError([error]) }
    var spec = spec
    spec.data = data.hash
    for key in [\RunSettings.model, \.tokenizer] where !spec[dynamicMember: key].isEmpty {
      try spec.set(key, to: Self.absolute(spec[dynamicMember: key]))
    }
    let checks = SpecificationChecks(spec, data)
    if !checks.problems.isEmpty { throw SpecificationError(checks.problems) }
    let engine = spec.engine.environment
    let isHere = spec.launcher == .local
    // Elsewhere the interpreter of that place trains.
    let python = isHere ? environments.python(engine) : spec.python
    var warnings = checks.warnings
    if isHere {
      let finding = environments.look(engine)
      if let problem = finding.problem {
        throw SpecificationError([
          SettingError(
            "engine",
            "is \(engine.rawValue): "
              + "\(problem)")
        ])
      }
      if let warning = finding.warning { warnings.append("\(engine.rawValue): \(warning)") }
    }
    let rows = data.rows["train.jsonl"] ?? 0
    let plan = LaunchPlan(
      spec, python: python, rows: rows, hasValidation: (data.rows["validation.jsonl"] ?? 0) > 0)
    var prepared = PreparedRun(
      specification: spec, data: data, plan: plan, facts: nil, warnings: warnings, python: python,
      steps: spec.maxSteps > 0
        ? spec.maxSteps : max(rows / max(spec.batch, 1), 1) * spec.epochs,
      folder: RunFolder("\(catalog.folder)/.new-\(UUID().uuidString)"))
    do {
      try write(prepared)
      if asksEngine { try ask(&prepared, engine) }
      return prepared
    } catch {
      prepared.discard()
      throw Self.translated(error, catalog.folder)
    }
  }

  /// A path as any process finds it; a name that is no path stays one.
  private static func absolute(_ name: String) -> String {
    let path = NSString(string: name).expandingTildeInPath
    let looksLikePath = path.hasPrefix("/") || path.hasPrefix(".") || FileManager.default.fileExists(atPath: path)
    return looksLikePath ? URL(fileURLWithPath: path).standardizedFileURL.path : name
  }

  private func write(_ prepared: PreparedRun) throws {
    let folder = prepared.folder.path
    try FileManager.default.createDirectory(atPath: folder + "/scripts", withIntermediateDirectories: true)
    for (name, bytes) in prepared.plan.files {
      var file = try AtomicFileWriter(path: folder + "/" + name)
      try file.write(bytes)
      try file.commit()
    }
    for (name, bytes) in ClusterManifests.files(prepared.specification) {
      var file = try AtomicFileWriter(path: folder + "/" + name)
      try file.write(bytes)
      try file.commit()
    }
    try prepared.data.keep(in: RunCatalog.dataFolder(workspace.path, hash: prepared.data.hash))
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/data", withDestinationPath: "../.data/" + prepared.data.hash)
  }

  /// Asks the engine what it thinks of the run.
  private func ask(_ prepared: inout PreparedRun, _ engine: EngineName) throws {
    let spec = prepared.specification
    let isInstalled = access(environments.python(engine), X_OK) == 0
    guard spec.launcher == .local || isInstalled else {
      prepared.warnings.append("\(engine.rawValue) is not installed here, so its own checks were left out")
      return
    }
    let python = environments.python(engine)
    let folder = prepared.folder.path
    let command =
      engine == .trl
      ? [python, folder + "/scripts/" + (spec.stage == .sft ? "train_sft.py" : "train_grpo.py"), folder, "--check"]
      : [
        python, folder + "/scripts/verl_check.py", VerlOverrides.configuration(spec.stage), folder + "/overrides.txt",
      ]
    let told = ToolRun.run(command, environment: prepared.plan.environment, folder: folder, timeLimit: 600)
    try? FileManager.default.removeItem(atPath: folder + "/scripts/__pycache__")
    guard told.code == 0, let line = told.output.split(separator: "\n").last,
      let facts = try? JSONDecoder().decode(EngineFactsOrNone.self, from: Data(line.utf8)).facts
    else {
      throw SpecificationError([
        SettingError(
          "engine",
          "\(engine.rawValue) could not look at the run: "
            + "\(told.lastWords)")
      ])
    }
    prepared.facts = facts
    let free = Self.freeSpace(folder)
    let conclusions = facts.conclusions(spec, free: free)
    // What this machine's processors can do says nothing about others.
    let problems = facts.problems + (spec.launcher == .local ? conclusions.problems : [])
    if !problems.isEmpty { throw SpecificationError(problems) }
    prepared.warnings += spec.launcher == .local ? conclusions.warnings : []
    if spec.launcher == .local {
      let lock = ToolRun.run([python, "-c", Self.lockProgram], timeLimit: 120)
      if lock.code == 0 {
        try Data(lock.output.utf8).write(to: URL(fileURLWithPath: folder + "/environment.txt"), options: .atomic)
      }
    }
  }

  /// Lets a list of problems have fewer members than the type.
  private struct EngineFactsOrNone: Decodable {
    var facts: EngineFacts

    init(from decoder: any Decoder) throws { facts = try EngineFacts(from: decoder) }
  }

  private static let lockProgram = """
    import importlib.metadata, sys
    print("python==" + sys.version.split()[0])
    for line in sorted({f"{d.metadata['Name']}=={d.version}" for d in importlib.metadata.distributions()}): print(line)
    """

  static func freeSpace(_ path: String) -> Int64 {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return .max }
    return Int64(facts.f_bavail) * Int64(facts.f_frsize)
  }

  private static func translated(_ error: any Error, _ path: String) -> any Error {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying?.domain == NSPOSIXErrorDomain ? underlying?.code : nil
    if code == Int(ENOSPC) || (error as? CocoaError)?.code == .fileWriteOutOfSpace {
      return LaunchError("\(path): the disk is full; free some space. Nothing of the run was kept")
    }
    return error
  }

  // MARK: - Starting

  /// Gives a prepared run its name and starts it where the specification says.
  ///
  /// - Returns: the run; its files stay where they are, whatever happens to this process.
  public func start(_ prepared: PreparedRun) throws -> TrainingRun {
    let run = try place(prepared)
    if prepared.specification.launcher == .local {
      try begin(run, python: prepared.python)
    }
    return try catalog.run(run.name)
  }

  /// Gives a prepared run its name.
  func place(_ prepared: PreparedRun) throws -> RunFolder {
    let spec = prepared.specification
    var number = (try workspace.runs().compactMap { $0.name.number(after: spec.stage.rawValue + "-") }.max() ?? 0) + 1
    while true {
      let name = "\(spec.stage.rawValue)-\(number)"
      let entry = RunEntry(
        name: name, stage: spec.stage.rawValue, engine: spec.engine.rawValue, launcher: spec.launcher.rawValue,
        model: spec.model, dataset: prepared.data.hash, spec: spec.toml, programVersion: program,
        at: Int64(Date().timeIntervalSince1970 * 1000))
      let folder = catalog.folder(of: name)
      try prepared.folder.write(entry, to: prepared.folder.path + "/run.json")
      if rename(prepared.folder.path, folder.path) == 0 {
        try workspace.record(entry)
        return folder
      }
      // Another program has taken the name.
      guard errno == EEXIST || errno == ENOTEMPTY else {
        throw LaunchError("\(folder.path) cannot be made: \(String(cString: strerror(errno)))")
      }
      number += 1
    }
  }

  private func begin(_ folder: RunFolder, python: String) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let last = names.compactMap { $0.number(after: ".attempt-") }.max() ?? 0
    _ = try LocalLauncher.start(folder, python: python, attempt: last + 1)
  }

  /// Starts a run again, which goes on from its last complete checkpoint.
  ///
  /// - Throws: ``LaunchError`` when it runs, or has nothing to go on with.
  public func resume(_ run: TrainingRun) throws -> TrainingRun {
    guard run.status.phase.canResume else {
      throw LaunchError(
        run.status.phase == .finished
          ? "\(run.name) has finished; start another with 'deepcritic train --spec \(run.folder.spec)'"
          : "\(run.name) is \(run.status.phase.rawValue); stop it first with 'deepcritic runs stop \(run.name)'")
    }
    guard run.entry.launcher == LauncherKind.local.rawValue, let spec = run.specification else {
      throw LaunchError(
        "\(run.name) was started by \(run.entry.launcher); submit it there again: its files go "
          + "on from the last checkpoint")
    }
    let engine = spec.engine.environment
    let finding = environments.look(engine)
    if let problem = finding.problem {
      throw LaunchError(
        "\(run.name) cannot be resumed: \(engine.rawValue): "
          + "\(problem)")
    }
    try begin(run.folder, python: finding.python)
    return try catalog.run(run.name)
  }

  // MARK: - Stopping

  /// Asks a run of this machine to stop after the step under way, with a checkpoint.
  public func askToStop(_ run: TrainingRun) throws {
    guard let identity = run.folder.identity, run.status.phase.isOpen else {
      throw LaunchError("\(run.name) does not run: it is \(run.status.phase.rawValue)")
    }
    guard identity.isHere else { throw LaunchError("\(run.name) runs on \(identity.host); stop it there") }
    try LocalLauncher.askToStop(run.folder, identity)
  }

  /// Ends a run of this machine at once. What was not in a checkpoint is lost.
  public func end(_ run: TrainingRun) throws {
    guard let identity = run.folder.identity else { return }
    try LocalLauncher.askToStop(run.folder, identity)
    LocalLauncher.end(identity)
    let deadline = ContinuousClock.now + .seconds(5)
    while identity.isAlive, ContinuousClock.now < deadline { usleep(20_000) }
    LocalLauncher.endLeader(identity)
  }
}
