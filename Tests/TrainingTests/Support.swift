import DeepCriticCore
import Foundation
import Processes
import Testing

@testable import ReviewStore
@testable import Training

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A workspace in a temporary folder, removed with the value.
final class Bench {
  let path: String
  let workspace: Workspace

  init() throws {
    path = NSTemporaryDirectory() + "deepcritic-training-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
    try WorkspaceTrust.rememberMade(path)
  }

  deinit {
    WorkspaceTrust.forget(path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Rows for a stage, in a folder of their own; with the manifest that an export writes.
  func data(_ stage: TrainingStage = .sft, rows: Int = 8, format: String? = nil) throws -> String {
    let folder = path + "/sets-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let lines = (0..<rows).map { row in
      stage == .sft
        ? #"{"messages": [{"role": "user", "content": "\#(row)"}, {"role": "assistant", "content": "\\boxed{1}"}]}"#
        : #"{"prompt": [{"role": "user", "content": "\#(row)"}], "ground_truth": 1, "solution": "s\#(row)"}"#
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/train.jsonl"))
    let hash = try TrainingData(folder: folder).hash
    let manifest = """
      {"kind": "\(stage.rawValue)", "row_format": "\(format ?? (stage == .sft ? "messages" : "trl"))",
       "content_hash": "\(hash)"}
      """
    try Data(manifest.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.json"))
    return folder
  }

  /// A folder that looks like a model.
  func model() throws -> String {
    let folder = path + "/model"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    return folder
  }

  /// A manager whose interpreter is a shell script: it says the tested versions, and runs the starter, which is plain
  /// Python, with a trainer that only writes what it is given.
  func manager(trainer: String) throws -> RunManager {
    let python = path + "/python"
    let script = """
      #!/bin/sh
      case "$1" in
        -c) echo \(EngineName.trl.version); exit 0 ;;
        */attend.py) exec python3 "$@" ;;
      esac
      \(trainer)
      """
    try Data(script.utf8).write(to: URL(fileURLWithPath: python))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    return RunManager(
      workspace: workspace,
      environments: try EngineEnvironments(environment: ["HOME": path, "DEEPCRITIC_TRL_PYTHON": python]),
      program: "deepcritic test")
  }

  func specification(_ stage: TrainingStage = .sft) throws -> RunSpecification {
    var spec = RunSpecification(stage: stage, engine: .trl)
    try spec.set(\.model, to: try model())
    try spec.set("batch", to: "4")
    try spec.set("micro_batch", to: "2")
    return spec
  }

  /// A run with a folder and an entry, without anything having been started.
  func run(_ name: String = "sft-1", launcher: LauncherKind = .local) throws -> (entry: RunEntry, folder: RunFolder) {
    let folder = RunCatalog(workspace).folder(of: name)
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try workspace.record(
      RunEntry(
        name: name, stage: "sft", engine: "trl", launcher: launcher.rawValue, model: "m", dataset: "d", spec: "",
        programVersion: "test", at: 1))
    return (try #require(try workspace.run(named: name)), folder)
  }

  func append(_ text: String, to file: String) throws {
    if !FileManager.default.fileExists(atPath: file) { FileManager.default.createFile(atPath: file, contents: nil) }
    let handle = try #require(FileHandle(forWritingAtPath: file))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
  }
}

/// Waits for something that another process does.
func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, "waited in vain: \(what)")
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Python's answer to a script that gets lines.
func python(_ script: String, _ arguments: [String] = []) async throws -> ToolRun {
  let done = await ToolRun.run(
    ["python3", "-c", script] + arguments,
    environment: [
      "PYTHONPATH": packageRoot.appendingPathComponent("Sources/Training/Python").path, "PYTHONDONTWRITEBYTECODE": "1",
    ], timeLimit: .seconds(300))
  try #require(done.code == 0, "\(done.errorOutput)")
  return done
}
