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
  public var isScript: Bool { self == .slurm || self == .kuberay || self == .skypilot }
}
