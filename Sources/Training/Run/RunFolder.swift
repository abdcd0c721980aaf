import DatasetFormats
import Formatting
import Foundation
import JSON
import Secrets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The directory of one run, and its contents.
///
/// ```
/// spec.toml      the specification, complete        feed.jsonl   progress, one JSON object a line
/// data           link to the rows, by their hash    log.txt      what the trainer printed
/// scripts/       the Python that trains             process.json which process it is
/// launch.json    command and environment            checkpoints/ model/
/// environment.txt  versions in the interpreter
/// ```
public struct RunFolder: Sendable, Hashable {
  /// Its path.
  public let path: String

  /// A folder by its path.
  public init(_ path: String) { self.path = path }

  /// The run's name.
  public var name: String { (path as NSString).lastPathComponent }
  /// The specification.
  public var spec: String { path + "/spec.toml" }
  /// Progress.
  public var feed: String { path + "/feed.jsonl" }
  /// What the trainer printed.
  public var log: String { path + "/log.txt" }
  /// What says which process it is.
  var process: String { path + "/process.json" }
  /// What says which job of a cluster it is.
  var job: String { path + "/job.json" }
  /// Where checkpoints are.
  public var checkpoints: String { path + "/checkpoints" }
  /// The trained model.
  public var model: String { path + "/model" }
  /// Present when somebody asked the run to stop.
  var stop: String { path + "/stop" }

  /// The process of the last attempt.
  public var identity: ProcessIdentity? {
    PlainFile.data(process).flatMap { try? JSONDecoder().decode(ProcessIdentity.self, from: $0) }
  }

  /// Writes down which process the run is.
  func remember(_ identity: ProcessIdentity) throws { try write(identity, to: process) }

  func write(_ value: some Encodable, to path: String) throws {
    var file = try AtomicFileWriter(path: path)
    try file.writeLine(try JSONEncoder.sorted.encode(value))
    try file.commit()
  }

  /// The last lines of the log, as the trainer printed them; a line that was overwritten counts as its last state.
  public func logTail(_ count: Int) -> [String] { Self.tail(of: log, count).map(Secrets.redacted) }

  static func tail(of path: String, _ count: Int) -> [String] {
    guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd() else { return [] }
    defer { try? handle.close() }
    let from = size > 256 << 10 ? size - (256 << 10) : 0
    guard (try? handle.seek(toOffset: from)) != nil, let data = try? handle.readToEnd() else { return [] }
    var lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
    if from > 0, lines.count > 1 { lines.removeFirst() }
    return lines.suffix(count).map { line in
      String(line.split(separator: "\r", omittingEmptySubsequences: true).last ?? "")
    }
  }

  /// A checkpoint.
  public struct Checkpoint: Sendable, Hashable, Codable {
    /// The step that it was written at.
    public var step: Int
    /// Its folder.
    public var path: String
    /// Whether it was written to its end.
    public var isComplete: Bool
    /// The engine's own shape, which has to be merged before anything else can read it.
    public var needsMerge: Bool
  }

  /// The checkpoints that exist, by step.
  public func checkpointList() -> [Checkpoint] {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: checkpoints)) ?? []
    let latest = (try? String(contentsOfFile: checkpoints + "/latest_checkpointed_iteration.txt", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return names.compactMap { name -> Checkpoint? in
      let path = checkpoints + "/" + name
      if let step = name.number(after: "checkpoint-") {
        let state = files.contents(atPath: path + "/trainer_state.json")
        // The trainer writes its state last.
        let isComplete = state.map { (try? JSONDocument(parsing: [UInt8]($0))) != nil } ?? false
        return Checkpoint(step: step, path: path, isComplete: isComplete, needsMerge: false)
      }
      if let step = name.number(after: "global_step_") {
        let merged = ["/actor/huggingface", "/huggingface"].contains {
          files.fileExists(atPath: path + $0 + "/model.safetensors")
            || files.fileExists(atPath: path + $0 + "/model.safetensors.index.json")
        }
        return Checkpoint(step: step, path: path, isComplete: latest.map { step <= $0 } ?? false, needsMerge: !merged)
      }
      return nil
    }.sorted { $0.step < $1.step }
  }

  /// The folder that a server can load: the trained model, or that of the last complete checkpoint.
  ///
  /// - Parameter step: of a certain checkpoint; `nil` for the best there is.
  public func servable(step: Int? = nil) -> (path: String, step: Int?)? {
    if step == nil, FileManager.default.fileExists(atPath: model + "/config.json") { return (model, nil) }
    let found = checkpointList().last { $0.isComplete && (step == nil || $0.step == step) }
    guard let found else { return nil }
    for inner in ["/actor/huggingface", "/huggingface", ""] {
      if FileManager.default.fileExists(atPath: found.path + inner + "/config.json") {
        return (found.path + inner, found.step)
      }
    }
    return nil
  }

  /// The command that makes a checkpoint of verl readable for others.
  public func mergeCommand(_ checkpoint: Checkpoint, python: String, stage: TrainingStage) -> [String] {
    let source = checkpoint.path + (stage == .rl ? "/actor" : "")
    return [
      python, "-m", "verl.model_merger", "merge", "--backend", "fsdp", "--local_dir", source, "--target_dir",
      path + "/model",
    ]
  }
}

extension String {
  /// The whole number behind a beginning; `nil` when the text is anything else.
  func number(after prefix: String) -> Int? { hasPrefix(prefix) ? Int(dropFirst(prefix.count)) : nil }
}
