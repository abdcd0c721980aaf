import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ReviewStore

@Suite struct EventLogTests {
  private let rt = ReviewContext(reviewer: "rt")
  private let ana = ReviewContext(reviewer: "ana", mode: .blind)

  /// The key of a solution that is not here, in the form that review files need.
  private let key = "0123456789abcdef0123456789abcdef"

  private func verdict(_ key: String, _ step: Int, _ value: String) -> ReviewDecision {
    ReviewDecision(solution: key, step: step, .verdict(value == "1" ? .correct : value == "0" ? .neutral : .incorrect))
  }

  /// What a call returns is what reading again would say.
  private func expectTruth(_ outcome: DecisionOutcome, _ workspace: Workspace) throws {
    let (key, reviewer) = (outcome.event.solution, outcome.event.reviewer)
    #expect(try outcome.views == workspace.views(of: key))
    let state = try workspace.undoState(of: reviewer)
    #expect(outcome.canUndo == state.canUndo && outcome.canRedo == state.canRedo)
    #expect(
      try outcome.row == workspace.solutionID(key: key).flatMap { try workspace.rows([$0], reviewer: reviewer).first })
  }

  @Test func aVerdictIsOnDiskWhenTheCallReturns() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try bench.keys()[0]
    try bench.workspace.record(verdict(key, 2, "-1"), by: rt)
    // Another connection sees it although the first one is still open.
    let other = try Workspace(at: bench.path)
    let view = try #require(try other.views(of: key)["rt"])
    #expect(view.ratings(count: 6) == [nil, .incorrect, nil, nil, nil, nil])
    #expect(view.firstError == 2)
    #expect(view.state(count: 6) == .started)
    try bench.workspace.record(verdict(key, 1, "1"), by: rt)
    #expect(try other.views(of: key)["rt"]?.state(count: 6) == .complete)
  }

  @Test func decisionsAreDurableWithFullSynchronisation() throws {
    let bench = try TemporaryWorkspace()
    let level = try bench.workspace.database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    #expect(level == 2)
    let mode = try bench.workspace.database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(mode == "wal")
  }

  @Test func theLogCannotBeChanged() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(verdict("k", 1, "1"), by: rt)
    #expect(throws: (any Error).self) {
      try bench.workspace.database.write { try $0.execute(sql: "DELETE FROM event") }
    }
    #expect(throws: (any Error).self) {
      try bench.workspace.database.write { try $0.execute(sql: "UPDATE event SET value = '0'") }
    }
    #expect(try bench.workspace.events().count == 1)
  }

  @Test func undoAndRedoWalkThroughSolutionsAndRestarts() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let keys = try bench.keys()
    for (index, value) in ["1", "0", "-1"].enumerated() {
      try bench.workspace.record(verdict(keys[index], 1, value), by: rt)
    }
    let third = try #require(try bench.workspace.undo(by: rt))
    #expect(third.decision.solution == keys[2])
    // A new process continues where the old one stopped.
    let again = try Workspace(at: bench.path)
    let second = try #require(try again.undo(by: rt))
    #expect(second.decision.solution == keys[1])
    #expect(try again.views(of: keys[1])["rt"]?.verdicts.isEmpty ?? true)
    #expect(try again.redo(by: rt)?.decision.solution == keys[1])
    #expect(try again.redo(by: rt)?.decision.solution == keys[2])
    #expect(try again.redo(by: rt) == nil)
    #expect(try again.views(of: keys[2])["rt"]?.verdicts[1]?.rating == .incorrect)
  }

  @Test func aNewDecisionEndsRedo() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(verdict("k", 1, "1"), by: rt)
    _ = try bench.workspace.undo(by: rt)
    try bench.workspace.record(verdict("k", 2, "1"), by: rt)
    #expect(try bench.workspace.redo(by: rt) == nil)
    #expect(try bench.workspace.undoState(of: "rt") == (true, false))
  }

  @Test func undoTakesBackOnlyOnesOwnDecisions() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(verdict("k", 1, "1"), by: rt)
    try bench.workspace.record(verdict("k", 1, "-1"), by: ana)
    #expect(try bench.workspace.undo(by: rt)?.decision.reviewer == "rt")
    #expect(try bench.workspace.undo(by: rt) == nil)
    let views = try bench.workspace.views(of: "k")
    #expect(views["ana"]?.verdicts[1]?.rating == .incorrect)
    #expect(views["ana"]?.verdicts[1]?.mode == .blind)
  }

  @Test func aClockThatGoesBackDoesNotReorderDecisions() throws {
    let bench = try TemporaryWorkspace()
    let noon = Date(timeIntervalSince1970: 1_800_000_000)
    try bench.workspace.record(verdict("k", 1, "1"), by: rt, now: noon)
    try bench.workspace.record(verdict("k", 1, "-1"), by: rt, now: noon.addingTimeInterval(-3600))
    #expect(try bench.workspace.views(of: "k")["rt"]?.verdicts[1]?.rating == .incorrect)
    _ = try bench.workspace.undo(by: rt, now: noon.addingTimeInterval(-7200))
    #expect(try bench.workspace.views(of: "k")["rt"]?.verdicts[1]?.rating == .correct)
  }

  @Test func commentsAreReplacedAndRemoved() throws {
    let bench = try TemporaryWorkspace()
    let first = try bench.workspace.record(
      ReviewDecision(solution: "k", step: 1, .comment("look at the sign")), by: rt
    ).event
    let second = try bench.workspace.record(
      ReviewDecision(solution: "k", step: 1, .comment("sign is fine", replacing: first.uuid)), by: rt
    ).event
    #expect(try bench.workspace.views(of: "k")["rt"]?.comments.map(\.text) == ["sign is fine"])
    _ = try bench.workspace.undo(by: rt)
    #expect(try bench.workspace.views(of: "k")["rt"]?.comments.map(\.text) == ["look at the sign"])
    _ = try bench.workspace.redo(by: rt)
    try bench.workspace.record(
      ReviewDecision(solution: "k", step: 1, .comment("", replacing: second.uuid)), by: rt)
    #expect(try bench.workspace.views(of: "k")["rt"]?.comments.isEmpty ?? true)
  }

  @Test func marksEndAReviewAndCanBeTakenBack() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try bench.keys()[3]
    try bench.workspace.record(
      ReviewDecision(solution: key, .mark(.badProblem, reason: "no such triangle")), by: rt)
    #expect(try bench.workspace.views(of: key)["rt"]?.state(count: 5) == .badProblem)
    #expect(try bench.workspace.views(of: key)["rt"]?.mark?.reason == "no such triangle")
    #expect(try bench.workspace.progress(of: "rt", midnight: 0).done == 1)
    _ = try bench.workspace.undo(by: rt)
    #expect(try bench.workspace.progress(of: "rt", midnight: 0).done == 0)
  }

  /// What undo and redo are about, by the words of the rule: one's latest decision that stands; one's decision that was
  /// undone last, unless one decided again since.
  private func expected(_ events: [ReviewEvent], _ reviewer: String) -> (undo: String?, redo: String?) {
    let own = events.filter { $0.reviewer == reviewer }.sorted(by: ReviewEvent.precedes)
    let decisions = own.filter(\.kind.isDecision)
    var undone: [String: ReviewEvent] = [:]
    for event in own where !event.kind.isDecision {
      if let target = event.target { undone[target] = event.kind == .undo ? event : nil }
    }
    let last = undone.values.max(by: ReviewEvent.precedes)
    let decidedSince = (decisions.last?.clock ?? 0) >= (last?.clock ?? 0)
    return (decisions.last { undone[$0.uuid] == nil }?.uuid, decidedSince ? nil : last?.target)
  }

  /// Any history of decisions, undos and redos: the projections kept up to date equal those rebuilt from the log, and
  /// merging the log into another workspace, in any order and repeatedly, gives the same state.
  @Test(arguments: 1...12) func projectionsAreAFunctionOfTheLog(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    let bench = try TemporaryWorkspace(samples: seed % 2 == 0 ? ["solutions.prm800k.jsonl"] : [])
    let keys = seed % 2 == 0 ? Array(try bench.keys().prefix(4)) : ["a", "b", "c"]
    let kinds: [EventKind] = [
      .verdict, .verdict, .verdict, .clear, .flag, .comment, .mark, .adjudication, .placement, .soundness,
      EventKind(rawValue: "later"),
    ]
    for _ in 0..<120 {
      let who = Bool.random(using: &dice) ? rt : ana
      switch Int.random(in: 0..<10, using: &dice) {
      case 0, 1, 2:
        let isUndo = Int.random(in: 0..<3, using: &dice) > 0
        let expected = expected(try bench.workspace.events(), who.reviewer)
        let state = try bench.workspace.undoState(of: who.reviewer)
        #expect(state == (expected.undo != nil, expected.redo != nil))
        let outcome = isUndo ? try bench.workspace.undo(by: who) : try bench.workspace.redo(by: who)
        if let outcome { try expectTruth(outcome, bench.workspace) }
        #expect(outcome?.decision.uuid == (isUndo ? expected.undo : expected.redo))
      default:
        let kind = try #require(kinds.randomElement(using: &dice))
        let value: String =
          switch kind {
          case .verdict: ["-1", "0", "1"].randomElement(using: &dice) ?? "1"
          case .flag: ["0", "1"].randomElement(using: &dice) ?? "1"
          case .mark: ["bad_problem", "give_up", "skip", ""].randomElement(using: &dice) ?? ""
          case .adjudication: ["-1", "0", "1", ""].randomElement(using: &dice) ?? ""
          case .placement: ["in", "out", ""].randomElement(using: &dice) ?? ""
          case .soundness: ["sound", "unsound", ""].randomElement(using: &dice) ?? ""
          default: "text \(Int.random(in: 0..<9, using: &dice))"
          }
        let step = Int.random(in: 1...4, using: &dice)
        let basis = kind == .soundness ? CritiqueReference(Critique(stage: .deep, step: step, text: "t")).text : nil
        let key = try #require(keys.randomElement(using: &dice))
        if let decision = Decision(kind, step: step, value: value, basis: basis) {
          let outcome = try bench.workspace.record(
            ReviewDecision(solution: key, step: step, decision, elapsed: 100), by: who)
          try expectTruth(outcome, bench.workspace)
        } else {
          // From a later version, by way of a file.
          let at = try bench.workspace.events().map(\.clock).max() ?? 0
          let event = ReviewEvent(
            solution: key, step: step, kind: kind, value: value, reviewer: who.reviewer, at: at + 1, elapsed: 100)
          #expect(try bench.workspace.merge([event]).added == 1)
        }
      }
    }
    let kept = try bench.workspace.projectionDump()
    try bench.workspace.rebuildProjections()
    #expect(try bench.workspace.projectionDump() == kept)

    let other = try TemporaryWorkspace(samples: seed % 2 == 0 ? ["solutions.prm800k.jsonl"] : [])
    let events = try bench.workspace.events().shuffled(using: &dice)
    let half = events.count / 2
    #expect(try other.workspace.merge(Array(events[half...])).added == events.count - half)
    #expect(try other.workspace.merge(events).added == half)
    #expect(try other.workspace.merge(events).added == 0)
    #expect(try other.workspace.projectionDump() == kept)
    let last = expected(events, rt.reviewer)
    #expect(try other.workspace.undo(by: rt)?.decision.uuid == last.undo)
  }

  @Test func reviewsTravelThroughAFile() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let keys = try bench.keys()
    try bench.workspace.record(verdict(keys[0], 1, "1"), by: rt)
    try bench.workspace.record(
      ReviewDecision(solution: keys[1], step: 2, .comment("“quoted”\n\u{1b}[31m and √")), by: ana)
    _ = try bench.workspace.undo(by: rt)
    var lines: [String] = []
    #expect(try bench.workspace.exportReviews { lines.append($0) } == 3)
    // Into a workspace that does not have the solutions yet: the decisions wait for them.
    let other = try TemporaryWorkspace()
    let path = try other.file("reviews.jsonl", lines.joined(separator: "\n") + "\n")
    let summary = try other.workspace.importFile(path)
    #expect(summary.events == 3)
    #expect(try other.workspace.importFile(path).events == 0)
    _ = try other.workspace.importFile(packageRoot.appendingPathComponent("SampleData/solutions.prm800k.jsonl").path)
    #expect(try other.workspace.projectionDump() == (try bench.workspace.projectionDump()))
    #expect(try other.workspace.events() == (try bench.workspace.events()))
  }

  @Test func anEventChangedByHandIsRefusedAndNamed() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(verdict(key, 1, "1"), by: rt)
    var lines: [String] = []
    _ = try bench.workspace.exportReviews { lines.append($0) }
    lines[1] = lines[1].replacing(#""value":"1""#, with: #""value":"-1""#)
    var bad: [String] = []
    let summary = try bench.workspace.importFile(try bench.file("reviews.jsonl", lines.joined(separator: "\n"))) { _ in
    } onBad: {
      bad.append("\($0)")
    }
    #expect(summary.bad == 1 && summary.events == 0 && summary.already == 0)
    #expect(bad.first?.contains("reviews.jsonl:2: another event with the UUID") == true)
    #expect(try bench.workspace.views(of: key)["rt"]?.verdicts[1]?.rating == .correct)
  }

  @Test func aDamagedReviewsFileIsReportedLineByLine() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(verdict(key, 1, "1"), by: rt)
    var lines: [String] = []
    _ = try bench.workspace.exportReviews { lines.append($0) }
    lines.insert(#"{"uuid":"x","solution":key}"#, at: 1)
    let other = try TemporaryWorkspace()
    var bad: [String] = []
    let summary = try other.workspace.importFile(try other.file("reviews.jsonl", lines.joined(separator: "\n"))) {
      _ in
    } onBad: {
      bad.append("\($0)")
    }
    #expect(summary.events == 1)
    #expect(summary.bad == 1)
    #expect(bad.first?.contains("reviews.jsonl:2:") == true)
  }

  /// The log cannot be cleaned afterwards: an event with impossible values must not get into it.
  @Test(arguments: [
    (#""at":1000"#, #""at":9223372036854775807"#, "in the years 1970 to 9999"),
    (#""at":1000"#, #""at":-1"#, "in the years 1970 to 9999"),
    (#""clock":2000"#, #""clock":9007199254740993"#, "'clock' must be from 0 to 2^53"),
    (#""clock":2000"#, #""clock":-1"#, "'clock'"),
    (#""elapsed":5"#, #""elapsed":9223372036854775807"#, "'elapsed'"),
    (#""elapsed":5"#, #""elapsed":-5"#, "'elapsed'"),
    (#""step":1"#, #""step":30000000"#, "'step'"),
    (#""step":1"#, #""step":-1"#, "'step'"),
    (#""reviewer":"rt""#, #""reviewer":"""#, "'reviewer'"),
    (#""uuid":"u-1""#, #""uuid":"""#, "'uuid'"),
    (#""solution":"0"#, #""solution":"X"#, "'solution'"),
    (#""kind":"verdict""#, #""kind":"""#, "'kind'"),
    (#""value":"1""#, "\"value\":\"\(String(repeating: "x", count: 1 << 20 + 1))\"", "'value'"),
  ])
  func impossibleEventsAreRefused(good: String, bad: String, word: String) throws {
    let event = ReviewEvent(
      uuid: "u-1", solution: key, step: 1, kind: .verdict, value: "1", reviewer: "rt", at: 1000, clock: 2000,
      elapsed: 5)
    let line = try ReviewsFile.encodeEvent(event)
    #expect(try ReviewsFile.decodeEvent(Array(line.utf8)) == event)
    let changed = line.replacing(good, with: bad)
    #expect(changed != line)
    #expect { try ReviewsFile.decodeEvent(Array(changed.utf8)) } throws: { "\($0)".contains(word) }
    let bench = try TemporaryWorkspace()
    let path = try bench.file("reviews.jsonl", ReviewsFile.header + "\n" + changed + "\n")
    let summary = try bench.workspace.importFile(path)
    #expect(summary.events == 0 && summary.bad == 1)
  }

  /// Also what came by other ways, or was there before such events were refused, stops nobody.
  @Test func extremeEventsInTheLogAreSurvived() throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let known = try bench.keys()[0]
    var events: [ReviewEvent] = []
    for solution in [known, key] {
      for step in [1, 2, 30_000_000, Int.max] {
        events.append(
          ReviewEvent(
            solution: solution, step: step, kind: .verdict, value: "-1", reviewer: "rt", at: .max, elapsed: .max))
      }
    }
    _ = try bench.workspace.merge(events)
    try bench.workspace.record(verdict(known, 3, "1"), by: rt)
    _ = try bench.workspace.undo(by: rt)
    let longest = try bench.workspace.database.read { try Int.fetchAll($0, sql: "SELECT length(ratings) FROM review") }
    #expect(longest.sorted() == [6, 10_000])
  }

  @Test func nobodyUndoesTheDecisionsOfOthers() throws {
    let bench = try TemporaryWorkspace()
    let mine = try bench.workspace.record(verdict("k", 1, "1"), by: rt).event
    for (solution, reviewer) in [("k", "ana"), ("other", "rt")] {
      let event = ReviewEvent(
        solution: solution, step: 1, kind: .undo, reviewer: reviewer, at: mine.clock + 1, target: mine.uuid)
      #expect(try bench.workspace.merge([event]).added == 1)
    }
    #expect(try bench.workspace.views(of: "k")["rt"]?.verdicts[1]?.rating == .correct)
    #expect(try bench.workspace.undoState(of: "rt") == (true, false))
    #expect(try bench.workspace.undoState(of: "ana") == (false, false))
    #expect(try bench.workspace.undo(by: rt)?.decision == mine)
    #expect(try bench.workspace.undoState(of: "rt") == (false, true))
  }

  @Test func strictImportsNothingOfABadReviewsFile() throws {
    let bench = try TemporaryWorkspace()
    let good = try bench.workspace.record(verdict(key, 1, "1"), by: rt).event
    let header = ReviewsFile.header + "\n"
    var other = good
    other.uuid = "another"
    var changed = good
    changed.value = "-1"
    var impossible = good
    impossible.at = .max
    for last in [changed, impossible] {
      let lines = try [other, last].map(ReviewsFile.encodeEvent).joined(separator: "\n")
      let path = try bench.file("reviews.jsonl", header + lines)
      #expect(throws: StrictImportError.self) {
        try bench.workspace.importFile(path, options: ImportOptions(strict: true))
      }
    }
    #expect(try bench.workspace.events() == [good])
    let lines = try [good, other].map(ReviewsFile.encodeEvent).joined(separator: "\n")
    let path = try bench.file("reviews.jsonl", header + lines)
    #expect(try bench.workspace.importFile(path, options: ImportOptions(strict: true)).events == 1)
  }
}
