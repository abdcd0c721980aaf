import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// The settings screen.
@Suite struct SettingsBehaviour {
  private func write(_ text: String, _ bench: Bench) throws {
    // Another time, whatever the file system's clock is like.
    try text.write(toFile: bench.workspace.settingsPath, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: Double(text.count))], ofItemAtPath: bench.workspace.settingsPath)
  }

  private func row(_ name: String, _ bench: Bench) throws -> Setting {
    try #require(bench.settings.rows.first { $0.name == name }, "no row '\(name)'")
  }

  @Test func settingsAreShownWithTheirOriginAndChanged() throws {
    let bench = try Bench()
    try bench.type("f8")
    #expect(bench.model.top is SettingsScreen)
    let mouse = try row("mouse", bench)
    #expect((mouse.value, mouse.origin) == ("left to the terminal", "the default"))
    #expect(bench.screen().contains("left to the terminal"))
    try bench.type("j enter")
    #expect(bench.model.usesMouse)
    #expect(try row("mouse", bench).words == "used here (left to the terminal from the next start)")
    try bench.type("j enter")
    #expect(bench.model.session.mode == .blind)
    #expect(try row("mode", bench).words == "blind (audit from the next start)")
    try bench.type("q")
    #expect(bench.model.top is QueueScreen)
  }

  @Test func whatIsSetInAFileSaysWhichFile() throws {
    let bench = try Bench(settingsText: "reviewer = \"ana\"\n[review]\ndaily_goal = 9\n[keys]\n\"undo\" = \"U\"\n")
    try bench.type("f8")
    #expect(try row("daily goal", bench).origin == "this workspace")
    #expect(try row("idle after", bench).origin == "the default")
    #expect(try row("reviewer", bench).words == "rt (ana from the next start)")
    #expect(try row("undo", bench).next == "U")
    try bench.type("j j j enter")
    let words = try #require(bench.model.message?.text)
    #expect(words == "'reviewer' is set in a file: \(bench.workspace.settingsPath).")
  }

  @Test func aFileThatCannotBeReadIsNamedWithItsLineAndHidesNothing() throws {
    let bench = try Bench()
    try write("theme = \"dark\"\nmouse = maybe\n", bench)
    try bench.type("f8")
    #expect(bench.settings.problems.count == 1)
    #expect(bench.settings.problems[0].hasPrefix("\(bench.workspace.settingsPath):2: not valid TOML"))
    #expect(bench.screen().contains("deepcritic.toml:2: not valid TOML"))
    #expect(try row("theme", bench).words == "terminal")
    // The screen looks again while it is open.
    try write("theme = \"dark\"\n[curate]\nvalidation = 7\n", bench)
    #expect(bench.model.tick())
    #expect(
      bench.settings.problems == [
        "\(bench.workspace.settingsPath):3: 'curate.validation' must be a number, from 0 to 0.9"
      ])
    #expect(try row("theme", bench).next == "dark")
    try write("", bench)
    #expect(!bench.screen().contains("deepcritic.toml:"))
    #expect(bench.settings.problems.isEmpty)
  }

  @Test func whatIsChosenIsWrittenIntoOnesOwnFile() throws {
    let folder = try TemporaryFolder()
    let bench = try Bench()
    let session = Session(workspace: bench.workspace, settings: WorkspaceSettings(), reviewer: "rt")
    session.statePath = folder.path + "/layout.json"
    let model = try Navigator(
      session: session, keyMap: KeyMap(), size: Size(width: 80, height: 24), glyphs: .ascii,
      environment: ["HOME": folder.path])
    Workbench.offerThemes(model, [])
    model.perform(.settingsShow)
    model.perform(.settingsChange)
    let overlay = try #require(model.overlay as? ChooserOverlay)
    let dark = try #require(overlay.items.firstIndex { $0.name == "dark" })
    for _ in 0..<dark { model.handle(.down) }
    model.handle(.enter)
    let own = folder.path + "/.config/deepcritic/settings.toml"
    #expect(try String(contentsOfFile: own, encoding: .utf8) == "theme = \"dark\"\n")
    let lines = model.draw(theme: .terminal).text()
    #expect(lines.contains("dark") && lines.contains("your settings"))
    #expect(model.top.describe()[0] == "1. theme: dark, your settings.")
  }

  @Test func plainTextNamesSettingsByTheirNumbers() throws {
    let bench = try Bench()
    var said: [String] = []
    let front = try LinearFrontEnd(
      session: bench.model.session, prompts: false, unicode: false, write: { said.append($0) })
    for line in ["f8", "2", "settings.change", "mode.toggle", "q"] { _ = front.execute(line) }
    #expect(said.contains("2. mouse: left to the terminal, the default."))
    #expect(said.contains { $0.hasPrefix("mouse: left to the terminal. Use clicks") })
    #expect(said.contains("2. mouse: used here (left to the terminal from the next start), this session."))
    #expect(said.contains("3. mode: blind (audit from the next start), this session."))
  }
}
