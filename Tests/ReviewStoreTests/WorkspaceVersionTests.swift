import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import Testing

@testable import ReviewStore

/// Workspaces of every earlier version open and hold what they held.
///
/// `Workspaces/` has what programs of each version stored, as SQL: the workspace of version N is made by the steps 1 to N of
/// the tables, each followed by its file.
@Suite struct WorkspaceVersionTests {
  private static let latest = WorkspaceSchema.complete.migrations.count
  private static let (sum, product) = ("e190d84d76301b3097d1b34fd806b872", "364b8e060a3574bbd403b1d19787ad1e")

  /// A workspace as a program of some version left it, in a folder that goes with the value.
  private final class OldWorkspace {
    let path = NSTemporaryDirectory() + "deepcritic-version-" + UUID().uuidString

    init(version: Int) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let queue = try DatabaseQueue(path: path + "/workspace.sqlite")
      try queue.write { db in
        try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        for (index, migration) in WorkspaceSchema.complete.migrations.prefix(version).enumerated() {
          try db.execute(sql: migration.sql)
          try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [migration.identifier])
          for file in [String(format: "%02d.sql", index + 1), String(format: "%02d-derived.sql", index + 1)] {
            let url = packageRoot.appendingPathComponent("Tests/ReviewStoreTests/Workspaces/" + file)
            guard FileManager.default.fileExists(atPath: url.path) else { continue }
            try db.execute(sql: String(contentsOf: url, encoding: .utf8))
          }
        }
      }
      try queue.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open() throws -> Workspace { try Workspace(at: path) }
  }

  /// Runs `body` with a workspace of some version, opened by the program of today.
  private func open(version: Int, _ body: (Workspace) throws -> Void) throws {
    let old = try OldWorkspace(version: version)
    try body(old.open())
    withExtendedLifetime(old) {}
  }

  @Test(arguments: 1...latest) func aWorkspaceOfEachVersionOpensAndIsSound(version: Int) throws {
    try open(version: version) { workspace in
      #expect(try workspace.integrityProblems(thorough: true) == [])
      #expect(try workspace.projectionDifferences() == 0)
      let opened = try workspace.projectionDump()
      try workspace.rebuildProjections()
      #expect(try workspace.projectionDump() == opened)
      // The same tables as those of a workspace that was made today.
      func tables(_ workspace: Workspace) throws -> Set<String> {
        try workspace.database.read { db in
          #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
          return try Set(String.fetchAll(db, sql: "SELECT type || name || coalesce(sql, '') FROM sqlite_master"))
        }
      }
      let fresh = try TemporaryWorkspace()
      #expect(try tables(workspace) == tables(fresh.workspace))
      withExtendedLifetime(fresh) {}
    }
  }

  @Test(arguments: 1...latest) func itsSolutionsAndCritiquesAreThere(version: Int) throws {
    try open(version: version) { workspace in
      let rows = try workspace.rows(workspace.queue(sort: .imported, reviewer: "ana"), reviewer: "ana")
      #expect(rows.map(\.key).prefix(2) == [Self.sum, Self.product])
      #expect(rows.map(\.name) == ["sum", "product", "problem-1"])
      #expect(rows[0].ratings == [.correct, .incorrect, .incorrect] && rows[0].firstError == .step(2))
      #expect(rows[0].judgements[.deep] == [.correct, .incorrect, nil])
      #expect(rows[0].disagreement == .initial)
      let solution = try workspace.solution(1)
      #expect(solution.solution.steps.map(\.text) == ["2 + 3 = 5.", "5 + 4 = 10.", "The answer is 10."])
      #expect(
        solution.critiques[.initial]?[2]?.map(\.critique.text) == [#"Five and four make ten, it seems. \boxed{1}"#])
      #expect(solution.critiques[.deep]?[2]?.count == 2)
      #expect(try workspace.seedStanding(of: 1) == SeedStanding(.waiting, stage: .initial))
      #expect(try workspace.queue(sort: .imported, filter: QueueFilter("text:answer"), reviewer: "ana") == [1, 2])
      #expect(try workspace.queue(sort: .imported, filter: QueueFilter("critique:nine"), reviewer: "ana") == [1])
      #expect(try workspace.badRecords().map(\.line) == [3])
      if version >= 10 {
        #expect(solution.critique(.deep, step: 2)?.critique.text == #"Nine, says another sample. \boxed{-1}"#)
        let edited = try #require(solution.critique(.merged, step: 2))
        #expect(edited.critique.text == #"Five and four make nine: the step is wrong. \boxed{-1}"#)
        #expect(edited.author == "lead" && edited.standing == [.chosen, .edited])
        #expect(solution.critiques[.merged]?[2]?.last?.standing == .stale)
        #expect(solution.views["lead"]?.corrections[2]?.text == "5 + 4 = 9.")
      } else {
        #expect(
          solution.critique(.merged, step: 2)?.critique.text == #"The step adds wrongly: nine is right. \boxed{-1}"#)
      }
    }
  }

  @Test(arguments: 2...latest) func itsDecisionsStand(version: Int) throws {
    try open(version: version) { workspace in
      let views = try workspace.views(of: Self.sum)
      let ana = try #require(views["ana"])
      #expect(ana.verdicts.mapValues(\.rating) == [1: .correct, 2: .incorrect])
      #expect(ana.verdicts[1]?.mode == .blind && ana.verdicts[2]?.basis == "accept merged:-1")
      #expect(ana.flags == [2] && ana.comments.map(\.text) == ["Nine, not ten."])
      #expect(views["bo"]?.verdicts == [:] && views["bo"]?.comments.map(\.text) == ["A better remark."])
      let other = try workspace.views(of: Self.product)
      #expect(other["bo"]?.verdicts.mapValues(\.rating) == [1: .correct])
      #expect(other["ana"]?.mark?.mark == .skip && other["ana"]?.mark?.reason == "later")
      let rows = try workspace.rows([1, 2], reviewer: "ana")
      #expect(rows.map(\.state) == [.complete, .skipped] && rows[0].myFirstError == 2 && rows[0].flags == 1)
      #expect(try workspace.events().contains { $0.kind.rawValue == "applause" && $0.value == "loud" })
      #expect(try workspace.undoState(of: "ana") == (true, version < 5))
      #expect(try workspace.undoState(of: "bo") == (true, version >= 10))
      if version >= 17 {
        #expect(other["cy"]?.flags == [])
        #expect(try workspace.event("00000000-0000-4000-8000-000000000051")?.at == 1_700_000_050_000)
      }
      if version >= 5 {
        #expect(Projection.adjudicated(views)[2]?.rating == .incorrect)
        #expect(ana.soundness.values.map(\.isSound) == [false])
        #expect(Projection.placed(other)?.value == .out)
      }
    }
  }

  @Test(arguments: 3...latest) func whatFeaturesStoredIsThere(version: Int) throws {
    try open(version: version) { workspace in
      #expect(try workspace.solution(2).critique(.initial, step: 1)?.judgement == .correct)
      #expect(try workspace.seedStanding(of: 2) == SeedStanding(.truncated, stage: .initial, step: 2))
      #expect(try workspace.requestFailures(of: 2).map(\.reason) == ["rejected 400"])
      #expect(try workspace.openBatches().map(\.file) == ["batch.jsonl"])
      #expect(try workspace.prompt(hash: Array(repeating: 1, count: 32)) == "Judge step {{step}}.")
      if version >= 5 {
        let hash = String(repeating: "d", count: 64)
        #expect(try workspace.rows(ofDataset: hash).map(\.solution) == [Self.sum])
        #expect(try workspace.events(ofDataset: hash).map(\.role) == [.keptOut, .label])
        let (tokenizer, row): ([UInt8], [UInt8]) = (Array(repeating: 5, count: 32), Array(repeating: 0x51, count: 32))
        #expect(try workspace.tokenCounts(tokenizer: tokenizer, rows: [row]) == [row: 321])
      }
      if version >= 7 {
        #expect(try workspace.estimate(of: 1)?.firstError == 2)
        #expect(
          try workspace.gradedRollouts(of: 1, generation: 2, grader: "math-verify 0.8").map(\.outcome) == [
            .right, .wrong,
          ])
      }
      if version >= 8 {
        let run = try #require(try workspace.run(named: "sft-1"))
        #expect(try workspace.runPoints(of: run.id, series: "loss").map(\.value) == [2.5, 1.25])
        #expect(try workspace.runSamples(of: run.id, limit: 9).map(\.reward) == [1])
      }
      if version >= 9 {
        let evaluation = try #require(try workspace.evaluations().first)
        #expect(try workspace.evaluated(evaluation.id)[0].items.map { $0.samples[0].prediction } == [2, nil])
        #expect(try workspace.openCount(evaluation.id).rows == 1)
      }
      if version >= 12 {
        let queue = try #require(try workspace.savedQueue("monday"))
        #expect(queue.filter == "state:todo steps>1" && queue.mode == .blind && queue.overlap == 2 && queue.seed == 7)
      }
      if version >= 16 {
        let sets = try workspace.datasets()
        #expect(try workspace.difference(from: sets[1], to: sets[0]).changed == [])
        #expect(try workspace.rows(ofDataset: sets[0].hash).map(\.solution) == [Self.sum])
      }
      if version >= 13 { #expect(try workspace.goldCounts() == ["ana": 1]) }
    }
  }

  /// A workspace that a program before these kinds has written, with such a decision merged in from a newer one.
  @Test func decisionsOfLaterKindsTakeEffectAfterTheUpgrade() throws {
    let old = try OldWorkspace(version: 3)
    let queue = try DatabaseQueue(path: old.path + "/workspace.sqlite")
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO event(uuid, solution, step, kind, value, reviewer, at, mode)
          VALUES ('u', 'k', 1, 'adjudication', '-1', 'rt', 5, 'audit')
          """)
    }
    try queue.close()
    let workspace = try old.open()
    #expect(try workspace.projectionDump().filter { $0.hasPrefix("adjudication") }.count == 1)
    #expect(try workspace.projectionDifferences() == 0)
  }

  /// Whatever interrupts an upgrade, the workspace is as it was, and the next opening completes it.
  @Test func anUpgradeIsDoneWholeOrNotAtAll() throws {
    struct Interruption: Error {}
    let old = try OldWorkspace(version: 4)
    let queue = try DatabaseQueue(path: old.path + "/workspace.sqlite")
    func content() throws -> [String] {
      try queue.read { db in
        try String.fetchAll(db, sql: "SELECT name || coalesce(sql, '') FROM sqlite_master ORDER BY 1")
          + String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
      }
    }
    let before = try content()
    #expect(throws: Interruption.self) {
      try queue.writeWithoutTransaction { try WorkspaceSchema.complete.update($0) { _ in throw Interruption() } }
    }
    #expect(try content() == before)
    try queue.close()
    #expect(try old.open().projectionDifferences() == 0)
  }

  /// Whoever may only read an old workspace is warned.
  @Test(.enabled(if: getuid() != 0)) func aReadOnlyFolderIsNotUpgraded() throws {
    let old = try OldWorkspace(version: 4)
    for (path, mode) in [("/workspace.sqlite", 0o444), ("", 0o555)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: old.path + path)
    }
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: old.path) }
    #expect { try old.open() } throws: { "\($0)".contains("it needs an upgrade, and the folder is read-only") }
  }
}
