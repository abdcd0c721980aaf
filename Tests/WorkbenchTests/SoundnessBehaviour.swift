import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// What reviewers say about the reasoning of critiques, and about which sentences of it.
@Suite struct SoundnessBehaviour {
  private func standing(_ bench: Bench) throws -> StandingSoundness? {
    let critique = try #require(bench.reviewScreen.judgedCritique)
    return bench.model.review?.view.soundness[CritiqueKey(of: critique)]
  }

  private func marked(_ bench: Bench) throws -> String? {
    let critique = try #require(bench.reviewScreen.judgedCritique)
    return try standing(bench)?.reference.range(in: critique.text).map { String(critique.text[$0]) }
  }

  private func sentences(_ bench: Bench) throws -> [String] {
    let text = try #require(bench.reviewScreen.judgedCritique).text
    return SentenceChoice.sentences(of: text).map { String(text[$0]) }
  }

  @Test func aSentenceIsMarkedAndLit() throws {
    let bench = try Bench()
    try bench.type("enter 2 r")
    #expect(bench.model.message?.text.contains("is unsound: it will not be trained on. Which sentence?") == true)
    let sentences = try sentences(bench)
    try bench.type("j down k")
    #expect(bench.model.message?.text.hasPrefix("Sentence 2 of \(sentences.count)") == true)
    try bench.type("enter")
    #expect(try marked(bench) == sentences[1])
    #expect(try standing(bench)?.isSound == false)
    let screen = bench.screen()
    #expect(screen.split(separator: "\n").contains { $0.contains("│!") }, "no sign beside the lines")
    #expect(screen.contains("reasoning unsound"))
    bench.model.context.messages.current = nil
    #expect(bench.screen().contains("deep unsound at “"))
    try bench.type("u")
    #expect(try marked(bench) == nil && standing(bench)?.isSound == false)
    try bench.type("u")
    #expect(try standing(bench) == nil)
    try bench.type("ctrl-r ctrl-r")
    #expect(try marked(bench) == sentences[1])
  }

  @Test func severalSentencesAreMarkedAndTheNoteKeepsThem() throws {
    let bench = try Bench()
    try bench.type("enter 2 S v j j")
    let sentences = try sentences(bench)
    #expect(bench.model.message?.text.hasPrefix("Sentences 1–3 of \(sentences.count)") == true)
    try bench.type("R")
    bench.write("circular")
    try bench.type("enter")
    let text = try #require(try marked(bench))
    #expect(text.hasPrefix(sentences[0]) && text.hasSuffix(sentences[2]))
    #expect(try standing(bench)?.note == "circular")
    // Marked again: the note stays, and what was marked is where it begins.
    try bench.type("S")
    #expect(bench.model.message?.text.hasPrefix("Sentences 1–3") == true)
    try bench.type("v shift-down enter")
    #expect(try marked(bench)?.hasSuffix(sentences[3]) == true)
    #expect(try standing(bench)?.note == "circular")
    // Sound reasoning has no such part.
    try bench.type("r")
    #expect(try standing(bench)?.isSound == true)
    #expect(try marked(bench) == nil)
  }

  @Test func escapeMarksNoneAndOtherKeysDoWhatTheyAlwaysDo() throws {
    let bench = try Bench()
    try bench.type("enter 2 r escape")
    #expect(try standing(bench)?.isSound == false)
    #expect(try marked(bench) == nil)
    #expect(bench.model.overlay == nil)
    try bench.type("r r r y k")
    #expect(try standing(bench)?.isSound == false)
    #expect(bench.model.review?.mine(1) == .correct)
  }

  @Test func aLongCritiqueScrollsToTheSentence() throws {
    let bench = try Bench(size: Size(width: 80, height: 24))
    try bench.type("enter 2 r end")
    let scroll = try #require(bench.model.review?.scroll[.deep])
    #expect(scroll > 0)
    #expect(bench.screen().contains("▸"))
    try bench.type("home")
    #expect(bench.model.review?.scroll[.deep] == 0)
  }

  @Test func sentencesAreMarkedByNumberInPlainText() throws {
    let folder = try TemporaryFolder()
    let workspace = try Workspace.create(at: folder.path + "/audit")
    for file in ["solutions.prm800k.jsonl", "critiques.deep.jsonl"] {
      _ = try workspace.importFile(packageRoot.appendingPathComponent("SampleData/\(file)").path)
    }
    var said: [String] = []
    let front = try LinearFrontEnd(
      session: Session(workspace: workspace, settings: WorkspaceSettings(), reviewer: "rt"), prompts: false,
      unicode: true
    ) { said.append($0) }
    for line in ["open 1", "pane.deep", "critique.mark", "critique.mark 9999", "critique.mark 2-3", "show"] {
      #expect(front.execute(line))
    }
    #expect(said.contains { $0.hasPrefix("2. ") })
    #expect(said.contains { $0.hasPrefix("Write the number of a sentence") })
    #expect(said.contains { $0.hasPrefix("Reasoning: deep unsound at “") })
    let critique = try #require(front.navigator.screen(ReviewScreen.self).judgedCritique)
    let standing = front.navigator.review?.view.soundness[CritiqueKey(of: critique)]
    let sentences = SentenceChoice.sentences(of: critique.text)
    let range = try #require(standing?.reference.range(in: critique.text))
    #expect(critique.text[range] == critique.text[sentences[1].lowerBound..<sentences[2].upperBound])
  }

  @Test func aBlindReviewerDoesNotSeeWhatOthersSaid() throws {
    let bench = try Bench()
    try bench.type("enter 2 r enter")
    var settings = WorkspaceSettings()
    settings.mode = .blind
    let other = try Navigator(
      session: Session(workspace: bench.workspace, settings: settings, reviewer: "bob"), keyMap: KeyMap(),
      size: Size(width: 120, height: 40), glyphs: .unicode, environment: [:])
    other.perform(.queueOpen)
    other.perform(.verdictCorrect)
    #expect(!other.drawSettled().text().contains("unsound"))
    other.perform(.stepFirst)
    other.perform(.modeToggle)
    #expect(other.drawSettled().text().contains("reasoning unsound"))
  }
}
