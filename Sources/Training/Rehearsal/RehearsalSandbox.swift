import DatasetFormats
import Formatting
import Foundation
import JSON
import Processes
import ReviewStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A place for a rehearsal that has nothing of this machine but its programs.
///
/// ```
/// run/      the files, as they arrive there     bin/      programs of clusters that are stood in for
/// home/     the new home                        python/   the interpreter, and the `ray` beside it
/// tmp/      temporary files                     volume/, results/  what outlives a job
/// ```
struct RehearsalSandbox {
  let path: String
  private let workspace: String
  private var standIn: String?
  /// A run of this machine may use what is in the workspace.
  private var isHere = false
  private(set) var ray = ""
  /// Links among the files, which lead nowhere there.
  private(set) var links: [String] = []

  init(workspace: String) throws {
    self.workspace = URL(fileURLWithPath: workspace).resolvingSymlinksInPath().path
    let root = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    path = root + "/deepcritic-rehearsal-\(UUID().uuidString.prefix(8))"
    // The rows are nobody else's business.
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    for name in ["run", "home", "tmp", "bin", "python", "volume", "results"] {
      try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// The run's files, as they arrive there.
  var run: RunFolder { RunFolder(path + "/run") }

  // MARK: - Files

  /// Copies a run's files the way its launcher does: a job of Ray gets the archive's, a cluster the folder as it is.
  mutating func carry(_ folder: RunFolder, _ spec: RunSpecification) throws {
    let files = FileManager.default
    isHere = spec.launcher == .local
    switch spec.launcher {
    case .ray:
      for name in try ZipArchive.names(of: folder) { try copy(folder, name) }
    case .local:
      for name in try files.contentsOfDirectory(atPath: folder.path) { try copy(folder, name) }
    case .slurm, .kuberay, .skypilot:
      guard let names = files.enumerator(atPath: folder.path) else { return }
      for case let name as String in names {
        guard names.fileAttributes?[.type] as? FileAttributeType == .typeSymbolicLink else { continue }
        links.append("\(name) is a link: what it leads to is not sent along")
      }
      try files.removeItem(atPath: run.path)
      try files.copyItem(atPath: folder.path, toPath: run.path)
    }
  }

  private func copy(_ folder: RunFolder, _ name: String) throws {
    let target = URL(fileURLWithPath: run.path + "/" + name)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    // The rows are a link on this machine.
    let source = URL(fileURLWithPath: folder.path + "/" + name).resolvingSymlinksInPath()
    try FileManager.default.copyItem(at: source, to: target)
  }

  /// Files that name the workspace, which does not exist in the sandbox. The specification is only for people.
  ///
  /// - Parameter besides: what may be named, since a substitute exists.
  func references(besides: [String]) throws -> [String] {
    guard !isHere, let names = FileManager.default.enumerator(atPath: run.path) else { return [] }
    var found: [String] = []
    for case let name as String in names.map({ $0 }) where Self.isText(name) {
      guard let data = PlainFile.data(run.path + "/" + name) else { continue }
      var text = String(decoding: data, as: UTF8.self).replacing("\\/", with: "/")
      for known in besides where !known.isEmpty { text = text.replacing(known, with: "") }
      guard let place = text.firstRange(of: workspace + "/") else { continue }
      let word = text[place.lowerBound...].prefix { !"\"' \n,".contains($0) }
      found.append(
        "\(name) names \(word), which is in the workspace and not there"
          + (name == "launch.json" || name == "settings.json" ? "; carry_model = \"on\" sends a model along" : ""))
    }
    return found.sorted()
  }

  private static func isText(_ name: String) -> Bool {
    guard name != "spec.toml", !name.hasPrefix("data/"), !name.hasPrefix("base-") else { return false }
    return [".json", ".txt", ".py", ".yaml", ".sh", ".sbatch"].contains { name.hasSuffix($0) }
  }

  /// Replaces a text in what was written, in the copies only.
  func replace(_ text: String, with other: String) throws {
    for name in ["launch.json", "submit.sbatch", "rayjob.yaml", "task.yaml"] {
      let file = run.path + "/" + name
      guard let old = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
      let words = [ClusterManifests.quoted(text), text, text.replacing("/", with: "\\/")]
      let new = words.reduce(old) { $0.replacing($1, with: other) }
      if new != old { try write(new, to: file) }
    }
  }

  /// Copies a stand-in for the model, or names it where it is outside of the workspace.
  mutating func take(standIn folder: String) throws {
    let source = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard (source + "/").hasPrefix(workspace + "/") else {
      standIn = source
      return
    }
    standIn = path + "/stand-in"
    // The workspace is hidden.
    try FileManager.default.copyItem(atPath: source, toPath: path + "/stand-in")
  }

  // MARK: - Programs

  mutating func installShims(python: String) throws {
    let cluster: [String: [UInt8]] = [
      "sbatch": PackageResources.sbatch_sh, "srun": PackageResources.srun_sh, "scontrol": PackageResources.scontrol_sh,
      "kubectl": PackageResources.kubectl_sh, "sky": PackageResources.sky_sh, "rsync": PackageResources.fetch_sh,
      "aws": PackageResources.fetch_sh, "gcloud": PackageResources.fetch_sh, "rclone": PackageResources.fetch_sh,
      "ray": PackageResources.decoy_sh,
    ]
    for (name, text) in cluster { try program(text, at: "bin/" + name) }
    let own = Array("#!/bin/bash\nexec \(ClusterManifests.quoted(python)) \"$@\"\n".utf8)
    for name in ["python3", "python"] { try program(own, at: "python/" + name) }
    ray = (python as NSString).deletingLastPathComponent + "/ray"
    if access(ray, X_OK) == 0 { try program(PackageResources.ray_sh, at: "python/ray") }
  }

  private func program(_ text: [UInt8], at name: String) throws {
    try Data(text).write(to: URL(fileURLWithPath: path + "/" + name))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path + "/" + name)
  }

  func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  // MARK: - Running

  /// What everything in it sees; nothing of this process's environment.
  private func variables(_ secrets: [String]) -> [String: String] {
    var list = [
      "HOME": path + "/home", "TMPDIR": path + "/tmp", "LANG": "C.UTF-8",
      "PATH": "\(path)/bin:\(path)/python:/usr/local/bin:/usr/bin:/bin", "REHEARSAL_FOLDER": path, "REHEARSAL_RAY": ray,
      "DEEPCRITIC_REHEARSAL": "1", "HF_HUB_OFFLINE": "1", "WANDB_MODE": "offline",
      // Requirements that are met need no index.
      "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONDONTWRITEBYTECODE": "1",
    ]
    if let standIn { list["DEEPCRITIC_REHEARSAL_MODEL"] = standIn }
    for name in secrets { list[name] = "rehearsal" }
    return list
  }

  /// Runs `rehearse.sh`.
  ///
  /// - Returns: its exit code; `nil` when it took too long.
  func run(timeLimit: Duration, secrets: [String]) async throws -> Int32? {
    let environment = variables(secrets).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let script = ["bash", path + "/rehearse.sh"]
    let hides = isHere ? false : await canHide()
    let hidden = [
      "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none \"$0\" && exec \"$@\"",
      workspace,
    ]
    let command = ["/usr/bin/env", "-i"] + environment + (hides ? hidden : []) + script
    return try await withThrowingTaskGroup(of: Int32?.self) { group in
      group.addTask { try await ToolRun.runInForeground(command, grace: .seconds(5)) }
      group.addTask {
        try await Task.sleep(for: timeLimit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next().flatMap(\.self)
    }
  }

  /// Whether this system lets a process hide a folder from itself.
  private func canHide() async -> Bool {
    #if os(Linux)
      let probe = [
        "unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", path + "/results",
      ]
      return await ToolRun.run(probe, timeLimit: .seconds(10)).code == 0
    #else
      return false
    #endif
  }

  // MARK: - Outcome

  func conclude(_ found: inout Rehearsal, engine: TrainingEngine, code: Int32?, timeLimit: Duration) {
    var part = RunFeedPart()
    let feed = PlainFile.data(run.feed) ?? Data()
    for line in feed.split(separator: 0x0A) { FeedLine.read([UInt8](line)[...], at: 0, into: &part) }
    found.steps = part.steps.count
    for file in [path + "/output", run.log] { found.log += RunFolder.tail(of: file, 12) }
    guard let code else {
      found.problems.append("it did not end within \(timeLimit.components.seconds) seconds")
      return
    }
    let messages = part.events.filter { $0.kind == "error" }.compactMap { event in
      (try? JSONDocument(parsing: Array(event.body.utf8)))?.root["message"]?.string
    }
    var kinds = Set(part.events.map(\.kind))
    if engine == .verl { kinds.insert("model") }
    if code != 0 {
      found.problems += messages.isEmpty ? [found.log.last ?? "it ended with code \(code)"] : messages
    } else if !kinds.contains("exit") {
      found.problems.append("no progress came back: feed.jsonl is missing or incomplete")
    } else if !kinds.contains("model") {
      found.problems += messages.isEmpty ? ["no model came out"] : messages
    } else if engine == .trl, !FileManager.default.fileExists(atPath: run.model + "/config.json") {
      found.problems.append("the model did not come back to the run's folder")
    }
  }
}
