import Foundation
import Processes
import Testing
import Yams

@testable import Training

@Suite struct ManifestTests {
  private func manager(_ bench: Bench) throws -> RunManager {
    RunManager(
      workspace: bench.workspace, environments: try EngineEnvironments(environment: ["HOME": bench.path]), program: "t")
  }

  private func specification(_ launcher: LauncherKind, _ bench: Bench, _ changes: [String: String] = [:]) throws
    -> RunSpecification
  {
    var spec = try bench.specification(.rl)
    spec.engine = .verl
    spec.launcher = launcher
    let usual = [
      "nodes": "2", "gpus": "8", "cpus": "32", "memory": "256", "image": "registry/critics/train:1.2",
      "secrets": "HF_TOKEN", "tracker": "wandb", "python": "/opt/it's/bin/python", "time_limit": "1-02:00:00",
    ]
    for (key, value) in usual.merging(changes, uniquingKeysWith: { $1 }) { try spec.set(key, to: value) }
    return spec
  }

  private func scripts(_ launcher: LauncherKind, _ bench: Bench, _ changes: [String: String] = [:]) async throws
    -> [String: String]
  {
    let prepared = try await manager(bench).prepare(
      try specification(launcher, bench, changes), data: try bench.data(.rl, format: "verl"))
    defer { prepared.discard() }
    for (name, text) in prepared.scripts where name.hasSuffix(".sh") || name.hasSuffix(".sbatch") {
      let path = bench.path + "/" + name
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let parsed = await ToolRun.run(["bash", "-n", path], timeLimit: .seconds(60))
      #expect(parsed.code == 0, "\(name): \(parsed.errorOutput)")
    }
    return prepared.scripts
  }

  @Test func aSlurmScriptStartsTheInterpretersOwnRay() async throws {
    let bench = try Bench()
    let changes = [
      "partition": "gpu-long", "account": "lab-1", "extra_sbatch": "--constraint=h100 --exclusive",
      "setup": "module load cuda",
    ]
    let text = try await scripts(.slurm, bench, changes)["submit.sbatch"] ?? ""
    let lines = text.split(separator: "\n").map(String.init)
    #expect(!text.contains("srun ray"))
    for line in [
      "#SBATCH --nodes=2", "#SBATCH --gpus-per-node=8", "#SBATCH --cpus-per-task=32", "#SBATCH --mem=256G",
      "#SBATCH --time=1-02:00:00", "#SBATCH --account=lab-1", "#SBATCH --partition=gpu-long",
      "#SBATCH --constraint=h100", "#SBATCH --exclusive",
      "module load cuda", "ray=$(dirname \"$python\")/ray", ": \"${HF_TOKEN:?set it before you submit}\"",
      "srun --cpus-per-task=32 \"$ray\" symmetric-run --address \"$head:6379\" --min-nodes \"$SLURM_NNODES\" -- \\",
      "  \"$python\" scripts/attend.py . next &",
    ] { #expect(lines.contains(line), "\(line)\n\(text)") }
    #expect(lines.contains { $0.hasPrefix(#"python=$(command -v '/opt/it'\''s/bin/python')"#) })
    // SLURM reads its options up to the first command.
    let first = try #require(lines.firstIndex { !$0.hasPrefix("#") })
    #expect(!lines[first...].contains { $0.hasPrefix("#SBATCH") })
  }

  /// What would be another file than what was asked for is refused, not cut to something else.
  @Test(arguments: [
    (LauncherKind.slurm, "partition", "gpu; rm -rf /"), (.slurm, "account", "my proj!"),
    (.kuberay, "image", "not an image!"), (.skypilot, "image", "it's: a #\"test\""),
    (.skypilot, "accelerator", "H100:4"), (.skypilot, "accelerator", "A100 80GB"),
  ]) func aWordThatIsNoneIsRefused(launcher: LauncherKind, name: String, value: String) async throws {
    let bench = try Bench()
    let error = await #expect(throws: SpecificationError.self) { try await scripts(launcher, bench, [name: value]) }
    #expect("\(try #require(error))".contains("'\(name)'"))
  }

  @Test func aRayJobHasMemorySecretsAndAVolume() async throws {
    let bench = try Bench()
    let own = bench.path + "/own.yaml"
    try Data("metadata: {labels: {team: math}}\npod: {nodeSelector: {gpu: h100}}\n".utf8)
      .write(to: URL(fileURLWithPath: own))
    let files = try await scripts(.kuberay, bench, ["extra_yaml": own, "volume": "claim-1", "secret_name": "tokens"])
    #expect(Set(files.keys) == ["rayjob.yaml", "files-pod.yaml", "job.sh", "submit.sh", "fetch.sh"])
    let job = try #require(try Yams.compose(yaml: files["rayjob.yaml"] ?? ""))
    let name = try #require(job["metadata"]?["name"]?.string)
    #expect(name.wholeMatch(of: /deepcritic-rl-[0-9a-f]{8}/) != nil && job["metadata"]?["labels"]?["team"] == "math")
    #expect(job["spec"]?["entrypoint"]?.string == "bash /runs/\(name)/job.sh")
    #expect(files["job.sh"]?.contains(#"exec '/opt/it'\''s/bin/python' scripts/attend.py . next"#) == true)
    #expect(job["spec"]?["activeDeadlineSeconds"]?.int == 26 * 3600)
    let cluster = job["spec"]?["rayClusterSpec"]
    let (head, workers) = (cluster?["headGroupSpec"], cluster?["workerGroupSpecs"]?[0])
    #expect(job["kind"] == "RayJob" && workers?["replicas"]?.int == 1 && head?["template"] == workers?["template"])
    let pod = try #require(head?["template"]?["spec"])
    #expect(
      pod["nodeSelector"]?["gpu"] == "h100" && pod["volumes"]?[0]?["persistentVolumeClaim"]?["claimName"] == "claim-1")
    #expect(
      pod["volumes"]?[1]?["emptyDir"]?["medium"] == "Memory" && pod["volumes"]?[1]?["emptyDir"]?["sizeLimit"] == "16Gi")
    let container = try #require(pod["containers"]?[0])
    #expect(container["image"]?.string == "registry/critics/train:1.2")
    #expect(container["volumeMounts"]?[1]?["mountPath"] == "/dev/shm")
    let limits = container["resources"]?["limits"]
    #expect(limits?["nvidia.com/gpu"]?.string == "8" && limits?["cpu"]?.string == "32" && limits?["memory"] == "256Gi")
    let variables = container["env"]?.sequence?.compactMap { $0["name"]?.string }
    #expect(variables == ["HF_TOKEN", "WANDB_API_KEY"])
    #expect(
      container["env"]?[0]?["valueFrom"]?["secretKeyRef"]?["name"] == "tokens" && container["env"]?[0]?["value"] == nil)
  }

  @Test func aSkyPilotTaskNamesSecretsAndABucket() async throws {
    let bench = try Bench()
    let files = try await scripts(.skypilot, bench, ["bucket": "s3://results/runs/", "sampler": "sglang"])
    let task = try #require(try Yams.compose(yaml: files["task.yaml"] ?? ""))
    let name = try #require(task["name"]?.string)
    #expect(Set(files.keys) == ["task.yaml", "submit.sh", "fetch.sh", ".skyignore"])
    #expect(task["num_nodes"]?.int == 2 && task["resources"]?["accelerators"] == "H100:8")
    #expect(task["resources"]?["memory"]?.string == "256+" && task["resources"]?["cpus"]?.string == "32+")
    #expect(task["resources"]?["image_id"]?.string == "docker:registry/critics/train:1.2")
    #expect(task["config"]?["docker"]?["run_options"]?[0] == "--shm-size=16g")
    #expect(task["secrets"]?.mapping?.keys.compactMap(\.string).sorted() == ["HF_TOKEN", "WANDB_API_KEY"])
    #expect(task["secrets"]?["HF_TOKEN"]?.null != nil)
    #expect(task["file_mounts"]?["/results"]?["source"] == "s3://results/runs")
    #expect(task["envs"]?["DEEPCRITIC_OUTPUT"]?.string == "/results/" + name)
    #expect(task["setup"]?.string?.contains("'verl[sglang]==0.9.1'") == true)
    #expect(task["run"]?.string?.hasSuffix("-- \\\n  \"$python\" scripts/attend.py . next\n") == true)
    #expect(
      files["submit.sh"]?.contains("sky launch -c \(name) task.yaml --secret HF_TOKEN --secret WANDB_API_KEY") == true)
    #expect(files["fetch.sh"]?.contains("aws s3 sync s3://results/runs/\(name) .") == true)
  }

  @Test(arguments: [LauncherKind.slurm, .kuberay, .skypilot]) func aFolderCarriesRealFiles(launcher: LauncherKind)
    async throws
  {
    let bench = try Bench()
    var spec = try specification(launcher, bench, ["carry_model": "on"])
    spec.launcher = launcher
    let placed = try await manager(bench).start(
      try await manager(bench).prepare(spec, data: try bench.data(.rl, format: "verl")))
    #expect(placed.status.phase == .written && placed.instruction?.isEmpty == false)
    let names = try #require(FileManager.default.enumerator(atPath: placed.folder.path))
    var found: Set<String> = []
    for case let name as String in names {
      found.insert(name)
      #expect(names.fileAttributes?[.type] as? FileAttributeType != .typeSymbolicLink, "\(name)")
    }
    #expect(
      found.isSuperset(of: ["data/train.jsonl", "base-model/config.json", "scripts/check_machine.py", "launch.json"]))
    let launch = try String(contentsOfFile: placed.folder.path + "/launch.json", encoding: .utf8)
    #expect(launch.contains("actor_rollout_ref.model.path='@RUN@") && !launch.contains(bench.path))
  }

  @Test func twoRunsHaveTwoNames() async throws {
    let bench = try Bench()
    let (one, two) = (try await scripts(.kuberay, bench), try await scripts(.kuberay, bench))
    #expect(one["rayjob.yaml"] != two["rayjob.yaml"])
  }

  @Test func aModelOfTheClusterIsNotLookedForHere() async throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let data = try bench.data(.rl, format: "verl")
    let there = try specification(.slurm, bench, ["model": "/cluster/models/base"])
    let prepared = try await manager.prepare(there, data: data)
    #expect(prepared.specification.model == "/cluster/models/base")
    prepared.discard()
    for (model, carry) in [("./models/none", "off"), ("~/models/none", "off"), ("/cluster/models/base", "on")] {
      let spec = try specification(.slurm, bench, ["model": model, "carry_model": carry])
      let error = await #expect(throws: SpecificationError.self) { try await manager.prepare(spec, data: data) }
      #expect(error?.problems.map(\.key) == ["model"], "\(model): \(String(describing: error))")
    }
  }

  @Test(arguments: [
    ("secrets", "hf_AbCdEf"), ("secrets", "HF_TOKEN=hf_x"), ("time_limit", "a day"), ("extra_sbatch", "rm -rf"),
    ("extra_yaml", "/nowhere.yaml"), ("bucket", "results"), ("volume", "Claim 1"), ("image", ""),
  ]) func whatAClusterCouldNotReadIsNamed(key: String, value: String) async throws {
    let bench = try Bench()
    let launcher: LauncherKind =
      ["bucket": .skypilot, "volume": .kuberay, "image": .kuberay][key] ?? .slurm
    let spec = try specification(launcher, bench, [key: value])
    let error = await #expect(throws: SpecificationError.self) {
      try await manager(bench).prepare(spec, data: try bench.data(.rl, format: "verl"))
    }
    #expect(error?.problems.map(\.key) == [key])
    #expect(error.map { "\($0)".contains("hf_") } == false, "a secret is repeated")
  }

  @Test(arguments: [
    ("90", 5400), ("10:30", 630), ("24:00:00", 86400), ("2-0", 172_800), ("1-02:30", 95400), ("x", nil),
    ("1:2:3:4", nil),
    ("", nil), ("-5", nil),
  ]) func aTimeIsReadAsSlurmDoes(text: String, seconds: Int?) { #expect(SlurmTime.seconds(text) == seconds) }
}
