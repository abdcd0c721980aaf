import CritiqueModel
import DeepCriticCore
import FaultServer
import Foundation
import ModelClient
import Testing

@testable import ReviewStore
@testable import StepLabeling

/// A world in which the errors are known (`PlantedSolver`), over real sockets.
///
/// Theory. Of 8 rollouts those from a prefix succeed with probability g after fine steps, s after a shaky one and b
/// after a wrong one. With B(p) the number of successes of 8:
///
/// - a prefix succeeds with probability S(p) = P(B(p) ≥ 5), fails with F(p) = P(B(p) = 0);
/// - a wrong solution of n steps with its error at step k and only fine steps before gets the label k with probability
///   S(g)^(k−1) · F(b) · (1 − S(b))^(n−1−k); for k = n the last two factors are 1, since its own answer is wrong for
///   certain;
/// - with a shaky step before the error it gets a label only if that prefix succeeds or fails by chance: S(s) + F(s).
///
/// Hence with g = 0.9, s = 0.3, b = 0.02: S(g) = 0.995, F(b) = 0.851, S(s) = 0.058, F(s) = 0.058.
@Suite(.needsGrading)
struct PlantedWorldTests {
  private func probability(_ successes: ClosedRange<Int>, _ p: Double) -> Double {
    var sum = 0.0
    for k in successes {
      var ways = 1.0
      for i in 0..<k { ways = ways * Double(8 - i) / Double(i + 1) }
      sum += ways * pow(p, Double(k)) * pow(1 - p, Double(8 - k))
    }
    return sum
  }

  @Test func labelsMatchPlantedErrorsAtTheRateOfTheory() async throws {
    let pool = GradingPool(GradingSettings(), python: gradingPython ?? "")
    defer { pool.shutdown() }
    let world = PlantedSolver()
    let place = try TemporaryWorkspace(problems(90))
    let result = try await withSolver { try await label(place, $0, pool) }

    var expected = 0.0
    var variance = 0.0
    var matched = 0
    var (wrongLabels, clear, shaky, shakyLabelled, rightKept, right) = (0, 0, 0, 0, 0, 0)
    let good = probability(5...8, world.good)
    for id in try place.solutions {
      let solution = try #require(try place.workspace.seedMaterial([id], before: .initial).first).solution
      let estimate = try #require(try place.workspace.estimate(of: id))
      let count = solution.steps.count
      let planted = solution.steps.firstIndex { $0.text.contains("WRONG") }.map { $0 + 1 }
      #expect(estimate.counts.count == count)
      guard let planted else {
        right += 1
        if estimate.firstError == -1 { rightKept += 1 }
        #expect(estimate.firstError == -1 || estimate.reason == .doubtful)
        continue
      }
      if solution.steps.contains(where: { $0.text.contains("shaky") }) {
        shaky += 1
        if estimate.firstError != nil { shakyLabelled += 1 }
        continue
      }
      clear += 1
      var chance = pow(good, Double(planted - 1))
      if planted < count {
        chance *= probability(0...0, world.bad) * pow(probability(0...4, world.bad), Double(count - 1 - planted))
      }
      expected += chance
      variance += chance * (1 - chance)
      if estimate.firstError == planted {
        matched += 1
      } else if estimate.firstError != nil {
        wrongLabels += 1
      }
    }
    #expect(clear > 100 && shaky > 20 && right > 50)
    // Four standard deviations on both sides.
    #expect(abs(Double(matched) - expected) <= 4 * variance.squareRoot(), "matched \(matched), expected \(expected)")
    // A later step is labelled only if by chance one of 8 succeeds after the error and a later prefix has none.
    #expect(Double(wrongLabels) / Double(clear) < 0.15)
    // What is ambiguous is left out: a label needs a chance of S(s) + F(s) = 0.116 at one prefix at least.
    let most = Double(shaky) * 0.116
    #expect(Double(shakyLabelled) <= most + 4 * most.squareRoot(), "\(shakyLabelled) of \(shaky)")
    let kept = pow(good, 6)
    #expect(Double(rightKept) >= Double(right) * kept - 4 * (Double(right) * kept * (1 - kept)).squareRoot())

    // Counts: every solution is somewhere, and the rules say how many each leaves out.
    let report = result.estimates
    #expect(report.solutions == clear + shaky + right)
    #expect(report.reasons.values.reduce(0, +) == report.solutions)
    #expect(report.reasons["labelled"] == report.withError + report.withoutError)
    #expect((report.reasons["ambiguous"] ?? 0) >= shaky - shakyLabelled - (report.reasons["recovers"] ?? 0))
    #expect(
      result.samples.right == result.samples.used && result.samples.added == result.samples.right + result.samples.wrong
    )
    #expect(result.samples.problems == 90)
    #expect(result.samples.used + result.samples.discarded.values.reduce(0, +) == 90)
  }

  @Test func whatIsCutOffCountsAsAFailureAndIsReported() async throws {
    let pool = GradingPool(GradingSettings(), python: gradingPython ?? "")
    defer { pool.shutdown() }
    let place = try TemporaryWorkspace(problems(12))
    let result = try await withSolver({ $0.solver?.truncated = 0.3 }) { try await label(place, $0, pool) }
    #expect(result.samples.unusable > 10)
    let truncated = result.estimates.outcomes["truncated"] ?? 0
    #expect(truncated > 20)
    for id in try place.solutions {
      let estimate = try #require(try place.workspace.estimate(of: id))
      #expect(estimate.counts.dropLast().allSatisfy { $0.all == 8 })
    }
  }

  @Test func aSecondRunAsksNothing() async throws {
    let pool = GradingPool(GradingSettings(), python: gradingPython ?? "")
    defer { pool.shutdown() }
    let place = try TemporaryWorkspace(problems(10))
    try await withSolver { server in
      let first = try await label(place, server, pool)
      let asked = server.counts.requests
      let second = try await label(place, server, pool)
      #expect(server.counts.requests == asked)
      #expect(second.samples.added == 0)
      #expect(second.estimates == first.estimates)
      #expect(server.counts.repeated == 0)
    }
  }

  @Test func aServerThatAnswersOneChoiceGivesTheSameNumberOfSamples() async throws {
    let place = try TemporaryWorkspace(problems(5))
    try await withSolver({ $0.choicesLimit = 1 }) { server in
      let drawn = try await draw(place.workspace, try Endpoint(server.base), try options(.sample, try place.problems))
      #expect(drawn.progress.total.samples == 40)
      #expect(drawn.progress.planned.requests == 5)
    }
  }

  @Test func estimatesAndPeopleAreCompared() async throws {
    let pool = GradingPool(GradingSettings(), python: gradingPython ?? "")
    defer { pool.shutdown() }
    let place = try TemporaryWorkspace(problems(12))
    _ = try await withSolver { try await label(place, $0, pool) }
    let workspace = place.workspace
    #expect(try workspace.estimateAgreement().solutions == 0)
    var labelled: [(key: String, estimate: StepEstimate)] = []
    for row in try workspace.rows(try place.solutions, reviewer: "ann") {
      if let estimate = try workspace.estimate(of: row.id), (estimate.firstError ?? 0) > 1 {
        labelled.append((row.key, estimate))
      }
    }
    let two = try #require(labelled.count >= 2 ? Array(labelled.prefix(2)) : nil)
    let context = ReviewContext(reviewer: "ann")
    // One agrees with the estimate, one finds an error in step 1.
    for step in 1...(two[0].estimate.firstError ?? 1) {
      let rating: Rating = step == two[0].estimate.firstError ? .incorrect : .correct
      try workspace.record(ReviewDecision(solution: two[0].key, step: step, .verdict(rating)), by: context)
    }
    try workspace.record(ReviewDecision(solution: two[1].key, step: 1, .verdict(.incorrect)), by: context)
    let agreement = try workspace.estimateAgreement()
    #expect(agreement.solutions == 2 && agreement.same == 1 && agreement.otherStep == 1 && agreement.sameVerdict == 2)
    let differing = try workspace.queue(sort: .imported, filter: QueueFilter("differs:mc"), reviewer: "ann")
    #expect(try workspace.rows(differing, reviewer: "ann").map(\.key) == [two[1].key])
  }
}
