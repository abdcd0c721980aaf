import CritiqueGeneration
import CritiqueModel
import Foundation
import ReviewStore
import StepLabeling
import Testing

@testable import Evaluation

@Suite("Guidance")
struct GuidanceTests {
  private func sample(
    _ answer: String?, right: Bool, verdict: Int?, refined: RolloutOutcome? = nil
  ) -> GuidedProblem.Sample {
    var sample = GuidedProblem.Sample(
      steps: ["a", "b", "c"], answer: answer,
      outcome: answer == nil ? .noAnswer : right ? .right : .wrong)
    sample.critiques = [
      StoredTranscript(
        text: "critique", scores: nil, reasoning: nil, finish: "stop",
        reading: verdict.map { .step($0) } ?? SampleReading(.unparsed))
    ]
    sample.refinedOutcome = refined
    return sample
  }

  private func problem(_ samples: [GuidedProblem.Sample]) -> GuidedProblem {
    GuidedProblem(problem: Solution(problem: "p", referenceAnswer: "1", steps: []), samples: samples)
  }

  /// Two wrong solutions outvote the right one unless the critic rejects them.
  @Test func aCriticTurnsAMajority() throws {
    let report = GuidanceReport(
      [
        problem([
          sample("2", right: false, verdict: 1), sample("2", right: false, verdict: 3),
          sample("1", right: true, verdict: -1),
        ])
      ], refined: false, bootstrap: Bootstrap(resamples: 50))
    #expect(report.curve.map(\.k) == [1, 2, 3])
    // One solution: a third is right, whatever the critic says. Two: {2,2}, {2,1} twice, of which the critic turns two.
    #expect(abs(report.curve[0].majority - 100.0 / 3) < 1e-9)
    #expect(abs(report.curve[0].verified - 100.0 / 3) < 1e-9)
    #expect(report.curve[1].majority == 0)
    #expect(abs(report.curve[1].verified - 200.0 / 3) < 1e-9)
    #expect(report.curve[2].majority == 0)
    #expect(report.curve[2].verified == 100)
    #expect(report.curve[2].weighted == 100)
    #expect(report.curve[2].best == 100)
    #expect(report.acceptsRight == Accuracy(right: 1, rows: 1))
    #expect(report.rejectsWrong == Accuracy(right: 2, rows: 2))
  }

  @Test func withoutAnAcceptedSolutionAllVote() {
    let report = GuidanceReport(
      [problem([sample("1", right: true, verdict: 2), sample(nil, right: false, verdict: nil)])],
      refined: false, bootstrap: Bootstrap(resamples: 50))
    #expect(report.curve[1].verified == 100)
    #expect(report.silent == 1)
  }

  @Test func transitionsAddUp() throws {
    let report = GuidanceReport(
      [
        problem([
          sample("2", right: false, verdict: 1, refined: .right),
          sample("1", right: true, verdict: 2, refined: .wrong),
          sample("2", right: false, verdict: 1, refined: .noAnswer), sample("1", right: true, verdict: -1),
        ])
      ], refined: true, bootstrap: Bootstrap(resamples: 50))
    let refinement = try #require(report.refinement)
    #expect(refinement.flagged == 3)
    #expect(refinement.transitions == ["wrong→right": 1, "right→wrong": 1, "wrong→wrong": 1])
    #expect(refinement.before == Accuracy(right: 2, rows: 4))
    #expect(refinement.after == Accuracy(right: 2, rows: 4))
    #expect(GuidanceReport([], refined: true, bootstrap: Bootstrap(resamples: 5)).curve.isEmpty)
  }

  /// Solutions beyond what can be gone through one by one are drawn, the same ones each time.
  @Test func manySolutionsAreDrawn() {
    let many = problem(
      (0..<24).map { sample($0 % 3 == 0 ? "1" : "2", right: $0 % 3 == 0, verdict: $0 % 3 == 0 ? -1 : 1) })
    let votes = GuidedVotes(many.samples)
    let chances = votes.chances(12, seed: 1)
    #expect(votes.chances(12, seed: 1).majority == chances.majority)
    #expect(chances.majority < 0.1)
    #expect(chances.verified > 0.99)
  }

  /// What is asked after a critique holds the kept steps and the critique, and nothing of what comes after the flaw.
  @Test func refinementGoesOnFromTheFlaw() throws {
    let template = try PromptLibrary()[.refiner]
    let one = sample("2", right: false, verdict: 2)
    let text = try #require(GuidanceMaterial.refinement(problem([one]), one, template)).map(\.content).joined()
    #expect(text.contains("Steps that are kept:\nStep 1: a\n"))
    #expect(text.contains("from step 2 on"))
    #expect(text.contains("Review:\ncritique"))
    #expect(GuidanceMaterial.refinement(problem([one]), sample("1", right: true, verdict: -1), template) == nil)
    #expect(GuidanceMaterial.refinement(problem([one]), sample("1", right: true, verdict: 9), template) == nil)
  }
}
