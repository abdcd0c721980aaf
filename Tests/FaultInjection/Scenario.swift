import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import ReviewStore

/// Something done in a workspace while the disk fails.
struct Scenario: Sendable {
  /// Its name in the table and for `--only`.
  var name: String
  /// Makes the folder in which it is done, while nothing fails.
  var prepare: @Sendable (String) throws -> Void
  /// Does it, and notes what was acknowledged.
  var run: @Sendable (String, inout Acknowledged) throws -> Void
}

/// What a person was told to be saved.
struct Acknowledged {
  /// The workspace itself.
  var workspace = false
  /// UUIDs of decisions.
  var events: Set<String> = []
  /// How many solutions were imported.
  var solutions = 0
}

extension Scenario {
  private static let reviewer = ReviewContext(reviewer: "ada")

  private static func sample(_ folder: String, lines: Int) throws -> String {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "SampleData/solutions.prm800k.jsonl")
    let kept = try String(contentsOf: source, encoding: .utf8).split(separator: "\n").prefix(lines)
    let path = folder + "/sample.jsonl"
    try (kept.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A workspace with a few solutions and decisions.
  @Sendable private static func workspace(_ folder: String) throws {
    let path = try sample(folder, lines: 4)
    let workspace = try Workspace.create(at: folder + "/work")
    _ = try workspace.importFile(path)
    try workspace.record(
      ReviewDecision(solution: try keys(workspace)[0], step: 1, .verdict(.correct)), by: ReviewContext(reviewer: "bo"))
    try workspace.close()
  }

  private static func keys(_ workspace: Workspace) throws -> [String] {
    try workspace.rows(workspace.queue(sort: .imported, reviewer: ""), reviewer: "").map(\.key)
  }

  /// Decisions of a session, each acknowledged by itself; after a failure the reviewer continues.
  private static func session(_ folder: String, _ acknowledged: inout Acknowledged, count: Int) throws {
    let workspace = try Workspace(at: folder + "/work")
    let keys = try keys(workspace)
    for index in 0..<count {
      func decide(_ decision: Decision, step: Int = 1) throws -> ReviewEvent? {
        try workspace.record(ReviewDecision(solution: keys[index % keys.count], step: step, decision), by: reviewer)
          .event
      }
      let event: ReviewEvent? =
        switch index % 6 {
        case 1: try? decide(.comment("Look at the sign."))
        case 2: try? workspace.undo(by: reviewer)?.event
        case 3: try? workspace.redo(by: reviewer)?.event
        case 4: try? decide(.adjudication(.incorrect))
        default: try? decide(.verdict(.incorrect), step: 2)
        }
      if let event { acknowledged.events.insert(event.uuid) }
    }
    try workspace.close()
  }

  /// Every scenario.
  static let all: [Scenario] = [
    Scenario(name: "create") { _ in
    } run: { folder, acknowledged in
      let workspace = try Workspace.create(at: folder + "/work")
      acknowledged.workspace = true
      try workspace.close()
    },
    Scenario(name: "import") { folder in
      _ = try sample(folder, lines: 6)
      try Workspace.create(at: folder + "/work").close()
    } run: { folder, acknowledged in
      let workspace = try Workspace(at: folder + "/work")
      acknowledged.solutions = try workspace.importFile(folder + "/sample.jsonl").added
      try workspace.close()
    },
    Scenario(name: "one decision", prepare: workspace) { try session($0, &$1, count: 1) },
    Scenario(name: "a session", prepare: workspace) { try session($0, &$1, count: 12) },
    Scenario(name: "a batch", prepare: workspace) { folder, acknowledged in
      let workspace = try Workspace(at: folder + "/work")
      let before = try Set(workspace.events().map(\.uuid))
      let decisions = try keys(workspace).compactMap { key in
        Tag("hard").map { ReviewDecision(solution: key, .tag($0)) }
      }
      try workspace.record(decisions, by: reviewer)
      acknowledged.events = try Set(workspace.events().map(\.uuid)).subtracting(before)
      guard acknowledged.events.count == decisions.count else { throw Finding("a batch was recorded in part") }
      try workspace.close()
    },
    Scenario(name: "merge") { folder in
      try workspace(folder)
      let other = try Workspace.create(at: folder + "/other")
      _ = try other.importFile(folder + "/sample.jsonl")
      for (index, key) in try (keys(other) + keys(other) + keys(other)).enumerated() {
        try other.record(ReviewDecision(solution: key, step: 1 + index % 3, .verdict(.correct)), by: reviewer)
      }
      var lines: [String] = []
      _ = try other.exportReviews { lines.append($0) }
      try lines.joined(separator: "\n").write(toFile: folder + "/reviews.jsonl", atomically: true, encoding: .utf8)
      try lines.dropFirst().compactMap { try JSONDecoder().decode(ReviewEvent.self, from: Data($0.utf8)).uuid }
        .joined(separator: "\n").write(toFile: folder + "/uuids", atomically: true, encoding: .utf8)
      try other.close()
      try FileManager.default.removeItem(atPath: folder + "/other")
    } run: { folder, acknowledged in
      let workspace = try Workspace(at: folder + "/work")
      _ = try workspace.importFile(folder + "/reviews.jsonl")
      acknowledged.events = Set(
        try String(contentsOfFile: folder + "/uuids", encoding: .utf8).split(separator: "\n").map(String.init))
      try workspace.close()
    },
    migration(from: 4), migration(from: WorkspaceSchema.complete.migrations.count - 1),
  ]

  /// The upgrade of a stored workspace, with its decisions and solutions acknowledged long ago.
  private static func migration(from version: Int) -> Scenario {
    Scenario(name: "upgrade from \(version)") { folder in
      try FileManager.default.createDirectory(atPath: folder + "/work", withIntermediateDirectories: false)
      let stored = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ReviewStoreTests/Workspaces")
      let queue = try DatabaseQueue(path: folder + "/work/workspace.sqlite")
      try queue.write { db in
        try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        for (index, migration) in WorkspaceSchema.complete.migrations.prefix(version).enumerated() {
          try db.execute(sql: migration.sql)
          try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [migration.identifier])
          for ending in [".sql", "-derived.sql"] {
            let file = stored.appending(path: String(format: "%02d", index + 1) + ending)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try db.execute(sql: String(contentsOf: file, encoding: .utf8))
          }
        }
      }
      try queue.close()
    } run: { folder, acknowledged in
      acknowledged.workspace = true
      acknowledged.solutions = 3
      acknowledged.events = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000009"]
      try Workspace(at: folder + "/work").close()
    }
  }
}
