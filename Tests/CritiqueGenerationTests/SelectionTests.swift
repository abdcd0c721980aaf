import CritiqueModel
import DatasetFormats
import DeepCriticCore
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// Which solutions get seed critiques, and why others do not (paper, section 3.1).
@Suite struct SelectionTests {
  @Test func oneSolutionOfEachProblemIsTakenWhateverTheOthersAre() throws {
    let lines = (0..<30).map { solution("s\($0)", [1, -1], problem: "Problem \($0 / 3)") }
    let bench = try TemporaryWorkspace(lines)
    let selection = try bench.workspace.seedSelection(SeedSelectionOptions())
    #expect(selection.ids.count == 10)
    #expect(selection.leftOut == [.duplicateProblem: 20])
    // Again, and with more problems beside them, the choice is the same.
    #expect(try bench.workspace.seedSelection(SeedSelectionOptions()) == selection)
    try bench.add((0..<9).map { solution("t\($0)", [1, -1], problem: "Another \($0 / 3)") })
    #expect(try bench.workspace.seedSelection(SeedSelectionOptions()).ids.prefix(10).elementsEqual(selection.ids))
    // Another seed shuffles otherwise.
    let other = try bench.workspace.seedSelection(SeedSelectionOptions(seed: 7))
    #expect(other.ids.count == 13)
    #expect(Array(other.ids.prefix(10)) != selection.ids)
    let all = try bench.workspace.seedSelection(SeedSelectionOptions(keepsDuplicates: true))
    #expect(all.ids.count == 39)
    #expect(all.leftOut.isEmpty)
  }

  @Test func theChoiceDoesNotDependOnTheOrderOfImport() throws {
    let lines = (0..<30).map { solution("s\($0)", [1, -1], problem: "Problem \($0 / 3)") }
    func chosen(_ lines: [String]) throws -> Set<String> {
      let bench = try TemporaryWorkspace(lines)
      let ids = try bench.workspace.seedSelection(SeedSelectionOptions()).ids
      return Set(try bench.workspace.rows(ids, reviewer: "rt").map(\.key))
    }
    #expect(try chosen(lines) == chosen(lines.reversed()))
  }

  @Test func whiteSpaceDoesNotMakeAProblemAnother() throws {
    let bench = try TemporaryWorkspace([
      solution("a", [1], problem: "How much?"), solution("b", [1], problem: "\n How much? "),
      solution("c", [1], problem: "How  much?"), solution("d", [1], problem: "How many?"),
    ])
    #expect(try bench.workspace.seedSelection(SeedSelectionOptions()).ids.count == 2)
  }

  @Test func aSolutionWithCritiquesGoesFirst() throws {
    let plain = (0..<20).map { solution("s\($0)", [1, -1], problem: "Problem \($0)") }
    let rival = (0..<20).map {
      solution("r\($0)", [1, -1], problem: "Problem \($0)", critiques: ["critiques": ["\\boxed{1}", "\\boxed{-1}"]])
    }
    let bench = try TemporaryWorkspace(plain)
    try bench.add(rival)
    let selection = try bench.workspace.seedSelection(SeedSelectionOptions())
    #expect(selection.ids == Array(21...40))
    // Also when a filter hides it: what was paid for is used, and no rival is begun.
    let filtered = try bench.workspace.seedSelection(
      SeedSelectionOptions(filter: try QueueFilter("s3")))
    #expect(filtered.ids.isEmpty)
    #expect(filtered.leftOut == [.duplicateProblem: 1])
  }

  @Test func labelsThatSayNothingAreLeftOutByName() throws {
    let bench = try TemporaryWorkspace()
    try bench.add([
      labelled("right", [1, 0, 1], finish: "solution"), labelled("wrong", [1, -1], finish: "found_error"),
      labelled("bad", [1, 1], finish: "bad_problem"), labelled("gaveup", [1, -1], finish: "give_up"),
      labelled("open", [1, nil], finish: "solution"), labelled("none", [nil, nil], finish: "solution"),
    ])
    let selection = try bench.workspace.seedSelection(SeedSelectionOptions())
    #expect(selection.ids == [1, 2])
    #expect(selection.leftOut == [.badProblem: 1, .gaveUp: 1, .labelUnfinished: 1, .unrated: 1])
  }

  @Test func benchmarksAreLeftOutUnlessAskedFor() throws {
    let bench = try TemporaryWorkspace()
    try bench.add([
      #"{"id": "gsm8k-0", "generator": "g", "problem": "p", "steps": ["a", "b"], "final_answer_correct": false, "label": 1}"#
    ])
    #expect(try bench.workspace.seedSelection(SeedSelectionOptions()).leftOut == [.benchmark: 1])
    #expect(try bench.workspace.seedSelection(SeedSelectionOptions(includesBenchmarks: true)).ids == [1])
  }

  @Test func aFilterNarrowsTheChoiceAndTheCounts() throws {
    let bench = try TemporaryWorkspace([
      solution("alpha", [1, -1]), solution("beta", [1, 1]), solution("gamma", [nil, nil]),
    ])
    let wrong = try bench.workspace.seedSelection(SeedSelectionOptions(filter: try QueueFilter("label:wrong")))
    #expect(wrong.ids == [1])
    #expect(wrong.leftOut.isEmpty)
    // Of two solutions of a problem the one that the filter shows is taken.
    try bench.add([solution("delta", [1, -1], problem: "same"), solution("epsilon", [1, -1], problem: "same")])
    for word in ["delta", "epsilon"] {
      let one = try bench.workspace.seedSelection(SeedSelectionOptions(filter: try QueueFilter(word)))
      #expect(one.ids.count == 1)
    }
  }
}

/// Where a solution stands (paper, section 3.1): every filter has a name.
@Suite struct StandingTests {
  private func samples(_ judgements: [[Judgement?]], fault: (inout [StageSamples]) -> Void = { _ in })
    -> [Int: StageSamples]
  {
    var list = judgements.map { those in
      var samples = StageSamples()
      samples.judgements = those
      return samples
    }
    fault(&list)
    return Dictionary(uniqueKeysWithValues: list.enumerated().map { ($0.offset + 1, $0.element) })
  }

  private let ratings: [Rating?] = [.correct, .neutral, .incorrect, nil]

  @Test func stagesFollowEachOther() {
    var there: [Stage: [Int: StageSamples]] = [:]
    #expect(SeedStanding.of(ratings: ratings, samples: there) == SeedStanding(.waiting, stage: .initial))
    // A wrong initial critique is not an obstacle: the deep one may correct it.
    there[.initial] = samples([[.incorrect], [.correct], [.incorrect]])
    #expect(SeedStanding.of(ratings: ratings, samples: there) == SeedStanding(.waiting, stage: .deep))
    // Of several the one that agrees with the label counts; a rating of 0 counts as correct.
    there[.deep] = samples([[.incorrect, nil, .correct], [.correct], [.incorrect]])
    #expect(SeedStanding.of(ratings: ratings, samples: there) == SeedStanding(.waiting, stage: .merged))
    there[.merged] = samples([[.correct], [.correct], [.incorrect]])
    #expect(SeedStanding.of(ratings: ratings, samples: there) == SeedStanding(.complete))
  }

  @Test func theFirstObstacleIsNamedWithItsStep() {
    let fine = samples([[.correct], [.correct], [.incorrect]])
    func standing(_ there: [Stage: [Int: StageSamples]]) -> String {
      SeedStanding.of(ratings: ratings, samples: there).words
    }
    #expect(
      standing([.initial: samples([[.correct], [nil], [.incorrect]])]) == "initial: no valid judgement at step 2")
    #expect(
      standing([.initial: fine, .deep: samples([[.correct], [.correct], [.correct, nil, .correct]])])
        == "deep misses the label at step 3")
    #expect(
      standing([.initial: fine, .deep: fine, .merged: samples([[.incorrect], [.correct], [.incorrect]])])
        == "merged contradicts the label at step 1")
    #expect(
      standing([.initial: fine, .deep: samples([[], [], []]) { for k in 0..<3 { $0[k].truncated = 2 } }])
        == "deep: truncated at step 1")
    #expect(
      standing([
        .initial: samples([[.correct], [], []]) {
          $0[1].empty = 1; $0[2].empty = 1
        }
      ])
        == "initial: empty answer at step 2")
    #expect(
      standing([.initial: samples([[.correct], [], []]) { $0[1].failed = true }])
        == "initial: the request failed at step 2")
    #expect(standing([.initial: samples([[.correct], [], [.incorrect]])]) == "waiting for initial")
  }

  @Test func everyReasonHasWordsAndARemedy() {
    for reason in SeedReason.allCases {
      #expect(!reason.words.isEmpty)
      #expect(reason.remedy.hasSuffix("."))
    }
    #expect(Set(SeedReason.allCases.map(\.words)).count == SeedReason.allCases.count)
  }
}
