import CritiqueModel
import Testing

@testable import Curation
@testable import ReviewStatistics
@testable import ReviewStore

/// Where reviewers disagree, and what settles it.
@Suite struct ConflictTests {
  private func conflicts(_ solution: ReviewedSolution) -> [Conflict] {
    Conflict.all(in: solution, settings: CurationSettings())
  }

  @Test func neutralAndCorrectDoNotConflict() {
    var log = Log()
    log.add("ana", 1, 0)
    log.add("rt", 1, 1)
    log.add("ana", 2, 1)
    log.add("rt", 2, -1)
    let found = conflicts(log.solution([1, 1, 1], merged: [1, -1, 1]))
    #expect(found.map(\.step) == [2])
    #expect(found.first?.words == "ana says correct, rt says incorrect")
    #expect(found.first?.imported == .correct)
    #expect(found.first?.judgements["merged"] == .incorrect)
    #expect(found.first?.settled == nil)
  }

  @Test func whatComesAfterTheFirstErrorDoesNotMatter() {
    var log = Log()
    for (step, value) in [(1, -1), (2, 1)] { log.add("ana", step, value) }
    for (step, value) in [(1, -1), (2, -1)] { log.add("rt", step, value) }
    #expect(conflicts(log.solution([1, 1])).isEmpty)
  }

  @Test func anAdjudicationSettlesAndTakingItBackReopens() {
    var log = Log()
    log.add("ana", 1, 1)
    log.add("rt", 1, -1)
    let settled = log.add("lead", 1, -1, kind: .adjudication)
    #expect(conflicts(log.solution([1])).first?.settled?.rating == .incorrect)
    #expect(conflicts(log.solution([1])).first?.settled?.reviewer == "lead")
    #expect(log.solution([1]).resolution(LabelPolicy()).firstError == .step(1))
    log.undo(settled)
    #expect(conflicts(log.solution([1])).first?.settled == nil)
  }

  @Test func firstAnswersAndCommentsAreTold() throws {
    var log = Log()
    log.add("ana", 1, -1, mode: .blind)
    log.add("ana", 1, 1)
    log.add("rt", 1, -1, mode: .blind)
    let found = try #require(conflicts(log.solution([1])).first)
    #expect(found.verdicts.map(\.firstRating) == [.incorrect, nil])
    #expect(found.verdicts.map(\.mode) == [.blind, .blind])
  }

  @Test func onlyReviewersWhoCountConflict() {
    var log = Log()
    log.add("ana", 1, 1)
    log.add("rt", 1, -1)
    var settings = CurationSettings()
    settings.labels.reviewers = ["ana"]
    #expect(Conflict.all(in: log.solution([1]), settings: settings).isEmpty)
  }

  @Test func aProblemThatSomeFindBadAndOthersReviewedIsInDispute() throws {
    var log = Log()
    log.add("ana", 0, 0, kind: .mark, text: "bad_problem", note: "two readings")
    log.add("rt", 1, 1)
    #expect(conflicts(log.solution([1, 1])).isEmpty, "rt has not finished")
    log.add("rt", 2, 1)
    let found = try #require(conflicts(log.solution([1, 1])).first)
    #expect(found.isAboutProblem && found.settled == nil)
    #expect(found.words == "ana says bad problem, rt says good problem")
    #expect(found.verdicts.map(\.comments) == [["two readings"], []])
    let settled = log.add("lead", 0, 1, kind: .adjudication)
    #expect(conflicts(log.solution([1, 1])).first?.settled?.rating == .correct)
    log.undo(settled)
    #expect(conflicts(log.solution([1, 1])).first?.settled == nil)
    log.add("rt", 0, 0, kind: .mark, text: "bad_problem")
    #expect(conflicts(log.solution([1, 1])).isEmpty, "both find it bad")
  }

  @Test func whoHasNotFinishedSeesNothingOfOthersInBlindMode() throws {
    let bench = try Bench()
    try bench.decide(1, step: 1, "1", by: "ana")
    try bench.decide(1, step: 1, "-1", by: "rt")
    func list(_ reader: String, _ mode: ReviewMode) throws -> ConflictList {
      try Conflict.all(in: bench.workspace, settings: CurationSettings(), reader: reader, mode: mode)
    }
    #expect(try list("rt", .blind).conflicts.count == 1, "rt's labels stop at step 1: finished")
    #expect(try list("ana", .blind).conflicts.isEmpty)
    #expect(try list("ana", .blind).isLimited)
    #expect(try list("ana", .audit).conflicts.count == 1)
    #expect(try list("lead", .blind).isLimited)
    try bench.decide(1, step: 1, "1", by: "lead", .adjudication)
    #expect(try list("rt", .audit).open.isEmpty)
    #expect(try list("rt", .audit).conflicts.count == 1)
  }
}
