import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Saved queues, orders, filters with completion, several reviewers, messages and colours.
@Suite struct QueueBehaviour {
  @Test func aFilterIsCompletedAndSavedAsAQueueAndOpenedAgain() throws {
    let bench = try Bench()
    try bench.type("/")
    bench.write("lab")
    #expect(bench.screen().contains("tab label:"))
    try bench.type("tab")
    #expect(bench.screen().contains("wrong  right  unknown"))
    bench.write("w")
    try bench.type("tab enter t")
    let wrong = bench.model.queue.ids
    #expect(wrong.count < 31)
    try bench.type("ctrl-s")
    bench.write("wrong ones quota=2 overlap=1")
    try bench.type("enter")
    #expect(bench.model.message?.text == "Saved as wrong ones: label:wrong, disagreement, quota 2, one reviewer each.")
    #expect(bench.screen().contains("queue wrong ones"))
    try bench.type("L home enter")
    #expect(bench.model.queue.saved == nil && bench.model.queue.ids.count == 31)
    try bench.type("L j enter")
    #expect(bench.model.queue.saved?.name == "wrong ones")
    #expect(bench.model.queue.ids == wrong)
    // Two are finished: that is the quota.
    try bench.type("enter n y y y y y y y enter")
    try bench.type("X")
    bench.write("no idea")
    try bench.type("enter enter X")
    bench.write("none")
    try bench.type("enter enter")
    #expect(bench.model.message?.text.hasPrefix("Your quota is done") == true)
  }

  @Test func aQueueOpensInItsMode() throws {
    let bench = try Bench()
    var queue = SavedQueue(name: "blind")
    queue.mode = .blind
    queue.sort = .random
    try bench.workspace.save(queue)
    try bench.type("L j enter")
    #expect(bench.model.session.mode == .blind)
    #expect(bench.screen().contains("order random"))
  }

  @Test func whatAnotherReviewerHasIsNotOffered() throws {
    let bench = try Bench()
    var queue = SavedQueue(name: "once")
    queue.overlap = 1
    try bench.workspace.save(queue)
    let ana = ReservationHolder(reviewer: "ana")
    let ids = bench.model.queue.ids
    let keys = try bench.workspace.rows(ids, reviewer: "rt").map(\.key)
    #expect(try bench.workspace.reserve(keys[1], for: ana, overlap: 1))
    try bench.type("L j enter enter")
    #expect(bench.model.review?.stored.id == ids[0])
    try bench.type(">")
    #expect(bench.model.review?.stored.id == ids[2])
    try bench.type("[")
    #expect(bench.model.review?.stored.id == ids[2])
    #expect(bench.model.message?.text.contains("is with another reviewer already") == true)
    // In no queue everybody may look, and sees who else is here.
    try bench.type("q L home enter home j enter")
    #expect(bench.screen().contains("open by ana"))
  }

  @Test func reasonsForTheOrderStandInTheQueueAndTheReview() throws {
    let bench = try Bench()
    bench.model.services.trainingSet.load()
    bench.model.settle()
    _ = bench.model.tick()
    while bench.model.queue.sort != .curation { try bench.type("t") }
    #expect(bench.screen().contains("deep misses the label"))
    try bench.type("enter")
    #expect(bench.screen().split(separator: "\n")[1].contains("deep misses the label"))
  }

  @Test func wordsOfTheFilterAreLitAndWalkedThrough() throws {
    let bench = try Bench()
    try bench.type("/")
    bench.write("croissants")
    try bench.type("enter enter ;")
    let first = try #require(bench.model.message?.text)
    #expect(first.contains(" in step 1"))
    var steps: Set<Int> = []
    for _ in 0..<30 {
      try bench.type(";")
      steps.insert(try #require(bench.model.review).step)
    }
    #expect(steps.count > 2)
  }

  @Test func whatWasSaidCanBeReadAgain() throws {
    let bench = try Bench()
    try bench.type("t enter q ctrl-o")
    #expect(bench.screen().contains("Order: disagreement."))
    try bench.type("escape")
    #expect(bench.model.overlay == nil)
  }

  @Test func coloursAreChangedWithoutLeaving() throws {
    let bench = try Bench()
    try bench.type("f10")
    #expect(bench.model.message?.text == "No themes to choose from.")
    bench.model.themes = (
      ThemeFiles.names(in: []).map { ($0, ThemeFiles.about($0)) }, { try ThemeFiles.load($0, folders: []) }
    )
    try bench.type("f10")
    #expect(bench.screen().contains("blue and orange in place of green and red"))
    try bench.type("enter")
    #expect(bench.model.takeTheme()?.name == "colour-blind")
    #expect(bench.model.takeTheme() == nil)
  }

  @Test func emptyColumnsLeaveTheirRoomToTheProblem() throws {
    let without = try Bench(files: ["solutions.prm800k.jsonl"])
    let heading = without.screen().split(separator: "\n")[2]
    #expect(!heading.contains("disagreement") && !heading.contains("by") && heading.contains("error"))
    let with = try Bench()
    #expect(with.screen().split(separator: "\n")[2].contains("disagreement"))
    // In blind mode every label is hidden, and so its column.
    let blind = try Bench(mode: .blind)
    #expect(!blind.screen().split(separator: "\n")[2].contains("error"))
    try blind.type("enter n q")
    #expect(blind.screen().split(separator: "\n")[2].contains("by"))
  }
}
