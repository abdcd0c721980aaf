import CritiqueModel
import DatasetFormats
import DeepCriticCore
import FaultServer
import Foundation
import GRDB
import JSON
import ModelClient
import ModelRuns
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// A workspace in a temporary folder, removed with the value.
final class TemporaryWorkspace {
  let path: String
  let workspace: Workspace

  init() throws {
    path = NSTemporaryDirectory() + "deepcritic-generation-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
  }

  /// A workspace with the solutions of ``solution(_:_:)``.
  convenience init(_ lines: [String]) throws {
    try self.init()
    try add(lines)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func add(_ lines: [String], format: DatasetFormat? = nil) throws -> ImportSummary {
    let file = path + "/" + UUID().uuidString + ".jsonl"
    try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let summary = try workspace.importFile(file, options: ImportOptions(format: format))
    #expect(summary.bad == 0)
    return summary
  }

  var allIDs: [Int64] {
    get throws { try workspace.queue(sort: .imported, reviewer: "rt") }
  }

  func rows(_ sql: String) throws -> [String] {
    try workspace.database.read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { value in
          switch value.storage {
          case .null: "-"
          case .string(let text): text
          case .int64(let number): "\(number)"
          case .double(let number): "\(number)"
          case .blob(let data): "\(data.count) bytes"
          }
        }.joined(separator: "|")
      }
    }
  }

  func count(_ sql: String) throws -> Int {
    try workspace.database.read { try Int.fetchOne($0, sql: sql) ?? 0 }
  }

  /// Everything that generation leaves behind, without what differs between two runs of the same work: when and how fast.
  func state() throws -> [String] {
    try rows(
      "SELECT solution_id, stage, step, c.sample, judgement, fault, text, hex(a.key) FROM critique c "
        + "LEFT JOIN answer a ON a.id = c.answer_id ORDER BY solution_id, stage, step, c.sample")
      + rows("SELECT * FROM seed ORDER BY solution_id")
      + rows("SELECT id, initial, deep, merged, disagreement FROM solution ORDER BY id")
      + rows("SELECT solution_id, stage, step, reason FROM request_failure ORDER BY 1, 2, 3")
  }
}

/// A labelled solution as a line of DeepCritic's own format; a wrong step's text holds the word WRONG.
func solution(_ name: String, _ ratings: [Int?], problem: String? = nil, critiques: [String: [String]] = [:]) -> String
{
  var json = JSONWriter()
  json.object { json in
    json.key("problem")
    json.string(problem ?? "Problem of \(name): how much is $x$?")
    json.key("steps")
    json.array { json in
      for (index, rating) in ratings.enumerated() {
        json.object { json in
          json.key("step_index")
          json.int(index + 1)
          json.key("text")
          json.string("\(rating == -1 ? "WRONG" : "Fine") step \(index + 1) of \(name).")
          json.key("rating")
          json.int(rating)
        }
      }
    }
    json.key("gt_answer")
    json.string("42")
    for (key, texts) in critiques.sorted(by: { $0.key < $1.key }) {
      json.key(key)
      json.array { json in for text in texts { json.string(text) } }
    }
  }
  return String(decoding: json.bytes, as: UTF8.self)
}

/// A labelled solution as a line of PRM800K, with how the labeller ended.
func labelled(_ name: String, _ ratings: [Int?], finish: String) -> String {
  let steps = ratings.enumerated().map { index, rating in
    #"{"completions": [{"text": "step \#(index + 1) of \#(name)", "rating": \#(rating.map(String.init) ?? "null"), "flagged": null}], "human_completion": null, "chosen_completion": \#(rating == -1 ? "null" : "0")}"#
  }
  return
    #"{"labeler": "l", "timestamp": "t", "generation": 1, "is_quality_control_question": false, "is_initial_screening_question": false, "question": {"problem": "Problem of \#(name)", "ground_truth_answer": "1"}, "label": {"steps": [\#(steps.joined(separator: ", "))], "total_time": 1, "finish_reason": "\#(finish)"}}"#
}

/// Runs a test against a server of its own.
func withServer<T>(
  _ faults: FaultPlan = .none, _ change: (inout ServerConfiguration) -> Void = { _ in },
  _ body: (FaultServer) async throws -> T
) async throws -> T {
  try await FaultServer.serving(
    { configuration in
      configuration.faults = faults
      configuration.lateness = 0.05
      configuration.words = 12
      change(&configuration)
    }, body)
}

/// A client with short times.
func makeClient(_ base: String, _ change: (inout ClientConfiguration) -> Void = { _ in }) throws -> ModelClient {
  var configuration = ClientConfiguration()
  configuration.concurrency = .fixed(32)
  configuration.connectTimeout = 20
  configuration.idleTimeout = 60
  configuration.requestTimeout = 90
  configuration.initialBackoff = 0.01
  configuration.maximumBackoff = 0.05
  configuration.connectionGracePeriod = 0.3
  change(&configuration)
  return ModelClient(endpoints: [try Endpoint(base)], configuration: configuration)
}

/// The paper's settings with a model.
func settings(_ stage: Stage, _ change: (inout StageSettings) -> Void = { _ in }) -> StageSettings {
  var settings = StageSettings(stage)
  settings.model = "m"
  change(&settings)
  return settings
}

/// All stages with the paper's settings, and perhaps changes.
func allSettings(_ change: (inout StageSettings) -> Void = { _ in }) -> [Stage: StageSettings] {
  Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, settings($0, change)) })
}

/// Options for a run.
func options(_ stages: [Stage] = Stage.allCases, _ settings: [Stage: StageSettings] = allSettings()) throws
  -> GenerationRun.Options
{
  GenerationRun.Options(stages: stages, settings: settings, prompts: try PromptLibrary())
}

/// Runs generation once, with a client of its own.
@discardableResult
func generate(
  _ workspace: Workspace, _ base: String, _ options: GenerationRun.Options,
  _ change: (inout ClientConfiguration) -> Void = { _ in }
) async throws -> RequestProgress {
  let client = try makeClient(base, change)
  do {
    let progress = try await GenerationRun(workspace: workspace, client: client, options: options).run()
    await client.shutdown()
    return progress
  } catch {
    await client.shutdown()
    throw error
  }
}

extension PlannedRequest where Target == CritiqueTarget {
  /// The one step that a planner asks about with it.
  var target: GenerationTarget { targets[0].target }
}
