import DatasetFormats
import Formatting
import Foundation
import Processes
import ReviewStore

extension RunFolder {
  /// A person's note about the run.
  var notePath: String { path + "/note.txt" }

  /// The note; `nil` without one.
  public var note: String? {
    guard let data = PlainFile.data(notePath) else { return nil }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }

  /// Whether a model or a complete checkpoint is in the folder, or where the folder leads.
  public var hasResults: Bool {
    FileManager.default.fileExists(atPath: model + "/config.json") || checkpointList().contains(where: \.isComplete)
  }
}

extension RunManager {
  /// Writes a note beside a run; an empty one removes it.
  ///
  /// - Throws: ``LaunchError`` when the folder is gone, `WorkspaceError`.
  public func note(_ run: TrainingRun, _ text: String) throws {
    if let refusal = workspace.refusal { throw refusal }
    guard FileManager.default.fileExists(atPath: run.folder.path) else {
      throw LaunchError("\(run.name) has no directory any more: \(run.folder.path)")
    }
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.isEmpty {
      if run.folder.note != nil { try FileManager.default.removeItem(atPath: run.folder.notePath) }
      return
    }
    var file = try AtomicFileWriter(path: run.folder.notePath)
    try file.write((text + "\n").utf8)
    try file.commit()
  }

  /// Copies the results of a run elsewhere into its folder, as its `fetch.sh` says. What that prints goes to standard error.
  ///
  /// - Throws: ``LaunchError`` when there is nothing to fetch from, or nothing came.
  public func fetch(_ run: TrainingRun) async throws -> TrainingRun {
    try run.requireTrust()
    let script = run.folder.path + "/fetch.sh"
    guard FileManager.default.fileExists(atPath: script) else {
      if let output = JobRecord.read(run.folder)?.output, !output.isEmpty, output != run.folder.path {
        throw LaunchError(
          "the results of \(run.name) are in \(output) on the machines of its cluster; copy them from there")
      }
      throw LaunchError("\(run.name) writes into its own directory: \(run.folder.path)")
    }
    let code: Int32
    // What copies from a cloud logs in there.
    let logins = Set(environments.environment.keys.filter { $0.hasPrefix("AWS_") })
    do { code = try await ToolRun.runInForeground(["bash", script], secrets: logins) } catch {
      throw LaunchError("'bash' cannot be run: \(error)")
    }
    guard code == 0 else { throw LaunchError("the results of \(run.name) could not be fetched (code \(code))") }
    let fetched = try catalog.run(run.name)
    guard fetched.folder.hasResults else {
      throw LaunchError("\(run.name) has no checkpoint or model yet; its progress was fetched")
    }
    return fetched
  }

  /// Why a run should be kept: sentences without their full stops. Empty where nothing is lost.
  public func reasonsToKeep(_ run: TrainingRun) throws -> [String] {
    var reasons: [String] = []
    let launcher = LauncherKind(rawValue: run.entry.launcher) ?? .local
    if run.status.phase == .elsewhere { reasons.append("it may still be running elsewhere") }
    if launcher.isManifest, !run.folder.hasResults {
      reasons.append(
        launcher == .slurm
          ? "it was written for SLURM, and no results are in its directory"
          : "its results were never fetched; 'deepcritic runs fetch \(run.name)' copies them here")
    } else if launcher == .ray, !run.folder.hasResults, run.entry.step > 0 {
      let place = JobRecord.read(run.folder)?.output.flatMap { $0.isEmpty ? nil : $0 } ?? "the job's directory"
      reasons.append("its results were never fetched: they are in \(place) on the cluster")
    }
    let below = run.folder.path + "/"
    let heirs = try workspace.runs().filter { $0.name != run.name && ($0.model + "/").hasPrefix(below) }
    if !heirs.isEmpty { reasons.append("\(heirs.map(\.name).joined(separator: ", ")) started from its model") }
    return reasons
  }

  /// Deletes a run: its folder, what was read of its feed, and the copy of its rows where no other run uses them.
  ///
  /// - Parameter force: deletes it even where ``reasonsToKeep(_:)`` has reasons.
  /// - Throws: ``LaunchError`` for a run that has not ended, or one with reasons to be kept.
  public func delete(_ run: TrainingRun, force: Bool = false) throws {
    if let refusal = workspace.refusal { throw refusal }
    // A job that its cluster neither ends nor answers for must not stand here for ever.
    let isElsewhere = run.entry.launcher == LauncherKind.ray.rawValue
    if [.queued, .running, .stopping].contains(run.status.phase), !(force && isElsewhere) {
      throw LaunchError(
        "\(run.name) is \(run.status.phase.rawValue); stop it first with 'deepcritic runs stop \(run.name)'")
    }
    let reasons = force ? [] : try reasonsToKeep(run)
    guard reasons.isEmpty else {
      throw LaunchError(
        "\(run.name) was not deleted: \(reasons.joined(separator: "; ")). --force deletes it all the same")
    }
    let files = FileManager.default
    // By way of a name that nobody looks at: half a run is never seen.
    let doomed = "\(catalog.folder)/.deleted-\(UUID().uuidString)"
    if files.fileExists(atPath: run.folder.path) { try files.moveItem(atPath: run.folder.path, toPath: doomed) }
    try workspace.deleteRun(run.entry.id)
    if files.fileExists(atPath: doomed) { try files.removeItem(atPath: doomed) }
    let rows = RunCatalog.dataFolder(workspace.path, hash: run.entry.dataset)
    if !run.entry.dataset.isEmpty, try workspace.runs(ofDataset: run.entry.dataset).isEmpty,
      files.fileExists(atPath: rows)
    {
      try files.removeItem(atPath: rows)
    }
  }
}
