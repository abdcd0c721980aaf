import Terminal
import Testing

@testable import Workbench

/// The action table's default keys.
@Suite struct KeyTableTests {
  @Test func noKeyMeansTwoThingsInOnePlace() throws {
    for place in ActionTable.places {
      var owners: [Key: ActionID] = [:]
      for action in place.actions {
        for name in action.keys {
          let key = try #require(Key(name), "'\(name)' of \(action.id) is not a key")
          #expect(
            owners[key] == nil, "\(name) is both \(owners[key]?.rawValue ?? "") and \(action.id) \(place.heading)")
          owners[key] = action.id
        }
      }
    }
  }

  @Test func everyActionHasAKeyAndANameOfItsOwn() {
    #expect(Set(ActionTable.all.map(\.id)).count == ActionTable.all.count)
    for action in ActionTable.all { #expect(!action.keys.isEmpty, "\(action.id) has no key") }
  }

  /// Actions of one meaning on several screens, and those that only open a form.
  private static let families: [Set<ActionID>] = [
    ["comment.line", "adjudication.note", "runs.note"],
    ["queue.save", "live.save", "generation.start", "run-form.start", "runs.resume"],
    ["verdict.clear", "runs.delete"],
    ["runs.stop", "generation.stop", "live.stop"],
  ]
  private static let opensAForm: Set<ActionID> = ["runs.new", "runs.like"]
  /// They act at once, though on no decision.
  private static let acting: Set<ActionID> = ["runs.stop", "runs.resume", "generation.stop", "live.stop"]

  private func keys(_ isWanted: (ScreenRegistration, Action) -> Bool) -> [Key: Set<ActionID>] {
    var found: [Key: Set<ActionID>] = [:]
    for screen in ScreenRegistry.all {
      for action in screen.actions where isWanted(screen, action) {
        for key in action.keys.compactMap(Key.init) { found[key, default: []].insert(action.id) }
      }
    }
    return found
  }

  private var writing: [Key: Set<ActionID>] {
    keys { screen, action in
      (screen.writing.contains(action.id) || Self.acting.contains(action.id)) && !Self.opensAForm.contains(action.id)
    }
  }

  @Test func aKeyThatDecidesDecidesNothingElseOnAnotherScreen() {
    for (key, ids) in writing where ids.count > 1 {
      #expect(Self.families.contains { ids.isSubset(of: $0) }, "\(key): \(ids)")
    }
  }

  @Test func aKeyThatMovesOrListsDecidesNothingOnAnotherScreen() {
    let lists: Set<ActionID> = [
      "queue.filter", "queue.filter-clear", "queue.saved", "queue.sort", "queue.open", "curation.queue",
      "curation.sets", "curation.enter", "curation.fold", "evaluation.filter", "evaluation.queue",
      "evaluation.training", "evaluation.enter", "generation.solutions", "runs.metric", "runs.metric-previous",
      "runs.enter", "live.next", "live.previous", "live.follow", "demo.next", "demo.previous", "demo.forward",
      "demo.back", "adjudication.next", "adjudication.review", "solution.next-todo", "solution.previous-todo",
    ]
    let moving = keys { _, action in ActionID.moving.contains(action.id) || lists.contains(action.id) }
    for (key, ids) in writing {
      #expect(moving[key] == nil, "\(key): \(ids) and \(moving[key] ?? [])")
    }
  }

  @Test func firstAndLastHaveTheSameKeysEverywhere() throws {
    for screen in ScreenRegistry.all {
      for action in screen.actions where action.keys.contains("g") {
        #expect([.rowFirst, .stepFirst].contains(action.id), "\(action.id)")
      }
      for action in screen.actions where action.keys.contains("n") {
        #expect(action.id == .verdictIncorrect, "n is a verdict, always: \(action.id)")
      }
    }
    let bench = try Bench()
    try bench.type("G")
    #expect(bench.queue.list.selected == bench.queue.ids.count - 1)
    try bench.type("g g enter G")
    #expect(bench.model.review?.step == bench.model.review?.stepCount)
    try bench.type("g g")
    #expect(bench.model.review?.step == 1)
    #expect(try bench.workspace.events().isEmpty)
    try bench.type("q ctrl-d")
    #expect((bench.queue.list.selected ?? 0) > 5)
    try bench.type("ctrl-u")
    #expect(bench.queue.list.selected == 0)
  }

  @Test func escapeClearsTheSearchThenTheZoomThenGoesBack() throws {
    let bench = try Bench()
    try bench.type("enter /")
    bench.write("croissant")
    try bench.type("enter z escape")
    #expect(bench.model.review?.search.isEmpty == true && bench.model.review?.isZoomed == true)
    try bench.type("escape")
    #expect(bench.model.review?.isZoomed == false)
    try bench.type("escape")
    #expect(bench.model.top.id == .queue)
  }

  @Test func leavingTheQueueAsksOnceWhereSomethingIsUnfinished() throws {
    let bench = try Bench()
    try bench.type("enter y q q")
    #expect(bench.model.takeEffect() == nil)
    #expect(
      bench.model.message?.text == "solutions-1 has steps without your verdict; all is saved. The same key again ends.")
    // Another key means to stay.
    try bench.type("j q")
    #expect(bench.model.takeEffect() == nil)
    try bench.type("q")
    #expect(bench.model.takeEffect() == .quit)
    // Nothing is asked where nothing was begun, and where a key says that it ends the program.
    let other = try Bench()
    try other.type("q")
    #expect(other.model.takeEffect() == .quit)
    try other.type("enter y Q")
    #expect(other.model.takeEffect() == .quit)
  }
}
