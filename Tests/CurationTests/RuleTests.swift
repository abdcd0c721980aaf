import DeepCriticCore
import Foundation
import Testing

@testable import CritiqueModel
@testable import Curation
@testable import ReviewStore

/// Labels, reasons and rows of single solutions.
@Suite struct RuleTests {
  private let rules = ItemRules(settings: CurationSettings(), overhead: 100)

  /// An outline with critiques that agree with the ratings at every rated step.
  private func outline(_ ratings: [Int?], size: Int = 50) -> CurationOutline {
    var outline = CurationOutline(
      id: 1, key: String(repeating: "a", count: 32), name: "one", format: .prm800k,
      ratings: ratings.map { $0.flatMap(Rating.init(rawValue:)) }, problem: 1, promptSize: 200)
    var id: Int64 = 0
    for stage in Stage.allCases {
      for (index, rating) in ratings.enumerated() {
        guard let rating else { continue }
        id += 1
        outline.critiques.append(
          CritiqueOutline(
            id: id, stage: stage, step: index + 1, judgement: rating == -1 ? .incorrect : .correct, size: size))
      }
    }
    return outline
  }

  private func event(
    _ step: Int, _ value: String, by reviewer: String = "rt", kind: EventKind = .verdict, at: Int64 = 1
  ) -> ReviewEvent {
    ReviewEvent(
      uuid: "\(reviewer)-\(step)-\(at)", solution: String(repeating: "a", count: 32), step: step, kind: kind,
      value: value, reviewer: reviewer, at: at)
  }

  @Test func aRowOfGoldLabelsIsIn() {
    let decision = rules.decide(outline([1, 0, -1]))
    #expect(decision.reasons.isEmpty)
    #expect(decision.answer == 3)
    #expect(decision.used.map(\.step) == [1, 2, 3])
    #expect(decision.stage == .merged)
    #expect(decision.resolution.labels[1]?.origin == .imported)
    #expect(decision.size == 100 + 200 + 3 * 52 + TrainingRow.answerLine(3).count)
  }

  @Test func aVerdictMovesTheFirstErrorForwardAndNeedsAFittingCritique() {
    var one = outline([1, 1, -1])
    one.events = [event(2, "-1")]
    let decision = rules.decide(one)
    #expect(decision.answer == 2)
    #expect(
      decision.resolution.labels == [
        ResolvedLabel(rating: .correct, origin: .imported),
        ResolvedLabel(
          rating: .incorrect, origin: .reviewer, names: ["rt"], events: ["rt-2-1"], at: 1,
          replaced: .init(rating: .correct, origin: .imported), decisive: ["rt-2-1"]), nil,
      ])
    #expect(decision.reasons.map(\.reason) == [.deepMissesLabel, .mergedContradictsLabel])
    #expect(decision.reasons.allSatisfy { $0.steps == [2] })
    // Another merged critique that fits exists, and a deep one: then the row ends at step 2.
    one.critiques = one.critiques.map { critique in
      var critique = critique
      if critique.step == 2 { critique.judgement = .incorrect }
      return critique
    }
    #expect(rules.decide(one).reasons.isEmpty)
    #expect(rules.decide(one).used.map(\.step) == [1, 2])
  }

  @Test func aVerdictBehindTheFirstErrorAsksForTheRest() {
    var one = outline([1, -1, nil])
    one.events = [event(2, "1")]
    #expect(rules.decide(one).reasons == [ItemReason(.labelUnfinished, steps: [3])])
    one.events = [event(2, "1"), event(3, "-1", at: 2)]
    let decision = rules.decide(one)
    #expect(decision.answer == 3)
    #expect(decision.reasons.contains(ItemReason(.noCritique, stage: .merged, steps: [3])) == false)
    #expect(decision.reasons.first?.reason == .noCritique)
    #expect(decision.reasons.first?.stage == .initial)
    #expect(decision.reasons.first?.steps == [3])
  }

  @Test func reviewersWhoDisagreeAreAStateUntilSomebodySettlesIt() {
    var one = outline([1, 1, -1])
    one.events = [event(1, "1", by: "ana"), event(1, "-1", by: "rt")]
    let conflict = rules.decide(one)
    #expect(conflict.answer == nil)
    #expect(
      conflict.reasons == [
        ItemReason(.conflictPending, steps: [1], detail: "ana says correct, rt says incorrect")
      ])
    one.events.append(event(1, "1", by: "lead", kind: .adjudication, at: 2))
    let settled = rules.decide(one)
    #expect(settled.reasons.isEmpty)
    #expect(settled.resolution.labels[0]?.words == "settled by lead")
    one.events.append(event(1, "", by: "lead", kind: .adjudication, at: 3))
    #expect(rules.decide(one).reasons == conflict.reasons)
  }

  @Test func neutralCountsAsCorrectAndAConflictAfterTheFirstErrorDoesNotMatter() {
    var one = outline([1, -1, nil])
    one.events = [
      event(1, "0", by: "ana"), event(1, "1", by: "rt"), event(3, "1", by: "ana"), event(3, "-1", by: "rt"),
    ]
    let decision = rules.decide(one)
    #expect(decision.reasons.isEmpty)
    #expect(decision.resolution.labels[0]?.rating == .neutral)
    #expect(decision.resolution.labels[0]?.source == "reviewers ana, rt")
  }

  @Test func precedenceAndReviewersAreSettings() {
    var one = outline([1, -1])
    one.events = [event(2, "1", by: "guest")]
    var settings = CurationSettings()
    settings.labels.precedence = [.imported, .reviewers]
    #expect(ItemRules(settings: settings, overhead: 0).decide(one).answer == 2)
    settings.labels.precedence = LabelTier.allCases
    settings.labels.reviewers = ["rt"]
    #expect(ItemRules(settings: settings, overhead: 0).decide(one).answer == 2)
    #expect(rules.decide(one).answer == -1)
  }

  @Test func flagsMarksPlacementsAndBenchmarksKeepOut() {
    var one = outline([1, -1])
    one.events = [
      event(1, "1", kind: .flag), event(0, "bad_problem", kind: .mark, at: 2), event(0, "out", kind: .placement, at: 3),
    ]
    one.benchmarkItem = BenchmarkProblem(id: 7, name: "gsm8k-1")
    #expect(Set(rules.decide(one).reasons.map(\.reason)) == [.flagged, .badProblem, .excluded, .contaminated])
    one.isBenchmark = true
    #expect(Set(rules.decide(one).reasons.map(\.reason)) == [.flagged, .badProblem, .excluded, .benchmark])
    one.events.append(event(0, "in", by: "other", kind: .placement, at: 4))
    #expect(!rules.decide(one).reasons.map(\.reason).contains(.excluded))
    var settings = CurationSettings()
    settings.ignored = [.flagged, .badProblem, .benchmark]
    #expect(ItemRules(settings: settings, overhead: 0).decide(one).reasons.isEmpty)
  }

  @Test func whatIsSettledAboutTheProblemStandsAboveMarks() {
    var one = outline([1, -1])
    one.events = [event(0, "bad_problem", by: "ana", kind: .mark)]
    #expect(rules.decide(one).reasons == [ItemReason(.badProblem, detail: "ana")])
    one.events.append(event(0, "1", by: "lead", kind: .adjudication, at: 2))
    #expect(rules.decide(one).reasons.isEmpty)
    #expect(rules.decide(one).settledProblem?.event == "lead-0-2")
    one.events.append(event(0, "-1", by: "lead", kind: .adjudication, at: 3))
    #expect(rules.decide(one).reasons == [ItemReason(.badProblem, detail: "settled by lead")])
    one.events.append(event(0, "", by: "lead", kind: .adjudication, at: 4))
    #expect(rules.decide(one).reasons == [ItemReason(.badProblem, detail: "ana")])
    // A problem that the data calls bad can be settled too; and settings may leave adjudication out.
    one.events = [event(0, "1", by: "lead", kind: .adjudication)]
    one.finishReason = .badProblem
    #expect(rules.decide(one).reasons.isEmpty)
    var settings = CurationSettings()
    settings.labels.precedence = [.reviewers, .imported]
    #expect(ItemRules(settings: settings, overhead: 0).decide(one).reasons.map(\.reason) == [.badProblem])
  }

  @Test func whoWasGivenUpOnIsBackWithAVerdictAlsoWhenTheProblemIsSettled() {
    var one = outline([1, -1])
    one.finishReason = .giveUp
    one.events = [event(0, "1", by: "lead", kind: .adjudication)]
    #expect(rules.decide(one).reasons.map(\.reason) == [.gaveUp])
    one.events.append(event(2, "-1", at: 2))
    #expect(rules.decide(one).reasons.isEmpty)
    // Generation goes by the same rule.
    let resolution = one.resolution(LabelPolicy())
    #expect(Projection.finish(.giveUp, one.views, resolution, policy: LabelPolicy()) == nil)
  }

  @Test func anUnsoundCritiqueIsReplacedWhereAnotherFitsAndElseKeepsOut() throws {
    var one = outline([-1])
    let key = try #require(CritiqueKey(String(repeating: "b", count: 32)))
    let merged = try #require(one.critiques.last)
    one.judgedCritiques = [merged.id: key]
    var judged = event(1, "unsound", kind: .soundness)
    judged.basis = CritiqueReference(stage: .merged, step: 1, key: key, span: 3..<9).text
    one.events = [judged]
    let decision = rules.decide(one)
    #expect(decision.reasons == [ItemReason(.unsound, steps: [1], detail: "rt")])
    #expect(decision.unsound == [judged.uuid])
    one.critiques.append(CritiqueOutline(id: 99, stage: .merged, step: 1, judgement: .incorrect, size: 10))
    #expect(rules.decide(one).reasons.isEmpty)
    #expect(rules.decide(one).used.map(\.id) == [99])
    #expect(rules.decide(one).avoided == [judged.uuid] && rules.decide(one).unsound == [])
    judged.value = "sound"
    one.events = [judged]
    #expect(rules.decide(one).used.map(\.id) == [merged.id])
    #expect(rules.decide(one).avoided == [])
  }

  @Test func everyFaultOfAStageHasItsName() {
    func reasons(_ change: (inout CurationOutline) -> Void) -> [ItemReason] {
      var one = outline([1, -1])
      change(&one)
      return rules.decide(one).reasons
    }
    #expect(
      reasons { $0.critiques.removeAll { $0.stage == .merged } } == [
        ItemReason(.noCritique, stage: .merged, steps: [1, 2])
      ])
    #expect(reasons { $0.critiques = [] } == [ItemReason(.noCritique, stage: .initial, steps: [1, 2])])
    #expect(
      reasons { one in
        one.critiques.removeAll { $0.stage == .merged && $0.step == 2 }
        one.failures = [GenerationTarget(solution: 1, stage: .merged, step: 2)]
      } == [ItemReason(.noCritique, stage: .merged, steps: [2], detail: "the request failed")])
    #expect(
      reasons { one in
        one.critiques[5].fault = .truncated
        one.critiques[5].judgement = nil
      } == [ItemReason(.truncated, stage: .merged, steps: [2])])
    #expect(reasons { $0.critiques[5].judgement = nil } == [ItemReason(.noJudgement, stage: .merged, steps: [2])])
    #expect(
      reasons { $0.critiques[5].size = 0 } == [
        ItemReason(.noCritique, stage: .merged, steps: [2], detail: "the answer is empty")
      ])
    // Merged critiques that were imported alone make a row: the stages before are not asked for.
    #expect(reasons { $0.critiques.removeAll { $0.stage != .merged } } == [])
    #expect(reasons { one in one.critiques[5].size = 60_000 }.map(\.reason) == [.tooLong])
    #expect(reasons { $0.isProblemBlank = true }.map(\.reason) == [.emptyText])
    #expect(reasons { $0.ratings = [nil, nil] } == [ItemReason(.unrated)])
    #expect(reasons { $0.finishReason = .giveUp } == [ItemReason(.gaveUp)])
    #expect(reasons { $0.finishReason = .badProblem }.map(\.words) == ["bad problem (labeller)"])
  }

  @Test func aCorrectedInitialCritiqueIsNoticed() {
    var one = outline([1, 1])
    #expect(!rules.decide(one).isCorrected)
    one.critiques[1].judgement = .incorrect
    #expect(rules.decide(one).isCorrected)
    #expect(rules.decide(one).reasons.isEmpty)
  }

  @Test(arguments: [
    ("What is $\\frac{1}{2}+x$?", "what is \\dfrac12 + x"), ("Find  $x$ .", "Find \\(x\\)"),
    ("Let $a,b$ be 1,000.", "let a, b be 1,000"), ("$\\left(2\\right)$", "(2)"),
  ])
  func problemsThatSayTheSameAreOne(one: String, other: String) {
    #expect(ProblemText.hash(one) == ProblemText.hash(other))
  }

  @Test(arguments: [
    ("Is 1.5 it?", "Is 15 it?"), ("x+1", "x-1"), ("\\sin x", "\\cos x"), ("a < b", "a > b"), ("(1,2)", "(12)"),
    ("$3\\%$", "$3$"),
  ])
  func problemsThatDifferAreTwo(one: String, other: String) {
    #expect(ProblemText.hash(one) != ProblemText.hash(other))
  }

  @Test func critiqueReferencesReadBack() throws {
    let critique = Critique(stage: .deep, step: 4, text: "so \\boxed{1}")
    for span in [nil, 0..<3] {
      let reference = CritiqueReference(critique, span: span)
      #expect(CritiqueReference(reference.text) == reference)
    }
    for bad in [
      "", "deep:4", "deep:x:" + String(repeating: "a", count: 32), "deep:4:zz",
      "deep:4:\(CritiqueKey(of: critique))@9-3",
    ] {
      #expect(CritiqueReference(bad) == nil)
    }
  }
}
