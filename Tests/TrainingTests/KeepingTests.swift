import Foundation
import Testing

@testable import ReviewStore
@testable import Training

/// Notes, deletion, results that are elsewhere, and trainers whose leader is gone.
@Suite struct KeepingTests {
  private func manager(_ bench: Bench) throws -> RunManager {
    RunManager(
      workspace: bench.workspace, environments: try EngineEnvironments(environment: ["HOME": bench.path]), program: "t")
  }

  private func result(_ folder: RunFolder) throws {
    try FileManager.default.createDirectory(atPath: folder.model, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.model + "/config.json"))
  }

  @Test func aNoteStaysWithTheRun() throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (_, folder) = try bench.run()
    try manager.note(try manager.catalog.run("sft-1"), "  higher rate\n")
    #expect(folder.note == "higher rate")
    try manager.note(try manager.catalog.run("sft-1"), "")
    #expect(folder.note == nil)
  }

  @Test func aDeletedRunLeavesNothing() throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (entry, folder) = try bench.run()
    let (_, other) = try bench.run("sft-2")
    let rows = RunCatalog.dataFolder(bench.workspace.path, hash: "d")
    try FileManager.default.createDirectory(atPath: rows, withIntermediateDirectories: true)
    try bench.append(
      #"{"kind": "log", "attempt": 1, "elapsed": 1, "step": 1, "values": {"loss": 1}}"# + "\n"
        + #"{"kind": "sample", "step": 1, "completion": "x"}"# + "\n" + #"{"kind": "start", "total": 3}"# + "\n",
      to: folder.feed)
    try manager.delete(try manager.catalog.run("sft-1"))
    #expect(try manager.catalog.runs().map(\.name) == ["sft-2"])
    #expect(!FileManager.default.fileExists(atPath: folder.path) && FileManager.default.fileExists(atPath: other.path))
    #expect(FileManager.default.fileExists(atPath: rows), "another run uses the rows")
    let left = try bench.workspace.database.read { db in
      try ["run_sample", "run_event", "run_step", "run_series"].map { table in
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table) WHERE run_id = ?", arguments: [entry.id]) ?? -1
      }
    }
    #expect(left == [0, 0, 0, 0])
    try manager.delete(try manager.catalog.run("sft-2"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: manager.catalog.folder + "/.data").isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: manager.catalog.folder) == [".data"])
  }

  @Test func aRunThatTrainsIsNotDeleted() throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (_, folder) = try bench.run()
    try folder.remember(ProcessIdentity(pid: getpid(), attempt: 1))
    let error = #expect(throws: LaunchError.self) {
      try manager.delete(try manager.catalog.run("sft-1"), force: true)
    }
    #expect("\(try #require(error))".contains("is running; stop it first"))
  }

  @Test(arguments: [LauncherKind.slurm, .kuberay, .skypilot]) func resultsElsewhereAreNotForgotten(
    launcher: LauncherKind
  ) throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (_, folder) = try bench.run(launcher: launcher)
    let error = #expect(throws: LaunchError.self) { try manager.delete(try manager.catalog.run("sft-1")) }
    #expect("\(try #require(error))".contains(launcher == .slurm ? "no results are in its directory" : "never fetched"))
    #expect(FileManager.default.fileExists(atPath: folder.path))
    try result(folder)
    try manager.delete(try manager.catalog.run("sft-1"))
    #expect(try manager.catalog.runs().isEmpty)
  }

  @Test func aModelThatOthersStartedFromIsKept() throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (_, folder) = try bench.run()
    try bench.workspace.record(
      RunEntry(
        name: "rl-1", stage: "rl", engine: "trl", launcher: "local", model: folder.model, dataset: "e", spec: "",
        programVersion: "t", at: 2))
    #expect(try manager.reasonsToKeep(try manager.catalog.run("sft-1")) == ["rl-1 started from its model"])
    #expect(throws: LaunchError.self) { try manager.delete(try manager.catalog.run("sft-1")) }
    try manager.delete(try manager.catalog.run("sft-1"), force: true)
  }

  @Test func resultsAreFetchedByTheRunsOwnScript() async throws {
    let bench = try Bench()
    let manager = try manager(bench)
    let (_, folder) = try bench.run(launcher: .skypilot)
    let script = folder.path + "/fetch.sh"
    let run = try manager.catalog.run("sft-1")
    try Data("exit 3\n".utf8).write(to: URL(fileURLWithPath: script))
    await #expect(throws: LaunchError.self) { try await manager.fetch(run) }
    try Data("exit 0\n".utf8).write(to: URL(fileURLWithPath: script))
    let none = await #expect(throws: LaunchError.self) { try await manager.fetch(run) }
    #expect("\(try #require(none))".contains("has no checkpoint or model yet"))
    let text = """
      cd "$(dirname "$0")"; mkdir model; echo '{}' > model/config.json
      echo '{"kind": "exit", "attempt": 1, "code": 0, "signal": 0, "stopped": false}' > feed.jsonl
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: script))
    #expect(try await manager.fetch(run).status.phase == .finished)
  }

  @Test(arguments: [false, true]) func aTrainerWithoutALeaderIsStopped(now: Bool) async throws {
    let bench = try Bench()
    let trap = now ? "" : "echo a checkpoint > saved; exit 0"
    let manager = try bench.manager(trainer: "trap '\(trap)' TERM; touch ready; while true; do sleep 0.05; done")
    let started = try await manager.start(
      try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false))
    let path = started.folder.path
    try await wait("the trainer") { FileManager.default.fileExists(atPath: path + "/ready") }
    try await wait("the feed") { try manager.catalog.run("sft-1").entry.feedOffset > 0 }
    kill(try #require(started.status.pid), SIGKILL)
    try await wait("the leader's end") { try manager.catalog.run("sft-1").status.orphan != nil }
    let run = try manager.catalog.run("sft-1")
    let trainer = try #require(run.status.orphan)
    defer { if trainer.isAlive { kill(trainer.pid, SIGKILL) } }
    #expect(run.status.phase == .running)
    try await manager.stop(run, now: now)
    try await wait("its end") { try manager.catalog.run("sft-1").status.phase == .stopped }
    let stopped = try manager.catalog.run("sft-1").status
    #expect(!trainer.isAlive && stopped.phase.canResume)
    #expect(stopped.detail?.contains("the trainer itself was stopped") == true)
    #expect(FileManager.default.fileExists(atPath: path + "/saved") == !now)
  }

  @Test func aTrainerThatEndedWithoutALeaderHasFinished() throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try folder.remember(ProcessIdentity(pid: 4_000_000, start: "1", attempt: 1))
    try bench.append(#"{"kind": "model", "attempt": 1, "step": 9}"# + "\n", to: folder.feed)
    #expect(try RunCatalog(bench.workspace).run("sft-1").status.phase == .finished)
  }
}
