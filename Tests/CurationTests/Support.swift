import CritiqueGeneration
import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import Curation
@testable import ReviewStore

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
let goldenFolder = packageRoot.appendingPathComponent("Tests/CurationTests/Golden").path

/// A workspace in a temporary folder, removed with the value.
final class Bench {
  let path: String
  let workspace: Workspace

  init(_ files: [String] = []) throws {
    path = NSTemporaryDirectory() + "deepcritic-curation-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
    for file in files { _ = try workspace.importFile(file) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The sample data, solutions first.
  static func samples() throws -> Bench {
    try Bench(
      ["solutions.prm800k.jsonl", "processbench.sample.json", "critiques.deep.jsonl", "critiques.merged.jsonl"].map {
        packageRoot.appendingPathComponent("SampleData/\($0)").path
      })
  }

  /// The hand-made stage file.
  static func golden() throws -> Bench { try Bench([Golden.stages]) }

  /// Writes lines into the workspace's folder and imports them.
  func add(_ lines: [String], _ name: String = "more.jsonl") throws {
    let file = path + "/" + name
    try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    _ = try workspace.importFile(file)
  }

  func curator(_ change: (inout CurationSettings) -> Void = { _ in }, template: String? = nil) throws -> Curator {
    var settings = CurationSettings()
    change(&settings)
    return try Curator(
      workspace: workspace, settings: settings,
      prompts: try PromptLibrary(replacing: template.map { [.critic: $0] } ?? [:]))
  }

  func key(_ id: Int64) throws -> String { try #require(try workspace.rows([id], reviewer: "").first).key }

  @discardableResult
  func decide(
    _ id: Int64, step: Int = 0, _ kind: EventKind, _ value: String, by reviewer: String = "rt", basis: String? = nil
  ) throws -> ReviewEvent {
    let decision = try #require(Decision(kind, step: step, value: value, basis: basis))
    return try workspace.record(
      ReviewDecision(solution: try key(id), step: step, decision), by: ReviewContext(reviewer: reviewer)
    ).event
  }

  /// The files of an exported set, by name.
  func export(
    _ kind: DatasetKind = .sft(.messages), _ curator: Curator? = nil, to name: String = "set"
  ) async throws -> [String: Data] {
    let folder = path + "/" + name
    _ = try await (curator ?? self.curator()).export(kind, to: folder, program: "test 1")
    var files: [String: Data] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      files[file] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
    }
    return files
  }
}

enum Golden {
  static let stages = goldenFolder + "/stages.jsonl"
  static let template = goldenFolder + "/critic.md"
  static func expected() throws -> String {
    try String(contentsOfFile: goldenFolder + "/expected.jsonl", encoding: .utf8)
  }
}

/// A row of a stage file.
func stageRow(
  _ problem: String, _ ratings: [Int?], initial: [Int]? = nil, deep: [Int]? = nil, merged: [Int]? = nil,
  filler: String = "because"
) throws -> String {
  func texts(_ judgements: [Int]) -> [String] {
    judgements.enumerated().map { "\($0.offset + 1) \(filler) \\boxed{\($0.element)}" }
  }
  var row: [String: Any] = [
    "problem": problem,
    "steps": ratings.enumerated().map { index, rating -> [String: Any] in
      [
        "step_index": index + 1, "text": "\(filler.prefix(20)) \(index + 1)",
        "rating": rating.map { $0 as Any } ?? NSNull(),
      ]
    },
    "gt_answer": "1", "contain_erroneous_step": ratings.contains(-1),
  ]
  let labels = ratings.compactMap { $0 }.map { $0 == -1 ? -1 : 1 }
  row["critiques"] = texts(initial ?? labels)
  row["critique_of_critiques"] = texts(deep ?? labels)
  row["merged_critiques"] = texts(merged ?? labels)
  return String(decoding: try JSONSerialization.data(withJSONObject: row, options: .sortedKeys), as: UTF8.self)
}
