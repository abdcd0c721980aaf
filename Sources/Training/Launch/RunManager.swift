import Formatting
import Foundation
import ReviewStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Checks, starts, stops, resumes and looks at runs, whichever launcher they have: what the command line and the workbench
/// call.
///
/// ```swift
/// let manager = RunManager(workspace: workspace, environments: environments, program: "deepcritic 1.0")
/// let run = try await manager.start(try await manager.prepare(spec, data: "sets/sft"))
/// try await manager.stop(run)
/// ```
public struct RunManager: Sendable {
  /// The runs of the workspace.
  public let catalog: RunCatalog
  let environments: EngineEnvironments
  private let program: String

  /// - Parameter program: name and version, for lineage.
  public init(workspace: Workspace, environments: EngineEnvironments, program: String) {
    catalog = RunCatalog(workspace)
    self.environments = environments
    self.program = program
  }

  var workspace: Workspace { catalog.workspace }

  /// Which launcher a run has follows from its specification here, and nowhere else.
  private func launcher(_ kind: LauncherKind) -> any Launcher {
    switch kind {
    case .local: LocalLauncher(environments: environments)
    case .ray: RayLauncher(environment: environments.environment)
    case .slurm, .kuberay, .skypilot: ManifestLauncher()
    }
  }

  private func launcher(of run: TrainingRun) -> any Launcher {
    launcher(LauncherKind(rawValue: run.entry.launcher) ?? .local)
  }

  /// What the launcher of a specification says about it.
  func check(_ spec: RunSpecification) async -> LaunchCheck { await launcher(spec.launcher).check(spec) }

  /// Gives a prepared run its name and starts it where the specification says.
  ///
  /// - Returns: the run; it keeps running, whatever happens to this process.
  /// - Throws: ``LaunchError``. Nothing of the run is left when its place does not answer; when it refuses the run, the run
  ///   stays with the reason, and can be resumed.
  public func start(_ prepared: PreparedRun) async throws -> TrainingRun {
    let spec = prepared.specification
    let launcher = launcher(spec.launcher)
    let folder: RunFolder
    do {
      try await launcher.place(prepared.folder, spec)
      folder = try name(prepared)
    } catch {
      prepared.discard()
      throw error
    }
    // What was written here is the user's own, also in a workspace from elsewhere.
    defer { allow(folder) }
    try await launcher.submit(folder, spec)
    return try catalog.run(folder.name)
  }

  private func allow(_ folder: RunFolder) {
    if !WorkspaceTrust.wasMadeHere(workspace.path) {
      try? WorkspaceTrust.allow([folder.trustItem], in: workspace.path)
    }
  }

  /// Gives a prepared run the next free name.
  func name(_ prepared: PreparedRun) throws -> RunFolder {
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

  /// Resumes a run from its last complete checkpoint.
  ///
  /// - Throws: ``LaunchError`` when it runs, has finished, or cannot be started.
  public func resume(_ run: TrainingRun) async throws -> TrainingRun {
    guard run.status.phase.canResume else {
      throw LaunchError(
        run.status.phase == .finished
          ? "\(run.name) has finished; start another with 'deepcritic train --spec \(ShellWords.quoted(run.folder.spec))'"
          : "\(run.name) is \(run.status.phase.rawValue); stop it first with 'deepcritic runs stop \(run.name)'")
    }
    try run.requireTrust()
    guard let spec = run.specification else {
      throw LaunchError("\(run.name) cannot be resumed: its specification was damaged; start another like it")
    }
    let launcher = launcher(of: run)
    if let problem = await launcher.check(spec).problems.first {
      throw LaunchError("\(run.name) cannot be resumed: \(problem)")
    }
    try await launcher.resume(run, spec)
    return try catalog.run(run.name)
  }

  /// Asks an open run to stop after the step under way, with a checkpoint.
  ///
  /// - Parameter now: ends it at once; what is in no checkpoint is lost.
  /// - Throws: ``LaunchError`` when it does not run, or cannot be reached.
  public func stop(_ run: TrainingRun, now: Bool = false) async throws {
    guard run.status.phase.isOpen else {
      throw LaunchError("\(run.name) does not run: it is \(run.status.phase.rawValue)")
    }
    try await launcher(of: run).stop(run, now: now)
  }

  /// All runs, the latest first, open ones with news of whoever has them.
  ///
  /// - Parameter unreachable: receives a sentence without its full stop for each run whose place does not answer; such a run
  ///   is as last heard of.
  public func runs(unreachable: (String) -> Void) async throws -> [TrainingRun] {
    let runs = try catalog.runs()
    return await update(runs.filter(\.status.phase.isOpen), unreachable: unreachable) ? try catalog.runs() : runs
  }

  /// The run of a name, or the latest one for "latest", with news of whoever has it.
  ///
  /// - Throws: ``RunNotFoundError``.
  public func run(_ name: String, unreachable: (String) -> Void) async throws -> TrainingRun {
    let run = try catalog.run(name)
    return await update([run], unreachable: unreachable) ? try catalog.run(run.name) : run
  }

  /// Asks whoever has runs how they are, and takes over what is new.
  ///
  /// - Returns: whether anybody had an answer.
  public func update(_ runs: [TrainingRun], unreachable: (String) -> Void) async -> Bool {
    var isNew = false
    for run in runs {
      do { isNew = try await launcher(of: run).status(run) || isNew } catch {
        unreachable("\(run.name) is shown as last heard of: \(error)")
      }
    }
    return isNew
  }
}
