import DeepCriticCore
import Foundation
import Recording
import Terminal
import TestSupport
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
      "\($0)".contains("Name a new file.")
    }
    let head = try String(contentsOfFile: path, encoding: .utf8)
    func problem(_ text: String) throws -> String {
      try text.write(toFile: path + "2", atomically: true, encoding: .utf8)
      do { _ = try SessionReplay(path: path + "2") } catch { return "\(error)" }
      return ""
    }
    #expect(try problem("nonsense").contains(":1: this is not a log of a session"))
    #expect(
      try problem(head + "{\"at\":1,\"key\":\"y\"}\nnonsense\n").contains(":3: the line is not an entry of a log"))
    #expect(try problem(head + "{\"at\":1,\"key\":\"hyper-x\"}\n").contains(":2: there is no key 'hyper-x'"))
    // Cut off in the middle of the last line by a crash, what stands before is good.
    #expect(try problem(head + "{\"at\":1,\"key\":\"y\"}\n{\"at\":2,\"ke").isEmpty)
  }

  /// A log of keys with times, a tenth of a second apart.
  private static func log(_ keys: String, in folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/film.jsonl"
    let head =
      #"{"deepcriticSession":1,"mode":"audit","program":"t","reviewer":"rt","size":[120,40],"#
      + #""startedAt":"2025-01-01T00:00:00Z","workspace":"audit"}"#
    let lines = keys.split(separator: " ").enumerated().map { index, key in
      #"{"at":\#((index + 1) * 100),"key":"\#(key)"}"#
    }
    try ([head] + lines).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aLogBecomesAFilmThatIsTheSameEveryTime() throws {
    // What is unfinished is asked about once.
    let typed = "enter y j 3 f3 right q q q q"
    let by = try Bench()
    var screens = [by.screen()]
    for key in typed.split(separator: " ").dropLast() {
      try by.type(String(key))
      screens.append(by.screen())
    }
    let films = try (0..<2).map { _ in
      let bench = try Bench()
      let replay = try SessionReplay(path: Self.log(typed, in: bench.folder))
      #expect(replay.reviewer == "rt" && replay.startedAt == 1_735_689_600)
      return replay.film(on: bench.model, theme: ThemeFiles.builtIn("dark"))
    }
    #expect(films[0] == films[1])
    #expect(films[0].frames.map { $0.frame.lines.joined(separator: "\n") } == screens)
    #expect(films[0].frames.map(\.at) == [0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
    #expect(films[0].duration == 1000)
    let small = try Bench()
    let film = try SessionReplay(path: Self.log(typed, in: small.folder))
      .film(on: small.model, theme: .terminal, size: Size(width: 80, height: 24))
    #expect(film.frames.allSatisfy { $0.frame.size == Size(width: 80, height: 24) })
  }

  @Test func aFilmBeginsNothingOutsideOfTheWorkspace() throws {
    let bench = try Bench(settingsText: "[generate]\nmodel = \"m\"\nendpoints = [\"http://127.0.0.1:9/v1\"]\n")
    let replay = try SessionReplay(path: Self.log("f2 ctrl-s ctrl-s", in: bench.folder))
    let film = replay.film(on: bench.model, theme: .terminal)
    let last = try #require(film.frames.last?.frame.lines.joined(separator: "\n"))
    #expect(last.contains("This is not done while a session is only shown."))
    #expect(!bench.model.services.generation.isRunning)
  }
}
