import CritiqueModel
import DeepCriticCore
import Testing

@testable import Curation
@testable import ReviewStatistics
@testable import ReviewStore

/// Counts over a workspace.
@Suite struct FiguresTests {
  @Test func stagesAreCountedAgainstLabelsAsOneWouldByHand() throws {
    let bench = try Bench()
    let figures = try bench.figures()
    // Once more, from the whole records.
    var same: [Stage: (Int, Int)] = [:]
    var corrected = 0
    var errors: [Int: Int] = [:]
    for id in try bench.workspace.queue(sort: .imported, reviewer: "") {
      let stored = try bench.workspace.solution(id)
      if case .step(let step) = stored.solution.firstError { errors[step, default: 0] += 1 }
      for step in stored.solution.ratedSteps {
        let label = try #require(stored.solution.steps[step - 1].rating?.judgement)
        for stage in Stage.allCases {
          guard let says = stored.judgement(stage, step: step) else { continue }
          same[stage, default: (0, 0)].1 += 1
          if says == label { same[stage, default: (0, 0)].0 += 1 }
        }
        if let first = stored.judgement(.initial, step: step), let deep = stored.judgement(.deep, step: step),
          first != label, deep == label
        {
          corrected += 1
        }
      }
    }
    #expect(figures.stages.map(\.stage) == Stage.allCases)
    for stage in figures.stages {
      #expect(stage.steps.same == same[stage.stage]?.0)
      #expect(stage.steps.all == same[stage.stage]?.1)
    }
    #expect(corrected > 0)
    #expect(figures.corrections.first?.from == .initial && figures.corrections.first?.corrected == corrected)
    #expect(
      figures.labels.firstErrors.map { [$0.step: $0.solutions] }.reduce(into: [:]) { $0.merge($1) { a, _ in a } }
        == errors)
    #expect(figures.labels.withError == errors.values.reduce(0, +))
    let initial = try #require(figures.stages.first)
    let merged = try #require(figures.stages.last)
    #expect((merged.f1 ?? 0) > (initial.f1 ?? 1), "deliberate critiques are better than initial ones")
  }

  @Test func labelsAreThoseThatCount() throws {
    let bench = try Bench()
    let before = try bench.figures()
    #expect(before.labels.relabelled == 0)
    let id = try #require(
      try bench.workspace.queue(sort: .imported, filter: QueueFilter("label:wrong"), reviewer: "").first)
    try bench.decide(id, step: 1, "-1", by: "rt")
    let after = try bench.figures()
    #expect(after.labels.relabelled == 1)
    #expect(
      after.labels.firstErrors.first { $0.step == 1 }?.solutions ?? 0
        > (before.labels.firstErrors.first { $0.step == 1 }?.solutions ?? 0))
    // A conflict leaves the label open.
    try bench.decide(id, step: 1, "1", by: "ana")
    let disputed = try bench.figures()
    #expect(disputed.progress.openConflicts == 1)
    try bench.decide(id, step: 1, "-1", by: "lead", .adjudication)
    let settled = try bench.figures()
    #expect(settled.progress.openConflicts == 0 && settled.progress.settledConflicts == 1)
    #expect(settled.labels.firstErrors == after.labels.firstErrors)
  }

  @Test func progressCountsSolutionsNotReviewers() throws {
    let bench = try Bench()
    for name in ["ana", "rt"] { try bench.decide(1, step: 1, "-1", by: name) }
    try bench.decide(2, step: 1, "-1", by: "rt")
    try bench.decide(3, step: 1, "1", by: "rt")
    let progress = try bench.figures().progress
    #expect(progress.solutions == 31)
    #expect(progress.finished == 2 && progress.finishedBySeveral == 1 && progress.begun == 1)
  }

  @Test func aFilterLimitsEverything() throws {
    let bench = try Bench()
    for name in ["ana", "rt"] {
      try bench.decide(1, step: 1, "-1", by: name)
      try bench.decide(2, step: 1, name == "rt" ? "-1" : "1", by: name)
    }
    #expect(try bench.figures().agreement.judgement.units == 2)
    let one = try bench.figures(among: [1])
    #expect(one.agreement.judgement.units == 1 && one.agreement.judgement.percent?.value == 1)
    #expect(one.progress.solutions == 1 && one.progress.finished == 1)
    #expect(one.reviewers.map(\.verdicts) == [1, 1])
  }

  /// Of three reviewers one sees label and critiques before changing the verdict: agreement of first verdicts is that of
  /// what each thought alone.
  @Test func firstVerdictsAreComparedOnRequest() throws {
    let bench = try Bench()
    try bench.decide(1, step: 1, "-1", by: "ana", mode: .blind)
    try bench.decide(1, step: 1, "1", by: "ana")
    try bench.decide(1, step: 1, "1", by: "rt")
    func same(_ verdicts: ComparedVerdicts) throws -> Double? {
      try bench.figures { $0.agreement.verdicts = verdicts }.agreement.judgement.percent?.value
    }
    #expect(try same(.standing) == 1)
    #expect(try same(.first) == 0)
  }

  @Test func firstErrorsAreComparedOfThoseWhoFinished() throws {
    let bench = try Bench()
    let count = try #require(try bench.workspace.rows([1], reviewer: "").first).stepCount
    for step in 1...count { try bench.decide(1, step: step, "1", by: "ana") }
    try bench.decide(1, step: 1, "1", by: "rt")
    #expect(try bench.figures().agreement.firstError.units == 0)
    try bench.decide(1, step: 2, "-1", by: "rt")
    let figures = try bench.figures().agreement
    #expect(figures.firstError.units == 1 && figures.firstError.percent?.value == 0)
    #expect(figures.judgement.units == 2 && figures.judgement.percent?.value == 0.5)
  }

  @Test func anEmptyWorkspaceHasFiguresToo() throws {
    let figures = try Bench([]).figures()
    #expect(figures.progress.solutions == 0 && figures.reviewers.isEmpty && figures.stages.isEmpty)
    #expect(figures.agreement.judgement.percent == nil)
  }
}
