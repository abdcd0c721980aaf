import Formatting
import Foundation
import ReviewStore

/// A run with all that is known about it now.
public struct TrainingRun: Sendable {
  /// What the workspace keeps.
  public var entry: RunEntry
  /// Its folder.
  public var folder: RunFolder
  /// Where it stands.
  public var status: RunStatus
  /// The last value of each line.
  public var values: [String: Double]
  /// Seconds that a step took lately.
  public var secondsPerStep: Double?

  /// Its name.
  public var name: String { entry.name }

  /// Seconds until it is done at the pace of late; `nil` when it does not run, or nothing can be said.
  public var secondsLeft: Double? {
    guard status.phase == .running, let pace = secondsPerStep, let total = entry.total, total > entry.step else {
      return nil
    }
    return pace * Double(total - entry.step)
  }

  /// The share that is done; `nil` before the number of steps is known.
  public var fraction: Double? {
    entry.total.map { $0 > 0 ? min(Double(entry.step) / Double($0), 1) : 1 }
  }

  /// The specification; `nil` when its file was damaged.
  public var specification: RunSpecification? {
    guard let stage = TrainingStage(rawValue: entry.stage), let engine = TrainingEngine(rawValue: entry.engine) else {
      return nil
    }
    var spec = RunSpecification(stage: stage, engine: engine)
    do { try spec.read(toml: entry.spec, file: folder.spec) } catch { return nil }
    return spec
  }
}

/// A name that fits no run.
public struct RunNotFoundError: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String
}

/// The runs of a workspace: folders under `runs`, and what was read of their feeds.
public struct RunCatalog: Sendable {
  /// The workspace.
  public let workspace: Workspace

  /// The kept rows whose hash begins so; `nil` when none does, or several do.
  static func keptData(_ workspace: String, hashPrefix: String) -> String? {
    let folder = folder(workspace) + "/.data"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let fitting = names.filter { $0.hasPrefix(hashPrefix) }
    return fitting.count == 1 ? folder + "/" + fitting[0] : nil
  }

  /// The runs of a workspace.
  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// Where the runs' folders are.
  public var folder: String { Self.folder(workspace.path) }

  /// Absolute: processes of a run are started elsewhere.
  private static func folder(_ workspace: String) -> String {
    URL(fileURLWithPath: workspace).standardizedFileURL.path + "/runs"
  }

  /// Where runs share the rows of a dataset.
  static func dataFolder(_ workspace: String, hash: String) -> String { folder(workspace) + "/.data/" + hash }

  /// The folder of a run.
  public func folder(of name: String) -> RunFolder { RunFolder(folder + "/" + name) }

  /// All runs, brought up to date, the latest first. Folders that the workspace does not know are taken in.
  public func runs() throws -> [TrainingRun] {
    try adopt()
    return try workspace.runs().map(current)
  }

  /// A run by its name, or the latest one for "latest".
  ///
  /// - Throws: ``RunNotFoundError`` naming those there are.
  public func run(_ name: String) throws -> TrainingRun {
    if let entry = try workspace.run(named: name) { return try current(entry) }
    try adopt()
    if let entry = try name == "latest" ? workspace.runs().first : workspace.run(named: name) {
      return try current(entry)
    }
    let names = try workspace.runs().prefix(6).map(\.name)
    throw RunNotFoundError(
      description: "there is no run '\(name)' here. "
        + (names.isEmpty
          ? "'deepcritic train' starts one."
          : "The latest are \(names.joined(separator: ", ")); 'deepcritic "
            + "runs list' shows all."))
  }

  /// Brings one run up to date.
  public func current(_ entry: RunEntry) throws -> TrainingRun {
    let folder = folder(of: entry.name)
    // In this order: see ``RunStatus``.
    let seen = RunStatus.Liveness(folder)
    let entry = try FeedReader(workspace: workspace, path: folder.feed).update(entry)
    let events = try workspace.runEvents(of: entry.id)
    return TrainingRun(
      entry: entry, folder: folder,
      status: RunStatus(
        folder, launcher: LauncherKind(rawValue: entry.launcher) ?? .local, events: events, seen: seen),
      values: try workspace.lastRunValues(of: entry.id), secondsPerStep: try workspace.secondsPerStep(of: entry.id))
  }

  /// Takes in folders of runs that the workspace does not know: it was copied, or a program ended at the wrong moment.
  private func adopt() throws {
    guard !workspace.isReadOnly, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return
    }
    let known = Set(try workspace.runs().map(\.name))
    for name in names.sorted() where !known.contains(name) && !name.hasPrefix(".") {
      guard let data = PlainFile.data(folder + "/" + name + "/run.json"),
        var entry = try? JSONDecoder().decode(RunEntry.self, from: data)
      else { continue }
      entry.name = name
      try workspace.record(entry)
    }
  }
}
