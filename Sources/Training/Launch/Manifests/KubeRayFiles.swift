/// The files of a run for KubeRay: the job, a pod that moves files, and scripts that use it.
enum KubeRayFiles {
  static func files(_ spec: RunSpecification, job: String, own: OwnYAML?) throws -> [String: String] {
    let pods = [
      ["spec", "rayClusterSpec", "headGroupSpec", "template", "spec"],
      ["spec", "rayClusterSpec", "workerGroupSpecs", "0", "template", "spec"],
    ]
    var comment = ["Started by submit.sh, which copies the files first."]
    if !spec.secretNames.isEmpty {
      let literals = spec.secretNames.map { "--from-literal=\($0)=…" }.joined(separator: " ")
      comment.append("Secrets: kubectl create secret generic \(spec.secretName) \(literals)")
    }
    return [
      "rayjob.yaml": try ClusterManifests.yaml(RayJob(spec, job: job), comment: comment, own: own, pods: pods),
      "files-pod.yaml": try ClusterManifests.yaml(
        FilesPod(spec, job: job), comment: ["Holds the volume while files are copied."], own: nil),
      "job.sh": entry(spec), "submit.sh": submit(spec, job: job), "fetch.sh": fetch(spec, job: job),
    ]
  }

  /// What the job runs. KubeRay hands its entrypoint through two shells, which would take the lines apart.
  private static func entry(_ spec: RunSpecification) -> String {
    let lines = [
      "#!/bin/bash", "# Runs in the cluster's head, in the folder that submit.sh copied.", "set -euo pipefail",
      "cd \"$(dirname \"$0\")\"",
    ]
    let setup = spec.setup.isEmpty ? [] : [spec.setup]
    return (lines + setup + ["exec \(ClusterManifests.quoted(spec.python)) scripts/attend.py . next"])
      .joined(separator: "\n") + "\n"
  }

  /// The run's folder on the volume.
  static func folder(_ job: String) -> String { mount + "/" + job }

  /// Where pods see the volume.
  static let mount = "/runs"

  private static func withPod(_ job: String) -> [String] {
    [
      "set -euo pipefail", "cd \"$(dirname \"$0\")\"",
      "trap 'kubectl delete pod \(job)-files --ignore-not-found --wait=false >/dev/null' EXIT",
      "kubectl apply -f files-pod.yaml", "kubectl wait --for=condition=Ready pod/\(job)-files --timeout=300s",
    ]
  }

  private static func submit(_ spec: RunSpecification, job: String) -> String {
    let head = [
      "#!/bin/bash", "# Copies this folder to the volume claim '\(spec.volume)' and starts the job. Needs kubectl.",
      "# Submitted again it resumes from the last checkpoint.",
    ]
    let skipped = ClusterManifests.results.split(separator: " ").map { "--exclude=./\($0)" }.joined(separator: " ")
    let body = [
      "tar -cf - \(skipped) . |",
      "  kubectl exec -i \(job)-files -- sh -c 'mkdir -p \(folder(job)) && tar -xf - -C \(folder(job))'",
      "kubectl delete rayjob \(job) --ignore-not-found", "kubectl apply -f rayjob.yaml",
    ]
    return (head + withPod(job) + body).joined(separator: "\n") + "\n"
  }

  private static func fetch(_ spec: RunSpecification, job: String) -> String {
    let head = ["#!/bin/bash", "# Copies the results from the volume claim '\(spec.volume)' back into this folder."]
    let body = [
      "kubectl exec \(job)-files -- sh -c \\",
      "  'cd \(folder(job)) && tar -cf - $(ls -d \(ClusterManifests.results) 2>/dev/null)' | tar -xf - --no-same-owner",
    ]
    return (head + withPod(job) + body).joined(separator: "\n") + "\n"
  }
}

/// A `RayJob` of KubeRay.
struct RayJob: Encodable {
  struct Specification: Encodable {
    var entrypoint: String
    var shutdownAfterJobFinishes = true
    var activeDeadlineSeconds: Int?
    var rayClusterSpec: Cluster
  }

  struct Cluster: Encodable {
    var rayVersion: String?
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

  var apiVersion = "ray.io/v1"
  var kind = "RayJob"
  var metadata: ObjectName
  var spec: Specification

  init(_ run: RunSpecification, job: String) {
    let folder = KubeRayFiles.folder(job)
    var container = Pod.Container(
      name: "ray", image: run.image, volumeMounts: [.init(name: "runs", mountPath: KubeRayFiles.mount)])
    container.resources = Pod.resources(run)
    container.env = run.secretNames.map { name in
      .init(name: name, valueFrom: .init(secretKeyRef: .init(name: run.secretName, key: name)))
    }
    var pod = Pod(containers: [], volumes: [.init(name: "runs", claim: run.volume)])
    // Workers of one machine exchange tensors through shared memory, of which a container gets 64 MB.
    container.volumeMounts.append(.init(name: "shared-memory", mountPath: "/dev/shm"))
    pod.volumes.append(.init(name: "shared-memory", memory: "\(run.sharedMemory)Gi"))
    pod.containers = [container]
    let template = Template(spec: pod)
    let others = run.nodes - 1
    let workers = Group(
      groupName: "workers", replicas: others, minReplicas: others, maxReplicas: others, template: template)
    metadata = ObjectName(name: job)
    spec = Specification(
      entrypoint: "bash \(folder)/job.sh",
      activeDeadlineSeconds: SlurmTime.seconds(run.timeLimit),
      rayClusterSpec: Cluster(
        headGroupSpec: Group(template: template), workerGroupSpecs: others > 0 ? [workers] : nil))
  }
}

/// A pod that holds the volume, so that files can be copied to it and from it.
private struct FilesPod: Encodable {
  var apiVersion = "v1"
  var kind = "Pod"
  var metadata: ObjectName
  var spec: Pod

  init(_ run: RunSpecification, job: String) {
    metadata = ObjectName(name: job + "-files")
    var container = Pod.Container(
      name: "files", image: "busybox:1.37", volumeMounts: [.init(name: "runs", mountPath: KubeRayFiles.mount)])
    container.command = ["sleep", "86400"]
    spec = Pod(containers: [container], volumes: [.init(name: "runs", claim: run.volume)])
    spec.restartPolicy = "Never"
  }
}

/// The name of a Kubernetes object.
struct ObjectName: Encodable { var name: String }

/// The specification of a pod.
struct Pod: Encodable {
  var restartPolicy: String?
  var containers: [Container]
  var volumes: [Volume]

  struct Container: Encodable {
    var name: String
    var image: String
    var command: [String]?
    var env: [Variable]?
    var resources: [String: [String: String]]?
    var volumeMounts: [Mount]
  }

  struct Mount: Encodable {
    var name: String
    var mountPath: String
  }

  /// A variable whose value is in a secret of the cluster.
  struct Variable: Encodable {
    struct Source: Encodable { var secretKeyRef: Key }
    struct Key: Encodable {
      var name: String
      var key: String
    }

    var name: String
    var valueFrom: Source
  }

  struct Volume: Encodable {
    struct Claim: Encodable { var claimName: String }
    struct Memory: Encodable {
      var medium = "Memory"
      var sizeLimit: String
    }

    var name: String
    var persistentVolumeClaim: Claim?
    var emptyDir: Memory?

    init(name: String, claim: String) { (self.name, persistentVolumeClaim) = (name, Claim(claimName: claim)) }
    init(name: String, memory: String) { (self.name, emptyDir) = (name, Memory(sizeLimit: memory)) }
  }

  /// Requests and limits are the same: a trainer uses all that it gets.
  static func resources(_ run: RunSpecification) -> [String: [String: String]]? {
    var wanted: [String: String] = [:]
    if run.gpusPerNode > 0 { wanted["nvidia.com/gpu"] = String(run.gpusPerNode) }
    if run.cpus > 0 { wanted["cpu"] = String(run.cpus) }
    if run.memory > 0 { wanted["memory"] = "\(run.memory)Gi" }
    return wanted.isEmpty ? nil : ["limits": wanted, "requests": wanted]
  }
}
