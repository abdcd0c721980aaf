import DatasetFormats
import Formatting
import Foundation
import Processes
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
  /// Steps that it will take.
  public var steps: Int
  /// Where its files are until it gets its name.
  let folder: RunFolder

  /// What training takes on each device; `nil` where the model is not on this machine.
  public var memory: MemoryEstimate? { facts?.estimate(specification) ?? specification.memoryEstimate }

  /// Deletes the files.
  public func discard() { try? FileManager.default.removeItem(atPath: folder.path) }
}

extension RunManager {
  /// Checks a specification and writes its files under a name that nobody looks at.
  ///
  /// - Parameters:
  ///   - name: a folder, or the beginning of a content hash.
  ///   - asksEngine: runs the engine's own checks, which takes some seconds.
  /// - Throws: ``SpecificationError`` with every problem that was found, ``RunSettingError``, `WorkspaceError`.
  public func prepare(_ spec: RunSpecification, data name: String, asksEngine: Bool = true) async throws -> PreparedRun
  {
    if let refusal = workspace.refusal { throw refusal }
    let data: TrainingData
    do { data = try TrainingData(name, workspace: workspace) } catch { throw SpecificationError([error]) }
    var spec = spec
    spec.data = data.hash
    for key in [\RunSettings.model, \.tokenizer] where !spec[dynamicMember: key].isEmpty {
      try spec.set(key, to: Self.absolute(spec[dynamicMember: key], isLocal: spec.launcher == .local))
    }
    let checks = SpecificationChecks(spec, data)
    if !checks.problems.isEmpty { throw SpecificationError(checks.problems) }
    let check = await self.check(spec)
    if !check.problems.isEmpty { throw SpecificationError(check.problems) }
    let rows = data.rows["train.jsonl"] ?? 0
    let plan = LaunchPlan(
      spec, python: check.python, rows: rows, hasValidation: (data.rows["validation.jsonl"] ?? 0) > 0,
      data: data.hash)
    // What a killed preparation left; none takes a day.
    TemporaryFiles.sweep(catalog.folder, age: 86400) { $0.hasPrefix(".new-") }
    var prepared = PreparedRun(
      specification: spec, data: data, plan: plan, facts: nil, warnings: checks.warnings + check.warnings,
      steps: spec.steps(rows: rows),
      folder: RunFolder("\(catalog.folder)/.new-\(UUID().uuidString)"))
    do {
      try write(prepared)
      if asksEngine { try await ask(&prepared, isLocal: check.isLocal) }
      return prepared
    } catch {
      prepared.discard()
      throw Self.translated(error, catalog.folder)
    }
  }

  /// A path as any process finds it; a name that is not a path stays as it is, and so does a path of another machine.
  private static func absolute(_ name: String, isLocal: Bool) -> String {
    let path = HomePath.expanded(name)
    let isHere = FileManager.default.fileExists(atPath: path)
    let looksLikePath = isLocal ? path.hasPrefix("/") || path.hasPrefix(".") || isHere : isHere
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
    let kept = RunCatalog.dataFolder(workspace.path, hash: prepared.data.hash)
    try prepared.data.keep(in: kept)
    if prepared.specification.launcher.isManifest {
      // A link leads nowhere on another machine.
      try FileManager.default.copyItem(atPath: kept, toPath: folder + "/data")
    } else {
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/data", withDestinationPath: "../.data/" + prepared.data.hash)
    }
    try CarriedModel.copy(prepared.specification, to: folder)
  }

  /// Asks the engine what it thinks of the run.
  private func ask(_ prepared: inout PreparedRun, isLocal: Bool) async throws {
    let spec = prepared.specification
    let engine = spec.engine.environment
    try environments.checkTrust(engine)
    guard isLocal || access(environments.python(engine), X_OK) == 0 else {
      prepared.warnings.append("\(engine.rawValue) is not installed here, so its own checks were left out")
      return
    }
    if !isLocal, engine == .trl, !FileManager.default.fileExists(atPath: spec.model) {
      prepared.warnings.append("'model' is not on this machine, so it is checked where the run starts")
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
    let place = isLocal ? [:] : ["DEEPCRITIC_ELSEWHERE": "1"]
    let answer = await ToolRun.run(
      command, environment: prepared.plan.environment.merging(place) { $1 }, secrets: Set(spec.secretNames),
      folder: folder, timeLimit: .seconds(600))
    try? FileManager.default.removeItem(atPath: folder + "/scripts/__pycache__")
    guard answer.code == 0, let line = answer.output.split(separator: "\n").last,
      let facts = try? JSONDecoder().decode(EngineFactsOrNone.self, from: Data(line.utf8)).facts
    else {
      if !isLocal {
        prepared.warnings.append("\(engine.rawValue) could not look at the run here: \(answer.lastLine)")
        return
      }
      throw SpecificationError([
        RunSettingError(
          "engine",
          "\(engine.rawValue) could not look at the run: "
            + "\(answer.lastLine)")
      ])
    }
    prepared.facts = facts
    let free = Self.freeSpace(folder)
    let conclusions = facts.conclusions(spec, free: free)
    // What this machine has and can do says nothing about others.
    let places: Set = ["model", "tokenizer", "device", "gpus", "engine", "tracker", "sharding", "lora_rank"]
    let own = facts.problems.filter { isLocal || !places.contains($0.key) }
    prepared.warnings += facts.problems.filter { !own.contains($0) }.map { "on this machine, \($0)" }
    let problems = own + (isLocal ? conclusions.problems : [])
    if !problems.isEmpty { throw SpecificationError(problems) }
    if isLocal {
      prepared.warnings += conclusions.warnings
      let lock = await ToolRun.run([python, "-c", Self.lockProgram], timeLimit: .seconds(120))
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
}
