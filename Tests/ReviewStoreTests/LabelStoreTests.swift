import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import ReviewStore

/// Labels, tags and batches as the store keeps them.
@Suite struct LabelStoreTests {
  private func samples() throws -> (TemporaryWorkspace, [QueueRow]) {
    let temporary = try TemporaryWorkspace()
    _ = try temporary.workspace.importFile(
      packageRoot.appendingPathComponent("SampleData/solutions.prm800k.jsonl").path)
    return (temporary, try temporary.workspace.rows(Array(1...31), reviewer: "ana"))
  }

  @Test func decisionsTakenTogetherAreUndoneTogether() throws {
    let (temporary, rows) = try samples()
    let workspace = temporary.workspace
    let ana = ReviewContext(reviewer: "ana")
    try workspace.record(ReviewDecision(solution: rows[0].key, step: 1, .flag(true)), by: ana)
    let tag = try #require(Tag("second-look"))
    try workspace.record(rows.prefix(10).map { ReviewDecision(solution: $0.key, .tag(tag)) }, by: ana)
    func tagged() throws -> Int {
      try workspace.queue(sort: .imported, filter: QueueFilter("tag:second-look"), reviewer: "ana").count
    }
    #expect(try tagged() == 10)
    #expect(try workspace.rows([1], reviewer: "ana")[0].tags == ["second-look"])
    let before = try workspace.projectionDump()
    #expect(try workspace.undo(by: ana)?.count == 10)
    #expect(try tagged() == 0)
    #expect(try workspace.redo(by: ana)?.count == 10)
    #expect(try tagged() == 10)
    #expect(try workspace.projectionDump() == before)
    #expect(try workspace.undo(by: ana)?.count == 10)
    #expect(try workspace.undo(by: ana)?.decision.kind == .flag)
    #expect(try workspace.undo(by: ana) == nil)
    #expect(try workspace.projectionDifferences() == 0)
  }

  @Test func aBatchOfOthersIsNotUndone() throws {
    let (temporary, rows) = try samples()
    let workspace = temporary.workspace
    let tag = try #require(Tag("x"))
    let decisions = rows.prefix(3).map { ReviewDecision(solution: $0.key, .tag(tag)) }
    try workspace.record(decisions, by: ReviewContext(reviewer: "ana"))
    #expect(try workspace.undo(by: ReviewContext(reviewer: "bo")) == nil)
    // Of several people's decisions about a tag the latest stands.
    try workspace.record(
      ReviewDecision(solution: rows[0].key, .tag(tag, isOn: false)), by: ReviewContext(reviewer: "bo"))
    #expect(try workspace.queue(sort: .imported, filter: QueueFilter("tag:x"), reviewer: "ana").count == 2)
    // Batches travel with the reviews.
    var lines: [String] = []
    _ = try workspace.exportReviews { lines.append($0) }
    let events = try lines.dropFirst().map { try ReviewsFile.decodeEvent(Array($0.utf8)) }
    #expect(Set(events.compactMap(\.batch)).count == 1 && events.count { $0.batch != nil } == 3)
  }

  @Test func thePolicyOfTheSettingsIsTakenOver() throws {
    let (temporary, rows) = try samples()
    let workspace = temporary.workspace
    try workspace.record(
      ReviewDecision(solution: rows[0].key, step: 1, .verdict(.incorrect)), by: ReviewContext(reviewer: "ana"))
    func error() throws -> FirstError { try workspace.rows([1], reviewer: "ana")[0].firstError }
    #expect(try error() == .step(1))
    try "[curate]\nreviewers = [\"bo\"]\n".write(toFile: workspace.settingsPath, atomically: true, encoding: .utf8)
    try workspace.adoptLabelPolicy()
    #expect(try error() == .step(5))
    #expect(try workspace.labelPolicy().reviewers == ["bo"])
    // A file that cannot be read leaves the labels as they are.
    try "[curate]\nprecedence = [\"nobody\"]\n".write(toFile: workspace.settingsPath, atomically: true, encoding: .utf8)
    #expect(throws: SettingsError.self) { try workspace.adoptLabelPolicy() }
    #expect(try error() == .step(5))
    try "[curate]\nprecedence = [\"reviewers\", \"gold\"]\n".write(
      toFile: workspace.settingsPath, atomically: true, encoding: .utf8)
    try workspace.adoptLabelPolicy()
    #expect(try error() == .step(1))
    #expect(try workspace.labelPolicy().precedence == [.reviewers, .imported])
    #expect(try workspace.projectionDifferences() == 0)
  }

  @Test func doctorSeesALabelThatIsNotWhatTheLogSays() throws {
    let (temporary, _) = try samples()
    let workspace = temporary.workspace
    try workspace.write { try $0.execute(sql: "UPDATE solution SET imported = ratings, ratings = '-' WHERE id = 2") }
    #expect(try workspace.projectionDifferences() > 0)
    try workspace.rebuildProjections()
    #expect(try workspace.projectionDifferences() == 0)
    #expect(try workspace.rows([2], reviewer: "ana")[0].firstError == .none)
  }

  @Test func tagsHavePlainNames() {
    for name in ["a", "second-look", "2nd", "x_y", String(repeating: "a", count: 40)] { #expect(Tag(name) != nil) }
    for name in ["", "-a", "A", "a b", "é", "a,b", String(repeating: "a", count: 41)] { #expect(Tag(name) == nil) }
  }
}
