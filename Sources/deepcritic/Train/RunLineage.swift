import DeepCriticCore
import Foundation
import Terminal

/// A run's origin and results.
struct RunLineage: Encodable {
  var name: String
  var stage: String
  var engine: String
  var state: String
  var data: String
  var baseModel: String
  var checkpoints: [RunFolder.Checkpoint]
  var model: String?
  var program: String

  init(_ entry: RunEntry, _ workspace: Workspace) throws {
    let run = try RunCatalog(workspace).current(entry)
    name = run.name
    stage = entry.stage
    engine = entry.engine
    state = run.status.phase.rawValue
    data = entry.dataset
    baseModel = entry.model
    checkpoints = run.folder.checkpointList()
    model = run.folder.servable().flatMap { $0.step == nil ? $0.path : nil }
    program = entry.programVersion
  }

  var lines: [String] {
    ["\(name)  \(stage) by \(engine), \(state)  from \(baseModel)"]
      + checkpoints.map { "  checkpoint of step \($0.step)\($0.isComplete ? "" : " (incomplete)")  \($0.path)" }
      + (model.map { ["  model  \($0)"] } ?? [])
  }

  func show(json: Bool) throws {
    if json { return try JSONOutput.write(self) }
    try StandardOutput.write(lines: (lines + ["  data   \(data)", "  started by \(program)"]).map(TextSafety.line))
  }

  static func show(_ all: [RunLineage], json: Bool) throws {
    if json { return try JSONOutput.write(all) }
    try StandardOutput.write(lines: all.flatMap(\.lines).map(TextSafety.line))
  }
}
