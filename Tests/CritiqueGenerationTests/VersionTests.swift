import CritiqueModel
import ModelClient
import ModelRuns
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// Choosing another sample, writing versions, and what that does to merged critiques.
@Suite struct VersionTests {
  private let rt = ReviewContext(reviewer: "rt")

  private func store(
    _ bench: TemporaryWorkspace, _ stage: Stage, sample: Int = 0, _ text: String, sources: String? = nil
  ) throws {
    let template = try PromptLibrary()[stage]
    try bench.workspace.keepPrompt(template.text, hash: template.hash)
    let generation = try bench.workspace.generationID(
      of: GenerationSpecification(
        stage, template, RequestParameters(model: "m", sampling: StageSettings(stage).sampling)))
    let key = RequestKey.of(
      model: "\(stage)", messages: [], sampling: StageSettings(stage).sampling, samples: [sample])[0]
    var answer = GeneratedSample(
      target: GenerationTarget(solution: 1, stage: stage, step: 1), key: key, sample: sample, text: text, endpoint: "e")
    answer.sources = sources
    _ = try bench.workspace.record([(answer, generation)])
  }

  /// One wrong step with three deep samples; the rule takes the second.
  private func bench() throws -> TemporaryWorkspace {
    let bench = try TemporaryWorkspace([solution("a", [-1])])
    try store(bench, .initial, "right \\boxed{1}")
    for (sample, text) in ["right \\boxed{1}", "wrong \\boxed{-1}", "wrong too \\boxed{-1}"].enumerated() {
      try store(bench, .deep, sample: sample, text)
    }
    try store(bench, .merged, "merged \\boxed{-1}")
    return bench
  }

  private func plan(_ bench: TemporaryWorkspace) throws -> [PlannedRequest<CritiqueTarget>] {
    var planner = StagePlanner(
      workspace: bench.workspace, ids: [1], template: try PromptLibrary()[Stage.merged],
      options: StagePlanner.Options(stage: .merged, samples: 1))
    var all: [PlannedRequest<CritiqueTarget>] = []
    while let page = try planner.nextPage() { all += page }
    return all
  }

  private func choose(_ bench: TemporaryWorkspace, _ stage: Stage, _ text: String, isTaken: Bool = true) throws {
    let stored = try bench.workspace.solution(1)
    let critique = try #require(stored.critiques[stage]?[1]?.first { $0.critique.text == text })
    try bench.workspace.record(
      ReviewDecision(
        solution: stored.key, step: 1, .choice(CritiqueReference(critique.critique), isTaken: isTaken)), by: rt)
  }

  private func used(_ bench: TemporaryWorkspace, _ stage: Stage) throws -> StoredCritique {
    try #require(try bench.workspace.solution(1).critique(stage, step: 1))
  }

  @Test func choosingAnotherDeepSampleMakesTheMergeStaleUntilItIsMadeAnew() throws {
    let bench = try bench()
    let before = try bench.workspace.projectionDump()
    #expect(try used(bench, .deep).critique.text == "wrong \\boxed{-1}")
    #expect(try plan(bench).isEmpty)
    try choose(bench, .deep, "wrong too \\boxed{-1}")
    #expect(try used(bench, .deep).critique.text == "wrong too \\boxed{-1}")
    #expect(try used(bench, .deep).standing == .chosen)
    #expect(try used(bench, .merged).standing == .stale)
    #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.waiting, stage: .merged))
    // The merge of what was chosen is asked for, under a number of its own.
    let asked = try plan(bench)
    #expect(asked.map(\.samples) == [[1]])
    #expect(asked[0].messages[1].content.contains("wrong too"))
    try store(bench, .merged, sample: 1, "merged again \\boxed{-1}", sources: asked[0].targets[0].sources)
    #expect(try used(bench, .merged).critique.text == "merged again \\boxed{-1}")
    #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.complete))
    #expect(try plan(bench).isEmpty)
    // After an undo the first merge fits again and the second does not.
    _ = try bench.workspace.undo(by: rt)
    #expect(try used(bench, .merged).critique.text == "merged \\boxed{-1}")
    #expect(try bench.workspace.solution(1).critiques[.merged]?[1]?.last?.standing == .stale)
    #expect(try plan(bench).isEmpty)
    _ = try bench.workspace.redo(by: rt)
    #expect(try used(bench, .merged).critique.text == "merged again \\boxed{-1}")
    _ = try bench.workspace.undo(by: rt)
    #expect(
      try bench.workspace.projectionDump().filter { !$0.hasPrefix("decision") }
        == before.filter { !$0.hasPrefix("decision") })
  }

  @Test func whatAPersonWroteIsUsedAndTheOriginalStays() throws {
    let bench = try bench()
    let stored = try bench.workspace.solution(1)
    let merged = try #require(stored.critique(.merged, step: 1)).critique
    try bench.workspace.record(
      ReviewDecision(
        solution: stored.key, step: 1,
        .edit("better \\boxed{-1}", at: CritiquePlace(.merged, 1), changing: CritiqueReference(merged))), by: rt)
    var now = try used(bench, .merged)
    #expect(now.critique.text == "better \\boxed{-1}" && now.author == "rt" && now.standing == [.chosen, .edited])
    #expect(try bench.workspace.solution(1).critiques[.merged]?[1]?.count == 2)
    // It is not a sample of a model: nothing less is asked for, and it has no vote.
    #expect(try bench.workspace.solution(1).votes(.merged, step: 1)?.total == 1)
    // A version of the deep critique makes a merge that was written before stale.
    try bench.workspace.record(
      ReviewDecision(solution: stored.key, step: 1, .edit("mine \\boxed{-1}", at: CritiquePlace(.deep, 1))),
      by: ReviewContext(reviewer: "ana"))
    #expect(try used(bench, .deep).author == "ana")
    #expect(try used(bench, .merged).standing.contains(.stale))
    // Chosen again, it is meant as it is.
    try choose(bench, .merged, "better \\boxed{-1}")
    now = try used(bench, .merged)
    #expect(now.standing == [.chosen, .edited])
    // Rebuilt from the events alone, everything is the same.
    let texts = try bench.workspace.solution(1).critiques.mapValues { $0.mapValues { $0.map(\.critique.text) } }
    try bench.workspace.rebuildProjections()
    #expect(try bench.workspace.solution(1).critiques.mapValues { $0.mapValues { $0.map(\.critique.text) } } == texts)
    // Undone, the versions are gone and the models' critiques used.
    while try bench.workspace.undo(by: rt) != nil {}
    _ = try bench.workspace.undo(by: ReviewContext(reviewer: "ana"))
    #expect(try used(bench, .merged).critique.text == "merged \\boxed{-1}")
    #expect(try used(bench, .merged).standing == [])
    #expect(try bench.workspace.solution(1).critiques[.merged]?[1]?.count == 1)
  }

  @Test func theRuleChoosesAgainWhenAChoiceIsGivenBack() throws {
    let bench = try bench()
    try choose(bench, .deep, "right \\boxed{1}")
    #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.deepMissesLabel, stage: .deep, step: 1))
    try choose(bench, .deep, "right \\boxed{1}", isTaken: false)
    #expect(try used(bench, .deep).critique.text == "wrong \\boxed{-1}")
    #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.complete))
  }

  @Test(
    arguments: [
      (EventKind.choice, "use", "deep:1"), (.choice, "perhaps", nil), (.edit, "", "deep:1"), (.edit, "text", "deep:2"),
      (.edit, "text", "nonsense"), (.choice, "use", nil),
    ] as [(EventKind, String, String?)])
  func whatMeansNothingChangesNothing(kind: EventKind, value: String, basis: String?) throws {
    let bench = try bench()
    let key = try bench.workspace.solution(1).key
    let event = ReviewEvent(solution: key, step: 1, kind: kind, value: value, basis: basis, reviewer: "rt", at: 5)
    #expect(try bench.workspace.merge([event]).added == 1)
    #expect(try bench.workspace.solution(1).critiques[.deep]?[1]?.count == 3)
    #expect(try used(bench, .deep).standing == [])
  }
}
