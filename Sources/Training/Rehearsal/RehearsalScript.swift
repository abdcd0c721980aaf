import Foundation
import Yams

/// The shell script that does in a rehearsal what a person and a cluster would do.
struct RehearsalScript {
  private let spec: RunSpecification
  private let sandbox: RehearsalSandbox

  init(_ spec: RunSpecification, _ sandbox: RehearsalSandbox) {
    self.spec = spec
    self.sandbox = sandbox
  }

  /// Writes `rehearse.sh`, and what the stand-ins of a cluster's programs read.
  ///
  /// - Throws: ``LaunchError`` for a written file that a cluster could not read.
  func write() throws {
    let run = ClusterManifests.quoted(sandbox.run.path)
    var lines = [
      "#!/bin/bash", "exec >>\(ClusterManifests.quoted(sandbox.path + "/output")) 2>&1", "set -euo pipefail",
      "cd \(run)",
    ]
    switch spec.launcher {
    case .local: lines.append("exec python3 scripts/attend.py . next")
    case .ray: lines.append("exec \(ClusterManifests.quoted(spec.python)) scripts/attend.py . 1")
    case .slurm: lines.append("sbatch submit.sbatch")
    case .kuberay: lines += try kubeRay()
    case .skypilot: lines += try skyPilot()
    }
    try sandbox.write(lines.joined(separator: "\n") + "\n", to: sandbox.path + "/rehearse.sh")
  }

  private func document(_ name: String) throws -> Node {
    let text = try String(contentsOfFile: sandbox.run.path + "/" + name, encoding: .utf8)
    do {
      if let node = try Yams.compose(yaml: text) { return node }
    } catch { throw LaunchError("\(name) is not valid YAML: \(error)") }
    throw LaunchError("\(name) is empty")
  }

  private func kubeRay() throws -> [String] {
    let job = try document("rayjob.yaml")
    guard job["kind"] == "RayJob", let specification = job["spec"],
      let entrypoint = specification["entrypoint"]?.string,
      let head = specification["rayClusterSpec"]?["headGroupSpec"]?["template"]?["spec"]
    else { throw LaunchError("rayjob.yaml is not a RayJob with an entrypoint and a head") }
    var exports: [String] = []
    for variable in head["containers"]?[0]?["env"]?.sequence ?? [] {
      guard let name = variable["name"]?.string else { continue }
      let value = variable["value"]?.string ?? "rehearsal"
      exports.append("export \(name)=\(ClusterManifests.quoted(value))")
    }
    let volume = sandbox.path + "/volume"
    let command = entrypoint.replacing(KubeRayFiles.mount + "/", with: volume + "/")
    let applied = ClusterManifests.quoted(sandbox.path + "/applied")
    // Ray starts an entrypoint by a shell, in a folder of its own.
    return ["bash submit.sh", "grep -qx rayjob.yaml \(applied)"]
      + ["( cd \"$HOME\"; \((exports + ["sh -c \(ClusterManifests.quoted(command))"]).joined(separator: "; ")) )"]
      + ["bash fetch.sh"]
  }

  private func skyPilot() throws -> [String] {
    let task = try document("task.yaml")
    let known: Set = [
      "name", "workdir", "num_nodes", "resources", "envs", "secrets", "file_mounts", "volumes", "setup", "run",
      "config",
      "service", "event_callback", "experimental", "inputs", "outputs", "pool",
    ]
    let keys = task.mapping?.keys.compactMap(\.string) ?? []
    if let wrong = keys.first(where: { !known.contains($0) }) {
      throw LaunchError("task.yaml has the key '\(wrong)', which SkyPilot lacks")
    }
    var exports = ""
    for (key, value) in task["envs"]?.mapping ?? [:] {
      guard let name = key.string else { continue }
      let text = (value.string ?? "").replacing(SkyPilotFiles.mount + "/", with: sandbox.path + "/results/")
      exports += "export \(name)=\(ClusterManifests.quoted(text))\n"
    }
    for name in ["setup", "run"] {
      let body = task[name]?.string ?? ""
      try sandbox.write(exports + body, to: "\(sandbox.path)/\(name).sh")
    }
    let secrets = task["secrets"]?.mapping?.keys.compactMap(\.string) ?? []
    try sandbox.write(secrets.map { $0 + "\n" }.joined(), to: sandbox.path + "/secrets")
    return ["bash submit.sh", "bash fetch.sh"]
  }
}
