import Testing

@testable import Workbench

@Suite struct ShownModelNamesTests {
  @Test func foldersAreShownByWhatTellsThemApart() {
    #expect(ShownModelNames.short(["/w/runs/sft-1/model", "/w/runs/rl-1/model"]) == ["sft-1", "rl-1"])
    #expect(ShownModelNames.short(["/a/runs/rl-1/model", "/b/runs/rl-1/model"]) == ["a/runs/rl-1", "b/runs/rl-1"])
    #expect(ShownModelNames.short(["/w/runs/rl-1/checkpoint-50", "qwen"]) == ["rl-1/checkpoint-50", "qwen"])
  }

  @Test func otherNamesStayWhole() {
    #expect(ShownModelNames.short(["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B"]) == ["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B"])
    #expect(ShownModelNames.short(["/model", "/", ""]) == ["model", "/", ""])
    #expect(ShownModelNames.short(["/same/model", "/same/model"]) == ["same", "same"])
  }
}
