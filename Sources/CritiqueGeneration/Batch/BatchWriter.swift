import CritiqueModel
import DatasetFormats
import Formatting
import Foundation
import JSON
import ModelClient
import ModelRuns
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
}

extension GenerationRun.Options {
  /// Writes what a stage lacks as a file in the format of OpenAI's Batch API, which `vllm run-batch`, hosted batch
  /// services and Ray Data run: lines `{"custom_id", "method", "url", "body"}`.
  ///
  /// The file appears whole or not at all. After that its requests count as asked, until
  /// `GenerationBatch.read` brings them back or `Workspace.forgetBatch(file:)` gives them up.
  ///
  /// - Parameters:
  ///   - dialect: what the server takes.
  ///   - check: called between pages; what it throws ends the writing.
  /// - Throws: ``GenerationError``, `FileWriteError`, `WorkspaceError`.
  public func writeBatch(
    of stage: Stage, in workspace: Workspace, to path: String, dialect: ServerDialect = ServerDialect(),
    check: () throws -> Void = {}
  ) throws -> BatchWriting {
    let job = try job(of: stage, in: workspace)
    var planner = job.planner
    let name = URL(fileURLWithPath: path).standardizedFileURL.path
    func keys(_ request: PlannedRequest<CritiqueTarget>) -> [[UInt8]] {
      job.parameters.keys(request.messages, request.samples)
    }
    var writing = BatchWriting()
    if let out = try workspace.openBatches().first(where: { $0.file == name }) {
      throw GenerationError.batchIsOut(path, requests: out.requests)
    }
    do {
      var file = try AtomicFileWriter(path: path)
      while let page = try planner.nextPage() {
        try check()
        let known = try job.reusingAnswers(page)
        writing.reused += known.reused
        var out = try workspace.batched(known.left.compactMap { keys($0).first })
        var kept: [BatchRequest] = []
        for request in known.left {
          let keys = keys(request)
          // Two solutions with the same texts ask the same: the answer to one is the other's too.
          guard let target = request.targets.first, let first = keys.first, out.insert(first).inserted else {
            writing.alreadyOut += 1
            continue
          }
          kept.append(
            BatchRequest(target: target.target, keys: keys, samples: request.samples, sources: target.sources))
          try file.writeLine(Self.line(request, key: first, job.parameters, dialect))
          writing.samples += request.samples.count
        }
        writing.requests += kept.count
        try workspace.keep(kept, generation: job.generation, file: name)
      }
      guard writing.requests > 0 else { return writing }
      try file.commit()
    } catch {
      _ = try? workspace.forgetBatch(file: name)
      throw error
    }
    try workspace.finishWritingBatch(file: name)
    return writing
  }

  private static func line(
    _ request: PlannedRequest<CritiqueTarget>, key: [UInt8], _ parameters: RequestParameters,
    _ dialect: ServerDialect
  ) -> [UInt8] {
    let body = parameters.request(request.messages, samples: request.samples).body(dialect: dialect)
    var json = Array("{\"custom_id\":\"\(Hex.string(key))\",\"method\":\"POST\",".utf8)
    json += Array("\"url\":\"/v1/chat/completions\",\"body\":".utf8)
    return JSONLines.escaped(json + body + Array("}".utf8))
  }
}
