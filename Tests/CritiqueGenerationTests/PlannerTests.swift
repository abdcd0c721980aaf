import CritiqueModel
import ModelClient
import ModelRuns
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// What is asked for, worked out from what is stored.
@Suite struct PlannerTests {
  private func planner(
    _ bench: TemporaryWorkspace, _ stage: Stage, samples: Int = 1, limit: Int = .max,
    _ change: (inout StagePlanner.Options) -> Void = { _ in }
  ) throws -> StagePlanner {
    var options = StagePlanner.Options(stage: stage, samples: samples)
    change(&options)
    return StagePlanner(
      workspace: bench.workspace, ids: try bench.allIDs, template: try PromptLibrary()[stage], options: options,
      limit: limit)
  }

  private func plans(_ planner: StagePlanner) throws -> [PlannedRequest<CritiqueTarget>] {
    var planner = planner
    var all: [PlannedRequest<CritiqueTarget>] = []
    while let page = try planner.nextPage() { all += page }
    return all
  }

  /// "solution.step" and sample numbers of each request.
  private func asked(_ planner: StagePlanner) throws -> [String] {
    let plans = try plans(planner)
    let size = try planner.size()
    #expect(size.requests == plans.count)
    #expect(size.samples == plans.reduce(0) { $0 + $1.samples.count })
    #expect(size.solutions == Set(plans.map(\.target.solution)).count)
    #expect(size.steps == Set(plans.map { "\($0.target.solution).\($0.target.step)" }).count)
    return plans.map {
      "\($0.target.solution).\($0.target.step): " + $0.samples.map(String.init).joined(separator: ",")
    }
  }

  private func store(
    _ bench: TemporaryWorkspace, _ solution: Int64, _ stage: Stage, _ step: Int, sample: Int = 0, _ text: String,
    truncated: Bool = false
  ) throws {
    let template = try PromptLibrary()[stage]
    try bench.workspace.keepPrompt(template.text, hash: template.hash)
    let generation = try bench.workspace.generationID(
      of: GenerationSpecification(
        stage, template, RequestParameters(model: "m", sampling: StageSettings(stage).sampling)))
    let key = RequestKey.of(
      model: "\(solution) \(stage) \(step)", messages: [], sampling: StageSettings(stage).sampling, samples: [sample])[
        0]
    _ = try bench.workspace.record([
      (
        GeneratedSample(
          target: GenerationTarget(solution: solution, stage: stage, step: step), key: key, sample: sample, text: text,
          isTruncated: truncated, endpoint: "e"), generation
      )
    ])
  }

  @Test func onlyRatedStepsAreAskedAbout() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, 0, -1, nil, nil]), solution("b", [1, 1])])
    #expect(try asked(planner(bench, .initial)) == ["1.1: 0", "1.2: 0", "1.3: 0", "2.1: 0", "2.2: 0"])
    #expect(try asked(planner(bench, .initial, limit: 1)) == ["1.1: 0", "1.2: 0", "1.3: 0"])
    #expect(try asked(planner(bench, .initial, samples: 3, limit: 1))[0] == "1.1: 0,1,2")
    let single = try planner(bench, .initial, samples: 2, limit: 1) { $0.oneChoicePerRequest = true }
    #expect(try asked(single) == ["1.1: 0", "1.1: 1", "1.2: 0", "1.2: 1", "1.3: 0", "1.3: 1"])
  }

  @Test func thePromptHoldsProblemSolutionStepAndItsOwnNumber() throws {
    let bench = try TemporaryWorkspace([solution("a", [nil, 1, -1, nil])])
    let plans = try plans(planner(bench, .initial))
    #expect(plans.map(\.target.step) == [2, 3])
    #expect(plans[0].messages.map(\.role) == [.system, .user])
    let text = plans[1].messages[1].content
    #expect(text.contains("<problem>\nProblem of a: how much is $x$?\n</problem>"))
    #expect(
      text.contains("Step 1: Fine step 1 of a.\n\nStep 2: Fine step 2 of a.\n\nStep 3: WRONG step 3 of a.\n\nStep 4:"))
    #expect(text.contains("Step 3:\n\n<step>\nWRONG step 3 of a.\n</step>"))
  }

  @Test func nothingIsAskedTwice() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1]), solution("b", [1])])
    try store(bench, 1, .initial, 1, "\\boxed{1}")
    try store(bench, 2, .initial, 1, "nothing")
    #expect(try asked(planner(bench, .initial)) == ["1.2: 0"])
    // More samples are asked for beyond those that exist, whatever these say.
    #expect(try asked(planner(bench, .initial, samples: 3)) == ["1.1: 1,2", "1.2: 0,1,2", "2.1: 1,2"])
    try store(bench, 1, .initial, 2, "\\boxed{1}")
    #expect(try asked(planner(bench, .initial)) == [])
    // A gap is filled.
    try store(bench, 1, .initial, 1, sample: 2, "\\boxed{1}")
    #expect(try asked(planner(bench, .initial, samples: 4, limit: 1))[0] == "1.1: 1,3")
  }

  @Test func againAsksWhereNoSampleCouldBeUsed() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, 1, 1, -1])])
    try store(bench, 1, .initial, 1, "\\boxed{1}")
    try store(bench, 1, .initial, 2, "nothing")
    try store(bench, 1, .initial, 3, "\\boxed{1", truncated: true)
    try store(bench, 1, .initial, 4, "\\boxed{1}")
    #expect(try asked(planner(bench, .initial)) == [])
    #expect(try asked(planner(bench, .initial) { $0.retriesUnusable = true }) == ["1.2: 1", "1.3: 1"])
    #expect(try asked(planner(bench, .initial, samples: 2) { $0.retriesUnusable = true }).contains("1.2: 1"))
  }

  @Test func laterStagesWaitForEarlierOnes() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1]), solution("b", [1])])
    #expect(try asked(planner(bench, .deep, samples: 16)) == [])
    #expect(try planner(bench, .deep).size().held == ["waiting for initial": 2])
    try store(bench, 1, .initial, 1, "initial one \\boxed{1}")
    #expect(try asked(planner(bench, .deep)) == [])
    try store(bench, 1, .initial, 2, "initial two \\boxed{1}")
    #expect(try asked(planner(bench, .deep, samples: 2)) == ["1.1: 0,1", "1.2: 0,1"])
    #expect(
      try plans(planner(bench, .deep))[1].messages[1].content.contains(
        "<critique>\ninitial two \\boxed{1}\n</critique>"))
    try store(bench, 1, .deep, 1, "deep one \\boxed{1}")
    try store(bench, 1, .deep, 2, "deep two \\boxed{1}")
    // The merge filter: one step where no deep critique agrees with the label holds the whole solution.
    #expect(try asked(planner(bench, .merged)) == [])
    #expect(try planner(bench, .merged).size().held == ["deep misses the label": 1, "waiting for initial": 1])
    try store(bench, 1, .deep, 2, sample: 1, "deep two again \\boxed{-1}")
    let merged = try plans(planner(bench, .merged))
    #expect(merged.map(\.target.step) == [1, 2])
    #expect(merged[1].messages[1].content.contains("<deeper_critique>\ndeep two again \\boxed{-1}\n</deeper_critique>"))
    #expect(merged[1].messages[1].content.contains("<first_critique>\ninitial two \\boxed{1}\n</first_critique>"))
    try store(bench, 1, .merged, 1, "\\boxed{1}")
    try store(bench, 1, .merged, 2, "\\boxed{1}")
    #expect(try bench.workspace.seedStanding(of: 1)?.words == "merged contradicts the label at step 2")
    #expect(try asked(planner(bench, .merged)) == [])
    #expect(try asked(planner(bench, .merged) { $0.retriesUnusable = true }) == ["1.2: 1"])
  }

  @Test func importedCritiquesAreNotAskedForAgain() throws {
    let bench = try TemporaryWorkspace([
      solution("a", [1, -1], critiques: ["critiques": ["yes \\boxed{1}", "no \\boxed{-1}"]]), solution("b", [1, 1]),
    ])
    #expect(try asked(planner(bench, .initial, samples: 4)) == ["2.1: 0,1,2,3", "2.2: 0,1,2,3"])
    #expect(try asked(planner(bench, .deep)) == ["1.1: 0", "1.2: 0"])
    #expect(try plans(planner(bench, .deep))[1].messages[1].content.contains("no \\boxed{-1}"))
  }

  @Test func whatIsOutInABatchFileIsNotAskedFor() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    let template = try PromptLibrary()[Stage.initial]
    try bench.workspace.keepPrompt(template.text, hash: template.hash)
    let generation = try bench.workspace.generationID(
      of: GenerationSpecification(
        .initial, template, RequestParameters(model: "m", sampling: StageSettings(Stage.initial).sampling)))
    let plan = try plans(planner(bench, .initial, samples: 2))[0]
    let keys = RequestKey.of(
      model: "m", messages: plan.messages, sampling: StageSettings(.initial).sampling, samples: plan.samples)
    try bench.workspace.keep(
      [BatchRequest(target: plan.target, keys: keys, samples: plan.samples)], generation: generation, file: "f.jsonl")
    // A file whose writing never ended keeps nobody from asking.
    #expect(try asked(planner(bench, .initial, samples: 2)) == ["1.1: 0,1", "1.2: 0,1"])
    try bench.workspace.finishWritingBatch(file: "f.jsonl")
    #expect(try asked(planner(bench, .initial, samples: 2)) == ["1.2: 0,1"])
    #expect(try planner(bench, .initial, samples: 2).size().batched == 2)
    #expect(try asked(planner(bench, .initial, samples: 3)) == ["1.1: 2", "1.2: 0,1,2"])
    #expect(try asked(planner(bench, .initial, samples: 2) { $0.includesBatched = true }) == ["1.1: 0,1", "1.2: 0,1"])
    #expect(try asked(planner(bench, .initial, samples: 2) { $0.retriesUnusable = true }) == ["1.2: 0,1"])
    #expect(try bench.workspace.openBatches().map { "\($0.file) \($0.requests)" } == ["f.jsonl 1"])
    let found = try #require(try bench.workspace.batchRequest(key: keys[0]))
    #expect(found.request == BatchRequest(target: plan.target, keys: keys, samples: [0, 1]))
    #expect(found.generation == generation)
    try bench.workspace.finishBatchRequests([keys[0]])
    #expect(try asked(planner(bench, .initial, samples: 2)) == ["1.1: 0,1", "1.2: 0,1"])
  }

  @Test func aPlanOfManyPagesIsWhole() throws {
    let bench = try TemporaryWorkspace((0..<450).map { solution("s\($0)", [1, -1]) })
    #expect(try asked(planner(bench, .initial)).count == 900)
    #expect(try asked(planner(bench, .initial, limit: 250)).count == 500)
  }

  @Test func whatWaitsForEarlierStagesIsCountedOnlyWhereTheyAreAsked() throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1, nil]), solution("b", [1])])
    let deep = try planner(bench, .deep, samples: 2)
    let initial = try planner(bench, .initial).size()
    #expect(initial.steps > 0)
    let own = try deep.size()
    let waiting = try deep.waitingSize(for: [.initial, .deep, .merged])
    #expect(own.samples == 0 && waiting.steps == initial.steps && waiting.samples == 2 * initial.steps)
    #expect(try deep.waitingSize(for: [.deep]) == PlanSize())
    #expect(try planner(bench, .merged).waitingSize(for: [.initial, .merged]) == PlanSize())
    #expect(try planner(bench, .initial).waitingSize(for: [.initial]) == PlanSize())
  }
}
