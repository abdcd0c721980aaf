import CritiqueModel
import DatasetFormats
import Foundation
import JSON
import ModelClient
import ModelRuns
import ReviewStore

extension LiveRun {
  /// How much a live critique put into a workspace.
  public struct Saving: Sendable, Hashable {
    /// The solution's number.
    public var solution: Int64
    /// Critiques that were not there before.
    public var stored: Int
    /// Critiques that were.
    public var already: Int
  }

  /// Keeps what was written as critiques for review: finished ones, each with the model, sampling and template it came from.
  ///
  /// A critique of the whole solution becomes a merged critique of no step in particular, as in supervised examples.
  /// - Parameter id: the solution's number, where it is in the workspace; else it is imported from a file that is written into
  ///   the workspace's folder `live`.
  /// - Throws: ``LiveCritiqueError`` when there is nothing to keep, `WorkspaceError`, `DatasetError`.
  public func save(in workspace: Workspace, as id: Int64?, programVersion: String) throws -> Saving {
    let shown = snapshot()
    var samples: [(sample: GeneratedSample, generation: Int64)] = []
    let finished = shown.columns.flatMap { column in
      column.texts.filter { $0.value.canBeSaved }.map { (column, $0.key, $0.value) }
    }.sorted { ($0.1, $0.0.stage?.rawValue ?? "", $0.0.model) < ($1.1, $1.0.stage?.rawValue ?? "", $1.0.model) }
    guard !finished.isEmpty else { throw LiveCritiqueError("There is nothing to save yet: no critique is finished.") }
    let solutionID: Int64
    if let id { solutionID = id } else { solutionID = try keep(in: workspace, programVersion: programVersion) }
    for (column, step, text) in finished {
      let template = prompts[column.stage.map(PromptPurpose.init) ?? .critic]
      let parameters = parameters(of: column)
      let stage = column.stage ?? .merged
      try workspace.keepPrompt(template.text, hash: template.hash)
      let generation = try workspace.generationID(of: GenerationSpecification(stage, template, parameters))
      // By what was answered, so that saving twice changes nothing and other answers to the same question stay.
      let key = parameters.keys([
        ChatMessage(
          role: .user, content: "\(solution.problem)\n\(SolutionText.numbered(solution))\n\(stage) \(step)"),
        ChatMessage(role: .assistant, content: text.text),
      ])[0]
      samples.append(
        (
          GeneratedSample(
            target: GenerationTarget(solution: solutionID, stage: stage, step: step), key: key, sample: 0,
            text: text.text, reasoning: text.thoughts.isEmpty ? nil : text.thoughts,
            finish: text.phase == .cutOff ? "length" : "stop", isTruncated: text.phase == .cutOff,
            endpoint: column.endpoint, completionTokens: text.tokens, latency: Int(text.seconds * 1000)), generation
        ))
    }
    let receipt = try workspace.record(samples)
    return Saving(solution: solutionID, stored: receipt.stored, already: receipt.already)
  }

  /// Brings a solution that somebody typed into a workspace.
  private func keep(in workspace: Workspace, programVersion: String) throws -> Int64 {
    let key = SolutionKey(of: solution).description
    if let known = try workspace.solutionID(key: key) { return known }
    let folder = workspace.path + "/live"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(key.prefix(16)).jsonl"
    var file = try AtomicFileWriter(path: path)
    let id = solution.sourceID ?? "live-\(key.prefix(8))"
    try file.writeLine(JSONLines.escaped(GenericSteps.record(of: solution, id: id)))
    try file.commit()
    _ = try workspace.importFile(path, options: ImportOptions(format: .generic), programVersion: programVersion)
    guard let id = try workspace.solutionID(key: key) else {
      throw LiveCritiqueError("\(path): the solution did not come into the workspace; 'deepcritic import' says why.")
    }
    return id
  }
}
