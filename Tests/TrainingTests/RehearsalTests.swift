import Foundation
import Processes
import Testing

@testable import Training

/// Rehearsals with an interpreter that only looks like an engine's: Python with empty packages of the tested versions, and
/// a trainer that writes what a real one would.
@Suite struct RehearsalTests {
  private static let trained = """
    echo '{"kind": "log", "attempt": 1, "elapsed": 1, "step": 1, "values": {"loss": 1}}' >> feed.jsonl
    echo '{"kind": "model", "attempt": 1, "step": 1}' >> feed.jsonl
    mkdir -p model && echo '{}' > model/config.json
    """

  private func manager(_ bench: Bench, version: String = EngineName.trl.version, trainer: String = trained) throws
    -> RunManager
  {
    let bin = bench.path + "-environment"
    let package = "\(bin)/site/trl-\(version).dist-info"
    try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
    try Data("Metadata-Version: 2.1\nName: trl\nVersion: \(version)\n".utf8)
      .write(to: URL(fileURLWithPath: package + "/METADATA"))
    let script = """
      #!/bin/bash
      case "$1" in
        -m) exit 0 ;;
        */train_*) \(trainer)
          exit 0 ;;
      esac
      export PYTHONPATH=\(bin)/site
      exec /usr/bin/python3 "$@"
      """
    try Data(script.utf8).write(to: URL(fileURLWithPath: bin + "/python"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bin + "/python")
    return RunManager(
      workspace: bench.workspace,
      environments: try EngineEnvironments(environment: ["HOME": bench.path, "DEEPCRITIC_TRL_PYTHON": bin + "/python"]),
      program: "t")
  }

  private func rehearse(
    _ launcher: LauncherKind, _ manager: RunManager, _ bench: Bench, _ changes: [String: String] = [:],
    change: (PreparedRun) throws -> Void = { _ in }
  ) async throws -> Rehearsal {
    defer { try? FileManager.default.removeItem(atPath: bench.path + "-environment") }
    var spec = try bench.specification()
    spec.launcher = launcher
    let usual = [
      "model": "Qwen/Qwen2.5-7B", "image": "image:1", "secrets": "HF_TOKEN", "bucket": "s3://bucket/runs",
      "output": "/shared/runs", "device": "cpu",
    ]
    for (key, value) in usual.merging(changes, uniquingKeysWith: { $1 }) { try spec.set(key, to: value) }
    let prepared = try await manager.prepare(spec, data: try bench.data(), asksEngine: false)
    defer { prepared.discard() }
    try change(prepared)
    return try await manager.rehearse(prepared, standIn: try bench.model(), timeLimit: .seconds(60))
  }

  @Test(arguments: [LauncherKind.local, .ray, .slurm, .kuberay, .skypilot]) func whatWouldWorkPasses(
    launcher: LauncherKind
  )
    async throws
  {
    let bench = try Bench()
    let changes = launcher == .ray ? ["output": NSTemporaryDirectory() + "rehearsal-output-\(getpid())"] : [:]
    defer { if let output = changes["output"] { try? FileManager.default.removeItem(atPath: output) } }
    let found = try await rehearse(launcher, try manager(bench), bench, changes)
    #expect(found.hasPassed && found.steps == 1, "\(found)")
    let left = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
    #expect(
      !left.contains { $0.hasPrefix("deepcritic-rehearsal") && FileManager.default.fileExists(atPath: $0 + "/run") })
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path + "/runs") == [".data"])
  }

  @Test func anotherVersionFailsThere() async throws {
    let bench = try Bench()
    let found = try await rehearse(.slurm, try manager(bench, version: "0.9.3"), bench)
    #expect(!found.hasPassed && found.problems.joined().contains("trl is 0.9.3 here"), "\(found)")
  }

  @Test func aTrainerThatFailsIsNamed() async throws {
    let bench = try Bench()
    let trainer = "echo 'CUDA error: nonsense' >&2; exit 3"
    let found = try await rehearse(.kuberay, try manager(bench, trainer: trainer), bench)
    #expect(!found.hasPassed && found.log.contains { $0.contains("CUDA error") }, "\(found)")
  }

  @Test func anInterpreterWithoutRayFails() async throws {
    let bench = try Bench()
    let manager = try manager(bench)
    var spec = try bench.specification(.rl)
    (spec.engine, spec.launcher) = (.verl, .slurm)
    let prepared = try await manager.prepare(spec, data: try bench.data(.rl, format: "verl"), asksEngine: false)
    defer { prepared.discard() }
    let found = try await manager.rehearse(prepared, standIn: try bench.model(), timeLimit: .seconds(60))
    try? FileManager.default.removeItem(atPath: bench.path + "-environment")
    #expect(!found.hasPassed, "\(found)")
  }

  @Test func aMisspeltOptionOfSlurmFails() async throws {
    let bench = try Bench()
    let found = try await rehearse(.slurm, try manager(bench), bench, ["extra_sbatch": "--exclusiv"])
    #expect(!found.hasPassed && found.log.joined().contains("unrecognized option '--exclusiv'"), "\(found)")
  }

  @Test func aModelOfTheWorkspaceIsMissedUnlessItTravels() async throws {
    let bench = try Bench()
    let model = try bench.model()
    var spec = try bench.specification()
    spec.launcher = .slurm
    let manager = try manager(bench)
    defer { try? FileManager.default.removeItem(atPath: bench.path + "-environment") }
    for carries in [false, true] {
      try spec.set("carry_model", to: carries ? "on" : "off")
      let prepared = try await manager.prepare(spec, data: try bench.data(), asksEngine: false)
      defer { prepared.discard() }
      let found = try await manager.rehearse(prepared, timeLimit: .seconds(60))
      #expect(found.hasPassed == carries, "\(found)")
      if !carries {
        #expect(found.problems.first?.contains("names \(model), which is in the workspace") == true, "\(found)")
      }
    }
  }

  /// Whether this system lets a process hide a folder from itself.
  private static let probe = [
    "unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt",
  ]

  @Test(.enabled("this system does not let a process hide a folder") { await ToolRun.run(probe).code == 0 })
  func theWorkspaceIsHidden() async throws {
    let bench = try Bench()
    let trainer = """
      [ -z "$(ls -A \(bench.path))" ] || { echo "the workspace is seen" >&2; exit 4; }
      \(Self.trained)
      """
    let found = try await rehearse(.slurm, try manager(bench, trainer: trainer), bench)
    #expect(found.hasPassed, "\(found)")
  }

  @Test func nothingOfThisProcessesEnvironmentIsSeen() async throws {
    let bench = try Bench()
    setenv("DEEPCRITIC_TEST_LEAK", "seen", 1)
    defer { unsetenv("DEEPCRITIC_TEST_LEAK") }
    let trainer = """
      [ -z "${DEEPCRITIC_TEST_LEAK:-}" ] && [ -z "$(ls -A "$HOME")" ] || { echo "not clean" >&2; exit 4; }
      \(Self.trained)
      """
    let found = try await rehearse(.slurm, try manager(bench, trainer: trainer), bench)
    #expect(found.hasPassed, "\(found)")
  }

  @Test func aLinkAmongTheFilesFails() async throws {
    let bench = try Bench()
    let found = try await rehearse(.kuberay, try manager(bench), bench) { prepared in
      let data = prepared.folder.path + "/data"
      try FileManager.default.removeItem(atPath: data)
      try FileManager.default.createSymbolicLink(atPath: data, withDestinationPath: "../.data/" + prepared.data.hash)
    }
    #expect(found.problems == ["data is a link: what it leads to is not sent along"])
  }

  @Test func rowsThatChangedOnTheWayFail() async throws {
    let bench = try Bench()
    let found = try await rehearse(.skypilot, try manager(bench), bench) { prepared in
      try bench.append("{}\n", to: prepared.folder.path + "/data/train.jsonl")
    }
    #expect(
      !found.hasPassed && found.problems.joined().contains("differ from those the run was written with"), "\(found)")
  }
}
