import CritiqueModel
import Foundation
import ReviewStore
import Testing

@testable import Evaluation

@Suite("Scores")
struct ScoreTests {
  /// Published pairs of accuracies and their F1. The accuracies were rounded after F1 had been worked out, which moves it
  /// by up to a tenth.
  @Test(arguments: [(40.6, 33.2, 36.5), (88.9, 97.9, 93.2), (72.5, 95.3, 82.3), (66.7, 79.7, 72.6)])
  func harmonicMeansAreThePublishedOnes(_ error: Double, _ correct: Double, _ f1: Double) throws {
    #expect(abs(try #require(F1.of(error, correct)) - f1) < 0.1)
  }

  /// What is shown live is what counts in an evaluation.
  @Test func aCritiqueOnStageIsReadAsAnEvaluationReadsIt() {
    let parts = [
      "Step 1: fine \\boxed{1}", "Step 2: \\boxed{-1}", "**Answer**: \\boxed{2}", "So \\boxed{-1}", "\\boxed{54}",
      "Answer:\n\\boxed{\\text{Step 3}}", "no box", "\\fbox{1}", "",
    ]
    for first in parts {
      for second in parts {
        for third in parts {
          let text = [first, second, third].joined(separator: "\n\n")
          let said = StepVerdicts(in: text, stepCount: 3, isWhole: true)
          #expect(said.answer == AnswerExtractor().read(text).prediction, "\(text)")
        }
      }
    }
  }

  @Test func oneSidedSetsHaveNoF1AndSayWhy() {
    let score = SetScore(set: "s", items: [item(-1, [-1]), item(-1, [2])])
    #expect(score.scores.f1 == nil)
    #expect(score.scores.undefinedBecause == "no row has an error")
    #expect(score.scores.correct.percent == 50)
    #expect(SetScore(set: "s", items: [item(2, [2])]).scores.undefinedBecause == "no row is without an error")
    #expect(SetScore(set: "s", items: [item(2, [1]), item(-1, [3])]).scores.f1 == 0)
    #expect(F1.mean([50, nil]) == nil)
    #expect(F1.mean([50, 100]) == 75)
  }

  @Test func rowsThatNobodyAnsweredAreCountedApart() {
    let missing = ItemResult(id: "m", steps: 3, gold: 1, samples: [SampleReading(.missing)])
    let score = SetScore(set: "s", items: [item(1, [1]), item(-1, [-1]), missing, item(2, [nil])])
    #expect(score.unanswered == 1)
    #expect(score.scores.error == Accuracy(right: 1, rows: 2))
    #expect(score.withoutPrediction == 1)
    #expect(score.outcomes == ["answered": 2, "missing": 1, "unparsed": 1])
  }

  @Test func distancesConfusionAndRange() {
    let score = SetScore(
      set: "s", items: [item(3, [1]), item(3, [5]), item(3, [3]), item(3, [-1]), item(3, [nil]), item(-1, [9])])
    #expect(score.distances.rows == [-2: 1, 2: 1, 0: 1])
    #expect(score.distances.missed == 1)
    #expect(score.distances.silent == 1)
    #expect(score.distances.falseAlarms == 1)
    #expect(score.outOfRange == 1)
    #expect(score.confusion.contains(ConfusionCell(gold: -1, predicted: 9, rows: 1)))
    #expect(score.confusion.reduce(0) { $0 + $1.rows } == 6)
  }

  @Test func groupsAndWrongProcess() throws {
    var rows = [item(2, [2], steps: 3), item(2, [-1], steps: 9), item(-1, [-1], steps: 3)]
    rows[0].finalAnswerIsCorrect = true
    rows[1].finalAnswerIsCorrect = false
    rows[1].generator = "model-a"
    rows[2].finalAnswerIsCorrect = true
    let score = SetScore(set: "s", items: rows)
    #expect(score.wrongProcess?.scores.error == Accuracy(right: 1, rows: 1))
    let steps = score.groups.filter { $0.dimension == .steps }
    #expect(steps.map(\.name) == ["1–4", "9–12"])
    #expect(steps.map(\.scores.rows) == [2, 1])
    #expect(score.groups.first { $0.dimension == .generator }?.scores.error == Accuracy(right: 0, rows: 1))
  }

  @Test func votesAreCalibrated() throws {
    // Three of four votes are for the gold step in one row, for another one in the other.
    let score = SetScore(set: "s", items: [item(2, [2, 2, 2, 1]), item(2, [1, 1, 1, 2]), item(-1, [-1, -1])])
    #expect(score.calibration.map(\.accuracy) == [Accuracy(right: 1, rows: 2), Accuracy(right: 1, rows: 1)])
    #expect(score.calibration.map(\.meanShare) == [0.75, 1])
    // |50 − 75| for two rows, |100 − 100| for one.
    #expect(abs(try #require(score.calibrationError) - 25 * 2 / 3) < 1e-9)
    #expect(SetScore(set: "s", items: [item(2, [2])]).calibration.isEmpty)
  }
}

@Suite("Votes")
struct VoteTests {
  @Test func mostVotesWinAndTiesGoToTheFirstSeen() {
    #expect(Ballots(item(1, [3, 2, 2]).samples).prediction == 2)
    #expect(Ballots(item(1, [3, 2, 2, 3]).samples).prediction == 3)
    #expect(Ballots(item(1, [nil, 2, nil, 5]).samples).prediction == 2)
    #expect(Ballots(item(1, [nil, nil]).samples).prediction == nil)
    #expect(Ballots([]).prediction == nil)
  }

  @Test func textsThatMeanTheSameAreDifferentVotesInTheReference() {
    let strict = AnswerExtractor(.strictReference)
    let readings = ["\\boxed{03}", "\\boxed{3}", "\\boxed{2}", "\\boxed{2}"].map { strict.read($0) }
    #expect(Ballots(readings).prediction == 2)
    #expect(Ballots(["\\boxed{03}", "\\boxed{3}", "\\boxed{2}"].map { AnswerExtractor().read($0) }).prediction == 3)
    // A text that is not a number wins, and is not a prediction.
    let word = ["\\boxed{x}", "\\boxed{x}", "\\boxed{2}"].map { strict.read($0) }
    #expect(Ballots(word).prediction == nil)
    #expect(Ballots(word).votes == 3)
  }

  @Test func expectationsOfSmallCasesByHand() {
    let ballots = Ballots(item(2, [2, 1, 2]).samples)
    // k = 1: two of three. k = 2: {2,1} ties and 2 was first, {2,2}, {1,2} ties and 1 was first. k = 3: 2 wins.
    #expect(ballots.majority(2, upTo: 3) == [2.0 / 3, 2.0 / 3, 1])
    #expect(ballots.bestOf(2, upTo: 3) == [2.0 / 3, 1, 1])
    #expect(ballots.bestOf(4, upTo: 2) == [0, 0])
    #expect(Ballots([]).majority(1, upTo: 2) == [0, 0])
  }

  /// Counting without going through subsets, against going through all of them.
  @Test func expectationsAreThoseOfAllSubsets() {
    var generator = Xoshiro(seed: 5)
    for _ in 0..<300 {
      let n = Int.random(in: 1...9, using: &generator)
      let said = (0..<n).map { _ -> Int? in
        let x = Int.random(in: 0...4, using: &generator)
        return x == 4 ? nil : x
      }
      let ballots = Ballots(item(1, said).samples)
      let expected = (1...n).map { k -> Double in
        let masks = (0..<(1 << n)).filter { $0.nonzeroBitCount == k }
        let wins = masks.count { mask in
          Ballots(item(1, (0..<n).filter { mask >> $0 & 1 == 1 }.map { said[$0] }).samples).prediction == 1
        }
        return Double(wins) / Double(masks.count)
      }
      #expect(ballots.majority(1, upTo: n) == expected, "\(said)")
      #expect(ballots.winsByCounting(1) == ballots.winsBySubsets(1), "\(said)")
    }
  }
}

@Suite("Single steps")
struct StepTests {
  /// Figures worked out by hand for PRMBench's definition.
  @Test func prmScore() throws {
    var scores = StepScores()
    scores.add(wrong: [false, true, false], saidWrong: [false, true, true])
    scores.add(wrong: [false, nil, true], saidWrong: [false, true, false])
    #expect(scores.truePositives == 2)
    #expect(scores.falseNegatives == 1)
    #expect(scores.trueNegatives == 1)
    #expect(scores.falsePositives == 1)
    // Precision and recall 2/3 each; of the negative class 1/2 each.
    #expect(abs(try #require(scores.positiveF1) - 200.0 / 3) < 1e-9)
    #expect(scores.negativeF1 == 50)
    #expect(abs(try #require(scores.prmScore) - (100.0 / 3 + 25)) < 1e-9)
    #expect(scores.firstErrors == Accuracy(right: 1, rows: 2))
    #expect(StepScores().prmScore == nil)
  }
}
