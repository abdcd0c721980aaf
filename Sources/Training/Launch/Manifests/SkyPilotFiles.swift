/// The files of a run for SkyPilot: the task, and scripts that launch it and fetch its results.
enum SkyPilotFiles {
  /// Where the cluster's machines see the bucket.
  static let mount = "/results"

  static func files(_ spec: RunSpecification, job: String, own: OwnYAML?) throws -> [String: String] {
    let task = try ClusterManifests.yaml(
      SkyTask(spec, job: job), comment: ["Launched by submit.sh. Submitted again it resumes from the last checkpoint."],
      own: own)
    return [
      "task.yaml": task, "submit.sh": submit(spec, job: job), "fetch.sh": fetch(spec, job: job),
      // Without it SkyPilot leaves out what Git ignores, which a workspace within a repository often is.
      ".skyignore": "# Everything in this directory travels, also what a .gitignore leaves out.\n",
    ]
  }

  private static func submit(_ spec: RunSpecification, job: String) -> String {
    // Without a value the variable of whoever launches is taken.
    let secrets = spec.secretNames.map { " --secret \($0)" }.joined()
    return """
      #!/bin/bash
      # Launches this run on a cluster of its own. Needs SkyPilot ('sky').
      set -euo pipefail
      cd "$(dirname "$0")"
      sky launch -c \(job) task.yaml\(secrets) "$@"

      """
  }

  private static func fetch(_ spec: RunSpecification, job: String) -> String {
    var lines = [
      "#!/bin/bash", "# Copies the results back into this folder.", "set -euo pipefail", "cd \"$(dirname \"$0\")\"",
    ]
    let place = ClusterManifests.quoted(bucket(spec) + "/" + job)
    switch spec.bucket.prefix(while: { $0 != ":" }) {
    case "":
      lines.append(
        "rsync -a --ignore-missing-args \(ClusterManifests.results.split(separator: " ").map { "\(job):sky_workdir/\($0)" }.joined(separator: " ")) ./"
      )
    case "gs": lines.append("gcloud storage rsync -r \(place) .")
    case "s3": lines.append("aws s3 sync \(place) .")
    default: lines.append("rclone copy \(place) .")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate static func bucket(_ spec: RunSpecification) -> String {
    spec.bucket.hasSuffix("/") ? String(spec.bucket.dropLast()) : spec.bucket
  }
}

/// A task of SkyPilot.
private struct SkyTask: Encodable {
  struct Resources: Encodable {
    var accelerators: String?
    var cpus: String?
    var memory: String?
    var imageID: String?

    enum CodingKeys: String, CodingKey {
      case accelerators, cpus, memory
      case imageID = "image_id"
    }
  }

  /// A bucket that machines see as a folder.
  struct Storage: Encodable {
    var source: String
    var mode = "MOUNT"
  }

  /// What SkyPilot's own configuration is for this task.
  struct Configuration: Encodable {
    var docker: [String: [String]]
  }

  var name: String
  var workdir = "."
  var nodes: Int
  var resources: Resources
  var envs: [String: String]?
  /// Names only: values come from whoever launches.
  var secrets: [String: String?]?
  var mounts: [String: Storage]?
  var config: Configuration?
  var setup: String
  var run: String

  enum CodingKeys: String, CodingKey {
    case name, workdir
    case nodes = "num_nodes"
    case resources, envs, secrets
    case mounts = "file_mounts"
    case config, setup, run
  }

  init(_ spec: RunSpecification, job: String) {
    let gpus = spec.gpusPerNode
    name = job
    nodes = spec.nodes
    resources = Resources(
      accelerators: gpus > 0 ? "\(spec.accelerator):\(gpus)" : nil,
      cpus: spec.cpus > 0 ? "\(spec.cpus)+" : gpus > 0 ? nil : "4+", memory: spec.memory > 0 ? "\(spec.memory)+" : nil,
      imageID: spec.image.isEmpty ? nil : "docker:" + spec.image)
    if !spec.secretNames.isEmpty {
      secrets = Dictionary(uniqueKeysWithValues: spec.secretNames.map { ($0, nil) })
    }
    if !spec.bucket.isEmpty {
      mounts = [SkyPilotFiles.mount: Storage(source: SkyPilotFiles.bucket(spec))]
      envs = ["DEEPCRITIC_OUTPUT": SkyPilotFiles.mount + "/" + job]
    }
    if !spec.image.isEmpty { config = Configuration(docker: ["run_options": ["--shm-size=\(spec.sharedMemory)g"]]) }
    let interpreter = ClusterManifests.interpreter(spec)
    // Ray comes with what setup installs, so only the interpreter is looked for there.
    let python = interpreter.filter { !$0.hasPrefix("ray=") && !$0.hasPrefix("[ -x \"$ray\"") }
    let packages = spec.requirements.map(ClusterManifests.quoted).joined(separator: " ")
    setup = (["set -e"] + python + ["\"$python\" -m pip install \(packages)"]).joined(separator: "\n") + "\n"
    var lines = ["set -e"] + interpreter
    if spec.needsRay {
      lines += [
        "head=$(echo \"$SKYPILOT_NODE_IPS\" | head -n 1)",
        // SkyPilot's own Ray has port 6380.
        "\"$ray\" symmetric-run --address \"$head:6379\" --min-nodes \"$SKYPILOT_NUM_NODES\" -- \\",
        "  \"$python\" scripts/attend.py . next",
      ]
    } else {
      lines.append("\"$python\" scripts/attend.py . next")
    }
    run = lines.joined(separator: "\n") + "\n"
  }
}
