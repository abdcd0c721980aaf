import CritiqueModel
import DatasetFormats
import Formatting
import Foundation
import ModelClient
import ReviewStore

/// What was written to a batch file.
public struct BatchWriting: Sendable, Hashable, Codable {
  /// Lines of the file.
  public var requests = 0
  /// Samples that they ask for.
  public var samples = 0
  /// Samples that were in the store already, from the same question about another solution.
  public var reused = 0
  /// Requests left out because a batch file holds the very same question already.
  public var alreadyOut = 0
  /// Bytes of the file.
  public var bytes: Int64 = 0

  /// Nothing yet.
  public init() {}
}

extension GenerationRun.Options {
  /// Writes what a stage lacks as a file in the format of OpenAI's Batch API, which `vllm run-batch`, hosted batch
  /// services and Ray Data run: lines `{"custom_id", "method", "url", "body"}`.
  ///
  /// The file appears whole or not at all. From then on its requests count as asked, until
  /// `GenerationBatch.read` brings them back or `Workspace.forgetBatch(file:)` gives them up.
  ///
  /// - Parameter check: called between pages; what it throws ends the writing.
  /// - Throws: ``GenerationError``, `FileWriteError`, `WorkspaceError`.
  public func writeBatch(
    of stage: Stage, in workspace: Workspace, to path: String, check: () throws -> Void = {}
  ) throws -> BatchWriting {
    let settings = settings(of: stage)
    guard let model = settings.model else { throw GenerationError.noModel(stage) }
    let template = prompts[stage]
    var planner = planner(of: stage, workspace: workspace, ids: try workspace.seedSelection(selection).ids)
    try workspace.keepPrompt(template.text, hash: template.hash)
    let generation = try workspace.generationID(
      of: GenerationSpecification(stage, model: model, prompt: template, settings: settings))
    let name = URL(fileURLWithPath: path).standardizedFileURL.path
    func keys(_ plan: RequestPlan) -> [[UInt8]] {
      RequestKey.of(model: model, messages: plan.messages, sampling: settings.sampling, samples: plan.samples)
    }
    var writing = BatchWriting()
    if let out = try workspace.openBatches().first(where: { $0.file == name }) {
      throw GenerationError.batchIsOut(path, requests: out.requests)
    }
    do {
      var file = try AtomicFileWriter(path: path)
      while let page = try planner.nextPage() {
        try check()
        let known = try workspace.reusing(page, keys: keys)
        writing.reused += known.samples
        var out = try workspace.batched(known.left.compactMap { keys($0).first })
        var kept: [BatchRequest] = []
        for plan in known.left {
          let keys = keys(plan)
          // Two solutions with the same texts ask the same: the answer to one is the other's too.
          guard let first = keys.first, out.insert(first).inserted else {
            writing.alreadyOut += 1
            continue
          }
          kept.append(
            BatchRequest(target: plan.target, keys: keys, samples: plan.samples, sources: plan.sources))
          try file.writeLine(Self.line(plan, key: first, model: model, settings: settings))
          writing.samples += plan.samples.count
        }
        writing.requests += kept.count
        try workspace.keep(kept, generation: generation, file: name)
      }
      writing.bytes = file.bytesWritten
      guard writing.requests > 0 else { return writing }
      try file.commit()
    } catch {
      _ = try? workspace.forgetBatch(file: name)
      throw error
    }
    try workspace.finishWritingBatch(file: name)
    return writing
  }

  private static func line(_ plan: RequestPlan, key: [UInt8], model: String, settings: StageSettings) -> [UInt8] {
    var sampling = settings.sampling
    sampling.seed = sampling.seed.map { $0 + (plan.samples.first ?? 0) }
    let body = ChatRequest(
      model: model, messages: plan.messages, sampling: sampling, choices: plan.samples.count
    ).body()
    var json = Array("{\"custom_id\":\"\(Hex.string(key))\",\"method\":\"POST\",".utf8)
    json += Array("\"url\":\"/v1/chat/completions\",\"body\":".utf8)
    return json + body + Array("}".utf8)
  }
}
