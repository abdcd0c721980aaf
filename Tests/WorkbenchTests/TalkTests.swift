import DeepCriticCore
import Foundation
import Recording
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// Talks as they are written, and texts that are demonstrated.
@Suite struct TalkTests {
  /// What items name, on the sample data.
  struct Place {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
      folder = try TemporaryFolder()
      workspace = try PreparedDemonstrations.workspace(in: folder.path, programVersion: "")
    }

    func read(_ text: String) throws -> Talk {
      let path = folder.path + "/talk.toml"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try read(file: path)
    }

    func read(file: String) throws -> Talk {
      try TalkFile(path: file).talk(
        from: TalkFile.Sources(
          workspace: workspace, environment: [:],
          importing: { file in
            let made = try Workspace.create(at: folder.path + "/" + UUID().uuidString)
            _ = try made.importFile(file)
            return made
          }, film: { try Cast(path: $0).film }))
    }
  }

  private static let server = "endpoints = \"http://localhost:1/v1\"\nmodels = \"critic\"\n"

  @Test func theExampleOfTheGuideIsWhole() throws {
    let talk = try Place().read(file: packageRoot.appendingPathComponent("SampleData/talk/talk.toml").path)
    #expect(talk.items.count == 3 && talk.minutes == 10)
    #expect(talk.items.allSatisfy { !$0.notes.isEmpty })
    // The guide shows the very file.
    let guide = try String(contentsOf: packageRoot.appendingPathComponent("docs/how-to/presenting.md"), encoding: .utf8)
    let example = try String(
      contentsOf: packageRoot.appendingPathComponent("SampleData/talk/talk.toml"), encoding: .utf8)
    #expect(guide.contains("```toml\n" + example + "```"))
  }

  @Test func itemsAreReadInTheirOrder() throws {
    let talk = try Place().read(
      """
      title = "T"
      [[item]]
      title = "One"
      show = "demonstration"
      solution = "demonstration-2"
      minutes = 1.5
      notes = '''
      a

      b
      '''
      [[item]]
      title = "Two"
      show = "live"
      solution = 1
      stages = true
      \(Self.server)
      """)
    #expect(talk.title == "T" && talk.items.map(\.title) == ["One", "Two"])
    #expect(talk.items[0].notes == "a\n\nb" && talk.items[0].minutes == 1.5)
    guard case .demonstration(let stored) = talk.items[0].opening, case .live(let request) = talk.items[1].opening
    else { throw RefusalError("other kinds") }
    #expect(stored.name == "demonstration-2")
    #expect(request.mode == .stages && request.stored == 1 && request.models == ["critic"])
  }

  /// Each mistake, the line that is named, and what it says to do.
  @Test(arguments: [
    ("title = \"x\"\n", 1, "a talk needs at least one [[item]]"),
    ("titel = \"x\"\n", 1, "'titel' is unknown; known are title, workspace, item"),
    ("[[item]]\ntitle = \"a\"\n", 1, "'item.show' is missing: one of \"demonstration\""),
    ("[[item]]\ntitle = \"a\"\nshow = \"film\"\n", 3, "must be one of \"demonstration\", \"live\", \"recording\""),
    ("[[item]]\nshow = \"demonstration\"\nsolution = 1\n", 1, "'item.title' is missing: name the item"),
    ("[[item]]\ntitle = 3\nshow = \"demonstration\"\nsolution = 1\n", 2, "must be a string in quotes"),
    ("\n[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\n", 2, "'item.solution' is missing: name a solution"),
    ("[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\nsolution = 99\n", 4, "99"),
    ("[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\nsolution = 1\nminutes = -1\n", 5, "a number, from 0 to 600"),
    ("[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\nfile = \"none.jsonl\"\n", 4, "no such file"),
    ("[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\nsolution = 1\nblind = true\n", 5, "'item.blind' is unknown"),
    ("[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = \"ftp://a b\"\n", 5, "ftp://"),
    (
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = \"http://h/v1\"\nmodels = [\"a\", \"b\"]\n"
        + "fallback = [\"none.txt\"]\n", 7, "no such file"
    ),
    (
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = \"http://h/v1\"\nfallback = \"talk.toml\"\n",
      6,
      "needs 'models'"
    ),
    (
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = \"http://h/v1\"\nmodels = \"m\"\nstages = true\n"
        + "fallback = \"talk.toml\"\n", 8, "cannot be combined with 'stages'"
    ),
    (
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = [\"http://a/v1\", \"http://b/v1\"]\n"
        + "models = [\"a\", \"b\", \"c\"]\n", 5, "do not go together"
    ),
    (
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\nendpoints = \"http://a/v1\"\nmax_tokens = 0\n", 6,
      "from 1 to"
    ),
    ("[[item]]\ntitle = \"a\"\nshow = \"recording\"\n", 1, "'item.file' is missing: name a cast"),
    ("[[item]]\ntitle = \"a\"\nshow = \"recording\"\nfile = \"talk.toml\"\n", 4, "not an asciicast"),
    ("[[item]]\ntitle = \"a\"\nshow = \"recording\"\nfile = \"talk.toml\"\nspeed = 0\n", 5, "from 0.01 to 100"),
    ("[[item]\n", 1, "not valid TOML"),
  ])
  func aMistakeNamesItsLineAndARemedy(_ text: String, _ line: Int, _ words: String) throws {
    let place = try Place()
    do {
      _ = try place.read(text)
      Issue.record("read: \(text)")
    } catch {
      #expect("\(error)".contains("talk.toml:\(line): "), "\(error)")
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test func everyItemsMistakeIsReported() throws {
    let place = try Place()
    do {
      _ = try place.read("[[item]]\ntitle = \"a\"\n[[item]]\nshow = \"recording\"\n[[item]]\ntitle = \"b\"\n")
      Issue.record("read")
    } catch let error as TalkError {
      #expect(error.mistakes.count == 4, "\(error.mistakes)")
      #expect(error.mistakes[1].contains(":3:"))
    }
  }

  @Test func everyKeysMistakeIsReported() throws {
    let place = try Place()
    do {
      _ = try place.read(
        "[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 99\nendpoints = \"localhost:8000\"\nminutes = -1\n"
          + "max_tokens = 0\nfilm = 1\nfolder = 2\n")
      Issue.record("read")
    } catch {
      for words in [":4:", ":5:", ":6:", ":7:", ":8:", ":9:", "has no scheme; write http://"] {
        #expect("\(error)".contains(words), "\(words)\n\(error)")
      }
    }
  }

  @Test func aLiveRoundNeedsAServerAndAFallbackForEachCritic() throws {
    let place = try Place()
    func mistake(_ keys: String) -> String {
      do {
        _ = try place.read("[[item]]\ntitle = \"a\"\nshow = \"live\"\nsolution = 1\n" + keys)
        return ""
      } catch { return "\(error)" }
    }
    #expect(mistake("models = \"m\"\n").contains("is missing, and the settings name no server"))
    #expect(
      mistake("endpoints = \"http://h/v1\"\nmodels = [\"a\", \"b\"]\nfallback = \"talk.toml\"\n").contains(
        "names 1 text for 2 critics: name one for each critic"))
  }

  @Test func notesFollowTheLatestTalkOnly() throws {
    let folder = try TemporaryFolder()
    let now = Date()
    func write(_ name: String, _ state: TalkState) throws {
      try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).json"))
    }
    var old = state(getpid(), beat: now)
    old.began = now.addingTimeInterval(-60)
    var new = state(getppid(), beat: now.addingTimeInterval(-3))
    new.began = now.addingTimeInterval(-30)
    new.path = "/t/new.toml"
    try write("1", old)
    try write("2", new)
    #expect(TalkNews.look(in: folder.path, talk: nil, now: now) == .running(new))
  }

  @Test func aTextWithoutCritiquesSaysWhatIsMissing() throws {
    let place = try Place()
    try "What is 1 + 1?\n\n# Solution\nStep 1: It is 3.\n".write(
      toFile: place.folder.path + "/sum.txt", atomically: true, encoding: .utf8)
    do {
      _ = try place.read("[[item]]\ntitle = \"a\"\nshow = \"demonstration\"\nfile = \"sum.txt\"\n")
      Issue.record("read")
    } catch { #expect("\(error)".contains("talk.toml:4: 'item.file' cannot be demonstrated: it has no critiques")) }
    let talk = try place.read(
      "[[item]]\ntitle = \"a\"\nshow = \"live\"\nfile = \"sum.txt\"\n" + Self.server)
    guard case .live(let request) = talk.items[0].opening else { throw RefusalError("another kind") }
    #expect(request.solution?.problem == "What is 1 + 1?" && request.solution?.steps.map(\.text) == ["It is 3."])
  }

  @Test func votesAreReadAndSaid() throws {
    let votes = try AudienceVotes("5:12 4:7, 0:3", steps: 6)
    #expect(votes.total == 22 && votes.leader == 5 && votes[-1] == 3)
    #expect(votes.words == "22 votes: 12 for step 5, 7 for step 4, 3 for no error.")
    #expect(try AudienceVotes("1:1", steps: 1).words == "1 vote: 1 for step 1.")
    #expect(try AudienceVotes("5:7 4:7", steps: 6).leader == nil)
    #expect(AudienceVotes().leader == nil && AudienceVotes().words.isEmpty)
    for text in ["7:1", "x", "5", "5:-1", "5:10000", "-1:2", "5:1:1"] {
      #expect(throws: LiveError.self, "\(text)") { try AudienceVotes(text, steps: 6) }
    }
  }

  // MARK: - The notes' file

  private func state(_ process: Int32, beat: Date) -> TalkState {
    TalkState(
      process: process, path: "/t/talk.toml", title: "T", items: [.init(title: "a", notes: "", spent: 0)], index: 0,
      began: beat, itemBegan: beat, scene: "", votes: AudienceVotes(), isBlack: false, beat: beat)
  }

  @Test func notesTellATalkThatRunsFromOneThatWasKilled() throws {
    let folder = try TemporaryFolder()
    #expect(TalkNews.look(in: folder.path, talk: nil) == .absent(last: nil))
    #expect(TalkNews.look(in: folder.path + "/none", talk: nil) == .absent(last: nil))
    // A damaged file is not read as a talk.
    try "{".write(toFile: folder.path + "/1.json", atomically: true, encoding: .utf8)
    #expect(TalkNews.look(in: folder.path, talk: nil) == .absent(last: nil))
    let feed = TalkFeed(folder: folder.path)
    let now = Date()
    let mine = state(getpid(), beat: now)
    #expect(feed.publish(mine) == nil)
    #expect(TalkNews.look(in: folder.path, talk: nil) == .running(mine))
    #expect(TalkNews.look(in: folder.path, talk: "/t/talk.toml") == .running(mine))
    #expect(TalkNews.look(in: folder.path, talk: "/t/other.toml") == .absent(last: nil))
    // Stopped, or its machine asleep: no sign of life.
    let later = now.addingTimeInterval(60)
    #expect(TalkNews.look(in: folder.path, talk: nil, now: later) == .absent(last: mine))
    #expect(NotesView.absence(mine, later).hasPrefix("The talk is not running. It was last seen 1 min 00 s ago"))
    feed.remove()
    // Killed: the file outlives its process, and the next talk removes it.
    let dead = state(2_000_000_000, beat: Date())
    try JSONEncoder().encode(dead).write(to: URL(fileURLWithPath: folder.path + "/2000000000.json"))
    #expect(TalkNews.look(in: folder.path, talk: nil) == .absent(last: dead))
    _ = TalkFeed(folder: folder.path)
    #expect(TalkNews.look(in: folder.path, talk: nil) == .absent(last: nil))
  }

  @Test func aFolderThatCannotBeWrittenToIsSaidOnce() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    try "".write(toFile: path, atomically: true, encoding: .utf8)
    let feed = TalkFeed(folder: path)
    let now = Date()
    #expect(feed.publish(state(getpid(), beat: now))?.hasPrefix("The notes cannot follow: ") == true)
    #expect(feed.publish(state(getpid(), beat: now.addingTimeInterval(5))) == nil)
  }
}

/// Scrolling never cuts through what takes several rows together.
@Suite struct ViewportTests {
  /// Text rows as dots, formulas as runs of one letter.
  private func lines(_ picture: String) -> [TextLine] {
    var before: Character = "."
    return picture.map { character in
      defer { before = character }
      return [TextRun(text: String(character), isInside: character != "." && character == before)]
    }
  }

  @Test func nothingIsCutThatHasRoom() {
    var random = SplitMix(seed: 7)
    for _ in 0..<300 {
      var picture = ""
      for number in 0..<Int.random(in: 1...8, using: &random) {
        picture += String(repeating: ".", count: Int.random(in: 0...4, using: &random))
        picture += String(
          repeating: number % 2 == 0 ? "a" : "b", count: Int.random(in: 1...5, using: &random))
      }
      let rows = Array(picture)
      let height = Int.random(in: 1...7, using: &random)
      let viewport = Viewport(lines(picture), height: height)
      for step in [1, height, -1, -height] {
        var first = step > 0 ? 0 : viewport.limit
        var seen = Set(viewport.shown(from: first))
        while true {
          let next = viewport.moved(from: first, by: step)
          if next == first { break }
          #expect(step > 0 ? next > first : next < first)
          first = next
          seen.formUnion(viewport.shown(from: first))
          let shown = viewport.shown(from: first)
          for edge in [shown.lowerBound, shown.upperBound] where edge > 0 && edge < rows.count {
            guard rows[edge] == rows[edge - 1], rows[edge] != "." else { continue }
            // A formula that is cut has no room as a whole.
            let start = rows[..<edge].lastIndex { $0 != rows[edge] }.map { $0 + 1 } ?? 0
            let end = rows[edge...].firstIndex { $0 != rows[edge] } ?? rows.count
            #expect(end - start > height, "\(picture) \(height) \(first)")
          }
        }
        #expect(first == (step > 0 ? viewport.limit : 0))
        #expect(seen.count == rows.count, "\(picture), \(height) rows, by \(step): \(seen.sorted())")
      }
    }
  }

  @Test func rowsOfAFormulaBelongTogether() {
    let lines = ReadableText.lines(
      "Let me see:\n\\[\\frac{a}{b}\\]\nand so on, and on, and on.", width: 12, mode: .rendered, ascii: false)
    let inside = lines.map { $0.first?.isInside == true }
    #expect(inside.count { $0 } == 2, "\(lines.map { $0.map(\.text).joined() })")
    let first = inside.firstIndex(of: true) ?? 0
    #expect(lines[first - 1].map(\.text).joined().contains("a"))
  }
}
