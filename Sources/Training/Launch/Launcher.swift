/// One way to start a run: as a process of this machine, as a job of a cluster, as files that a person submits.
///
/// Another one is a case of ``LauncherKind``, a type that conforms, and its line in ``RunManager/launcher(_:)``.
protocol Launcher: Sendable {
  /// What can be said about starting a run this way, before anything is written or asked.
  func check(_ spec: RunSpecification) async -> LaunchCheck

  /// Readies the way for a run that has no name yet. When it throws, nothing of the run is left.
  ///
  /// - Parameter folder: the run's files, under a name that nobody looks at.
  func place(_ folder: RunFolder, _ spec: RunSpecification) async throws

  /// Starts the next attempt of a run.
  ///
  /// - Throws: ``LaunchError``. The run stays, with the reason, and can be resumed.
  func submit(_ folder: RunFolder, _ spec: RunSpecification) async throws

  /// Stops an open run after the step under way, with a checkpoint.
  ///
  /// - Parameter now: ends it at once; what is in no checkpoint is lost.
  func stop(_ run: TrainingRun, now: Bool) async throws

  /// Starts the next attempt of a run that has ended, from its last complete checkpoint.
  func resume(_ run: TrainingRun, _ spec: RunSpecification) async throws

  /// Brings the run's folder up to date with what others know of the run (``JobRecord``); ``RunStatus`` is read from there.
  ///
  /// - Returns: whether somebody was asked.
  ///
  /// - Throws: when they do not answer; the folder is as last heard of then.
  func status(_ run: TrainingRun) async throws -> Bool
}

extension Launcher {
  func place(_ folder: RunFolder, _ spec: RunSpecification) async throws {}

  func resume(_ run: TrainingRun, _ spec: RunSpecification) async throws { try await submit(run.folder, spec) }

  /// The folder has it all.
  func status(_ run: TrainingRun) async throws -> Bool { false }
}

/// What a launcher says about a specification.
struct LaunchCheck: Sendable {
  /// The interpreter that trains, as the place where it does knows it.
  var python: String
  /// Whether this machine trains, so that what its engine, devices and disk say counts.
  var isLocal = false
  /// The problems.
  var problems: [RunSettingError] = []
  /// What deserves a look.
  var warnings: [String] = []
}

/// A run that cannot be started, stopped or resumed, with the remedy.
public struct LaunchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// How a run is started.
public enum LauncherKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// A process of this machine.
  case local
  /// A job of a Ray cluster.
  case ray
  /// A script for SLURM, to be submitted by hand.
  case slurm = "script:slurm"
  /// A RayJob for KubeRay, to be applied by hand.
  case kuberay = "script:kuberay"
  /// A task for SkyPilot, to be launched by hand.
  case skypilot = "script:skypilot"

  /// Whether files are written for a person to take elsewhere.
  var isManifest: Bool { self == .slurm || self == .kuberay || self == .skypilot }
}
