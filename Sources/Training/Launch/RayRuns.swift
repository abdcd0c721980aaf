import Crypto
import Formatting
import Foundation
import ReviewStore

extension RunLauncher {
  /// What stands before a line of the feed in a job's log (`feed.py`).
  private static let mark = "@deepcritic "

  /// Gives a prepared run its name and submits it to a Ray cluster, files and rows included.
  public func submit(_ prepared: PreparedRun, address: String) async throws -> TrainingRun {
    let cluster = try RayCluster(address, environment: ProcessInfo.processInfo.environment)
    // Before the run gets its name: a cluster that is not there must leave nothing behind.
    _ = try await cluster.version()
    let folder = try place(prepared)
    try await submit(folder, prepared.specification, to: cluster, attempt: 1)
    return try catalog.run(folder.name)
  }

  private func submit(
    _ folder: RunFolder, _ spec: RunSpecification, to cluster: RayCluster, attempt: Int
  ) async throws {
    let zip = try ZipArchive.of(folder)
    let hash = Hex.string(SHA256.hash(data: zip)).prefix(16)
    let directory = try await cluster.upload(zip, name: "_ray_pkg_\(hash).zip")
    // A name that no other workspace's run has.
    let job = "deepcritic-\(folder.name)-\(hash.prefix(6))-\(UInt32.random(in: .min ... .max))-\(attempt)"
    let isGPU = spec.device != .cpu && spec.gpus > 0
    var environment = ["DEEPCRITIC_FEED_ECHO": "1"]
    if !spec.output.isEmpty { environment["DEEPCRITIC_OUTPUT"] = spec.output }
    let python = spec.python
    try await cluster.submit(
      id: job,
      entrypoint: "\(ClusterManifests.quoted(python)) scripts/attend.py . "
        + "\(attempt)", workingDirectory: directory,
      environment: environment, cpus: spec.threads > 0 ? Double(spec.threads) : 1,
      // verl asks the cluster for its GPUs itself.
      gpus: isGPU && spec.engine == .trl ? Double(spec.gpus) : 0)
    try folder.write(
      RayJobRecord(
        address: cluster.address, job: job, status: "PENDING", message: nil, attempt: attempt, logOffset: 0,
        stopAsked: false), to: folder.job)
  }

  /// Asks the cluster how a run is, and takes over what its log has new. Runs of other launchers are left alone.
  public func follow(_ run: TrainingRun) async throws {
    guard var record = RayJobRecord.read(run.folder), run.status.phase.isOpen || record.logOffset == 0 else { return }
    let cluster = try RayCluster(record.address, environment: ProcessInfo.processInfo.environment)
    // The state first: a job that has ended by then has printed all that it ever will.
    let job = try await cluster.job(record.job)
    let log = Array(try await cluster.logs(record.job).utf8)
    if log.count > record.logOffset {
      var part = log[record.logOffset...]
      let isOver = ["STOPPED", "SUCCEEDED", "FAILED"].contains(job.status)
      // A line that is still being written waits for its end.
      if !isOver, let end = part.lastIndex(of: 0x0A) { part = part[...end] } else if !isOver { part = [] }
      try Self.take(part, into: run.folder)
      record.logOffset += part.count
    }
    (record.status, record.message) = (job.status, job.status == "FAILED" ? job.message : nil)
    try run.folder.write(record, to: run.folder.job)
  }

  /// Parts a job's log into the feed and the words for people.
  private static func take(_ part: ArraySlice<UInt8>, into folder: RunFolder) throws {
    var feed: [UInt8] = []
    var words: [UInt8] = []
    for line in part.split(separator: 0x0A, omittingEmptySubsequences: false) where !line.isEmpty {
      if line.starts(with: mark.utf8) {
        feed += line.dropFirst(mark.utf8.count) + [0x0A]
      } else {
        words += line + [0x0A]
      }
    }
    for (bytes, path) in [(words, folder.log), (feed, folder.feed)] where !bytes.isEmpty {
      if !FileManager.default.fileExists(atPath: path) { FileManager.default.createFile(atPath: path, contents: nil) }
      guard let handle = FileHandle(forWritingAtPath: path) else { throw LaunchError("\(path) cannot be written to") }
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(bytes))
    }
  }

  /// Asks the cluster to stop a run.
  public func stopJob(_ run: TrainingRun) async throws {
    guard var record = RayJobRecord.read(run.folder) else { return }
    let cluster = try RayCluster(record.address, environment: ProcessInfo.processInfo.environment)
    try await cluster.stop(record.job)
    record.stopAsked = true
    try run.folder.write(record, to: run.folder.job)
  }

  /// Submits a run again; with its output on a folder that all machines see, it goes on from its last checkpoint.
  public func resumeJob(_ run: TrainingRun) async throws -> TrainingRun {
    guard let record = RayJobRecord.read(run.folder), let spec = run.specification else {
      throw LaunchError("\(run.name) was never submitted to a Ray cluster")
    }
    guard run.status.phase.canResume else { throw LaunchError("\(run.name) is \(run.status.phase.rawValue)") }
    let cluster = try RayCluster(record.address, environment: ProcessInfo.processInfo.environment)
    try await submit(run.folder, spec, to: cluster, attempt: record.attempt + 1)
    return try catalog.run(run.name)
  }

  /// Whether a run belongs to a Ray cluster.
  public func isJob(_ run: TrainingRun) -> Bool { run.entry.launcher == LauncherKind.ray.rawValue }
}
