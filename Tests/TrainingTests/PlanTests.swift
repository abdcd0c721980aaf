import Foundation
import Processes
import Testing
import Yams

@testable import Training

@Suite struct PlanTests {
  private func overrides(_ stage: TrainingStage, _ changes: [String: String] = [:]) throws -> [String] {
    var spec = RunSpecification(stage: stage, engine: .verl)
    for (key, value) in changes { try spec.set(key, to: value) }
    return VerlOverrides.list(spec, folder: LaunchPlan.folderMark, hasValidation: false)
  }

  @Test func theRewardIsNamedWhereVerlReadsIt() throws {
    let list = try overrides(.rl)
    #expect(list.contains("reward.custom_reward_function.path='@RUN@/scripts/reward.py'"))
    #expect(list.contains("reward.custom_reward_function.name=compute_score"))
    #expect(!list.contains { $0.hasPrefix("custom_reward_function") })
    #expect(list.contains("trainer.logger=[console,file]") && list.contains("actor_rollout_ref.rollout.name=vllm"))
    #expect(Set(list.map { $0.prefix { $0 != "=" } }).count == list.count)
  }

  @Test func aPersonsOwnOverridesWin() throws {
    let list = try overrides(
      .rl, ["verl.trainer.logger": "[console,file,tensorboard]", "verl.trainer.project_name": "it's mine"])
    #expect(list.filter { $0.hasPrefix("trainer.logger=") } == ["trainer.logger=[console,file,tensorboard]"])
    #expect(list.contains(#"trainer.project_name='it\'s mine'"#))
  }

  @Test func supervisedTrainingConvertsItsRows() throws {
    var spec = RunSpecification(stage: .sft, engine: .verl)
    try spec.set("gpus", to: "8")
    let plan = LaunchPlan(spec, python: "python3", rows: 1000, hasValidation: true)
    #expect(plan.preparation == [["python3", "scripts/verl_parquet.py", "."]])
    #expect(
      plan.command.prefix(8).joined(separator: " ") == "python3 -m torch.distributed.run --standalone "
        + "--nproc-per-node 8 -m verl.trainer.sft_trainer")
    #expect(plan.command.contains("data.val_files='@RUN@/verl-data/validation.parquet'"))
  }

  @Test(arguments: [LauncherKind.slurm, .kuberay, .skypilot]) func scriptsHoldTheSameCommand(launcher: LauncherKind)
    async throws
  {
    let bench = try Bench()
    var spec = try bench.specification(.rl)
    spec.engine = .verl
    spec.launcher = launcher
    try spec.set("nodes", to: "2")
    try spec.set("gpus", to: "8")
    try spec.set("partition", to: "gpu; rm -rf /")
    try spec.set(\.image, to: "registry/it's: a #\"test\"")
    let manager = RunManager(
      workspace: bench.workspace, environments: try EngineEnvironments(environment: ["HOME": bench.path]), program: "t")
    let prepared = try await manager.prepare(spec, data: try bench.data(.rl, format: "verl"))
    let text = try #require(prepared.scripts.values.first)
    #expect(text.contains("scripts/attend.py") && !text.contains("rm -rf"))
    switch launcher {
    case .slurm:
      #expect(text.contains("ray symmetric-run --address \"$head:6379\" --min-nodes \"$SLURM_NNODES\""))
      #expect(text.contains("#SBATCH --nodes=2") && text.contains("#SBATCH --gpus-per-node=8"))
      #expect(await ToolRun.run(["bash", "-n", try file(text, bench)], timeLimit: .seconds(10)).code == 0)
    case .kuberay:
      let job = try #require(try Yams.compose(yaml: text))
      let cluster = job["spec"]?["rayClusterSpec"]
      let workers = cluster?["workerGroupSpecs"]?[0]
      #expect(job["kind"] == "RayJob" && workers?["replicas"]?.int == 1)
      #expect(job["spec"]?["entrypoint"] == "python3 /runs/run/scripts/attend.py /runs/run 1")
      let head = cluster?["headGroupSpec"]
      #expect(head?["rayStartParams"]?.mapping?.isEmpty == true && head?["template"] == workers?["template"])
      let container = head?["template"]?["spec"]?["containers"]?[0]
      #expect(container?["resources"]?["limits"]?["nvidia.com/gpu"]?.int == 8)
      #expect(container?["image"]?.string == "registry/it's: a #\"test\"")
    default:
      let task = try #require(try Yams.compose(yaml: text))
      #expect(task["num_nodes"]?.int == 2 && task["resources"]?["accelerators"] == "H100:8")
      #expect(task["run"]?.string?.hasSuffix("-- \\\n  python3 scripts/attend.py . 1\n") == true)
      #expect(task["resources"]?["image_id"]?.string == "docker:registry/it's: a #\"test\"")
    }
    let placed = try await manager.start(prepared)
    #expect(placed.status.phase == .written && placed.instruction?.isEmpty == false)
  }

  private func file(_ text: String, _ bench: Bench) throws -> String {
    let path = bench.path + "/script"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func requirementsAreThoseOfTheScripts() {
    for engine in EngineName.allCases {
      #expect(!engine.requirements.isEmpty && !engine.version.isEmpty, "\(engine)")
    }
    #expect(EngineName.trl.version == "1.16.0" && EngineName.ray.version == "2.60.0")
  }

  @Test func aClustersTokenIsShownToNobody() throws {
    let cluster = try RayCluster("head:8265", environment: ["RAY_AUTH_TOKEN": "secret-token"])
    var words = ""
    dump(cluster, to: &words)
    #expect(cluster.address == "http://head:8265" && !words.contains("secret") && !"\(cluster)".contains("secret"))
    #expect(throws: LaunchError.self) { try RayCluster("ftp://x", environment: [:]) }
  }
}
