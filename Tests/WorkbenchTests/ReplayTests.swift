import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Sessions written down and played again.
@Suite struct ReplayTests {
  @Test func aRecordedSessionPlayedAgainEndsWithTheSameScreenAndDecisions() throws {
    let bench = try Bench()
    let path = bench.folder.path + "/log.jsonl"
    let recorder = try SessionRecorder(
      path: path, session: bench.model.session, size: bench.model.size, program: "test")
    func type(_ keys: String) throws {
      for name in keys.split(separator: " ") {
        let key = try #require(Key(String(name)))
        recorder.note(.key(key))
        bench.model.handle(key)
        if case .edit(let text) = bench.model.takeEffect() {
          recorder.note(edited: text + " More. \\boxed{1}")
          bench.model.finishEditing(text + " More. \\boxed{1}")
        }
      }
    }
    try type("enter y n c")
    recorder.note(.paste("a remark, in one go"))
    bench.model.handlePaste("a remark, in one go")
    try type("enter 3 home e ctrl-e")
    recorder.note(.resize(Size(width: 100, height: 30)))
    bench.model.resize(to: Size(width: 100, height: 30))
    let other = try Bench()
    let replay = try SessionReplay(path: path)
    #expect(replay.size == Size(width: 120, height: 40))
    replay.play(on: other.model)
    #expect(other.screen() == bench.screen())
    func decisions(_ bench: Bench) throws -> [String] {
      try bench.workspace.events().map { "\($0.step) \($0.kind.rawValue) \($0.value)" }
    }
    #expect(try decisions(other) == decisions(bench))
    #expect(try decisions(other).count == 4)
  }

  @Test func aLogIsNotWrittenOverAndABadOneIsExplained() throws {
    let bench = try Bench()
    let path = bench.folder.path + "/log.jsonl"
    _ = try SessionRecorder(path: path, session: bench.model.session, size: bench.model.size, program: "test")
    #expect {
      try SessionRecorder(path: path, session: bench.model.session, size: bench.model.size, program: "test")
    } throws: {
      "\($0)".contains("Name a file that is not there yet.")
    }
    let head = try String(contentsOfFile: path, encoding: .utf8)
    func problem(_ text: String) throws -> String {
      try text.write(toFile: path + "2", atomically: true, encoding: .utf8)
      do { _ = try SessionReplay(path: path + "2") } catch { return "\(error)" }
      return ""
    }
    #expect(try problem("nonsense").contains(":1: this is no log of a session"))
    #expect(try problem(head + "{\"at\":1,\"key\":\"y\"}\nnonsense\n").contains(":3: the line is no entry of a log"))
    #expect(try problem(head + "{\"at\":1,\"key\":\"hyper-x\"}\n").contains(":2: there is no key 'hyper-x'"))
    // Cut off in the middle of the last line by a crash, what stands before is good.
    #expect(try problem(head + "{\"at\":1,\"key\":\"y\"}\n{\"at\":2,\"ke").isEmpty)
  }
}
