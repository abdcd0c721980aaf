import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Coming back to a workspace, and going to a solution by what it is called.
@Suite struct ReturnBehaviour {
  private func session(
    _ bench: Bench, mode: ReviewMode = .audit, reviewer: String = "rt", size: Size = Size(width: 120, height: 40)
  ) throws -> Navigator {
    var settings = WorkspaceSettings()
    settings.mode = mode
    let session = Session(workspace: bench.workspace, settings: settings, reviewer: reviewer)
    session.statePath = bench.folder.path + "/state/layout.json"
    let navigator = try Navigator(
      session: session, keyMap: KeyMap(), size: size, glyphs: .unicode, environment: [:])
    navigator.welcomeBack()
    return navigator
  }

  private func type(_ keys: String, _ navigator: Navigator) throws {
    for name in keys.split(separator: " ") {
      _ = navigator.tick()
      navigator.handle(try #require(Key(String(name))))
    }
  }

  private func screen(_ navigator: Navigator) -> String {
    navigator.layOut()
    navigator.overlay?.settle()
    navigator.layOut()
    return navigator.draw(theme: .terminal).text()
  }

  @Test func aFirstSessionIsNotGreeted() throws {
    #expect(try session(Bench()).overlay == nil)
  }

  @Test func onReturnThePlaceTheFilterAndTheOrderAreThoseOfLastTime() throws {
    let bench = try Bench()
    let first = try session(bench)
    try first.screen(QueueScreen.self).setFilter("steps>5")
    try first.queue.reload(sort: .disagreement)
    try type("enter y y j", first)
    let place = try #require(first.review.map { ($0.stored.name, $0.step) })
    first.release()

    let next = try session(bench)
    #expect(next.queue.filter.text == "steps>5" && next.queue.sort == .disagreement)
    let shown = screen(next)
    #expect(shown.contains("\(place.0), step \(place.1) · \(next.queue.ids.count) left"), "\(shown)")
    #expect(!shown.contains("conflict"))
    try type("enter", next)
    #expect(next.review?.stored.name == place.0 && next.review?.step == place.1)
    // Another reviewer has been nowhere.
    #expect(try session(bench, reviewer: "ann").overlay == nil)
  }

  @Test(arguments: ScreenSnapshots.sizes) func theCard(size: Size) throws {
    let bench = try Bench(size: size)
    let first = try session(bench)
    try type("enter j E", first)
    first.handle(.character("A"))
    first.release()
    let next = try session(bench, size: size)
    let lines = screen(next).split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("draft") }
    try expectSnapshot(lines.joined(separator: "\n"), "return-\(size.width)x\(size.height)")
  }

  @Test func anyOtherKeyDoesWhatItAlwaysDoes() throws {
    let bench = try Bench()
    let first = try session(bench)
    try type("enter j", first)
    first.release()
    let next = try session(bench)
    try type("j", next)
    #expect(next.overlay == nil && next.queue.list.selected == 1)
    let again = try session(bench)
    try type("escape", again)
    #expect(again.overlay == nil && again.top.id == .queue)
  }

  @Test func conflictsAreToldInAuditModeOnly() throws {
    let bench = try Bench()
    let first = try session(bench)
    try type("enter n", first)
    first.release()
    try type("enter y", try session(bench, reviewer: "ann"))
    #expect(screen(try session(bench)).contains("1 conflict waits"))
    #expect(!screen(try session(bench, mode: .blind)).contains("conflict"))
    let next = try session(bench)
    _ = screen(next)
    try type("f7", next)
    #expect(next.top.id == "adjudication")
  }

  @Test func blindReturnDropsAFilterThatReveals() throws {
    let bench = try Bench()
    let first = try session(bench)
    try first.screen(QueueScreen.self).setFilter("label:wrong")
    try type("enter", first)
    first.release()
    #expect(try session(bench, mode: .blind).queue.filter.isEmpty)
  }

  @Test func theKeyOfCommandsGoesToASolutionByNumberOrName() throws {
    let bench = try Bench()
    let (id, name) = try #require(try bench.queue.rows(7..<8).first.map { ($0.id, $0.name) })
    for word in ["\(id)", "#\(id)", name] {
      try bench.type(":")
      bench.write(word)
      #expect(bench.screen().contains("go to"))
      try bench.type("enter")
      #expect(bench.model.review?.stored.id == id, "\(word)")
      #expect(bench.model.message == nil)
    }
    // From a review too, and beyond the filter.
    try bench.type("q")
    try bench.screenFilter("steps>1000")
    try bench.type("ctrl-p")
    bench.write("\(id)")
    try bench.type("enter")
    #expect(bench.model.review?.stored.id == id)
    #expect(bench.model.message?.text.contains("is not in the filter 'steps>1000'") == true)
    // Commands are found as ever.
    try bench.type(":")
    bench.write("help")
    try bench.type("enter")
    #expect(bench.model.overlay is HelpOverlay)
  }

  @Test func theFilterKnowsNames() throws {
    let bench = try Bench()
    let name = try #require(try bench.queue.rows(7..<8).first?.name)
    try bench.screenFilter("name:\(name.uppercased())")
    #expect(try bench.queue.rows(0..<1).first?.name == name)
    try bench.screenFilter("-name:\(name.prefix(3))")
    #expect(bench.queue.ids.isEmpty)
  }
}

extension Bench {
  fileprivate func screenFilter(_ text: String) throws { try model.screen(QueueScreen.self).setFilter(text) }
}
