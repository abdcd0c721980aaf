import Foundation
import Testing

@testable import ReviewStore
@testable import Training

@Suite struct RunTests {
  private func status(_ bench: Bench, _ name: String = "sft-1") throws -> RunStatus {
    try RunCatalog(bench.workspace).run(name).status
  }

  @Test func aRecycledNumberIsNotTheRun() throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    #expect(try status(bench).phase == .written)
    // This very process has the number, but began at another time.
    try folder.remember(ProcessIdentity(pid: getpid(), start: "1", attempt: 1))
    #expect(try status(bench).phase == .dead)
    try folder.remember(ProcessIdentity(pid: getpid(), attempt: 1))
    #expect(try status(bench).phase == .running)
    var elsewhere = ProcessIdentity(pid: getpid(), attempt: 1)
    elsewhere.host = "another-machine"
    try folder.remember(elsewhere)
    #expect(try status(bench).phase == .elsewhere)
    var before = ProcessIdentity(pid: getpid(), attempt: 1)
    before.boot = "before the machine was started again"
    try folder.remember(before)
    #expect(try status(bench).phase == .dead)
  }

  @Test(arguments: [
    (#""code": 0, "signal": 0, "stopped": false"#, RunPhase.finished, ""),
    (#""code": 0, "signal": 0, "stopped": true"#, .stopped, ""),
    (#""code": 1, "signal": 0, "stopped": false"#, .failed, "CUDA out of memory"),
    (#""code": 0, "signal": 9, "stopped": false"#, .failed, "signal 9"),
    (#""code": 0, "signal": 9, "stopped": true"#, .stopped, ""),
  ]) func theEndSaysHowItWas(body: String, phase: RunPhase, words: String) throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try folder.remember(ProcessIdentity(pid: 4_000_000, start: "1", attempt: 2))
    try bench.append(
      #"{"kind": "exit", "attempt": 1, "code": 1, "signal": 0, "stopped": false}"# + "\n", to: folder.feed)
    #expect(try status(bench).phase == .dead, "the end of an earlier attempt says nothing about this one")
    try bench.append(
      #"{"kind": "error", "attempt": 2, "message": "CUDA out of memory"}"# + "\n"
        + #"{"kind": "exit", "attempt": 2, \#(body)}"# + "\n", to: folder.feed)
    let found = try status(bench)
    #expect(found.phase == phase && (words.isEmpty || found.detail?.contains(words) == true), "\(found)")
  }

  @Test func aDeadRunShowsItsLastWords() throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try folder.remember(ProcessIdentity(pid: 4_000_000, start: "1", attempt: 1))
    try bench.append("epoch 1\n 10%\r 20%\r 30%\nKilled\n", to: folder.log)
    let found = try status(bench)
    #expect(found.detail?.contains("Last log line: Killed") == true)
    #expect(folder.logTail(2) == [" 30%", "Killed"])
  }

  @Test func theTrainerMayOutliveWhoLedIt() throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try folder.remember(ProcessIdentity(pid: 4_000_000, start: "1", attempt: 1))
    let me = ProcessIdentity(pid: getpid(), attempt: 1)
    try bench.append(
      #"{"kind": "process", "attempt": 1, "pid": \#(me.pid), "start": "\#(me.start)"}"# + "\n", to: folder.feed)
    let found = try status(bench)
    #expect(found.phase == .running && found.detail?.contains("the trainer still runs") == true)
  }

  @Test func foldersThatTheWorkspaceDoesNotKnowAreTakenIn() async throws {
    let bench = try Bench()
    let manager = try bench.manager(trainer: "exit 0")
    let prepared = try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false)
    let folder = try manager.name(prepared)
    try bench.workspace.write { try $0.execute(sql: "DELETE FROM run") }
    let runs = try manager.catalog.runs()
    #expect(runs.map(\.name) == [folder.name] && runs.first?.specification?.batch == 4)
    #expect(throws: RunNotFoundError.self) { try manager.catalog.run("rl-9") }
  }

  @Test func aRunGoesFromStartToFinishAndCanBeStoppedAndResumed() async throws {
    let bench = try Bench()
    // Writes a step a tenth of a second; ends in an orderly way when asked.
    let manager = try bench.manager(
      trainer: """
        trap 'echo stopping; exit 0' TERM
        step=$(ls "$2" | grep -c attempt || true)
        [ -e "$2/.attempt-2" ] && { echo '{"kind": "model", "attempt": 2, "step": 9}' >> "$2/feed.jsonl"; exit 0; }
        for step in $(seq 1 600); do
          values="\\"elapsed\\": $step, \\"step\\": $step, \\"values\\": {\\"loss\\": 1}"
          echo "{\\"kind\\": \\"log\\", \\"attempt\\": 1, $values}" >> feed.jsonl
          sleep 0.1
        done
        """)
    let run = try await manager.start(
      try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false))
    #expect(run.name == "sft-1" && run.status.phase == .running)
    try await wait("the first steps") { try manager.catalog.run("sft-1").entry.step > 1 }
    await #expect(throws: LaunchError.self) { try await manager.resume(try manager.catalog.run("sft-1")) }
    try await manager.stop(try manager.catalog.run("sft-1"))
    try await wait("the stop") { try manager.catalog.run("sft-1").status.phase == .stopped }
    let again = try await manager.resume(try manager.catalog.run("sft-1"))
    #expect(again.status.attempt == 2)
    try await wait("the end") { try manager.catalog.run("sft-1").status.phase == .finished }
  }

  @Test func aRunThatDoesNotStopIsEnded() async throws {
    let bench = try Bench()
    let manager = try bench.manager(trainer: "trap '' TERM\nwhile true; do sleep 0.1; done")
    let run = try await manager.start(
      try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false))
    try await wait("the trainer") {
      try !bench.workspace.runEvents(of: manager.catalog.run(run.name).entry.id).isEmpty
    }
    try await manager.stop(run)
    #expect(try manager.catalog.run(run.name).status.phase == .stopping)
    try await manager.stop(try manager.catalog.run(run.name), now: true)
    try await wait("the end") { try manager.catalog.run(run.name).status.phase == .stopped }
  }

  @Test func twoLaunchesAtOnceGetTwoNames() async throws {
    let bench = try Bench()
    let manager = try bench.manager(trainer: "exit 0")
    let (spec, data) = (try bench.specification(), try bench.data())
    let names = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try manager.name(try await manager.prepare(spec, data: data, asksEngine: false)).name
        }
      }
      return try await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(Set(names).count == 6)
    #expect(try manager.catalog.runs().count == 6)
    let left = try FileManager.default.contentsOfDirectory(atPath: manager.catalog.folder)
    #expect(!left.contains { $0.hasPrefix(".new") })
  }

  @Test func anAttemptIsStartedOnce() throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try FileManager.default.createDirectory(atPath: folder.path + "/scripts", withIntermediateDirectories: true)
    try LocalProcess.start(folder, python: "true", attempt: 1)
    let error = #expect(throws: LaunchError.self) { try LocalProcess.start(folder, python: "true", attempt: 1) }
    #expect("\(try #require(error))".contains("being started by another program"))
  }

  @Test func anEngineThatIsMissingOrOtherIsNamed() async throws {
    let bench = try Bench()
    let none = RunManager(
      workspace: bench.workspace, environments: try EngineEnvironments(environment: ["HOME": bench.path]), program: "t")
    let missing = await #expect(throws: SpecificationError.self) {
      try await none.prepare(try bench.specification(), data: try bench.data())
    }
    #expect("\(try #require(missing))".contains("'engine' is trl: it is not installed; install it with"))
    let python = bench.path + "/old-python"
    try Data("#!/bin/sh\necho 0.9.3\n".utf8).write(to: URL(fileURLWithPath: python))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    let environments = try EngineEnvironments(environment: ["HOME": bench.path, "DEEPCRITIC_TRL_PYTHON": python])
    let finding = await environments.look(.trl)
    #expect(finding.version == "0.9.3" && finding.problem?.contains("not the tested 1.16.0") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path).contains("runs") == false)
  }

  @Test func noSecretIsInAnyFile() async throws {
    let bench = try Bench()
    setenv("HF_TOKEN", "hf_very_secret_value", 1)
    defer { unsetenv("HF_TOKEN") }
    let manager = try bench.manager(trainer: "exit 0")
    let run = try await manager.start(
      try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false))
    try await wait("the end") { try manager.catalog.run(run.name).status.phase == .finished }
    for case let name as String in try #require(FileManager.default.enumerator(atPath: run.folder.path)) {
      guard let data = FileManager.default.contents(atPath: run.folder.path + "/" + name) else { continue }
      #expect(data.range(of: Data("hf_very_secret".utf8)) == nil, "\(name)")
    }
  }
}
