import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// Texts that were begun and not saved.
@Suite struct DraftBehaviour {
  /// A session on the same workspace, by the same person, on another day.
  private func session(
    _ bench: Bench, mode: ReviewMode = .audit, reviewer: String = "rt", size: Size = Size(width: 120, height: 40)
  ) throws -> Navigator {
    var settings = WorkspaceSettings()
    settings.mode = mode
    let session = Session(workspace: bench.workspace, settings: settings, reviewer: reviewer)
    session.statePath = bench.folder.path + "/state/layout.json"
    return try Navigator(session: session, keyMap: KeyMap(), size: size, glyphs: .unicode, environment: [:])
  }

  private func type(_ keys: String, _ navigator: Navigator) throws {
    for name in keys.split(separator: " ") { navigator.handle(try #require(Key(String(name)))) }
  }

  private func write(_ text: String, _ navigator: Navigator) {
    for character in text { navigator.handle(.character(character)) }
  }

  private func screen(_ navigator: Navigator) -> String {
    navigator.layOut()
    navigator.overlay?.settle()
    return navigator.draw(theme: .terminal).text()
  }

  /// The draft files, as if their program had been killed: no process has the number any more.
  private func files(_ bench: Bench, killed: Bool = true) throws -> [String] {
    let folder = bench.folder.path + "/state/drafts"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where killed {
      let path = folder + "/" + name
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing(/"pid":\d+/, with: "\"pid\":4194304").write(toFile: path, atomically: false, encoding: .utf8)
    }
    return names.map { folder + "/" + $0 }
  }

  @Test func whatIsTypedIsADraftWithinASecondAndOfferedAtTheNextStart() throws {
    let bench = try Bench()
    let first = try session(bench)
    try type("enter 3 E", first)
    write("Half of it", first)
    let end = ContinuousClock.now + .seconds(1)
    while try files(bench, killed: false).isEmpty, ContinuousClock.now < end {
      Thread.sleep(forTimeInterval: 0.02)
      _ = first.tick()
    }
    let file = try #require(try files(bench).first)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let next = try session(bench)
    next.welcomeBack()
    #expect(screen(next).contains("your merged critique of step 1"))
    #expect(!screen(next).contains("Half of it"))
    try type("d", next)
    #expect(screen(next).contains("Your own merged critique of step 1 (changed)"))
    #expect(screen(next).contains("Half of it"))
    write(" more. \\boxed{1}", next)
    try type("ctrl-s", next)
    #expect(next.review?.critique(.merged)?.critique.critique.text.hasSuffix(" more. \\boxed{1}") == true)
    #expect(try files(bench).isEmpty)
  }

  @Test func aDraftIsOfferedWhereTheSameTextIsWrittenAgain() throws {
    let bench = try Bench()
    let first = try session(bench)
    for (keys, words) in [("e", "your version of the merged critique of step 1"), ("i", "your correction of step 1")] {
      try type(first.review == nil ? "enter 3 \(keys)" : keys, first)
      write("Begun ", first)
      first.release()
      first.overlay = nil
      try type(keys, first)
      #expect(screen(first).contains(words))
      #expect(screen(first).contains("Begun "))
      try type("enter", first)
      #expect(screen(first).contains("(changed)"))
      try type("escape escape", first)
      // It was thrown away: nothing is offered.
      try type(keys, first)
      #expect(first.overlay is TextEntryOverlay)
      write("Again ", first)
      first.release()
      first.overlay = nil
      try type("\(keys) d", first)
      #expect(!screen(first).contains("Again ") && !screen(first).contains("(changed)"))
      try type("escape", first)
    }
    #expect(try files(bench).isEmpty)
  }

  @Test func aDraftIsOfItsReviewerAndOfNoProgramThatRuns() throws {
    let bench = try Bench()
    let first = try session(bench)
    try type("enter 3 E", first)
    write("Mine", first)
    first.release()
    #expect(try files(bench, killed: false).count == 1)
    // The program runs still: its text is on its screen.
    #expect(try session(bench).services.drafts.all.isEmpty)
    _ = try files(bench)
    #expect(try session(bench, reviewer: "ann").services.drafts.all.isEmpty)
    #expect(try session(bench).services.drafts.all.count == 1)
  }

  @Test func aBlindReviewerDoesNotSeeTheCritiqueInADraft() throws {
    let bench = try Bench()
    let first = try session(bench)
    try type("enter 3 e", first)
    write("secret ", first)
    first.release()
    _ = try files(bench)
    let next = try session(bench, mode: .blind)
    next.welcomeBack()
    #expect(!screen(next).contains("secret"))
    try type("d", next)
    #expect(!screen(next).contains("secret"))
    #expect(next.message?.text.hasSuffix("The draft is kept.") == true)
    #expect(next.services.drafts.all.count == 1)
  }

  @Test func aPreviewShowsTheMathematicsLaidOut() throws {
    for size in ScreenSnapshots.sizes {
      let bench = try Bench(size: size)
      try bench.type("enter 3 E")
      bench.write("So $\\sqrt{x} \\le 2$.")
      #expect(bench.screen().contains("preview"), "\(size)")
      #expect(bench.screen().contains("√x ≤ 2") || bench.screen().contains("√(x) ≤ 2"), "\(size)")
      #expect(bench.screen().contains("$\\sqrt{x} \\le 2$"), "\(size)")
    }
  }
}
