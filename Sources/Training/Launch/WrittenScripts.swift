import Foundation

/// The same command, environment and files in the shapes that clusters take: written for a person to submit.
enum WrittenScripts {
  /// The files that a launcher adds to the run's folder.
  static func files(_ prepared: PreparedRun) -> [String: [UInt8]] {
    switch prepared.specification.launcher {
    case .local, .ray: [:]
    case .slurm: ["submit.sbatch": Array(slurm(prepared.specification).utf8)]
    case .kuberay: ["rayjob.yaml": Array(kuberay(prepared.specification).utf8)]
    case .skypilot: ["task.yaml": Array(skypilot(prepared.specification).utf8)]
    }
  }

  /// What a person does with the files.
  static func instruction(_ launcher: Launcher, folder: String) -> String? {
    switch launcher {
    case .local, .ray: nil
    case .slurm: "cd \(folder) && sbatch submit.sbatch"
    case .kuberay: "copy \(folder) to the cluster's shared volume, then kubectl apply -f rayjob.yaml"
    case .skypilot: "cd \(folder) && sky launch task.yaml"
    }
  }

  private static func gpus(_ spec: RunSpecification) -> Int {
    spec.text("device") == "cpu" ? 0 : spec.integer("gpus")
  }

  /// The interpreter there, as a shell reads it.
  private static func python(_ spec: RunSpecification) -> String {
    let name = spec.text("python")
    return name == "python3" ? name : shell(name)
  }

  /// A text within single quotes of a shell.
  static func shell(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  /// A text within double quotes of YAML.
  static func yaml(_ text: String) -> String { RunValue.text(text).toml }

  private static func slurm(_ spec: RunSpecification) -> String {
    var lines = [
      "#!/bin/bash", "# Submit from this folder, which all machines must see: sbatch submit.sbatch",
      "# Submitted again it goes on from the last checkpoint.",
      "#SBATCH --job-name=deepcritic-\(spec.stage.rawValue)", "#SBATCH --nodes=\(spec.integer("nodes"))",
      "#SBATCH --ntasks-per-node=1",
      "#SBATCH "
        + "--time=\(spec.text("time_limit").filter { $0.isNumber || ":-".contains($0) })",
      "#SBATCH --output=log.txt", "#SBATCH --open-mode=append",
      // The trainer gets the time to write a checkpoint.
      "#SBATCH --signal=B:TERM@300",
    ]
    if gpus(spec) > 0 { lines.append("#SBATCH --gpus-per-node=\(gpus(spec))") }
    let partition = spec.text("partition").filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
    if !partition.isEmpty { lines.append("#SBATCH --partition=\(partition)") }
    lines += [
      "set -euo pipefail", "cd \"${SLURM_SUBMIT_DIR:?}\"",
      "attempt=$(( $(find . -maxdepth 1 -name '.attempt-*' | wc -l) + 1 )); : > \".attempt-$attempt\"",
    ]
    if spec.engine == .verl, spec.stage == .rl || spec.integer("nodes") > 1 {
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

  private static func kuberay(_ spec: RunSpecification) -> String {
    let image =
      spec.text("image").isEmpty ? "REPLACE/with-an-image-that-has-\(spec.engine.rawValue)" : spec.text("image")
    let resources = gpus(spec) > 0 ? "{limits: {nvidia.com/gpu: \(gpus(spec))}}" : "{}"
    let container = """
      containers:
                - name: ray
                  image: \(yaml(image))
                  resources: \(resources)
                  volumeMounts: [{name: runs, mountPath: /runs}]
              volumes:
              - name: runs
                persistentVolumeClaim: {claimName: deepcritic-runs}
      """
    var workers = ""
    if spec.integer("nodes") > 1 {
      workers = """

            workerGroupSpecs:
            - groupName: workers
              replicas: \(spec.integer("nodes") - 1)
              minReplicas: \(spec.integer("nodes") - 1)
              maxReplicas: \(spec.integer("nodes") - 1)
              rayStartParams: {}
              template:
                spec:
                  \(container.replacing("\n        ", with: "\n          "))
        """
    }
    return """
      # Copy this folder to the volume claim 'deepcritic-runs' as /run, then: kubectl apply -f rayjob.yaml
      apiVersion: ray.io/v1
      kind: RayJob
      metadata:
        name: deepcritic-\(spec.stage.rawValue)
      spec:
        entrypoint: \(yaml(python(spec) + " /runs/run/scripts/attend.py /runs/run 1"))
        shutdownAfterJobFinishes: true
        rayClusterSpec:
          headGroupSpec:
            rayStartParams: {}
            template:
              spec:
                \(container.replacing("\n        ", with: "\n          "))\(workers)

      """
  }

  private static func skypilot(_ spec: RunSpecification) -> String {
    let engine: EngineName = spec.engine == .trl ? .trl : .verl
    var lines = [
      "# sky launch task.yaml", "name: deepcritic-\(spec.stage.rawValue)", "workdir: .",
      "num_nodes: "
        + "\(spec.integer("nodes"))", "resources:",
    ]
    lines.append(
      gpus(spec) > 0
        ? "  accelerators: "
          + "\(spec.text("accelerator").filter { $0.isLetter || $0.isNumber || "-".contains($0) }):\(gpus(spec))"
        : "  cpus: 4+")
    if !spec.text("image").isEmpty { lines.append("  image_id: \(yaml("docker:" + spec.text("image")))") }
    lines += ["setup: |", "  pip install " + engine.requirements.map(shell).joined(separator: " "), "run: |"]
    if spec.engine == .verl, spec.stage == .rl || spec.integer("nodes") > 1 {
      lines += [
        "  head=$(echo \"$SKYPILOT_NODE_IPS\" | head -n 1)",
        "  ray symmetric-run --address \"$head:6379\" --min-nodes \"$SKYPILOT_NUM_NODES\" -- \\",
        "    \(python(spec)) scripts/attend.py . 1",
      ]
    } else {
      lines.append("  \(python(spec)) scripts/attend.py . 1")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension PreparedRun {
  /// The files that its launcher adds, with their texts.
  public var scripts: [String: String] {
    WrittenScripts.files(self).mapValues { String(decoding: $0, as: UTF8.self) }
  }
}

extension TrainingRun {
  /// What a person does to start a run whose files were only written.
  public var instruction: String? {
    WrittenScripts.instruction(Launcher(rawValue: entry.launcher) ?? .local, folder: folder.path)
  }
}
