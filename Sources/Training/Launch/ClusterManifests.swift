import DatasetFormats
import Foundation
import Yams

/// A run whose files are written for a person to submit.
struct ManifestLauncher: Launcher {
  func check(_ spec: RunSpecification) async -> LaunchCheck {
    var check = LaunchCheck(python: spec.python)
    if spec.launcher != .slurm, spec.image.isEmpty {
      check.warnings.append("'image' is empty: the file names one that you must replace")
    }
    return check
  }

  func place(_ folder: RunFolder, _ spec: RunSpecification) async throws {
    for (name, text) in ClusterManifests.files(spec) {
      var file = try AtomicFileWriter(path: folder.path + "/" + name)
      try file.write(text.utf8)
      try file.commit()
    }
  }

  /// A person does it, as ``TrainingRun/instruction`` says.
  func submit(_ folder: RunFolder, _ spec: RunSpecification) async throws {}

  func resume(_ run: TrainingRun, _ spec: RunSpecification) async throws {
    throw LaunchError(
      "\(run.name) was started by \(run.entry.launcher); submit it there again: its files go on from the last checkpoint"
    )
  }

  func stop(_ run: TrainingRun, now: Bool) async throws {
    throw LaunchError("\(run.name) was submitted by hand; stop it where it runs")
  }
}

/// The same command, environment and files in the shapes that clusters take.
enum ClusterManifests {
  /// The files that a launcher adds to the run's folder.
  static func files(_ spec: RunSpecification) -> [String: String] {
    switch spec.launcher {
    case .local, .ray: [:]
    case .slurm: ["submit.sbatch": slurm(spec)]
    case .kuberay: ["rayjob.yaml": yaml(RayJob(spec), comment: RayJob.comment)]
    case .skypilot: ["task.yaml": yaml(SkyTask(spec), comment: "sky launch task.yaml")]
    }
  }

  /// What a person does with the files.
  static func instruction(_ launcher: LauncherKind, folder: String) -> String? {
    switch launcher {
    case .local, .ray: nil
    case .slurm: "cd \(folder) && sbatch submit.sbatch"
    case .kuberay: "copy \(folder) to the cluster's shared volume, then kubectl apply -f rayjob.yaml"
    case .skypilot: "cd \(folder) && sky launch task.yaml"
    }
  }

  fileprivate static func gpus(_ spec: RunSpecification) -> Int { spec.device == .cpu ? 0 : spec.gpus }

  /// Whether the command needs a Ray cluster on the machines of the run.
  fileprivate static func needsRay(_ spec: RunSpecification) -> Bool {
    spec.engine == .verl && (spec.stage == .rl || spec.nodes > 1)
  }

  /// The interpreter there, as a shell reads it.
  fileprivate static func python(_ spec: RunSpecification) -> String {
    spec.python == "python3" ? spec.python : quoted(spec.python)
  }

  /// A text within single quotes of a shell.
  static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  private static func slurm(_ spec: RunSpecification) -> String {
    var lines = [
      "#!/bin/bash", "# Submit from this folder, which all machines must see: sbatch submit.sbatch",
      "# Submitted again it goes on from the last checkpoint.",
      "#SBATCH --job-name=deepcritic-\(spec.stage.rawValue)", "#SBATCH --nodes=\(spec.nodes)",
      "#SBATCH --ntasks-per-node=1", "#SBATCH --time=\(spec.timeLimit.filter { $0.isNumber || ":-".contains($0) })",
      "#SBATCH --output=log.txt", "#SBATCH --open-mode=append",
      // The trainer gets the time to write a checkpoint.
      "#SBATCH --signal=B:TERM@300",
    ]
    if gpus(spec) > 0 { lines.append("#SBATCH --gpus-per-node=\(gpus(spec))") }
    let partition = spec.partition.filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
    if !partition.isEmpty { lines.append("#SBATCH --partition=\(partition)") }
    lines += [
      "set -euo pipefail", "cd \"${SLURM_SUBMIT_DIR:?}\"",
      "attempt=$(( $(find . -maxdepth 1 -name '.attempt-*' | wc -l) + 1 )); : > \".attempt-$attempt\"",
    ]
    if needsRay(spec) {
      lines += [
        "# Ray starts on all machines and ends with the command.",
        "head=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)",
        "srun ray symmetric-run --address \"$head:6379\" --min-nodes \"$SLURM_NNODES\" -- \\",
        "  \(python(spec)) scripts/attend.py . \"$attempt\" &",
      ]
    } else {
      lines.append("srun \(python(spec)) scripts/attend.py . \"$attempt\" &")
    }
    lines += ["task=$!", "trap 'kill -TERM \"$task\"; wait \"$task\"' TERM", "wait \"$task\""]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func yaml(_ document: some Encodable, comment: String) -> String {
    let encoder = YAMLEncoder()
    encoder.options.width = -1
    encoder.options.newLineScalarStyle = .literal
    // Texts, numbers and flags: there is nothing that the encoder could refuse.
    let text = (try? encoder.encode(document)) ?? ""
    return "# \(comment)\n\(text)"
  }
}

/// A `RayJob` of KubeRay.
private struct RayJob: Encodable {
  static let comment =
    "Copy this folder to the volume claim 'deepcritic-runs' as /run, then: kubectl apply -f rayjob.yaml"

  struct Metadata: Encodable { var name: String }

  struct Specification: Encodable {
    var entrypoint: String
    var shutdownAfterJobFinishes = true
    var rayClusterSpec: Cluster
  }

  struct Cluster: Encodable {
    var headGroupSpec: Group
    var workerGroupSpecs: [Group]?
  }

  struct Group: Encodable {
    var groupName: String?
    var replicas: Int?
    var minReplicas: Int?
    var maxReplicas: Int?
    var rayStartParams: [String: String] = [:]
    var template: Template
  }

  struct Template: Encodable { var spec: Pod }

  struct Pod: Encodable {
    var containers: [Container]
    var volumes: [Volume]
  }

  struct Container: Encodable {
    var name: String
    var image: String
    var resources: [String: [String: Int]]
    var volumeMounts: [Mount]
  }

  struct Mount: Encodable {
    var name: String
    var mountPath: String
  }

  struct Volume: Encodable {
    struct Claim: Encodable { var claimName: String }

    var name: String
    var persistentVolumeClaim: Claim
  }

  var apiVersion = "ray.io/v1"
  var kind = "RayJob"
  var metadata: Metadata
  var spec: Specification

  init(_ run: RunSpecification) {
    let gpus = ClusterManifests.gpus(run)
    let container = Container(
      name: "ray", image: run.image.isEmpty ? "REPLACE/with-an-image-that-has-\(run.engine.rawValue)" : run.image,
      resources: gpus > 0 ? ["limits": ["nvidia.com/gpu": gpus]] : [:],
      volumeMounts: [Mount(name: "runs", mountPath: "/runs")])
    let template = Template(
      spec: Pod(
        containers: [container],
        volumes: [Volume(name: "runs", persistentVolumeClaim: .init(claimName: "deepcritic-runs"))]))
    let others = run.nodes - 1
    let workers = Group(
      groupName: "workers", replicas: others, minReplicas: others, maxReplicas: others, template: template)
    metadata = Metadata(name: "deepcritic-\(run.stage.rawValue)")
    spec = Specification(
      entrypoint: ClusterManifests.python(run) + " /runs/run/scripts/attend.py /runs/run 1",
      rayClusterSpec: Cluster(
        headGroupSpec: Group(template: template), workerGroupSpecs: others > 0 ? [workers] : nil))
  }
}

/// A task of SkyPilot.
private struct SkyTask: Encodable {
  struct Resources: Encodable {
    var accelerators: String?
    var cpus: String?
    var imageID: String?

    enum CodingKeys: String, CodingKey {
      case accelerators, cpus
      case imageID = "image_id"
    }
  }

  var name: String
  var workdir = "."
  var nodes: Int
  var resources: Resources
  var setup: String
  var run: String

  enum CodingKeys: String, CodingKey {
    case name, workdir
    case nodes = "num_nodes"
    case resources, setup, run
  }

  init(_ spec: RunSpecification) {
    let gpus = ClusterManifests.gpus(spec)
    let kind = spec.accelerator.filter { $0.isLetter || $0.isNumber || "-".contains($0) }
    name = "deepcritic-\(spec.stage.rawValue)"
    nodes = spec.nodes
    resources = Resources(
      accelerators: gpus > 0 ? "\(kind):\(gpus)" : nil, cpus: gpus > 0 ? nil : "4+",
      imageID: spec.image.isEmpty ? nil : "docker:" + spec.image)
    setup =
      "pip install " + spec.engine.environment.requirements.map(ClusterManifests.quoted).joined(separator: " ") + "\n"
    let command = "\(ClusterManifests.python(spec)) scripts/attend.py . 1\n"
    run =
      ClusterManifests.needsRay(spec)
      ? """
      head=$(echo "$SKYPILOT_NODE_IPS" | head -n 1)
      ray symmetric-run --address "$head:6379" --min-nodes "$SKYPILOT_NUM_NODES" -- \\
        \(command)
      """ : command
  }
}

extension PreparedRun {
  /// The files that its launcher adds, with their texts.
  public var scripts: [String: String] { ClusterManifests.files(specification) }
}

extension TrainingRun {
  /// What a person does to start a run whose files were only written.
  public var instruction: String? {
    ClusterManifests.instruction(LauncherKind(rawValue: entry.launcher) ?? .local, folder: folder.path)
  }
}
