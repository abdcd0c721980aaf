import CritiqueModel
import DatasetFormats
import Formatting
import Foundation
import JSON
import ModelClient
import ModelRuns
import ReviewStore

/// What reading a batch's output brought.
public struct BatchReading: Sendable, Hashable {
  /// Lines that answer a request, with success or failure.
  public var requests = 0
  /// Samples, tokens and failures by reason.
  public var counts = RequestProgress.Counts()
  /// Lines whose answers were in the store already.
  public var already = 0
  /// Lines that could not be read or answer nothing that this workspace asked.
  public var bad = 0
}

/// Reading the output of batch files back.
public enum GenerationBatch {
  /// Stores the answers of a batch's output file, or its error file: lines in any order, any part of them, and again.
  ///
  /// - Parameters:
  ///   - check: called now and then; what it throws ends the reading. What was read is stored.
  ///   - onBad: called for each line that cannot be used.
  /// - Throws: `DatasetError`, `WorkspaceError`.
  public static func read(
    _ path: String, into workspace: Workspace, check: () throws -> Void = {}, onBad: (BadRecord) -> Void
  ) throws -> BatchReading {
    let reader = try JSONRecordReader(path: path)
    var reading = BatchReading()
    var group = Group()
    while let item = try reader.next() {
      switch item {
      case .bad(let bad):
        reading.bad += 1
        onBad(bad)
      case .record(let root, let line):
        do {
          switch try outcome(of: root, workspace) {
          case .already: reading.already += 1
          case .answered(let request, let answer, let generation):
            group.add(request, answer, generation, file: path)
          case .failed(let request, let reason, let detail):
            group.fail(request, reason, detail)
          }
        } catch let error as RecordError {
          reading.bad += 1
          onBad(BadRecord(file: path, line: line, reason: error.reason, remedy: error.remedy))
        }
      }
      if group.keys.count >= 256 {
        try group.store(in: workspace, &reading)
        try check()
      }
    }
    try group.store(in: workspace, &reading)
    return reading
  }

  private enum Outcome {
    case answered(BatchRequest, ChatAnswer, generation: Int64)
    case failed(BatchRequest, reason: String, detail: String)
    case already
  }

  /// What one line says: `{"custom_id", "response": {"status_code", "body"}, "error"}`.
  private static func outcome(of root: JSONView, _ workspace: Workspace) throws -> Outcome {
    guard root.kind == .object, let id = root["custom_id"]?.string else {
      throw RecordError(
        "there is no `custom_id`", remedy: "Give the output file of the batch, not its input.")
    }
    guard root["response"] != nil || root["error"] != nil else {
      throw RecordError(
        "there is neither `response` nor `error`", remedy: "Give the output file of the batch, not its input.")
    }
    guard let key = Hex.bytes(id, count: 16), let (request, generation) = try workspace.batchRequest(key: key) else {
      if let key = Hex.bytes(id, count: 16), try workspace.answered([key]).contains(key) { return .already }
      throw RecordError(
        "no request '\(id)' is out", remedy: "Read the file into the workspace that wrote the batch's input.")
    }
    if let response = root["response"], response.kind == .object {
      let status = response["status_code"]?.int ?? 200
      guard let body = response["body"] else {
        return .failed(request, reason: "malformed answer", detail: "the batch's answer has no body.")
      }
      if status != 200 {
        let words = ChatAnswer.errorMessage(in: body) ?? ""
        return .failed(
          request, reason: status >= 500 ? "server error \(status)" : "rejected \(status)",
          detail: "the batch's request ended with status \(status)" + (words.isEmpty ? "." : ": \(words)."))
      }
      do throws(ModelClientError) {
        let answer = try ChatAnswer.decode(body)
        if answer.choices.isEmpty {
          return .failed(request, reason: "no choices", detail: "the batch's answer holds no choices.")
        }
        return .answered(request, answer, generation: generation)
      } catch {
        return .failed(request, reason: error.reason, detail: error.description)
      }
    }
    let words = ChatAnswer.errorMessage(in: root) ?? "no reason is given"
    return .failed(request, reason: "error in the batch", detail: "the batch could not answer: \(words).")
  }

  /// Answers that go into one transaction.
  private struct Group {
    var samples: [(sample: GeneratedSample, generation: Int64)] = []
    var failures: [RequestFailure] = []
    var keys: [[UInt8]] = []
    var counts = RequestProgress.Counts()

    mutating func add(_ request: BatchRequest, _ answer: ChatAnswer, _ generation: Int64, file: String) {
      var answer = answer
      answer.endpoint = "batch \(URL(fileURLWithPath: file).lastPathComponent)"
      let generated = answer.samples(request.samples, keys: request.keys).map {
        GeneratedSample(request.target, $0, sources: request.sources)
      }
      samples += generated.map { ($0, generation) }
      counts.add(RequestProgress.Counts(faults: generated.map(\.fault), usage: answer.usage))
      finish(request)
    }

    mutating func fail(_ request: BatchRequest, _ reason: String, _ detail: String) {
      failures.append(RequestFailure(target: request.target, reason: reason, detail: detail, attempts: 1))
      counts.failed[reason, default: 0] += 1
      finish(request)
    }

    private mutating func finish(_ request: BatchRequest) {
      counts.requests += 1
      if let first = request.keys.first { keys.append(first) }
    }

    /// First the answers, then their requests off the list: cut off in between, the file is simply read again.
    mutating func store(in workspace: Workspace, _ reading: inout BatchReading) throws {
      guard !keys.isEmpty else { return }
      _ = try workspace.record(samples, failures: failures)
      try workspace.finishBatchRequests(keys)
      reading.requests += counts.requests
      reading.counts.add(counts)
      self = Group()
    }
  }
}
