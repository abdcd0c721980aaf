import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// Bookmarks, the guide, the search in the help, and the settings window.
@Suite struct ComfortTests {
  @Test func bookmarksAndPlacesAreListedAndGoneTo() throws {
    let bench = try Bench()
    try bench.type("'")
    #expect(bench.model.message?.text.contains("No bookmark yet") == true)
    try bench.type("enter j j M ] ] '")
    #expect(bench.screen().contains("bookmark, step 3"))
    try bench.type("enter")
    #expect(bench.model.review?.stored.id == bench.model.queue.ids[0])
    #expect(bench.model.review?.step == 3)
    try bench.type("M '")
    #expect(!bench.screen().contains("bookmark, step"))
    try bench.type("enter")
    #expect(bench.model.review?.stored.id == bench.model.queue.ids[2])
  }

  @Test func theGuideIsShownOnce() throws {
    let bench = try Bench()
    bench.model.welcome()
    #expect(bench.model.overlay == nil)
    bench.model.session.statePath = bench.folder.path + "/state/layout.json"
    bench.model.welcome()
    for size in [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)] {
      bench.model.resize(to: size)
      try expectSnapshot(bench.screen(), "guide-\(size.width)x\(size.height)")
    }
    try bench.type("j")
    #expect(bench.model.overlay == nil)
    #expect(bench.model.queue.list.selected == 0)
    bench.model.welcome()
    #expect(bench.model.overlay == nil)
    try bench.type("f12 escape")
    #expect(bench.model.overlay == nil)
  }

  @Test func theHelpIsSearched() throws {
    let bench = try Bench()
    try bench.type("? /")
    bench.write("clipboard")
    let screen = bench.screen()
    #expect(screen.contains("Copy the source of the focused pane"))
    #expect(!screen.contains("Rate this step correct"))
    bench.write("zzz")
    #expect(bench.screen().contains("No command matches."))
    try bench.type("escape")
    #expect(bench.screen().contains("Show all solutions again") || bench.screen().contains("Undo your last"))
    try bench.type("escape")
    #expect(bench.model.overlay == nil)
  }

  @Test func oneLineOfASettingsFileIsChangedAndNoOther() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/deep/settings.toml"
    try SettingsFile.set("mouse", to: "true", in: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mouse = true\n")
    let text = "# mine\nreviewer = \"rt\"  # me\n\n[keys]\n\"undo\" = \"U\"\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try SettingsFile.set("theme", to: "\"dark\"", in: path)
    try SettingsFile.set("theme", to: "\"light\"", in: path)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "# mine\nreviewer = \"rt\"  # me\n\ntheme = \"light\"\n[keys]\n\"undo\" = \"U\"\n")
    #expect(try SettingsFile.read(path)?.theme == "light")
    #expect(throws: SettingsError.self) { try SettingsFile.set("theme", to: "\"", in: path) }
    #expect(try SettingsFile.read(path)?.theme == "light")
  }

  @Test func aPasteThatIsNotMarkedDecidesNothing() throws {
    let bench = try Bench()
    try bench.type("enter")
    func burst(_ text: String) -> InputEvent {
      .burst(text.map { $0 == "\n" ? .enter : .character($0) })
    }
    bench.model.take(burst("any answer\nis no"))
    #expect(try bench.workspace.events().isEmpty)
    #expect(bench.model.message?.text.contains("press keys one at a time") == true)
    // Keys that only move are obeyed, as when one is held down.
    bench.model.take(burst("jjjjjkkkk"))
    #expect(bench.model.review?.step == 2)
    // A text in an open line is text.
    try bench.type("c")
    bench.model.take(burst("yes, no and so on"))
    try bench.type("enter")
    #expect(try bench.workspace.events().map(\.value) == ["yes, no and so on"])
  }

  @Test func helpHasTopicsAndDoesWhatIsSelected() throws {
    let bench = try Bench(size: Size(width: 200, height: 60))
    try bench.type("enter ?")
    let shown = bench.screen()
    for topic in Topic.allCases { #expect(shown.contains(topic.rawValue), "\(topic)") }
    try bench.type("/")
    bench.write("restore the panes")
    #expect(bench.screen().contains("Zoom the focused pane"))
    try bench.type("enter")
    #expect(bench.model.overlay == nil && bench.model.review?.isZoomed == true)
    // A command of another screen says why it is not done.
    try bench.type("z ? /")
    bench.write("smooth the lines")
    #expect(bench.screen().contains("Open the runs screen first"))
    try bench.type("escape escape")
    #expect(bench.model.overlay == nil)
  }

  @Test func everyActionOfTheReviewHasATopic() {
    for action in ReviewScreen.commands.all { #expect(Topic(action.action.id) != nil, "\(action.action.id)") }
    for action in Navigator.commands.all { #expect(Topic(action.action.id) != nil, "\(action.action.id)") }
  }

  @Test func scatteredLettersMatchOnlyWhereNothingBetterDoes() throws {
    let bench = try Bench()
    func found(_ text: String) throws -> [String] {
      let palette = PaletteOverlay(bench.model.context, bench.model.availableActions)
      for character in text { _ = palette.handle(.character(character)) }
      return palette.matches.compactMap { if case .action(let action) = $0 { action.id.rawValue } else { nil } }
    }
    #expect(try found("theme").first == "theme.choose")
    #expect(try found("undo") == ["undo"])
    #expect(try found("thmch").first == "theme.choose")
  }
}
