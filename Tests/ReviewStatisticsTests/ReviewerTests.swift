import CritiqueModel
import Foundation
import Testing

@testable import ReviewStatistics
@testable import ReviewStore

/// Numbers about one reviewer.
@Suite struct ReviewerTests {
  private func rt(_ solution: ReviewedSolution..., idle: Int = 120) throws -> ReviewerFigures {
    try #require(reviewers(solution, idle: idle)["rt"])
  }

  // MARK: - Sway

  @Test func aBlindVerdictChangedAfterTheRevealIsSway() throws {
    var log = Log()
    log.add("rt", 1, 1, mode: .blind)
    log.add("rt", 2, 1, mode: .blind)
    log.add("rt", 2, -1)
    log.add("rt", 3, 0, mode: .blind)
    log.add("rt", 3, 1)
    let figures = try rt(log.solution([1, -1, 1], merged: [1, 1, 1]))
    #expect(figures.sway.answered == 3)
    #expect(figures.sway.changed == 1, "neutral and correct lead to the same judgement")
    #expect(figures.sway.towardLabel == 1)
    #expect(figures.sway.towardMerged == 0)
    #expect(figures.flips == 1)
  }

  @Test func anUndoneBlindVerdictStaysTheFirstAnswer() throws {
    var log = Log()
    let first = log.add("rt", 1, -1, mode: .blind)
    log.undo(first)
    log.add("rt", 1, 1)
    #expect(try rt(log.solution([1])).sway.changed == 1)
    // Nothing stands: then nothing is known of what the reviewer thinks now.
    var other = Log()
    other.undo(other.add("rt", 1, -1, mode: .blind))
    #expect(try rt(other.solution([1])).sway.answered == 0)
  }

  @Test func verdictsWithLabelsOpenAreNoSway() throws {
    var log = Log()
    log.add("rt", 1, 1)
    log.add("rt", 1, -1)
    let figures = try rt(log.solution([-1]))
    #expect(figures.sway.answered == 0)
    #expect(figures.flips == 1)
  }

  // MARK: - Known labels

  @Test func onItemsWithAKnownLabelTheFirstBlindAnswerCounts() throws {
    var log = Log()
    log.add("rt", 1, 1, mode: .blind)
    log.add("rt", 2, -1, mode: .blind)
    log.add("rt", 2, 1)
    log.add("rt", 3, 1, mode: .blind)
    let figures = try rt(log.solution([1, 0, 1], screening: true))
    #expect(figures.gold.blind == Share(2, of: 3))
    #expect(figures.gold.open == Share(0, of: 0))
    #expect(figures.gold.firstErrors == Share(0, of: 1), "the first answer had an error where there is none")
    #expect(figures.asLabel == Share(3, of: 3), "what stands is as the label")
  }

  @Test func openAnswersAreToldApart() throws {
    var log = Log()
    log.add("rt", 1, 1)
    log.add("rt", 2, 1)
    log.add("rt", 2, -1)
    let figures = try rt(log.solution([1, -1], screening: true))
    #expect(figures.gold.blind.whole == 0)
    #expect(figures.gold.open == Share(2, of: 2))
    #expect(figures.gold.firstErrors == Share(1, of: 1))
    #expect(figures.gold.best == Share(2, of: 2))
  }

  @Test func otherItemsCountOnlyIfMixedInOrSettled() throws {
    var log = Log()
    log.add("rt", 1, 1, mode: .blind)
    log.add("rt", 2, -1, mode: .blind)
    #expect(try rt(log.solution([1, 1])).gold.blind.whole == 0)
    #expect(try rt(log.solution([1, 1], goldFor: ["rt"])).gold.blind == Share(1, of: 2))
    #expect(try rt(log.solution([1, 1], goldFor: ["ana"])).gold.blind.whole == 0)
    log.add("ana", 2, -1, kind: .adjudication)
    #expect(try rt(log.solution([1, 1])).gold.blind == Share(1, of: 1), "the settled label, not the data's")
    // Steps that the reviewer settled are not a measure.
    log.add("rt", 2, -1, kind: .adjudication)
    #expect(try rt(log.solution([1, 1])).gold.blind.whole == 0)
  }

  // MARK: - Pace

  @Test func idleTimeIsCutOff() throws {
    var log = Log()
    log.add("rt", 1, 1, elapsed: 5_000)
    log.add("rt", 2, 1, after: 7_000, elapsed: 7_000)
    log.add("rt", 3, 1, after: 600_000, elapsed: 600_000)
    log.add("rt", 4, 1, after: 9_000, elapsed: 9_000)
    let figures = try rt(log.solution([1, 1, 1, 1]))
    #expect(figures.medianMilliseconds == 8_000)
    #expect(figures.activeMilliseconds == 5_000 + 7_000 + 120_000 + 9_000)
    #expect(figures.pauses == 1)
    #expect(try rt(log.solution([1, 1, 1, 1]), idle: 1000).pauses == 0)
    #expect(try rt(log.solution([1, 1, 1, 1]), idle: 6).activeMilliseconds == 5_000 + 6_000 + 6_000 + 6_000)
  }

  @Test func noTimeIsCountedTwice() throws {
    var log = Log()
    log.add("rt", 1, 1, elapsed: 20_000)
    // A flag on the same step, three seconds later: the step was shown 23 seconds ago.
    log.add("rt", 1, 1, after: 3_000, elapsed: 23_000, kind: .flag)
    let figures = try rt(log.solution([1]))
    #expect(figures.activeMilliseconds == 23_000)
    #expect(figures.decisions == 2)
    #expect(figures.medianMilliseconds == 20_000, "a flag is not an answer")
  }

  @Test func daysAreLocalAndTodayIsToday() throws {
    // 2023-11-14 22:13:20 UTC and two hours later, the next day.
    var log = Log()
    log.add("rt", 1, 1, mode: .blind, elapsed: 1_000)
    log.add("rt", 2, 1, mode: .blind, after: 7_200_000, elapsed: 3_000)
    let solution = log.solution([1, -1], screening: true)
    let figures = try #require(reviewers([solution], now: Date(timeIntervalSince1970: 1_700_010_000))["rt"])
    #expect(figures.days.map(\.day) == ["2023-11-14", "2023-11-15"])
    #expect(figures.days.map(\.decisions) == [1, 1])
    #expect(figures.days.map(\.gold.blind) == [Share(1, of: 1), Share(0, of: 1)])
    #expect(figures.today == 1)
    #expect(figures.medianTodayMilliseconds == 3_000)
    #expect(figures.pauses == 0, "a night is not a pause")
  }

  /// Events come from files too: no time whatever may end the program.
  @Test func absurdTimesDoNoHarm() throws {
    var log = Log(at: .min / 2)
    log.add("rt", 1, 1, elapsed: .max)
    log.time = .max - 10_000
    log.add("rt", 2, 1, elapsed: .min)
    let figures = try rt(log.solution([1, 1]))
    #expect(figures.decisions == 2)
    #expect(figures.activeMilliseconds <= 240_000)
  }

  // MARK: - Others

  @Test func agreementWithTheOthers() throws {
    var log = Log()
    for (step, value) in [(1, 1), (2, 1), (3, -1)] { log.add("rt", step, value) }
    for (step, value) in [(1, 0), (2, -1)] { log.add("ana", step, value) }
    for (step, value) in [(1, 1), (2, 1), (3, -1)] { log.add("bo", step, value) }
    let all = reviewers([log.solution([1, 1, -1])])
    #expect(all["rt"]?.asOthers == Share(4, of: 5))
    #expect(all["ana"]?.asOthers == Share(2, of: 4))
    #expect(all["rt"]?.finished == 1 && all["ana"]?.finished == 1)
  }
}
