import Foundation
import Testing

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

  @Test func aSamplersVersionsAreThoseOfVerlsExtra() throws {
    var spec = RunSpecification(stage: .rl, engine: .verl)
    #expect(spec.requirements.contains("verl[vllm]==0.9.1"))
    try spec.set("sampler", to: "sglang")
    #expect(spec.requirements.contains("verl[sglang]==0.9.1") && !spec.requirements.contains { $0.contains("vllm") })
    spec = RunSpecification(stage: .sft, engine: .trl)
    try spec.set("lora_rank", to: "8")
    try spec.set("tracker", to: "wandb")
    #expect(spec.requirements.contains("trl[peft]==1.16.0") && spec.requirements.last == "wandb")
    #expect(spec.secretNames == ["WANDB_API_KEY"])
  }

  @Test func adaptersAndTrackersAreVerlsToo() throws {
    let list = try overrides(.rl, ["lora_rank": "16", "lora_targets": "q_proj,v_proj", "tracker": "trackio"])
    #expect(list.contains("actor_rollout_ref.model.lora_rank=16"))
    #expect(list.contains("actor_rollout_ref.model.target_modules=[q_proj,v_proj]"))
    #expect(list.contains("actor_rollout_ref.rollout.load_format=safetensors"))
    #expect(list.contains("trainer.logger=[console,file,trackio]"))
    #expect(try overrides(.sft, ["lora_rank": "16"]).contains("model.target_modules=all-linear"))
    #expect(try !overrides(.sft).contains { $0.contains("lora") })
  }

  @Test(arguments: [
    (TrainingStage.sft, TrainingEngine.trl, 6), (.rl, .trl, 3), (.sft, .verl, 3), (.rl, .verl, 3),
  ]) func stepsAreCountedAsTheEngineDoes(stage: TrainingStage, engine: TrainingEngine, steps: Int) throws {
    var spec = RunSpecification(stage: stage, engine: engine)
    for (key, value) in ["batch": "4", "epochs": "3"] { try spec.set(key, to: value) }
    #expect(spec.steps(rows: 7) == steps && spec.steps(rows: 4) == 3)
    try spec.set("max_steps", to: "5")
    #expect(spec.steps(rows: 7) == 5)
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
