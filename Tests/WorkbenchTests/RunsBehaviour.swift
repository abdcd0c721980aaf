import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// The screen of training runs.
@Suite struct RunsBehaviour {
  /// Makes a run's folder as a launcher would, with a feed that has come to some end.
  private func makeRun(
    _ bench: Bench, _ name: String, reward: (Int) -> Double, end: String, rate: String = "1e-06"
  ) throws {
    let folder = bench.workspace.path + "/runs/" + name
    try FileManager.default.createDirectory(atPath: folder + "/checkpoints", withIntermediateDirectories: true)
    var spec = RunSpecification(stage: .rl, engine: .trl)
    spec.data = String(repeating: "ab", count: 32)
    try spec.set("model", to: "/models/critic")
    try spec.set("learning_rate", to: rate)
    try bench.workspace.record(
      RunEntry(
        name: name, stage: "rl", engine: "trl", launcher: "local", model: "/models/critic", dataset: spec.data,
        spec: spec.toml, programVersion: "test", at: name == "rl-1" ? 1 : 2))
    let key = try #require(try bench.workspace.rows([3], reviewer: "rt").first).key
    var lines = [#"{"kind": "start", "attempt": 1, "step": 0, "total": 200}"#]
    for step in 1...120 {
      let values = #""reward": \#(reward(step)), "loss": 0.01, "entropy": \#(2.0 - Double(step) / 100)"#
      lines.append(
        #"{"kind": "log", "attempt": 1, "elapsed": \#(step), "step": \#(step), "values": {\#(values)}}"#)
    }
    lines.append(
      #"{"kind": "sample", "step": 120, "completion": "Step 2 is wrong: \\boxed{2}", "reward": 1.0, "answer": 2, "#
        + #""ground_truth": 2, "solution": "\#(key)"}"#)
    lines.append(
      #"{"kind": "sample", "step": 120, "completion": "All good \u001b[31m: \\boxed{-1}", "reward": 0.0, "answer": -1, "#
        + #""ground_truth": 4, "solution": "gone"}"#)
    lines.append(end)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/feed.jsonl"))
    try Data("loading\n10 %\r100 %\ntraining\n".utf8).write(to: URL(fileURLWithPath: folder + "/log.txt"))
  }

  private func bench(_ size: Size = Size(width: 120, height: 40), mode: ReviewMode = .audit) throws -> Bench {
    let bench = try Bench(size: size, mode: mode)
    try makeRun(
      bench, "rl-1", reward: { 0.4 + 0.2 * Double($0) / 120 },
      end: #"{"kind": "exit", "attempt": 1, "code": 0, "signal": 0, "stopped": true}"#)
    try makeRun(
      bench, "rl-2", reward: { 0.4 + 0.5 * (1 - 1 / (1 + Double($0) / 30)) + ($0 % 7 == 0 ? 0.08 : 0) },
      end: #"{"kind": "exit", "attempt": 1, "code": 1, "signal": 0, "stopped": false}"#, rate: "3e-05")
    return bench
  }

  private func screen(_ bench: Bench) -> String {
    bench.model.settle()
    return bench.screen()
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)])
  func looks(size: Size) throws {
    let bench = try bench(size)
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("o j o")
    try expectSnapshot(screen(bench), "runs-\(size.width)x\(size.height)")
  }

  @Test func nothingToSeeYet() throws {
    let bench = try Bench(size: Size(width: 80, height: 24))
    try bench.type("f4")
    #expect(screen(bench).contains("No run yet. a starts one"))
    try bench.type("ctrl-x")
    #expect(bench.screen().contains("There is no run yet"))
  }

  @Test(arguments: ["q", "escape"]) func aScreenWithoutRunsIsLeft(key: String) throws {
    let bench = try Bench()
    try bench.type("f4")
    _ = screen(bench)
    #expect(bench.model.top.id == "runs")
    try bench.type(key)
    #expect(bench.model.top.id == .queue)
    try bench.type("f4 f6")
    #expect(bench.model.top.id == "statistics")
    try bench.type("q \(key) f4 ctrl-c")
    #expect(bench.model.context.effect == .quit)
  }

  @Test func comingBackFindsTheSampleAgain() throws {
    let bench = try bench()
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("enter")
    _ = screen(bench)
    try bench.type("J K enter")
    #expect(bench.model.top.id == .review)
    bench.model.settle()
    try bench.type("q")
    #expect(bench.model.top.id == "runs" && bench.runs.pane == .samples && bench.runs.selectedSample != nil)
    #expect(screen(bench).contains("Step 2 is wrong"))
  }

  @Test func linesAreChosenSmoothedAndZoomed() throws {
    let bench = try bench()
    try bench.type("f4")
    #expect(screen(bench).contains("reward (1 of 3, .)"))
    try bench.type(". .")
    #expect(screen(bench).contains("entropy (nats)"))
    try bench.type(", , s + +")
    let zoomed = screen(bench)
    #expect(zoomed.contains("smoothed 0.6") && zoomed.contains("zoomed"))
    #expect(try #require(bench.runs.zoom).upperBound < 120)
    try bench.type("0")
    #expect(bench.runs.zoom == nil)
  }

  @Test func aSampleLeadsToItsSolution() throws {
    let bench = try bench()
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("enter")
    let samples = screen(bench)
    #expect(samples.contains("reward 1  says 2, label 2") && samples.contains("Step 2 is wrong"))
    #expect(!samples.contains("\u{1B}"))
    try bench.type("J enter")
    #expect(bench.screen().contains("not in this workspace"))
    try bench.type("K enter")
    #expect(bench.model.review?.stored.id == 3 && bench.model.top.id == .review)
  }

  @Test func blindModeHidesWhatSamplesTell() throws {
    let bench = try bench(mode: .blind)
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("enter")
    let samples = screen(bench)
    #expect(!samples.contains("label 2") && !samples.contains("Step 2 is wrong") && !samples.contains("reward 1 "))
    try bench.type("enter")
    #expect(bench.model.review == nil)
  }

  @Test func differencesOfRunsAreShown() throws {
    let bench = try bench()
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("o j o tab tab tab")
    let text = screen(bench)
    #expect(text.contains("differences") && text.contains("learning_rate") && text.contains("3e-05"))
    #expect(!text.contains("weight_decay"))
  }

  @Test func statesAndWhatCanBeDoneAreHonest() throws {
    let bench = try bench()
    try bench.type("f4")
    let text = screen(bench)
    #expect(text.contains("failed") && text.contains("stopped") && text.contains("the trainer ended with code 1"))
    try bench.type("ctrl-x")
    #expect(bench.screen().contains("rl-2 does not run."))
  }

  @Test func theFormEstimatesMemory() throws {
    let bench = try bench()
    let model = bench.folder.path + "/shaped"
    try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
    let shape = """
      {"hidden_size": 3584, "num_hidden_layers": 28, "intermediate_size": 18944, "vocab_size": 152064,
       "num_attention_heads": 28, "num_key_value_heads": 4}
      """
    try Data(shape.utf8).write(to: URL(fileURLWithPath: model + "/config.json"))
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("a j j j j e")
    bench.write(model)
    try bench.type("enter")
    #expect(bench.model.top.describe().contains { $0.hasPrefix("Memory per device: about ") })
  }

  @Test func theFormExplainsAndRefuses() throws {
    let bench = try bench()
    try bench.type("f4")
    _ = screen(bench)
    try bench.type("A")
    try expectSnapshot(bench.screen(), "run-form-120x40")
    // The model, then what is said about it.
    try bench.type("j j j j")
    #expect(bench.screen().contains("The base model: a folder"))
    try bench.type("j j j enter")
    bench.write("x")
    try bench.type("enter")
    #expect(bench.screen().contains("must be a number"))
    try bench.type("escape")
    // Without the dataset nothing starts.
    try bench.type("ctrl-s")
    bench.model.settle()
    #expect(bench.screen().contains("'data'"), "\(bench.screen())")
    #expect(bench.model.top.id == .runForm)
    try bench.type("q q")
    #expect(bench.model.top.id == .queue)
  }

  /// Fills in the form of a new run on a cluster, and starts it.
  private func startOnRay(_ bench: Bench, _ ray: FakeRay) throws {
    let folder = bench.folder.path
    try FileManager.default.createDirectory(atPath: folder + "/model", withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/model/config.json"))
    try FileManager.default.createDirectory(atPath: folder + "/rows", withIntermediateDirectories: true)
    let row = #"{"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}]}"#
    try Data(((0..<4).map { _ in row }.joined(separator: "\n") + "\n").utf8)
      .write(to: URL(fileURLWithPath: folder + "/rows/train.jsonl"))
    try bench.type("a")
    var spec = RunSpecification(stage: .sft, engine: .trl)
    spec.launcher = .ray
    try spec.set(\.rayAddress, to: ray.address)
    try spec.set(\.model, to: folder + "/model")
    try spec.set(\.batch, to: 4)
    bench.runForm.form.spec = spec
    bench.runForm.form.data = folder + "/rows"
    try bench.type("ctrl-s")
  }

  /// Waits until the screen holds all of some texts. The thread is left to others meanwhile: launchers work on it too.
  private func wait(_ bench: Bench, for texts: String...) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      _ = bench.model.tick()
      let text = bench.screen()
      if texts.allSatisfy(text.contains) { return }
      try #require(ContinuousClock.now < deadline, "waited in vain for \(texts): \(text)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func aRunOnAClusterIsSubmittedStoppedAndResumed() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    try bench.type("f4")
    try startOnRay(bench, ray)
    try await wait(bench, for: "sft-1 has started")
    #expect(try ray.requests().contains("POST /api/jobs/"))
    try await wait(bench, for: "running", "loss (1 of 1")
    try bench.type("ctrl-x")
    try await wait(bench, for: "stops after the step under way")
    try await wait(bench, for: "stopped")
    #expect(try ray.requests().contains { $0.hasSuffix("/stop") })
    try bench.type("ctrl-s")
    try await wait(bench, for: "resumes from its last checkpoint")
    try await wait(bench, for: "finished", "loss 0.050")
  }

  @Test func aRunThatAClusterRefusesIsToldWithTheReason() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    try ray.refuse("no room for another job")
    try bench.type("f4")
    try startOnRay(bench, ray)
    try await wait(bench, for: "sft-1 could not be submitted", "RuntimeError: no room for")
    try bench.type("q")
    try await wait(bench, for: "failed")
    try bench.type("ctrl-s")
    while bench.model.services.runs.controller.working != nil { try await Task.sleep(for: .milliseconds(20)) }
    try await wait(bench, for: "could not be submitted", "failed")
    try ray.refuse(nil)
    try bench.type("ctrl-s")
    try await wait(bench, for: "finished")
    // One that disappears is reported too.
    try ray.want(token: "a-token")
    try startOnRay(bench, ray)
    try await wait(bench, for: "wants a token")
  }

  @Test func plainTextTellsTheSame() throws {
    let bench = try bench()
    var said: [String] = []
    let settings = WorkspaceSettings()
    let frontEnd = try LinearFrontEnd(
      session: Session(workspace: bench.workspace, settings: settings, reviewer: "rt"), prompts: false, unicode: false
    ) { said.append($0) }
    _ = frontEnd.execute("runs.open")
    #expect(said.contains { $0.contains("Selected: rl-2, failed, step 120 of 200.") })
    #expect(said.contains { $0.hasPrefix("reward of rl-2: ") })
    said = []
    _ = frontEnd.execute("runs.pane")
    #expect(said.contains("Step 2 is wrong: \\boxed{2}"))
  }
}
