import Formatting
import Foundation
import Hashing

/// A run as a job of a Ray cluster.
struct RayLauncher: Launcher {
  let environment: [String: String]

  /// What stands before a line of the feed in a job's log (`feed.py`).
  private static let feedPrefix = "@deepcritic "

  /// The cluster of a specification, else of the environment, else of this machine.
  private func cluster(_ spec: RunSpecification) throws(LaunchError) -> RayCluster {
    var address = spec.rayAddress
    if address.isEmpty, let set = environment["RAY_ADDRESS"], set.hasPrefix("http") { address = set }
    return try RayCluster(address.isEmpty ? "http://127.0.0.1:8265" : address, environment: environment)
  }

  func check(_ spec: RunSpecification) async -> LaunchCheck {
    var check = LaunchCheck(python: spec.python)
    do { _ = try cluster(spec) } catch {
      check.problems.append(RunSettingError("ray_address", "cannot be used: \(error)"))
    }
    if !spec.output.isEmpty, !spec.output.hasPrefix("/") {
      check.problems.append(
        RunSettingError("output", "must be an absolute path that all machines see: a job has a folder of its own"))
    }
    if spec.output.isEmpty, let cluster = try? cluster(spec), !cluster.isOnThisMachine {
      check.problems.append(
        RunSettingError(
          "output",
          "is empty: checkpoints and model would be lost with the job's folder; name a folder that all machines see"))
    }
    return check
  }

  /// Where checkpoints and model of a run go, by a name that no other run has: a folder with another run's checkpoints
  /// would make this one resume from them. A cluster of this machine writes into the run's own folder.
  private static func output(_ folder: RunFolder, _ spec: RunSpecification, _ cluster: RayCluster, job: String)
    -> String
  {
    if spec.output.isEmpty { return cluster.isOnThisMachine ? folder.path : "" }
    return spec.output + "/" + job
  }

  /// A cluster that does not respond must leave nothing behind.
  func place(_ folder: RunFolder, _ spec: RunSpecification) async throws { _ = try await cluster(spec).version() }

  /// Submits the run with its files and rows. With its output in a directory that all machines see, a later attempt resumes
  /// from the last checkpoint.
  func submit(_ folder: RunFolder, _ spec: RunSpecification) async throws {
    let lock = try await JobRecord.Lock(folder)
    let last = JobRecord.read(folder)
    let cluster = try last.map { try RayCluster($0.address, environment: environment) } ?? cluster(spec)
    let attempt = (last?.attempt ?? 0) + 1
    try? FileManager.default.removeItem(atPath: folder.stop)
    // A name that no other workspace's run has; the same for all attempts, so that each finds the last one's checkpoints.
    let name = last?.name ?? "deepcritic-\(folder.name)-\(UInt64.random(in: .min ... .max))"
    let output = Self.output(folder, spec, cluster, job: name)
    let job = "\(name)-\(attempt)"
    var record = JobRecord(
      address: cluster.address, job: job, status: JobRecord.unsubmitted, attempt: attempt, logOffset: 0,
      output: output)
    // Written before, so that a job which the cluster took is found even when this program ends at the wrong moment.
    try lock.write(record)
    do {
      try await submit(folder, spec, to: cluster, record)
      record.status = "PENDING"
      try lock.write(record)
    } catch {
      record.message = "\(error)"
      try lock.write(record)
      throw LaunchError(
        "\(folder.name) could not be submitted: \(Clause.of(error)). 'deepcritic runs resume \(folder.name)' tries again"
      )
    }
  }

  private func submit(
    _ folder: RunFolder, _ spec: RunSpecification, to cluster: RayCluster, _ record: JobRecord
  ) async throws {
    let zip = try ZipArchive.of(folder)
    let hash = Hex.string(SHA256.hash(data: zip)).prefix(16)
    let directory = try await cluster.upload(zip, name: "_ray_pkg_\(hash).zip")
    var variables = ["DEEPCRITIC_FEED_ECHO": "1"]
    if let output = record.output, !output.isEmpty {
      variables["DEEPCRITIC_OUTPUT"] = output
      // An address of this machine may lead elsewhere: there, the run's folder is not what it is here.
      if output == folder.path { variables["DEEPCRITIC_OUTPUT_MARK"] = "spec.toml" }
    }
    // verl asks the cluster for its GPUs itself.
    let gpus = spec.device != .cpu && spec.engine == .trl ? spec.gpus : 0
    try await cluster.submit(
      id: record.job, entrypoint: "\(ClusterManifests.quoted(spec.python)) scripts/attend.py . \(record.attempt)",
      workingDirectory: directory, environment: variables, cpus: Double(max(spec.threads, 1)), gpus: Double(gpus))
  }

  /// Asks the cluster how a run is, and takes over what its log has new.
  func status(_ run: TrainingRun) async throws -> Bool {
    guard let known = JobRecord.read(run.folder), run.status.phase.isOpen || known.logOffset == 0,
      // Another program takes it over just now.
      let lock = JobRecord.Lock(ifFree: run.folder), var record = JobRecord.read(run.folder)
    else { return false }
    let cluster = try RayCluster(record.address, environment: environment)
    if !cluster.isOnThisMachine { try run.requireTrust() }
    // The state first: a job that has ended by then has printed all that it ever will.
    guard let job = try await cluster.job(record.job) else {
      if record.status == JobRecord.unsubmitted {
        record.message = record.message ?? "the program that submitted it ended before it was done"
        try lock.write(record)
        return true
      }
      throw LaunchError("\(record.address) does not know job \(record.job): was the cluster restarted?")
    }
    let log = Array(try await cluster.logs(record.job).utf8)
    if log.count > record.logOffset {
      var part = log[record.logOffset...]
      let isOver = ["STOPPED", "SUCCEEDED", "FAILED"].contains(job.status)
      // A line that is still being written waits for its end.
      if !isOver, let end = part.lastIndex(of: 0x0A) { part = part[...end] } else if !isOver { part = [] }
      try Self.append(part, to: run.folder)
      record.logOffset += part.count
    }
    (record.status, record.message) = (job.status, job.status == "FAILED" ? job.message : nil)
    try lock.write(record)
    try Self.link(record, run.folder)
    return true
  }

  /// Lets the run's folder lead to results on a disk that this machine sees too.
  private static func link(_ record: JobRecord, _ folder: RunFolder) throws {
    let files = FileManager.default
    guard let output = record.output, !output.isEmpty, output != folder.path else { return }
    for path in [folder.checkpoints, folder.model] {
      let target = output + "/" + (path as NSString).lastPathComponent
      guard files.fileExists(atPath: target), !files.fileExists(atPath: path) else { continue }
      try files.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
  }

  /// Parts a job's log into the feed and the words for people.
  private static func append(_ part: ArraySlice<UInt8>, to folder: RunFolder) throws {
    var feed: [UInt8] = []
    var words: [UInt8] = []
    for line in part.split(separator: 0x0A, omittingEmptySubsequences: false) where !line.isEmpty {
      if line.starts(with: feedPrefix.utf8) {
        feed += line.dropFirst(feedPrefix.utf8.count) + [0x0A]
      } else {
        words += line + [0x0A]
      }
    }
    for (bytes, path) in [(words, folder.log), (feed, folder.feed)] where !bytes.isEmpty {
      let files = FileManager.default
      if !files.fileExists(atPath: path) {
        files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
      }
      guard let handle = FileHandle(forWritingAtPath: path) else { throw LaunchError("\(path) cannot be written to") }
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(bytes))
    }
  }

  /// Ray ends a job that does not stop by itself.
  func stop(_ run: TrainingRun, now: Bool) async throws {
    guard let record = JobRecord.read(run.folder) else {
      throw LaunchError("\(run.name) was never submitted to a Ray cluster")
    }
    let cluster = try RayCluster(record.address, environment: environment)
    if !cluster.isOnThisMachine { try run.requireTrust() }
    try await cluster.stop(record.job)
    try Data("\(record.attempt)\n".utf8).write(to: URL(fileURLWithPath: run.folder.stop))
  }
}
