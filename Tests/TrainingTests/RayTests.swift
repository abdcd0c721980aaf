import Foundation
import TestSupport
import Testing

@testable import Training

/// Runs as jobs of a cluster that takes, refuses, stops and loses them.
@Suite struct RayTests {
  private func specification(_ bench: Bench, _ ray: FakeRay) throws -> RunSpecification {
    var spec = try bench.specification()
    spec.launcher = .ray
    try spec.set(\.rayAddress, to: ray.address)
    return spec
  }

  private func manager(_ bench: Bench, _ environment: [String: String] = [:]) throws -> RunManager {
    RunManager(
      workspace: bench.workspace,
      environments: try EngineEnvironments(environment: environment.merging(["HOME": bench.path]) { own, _ in own }),
      program: "t")
  }

  private func fresh(_ manager: RunManager, _ name: String = "latest") async throws -> TrainingRun {
    try await manager.run(name) { Issue.record("unreachable: \($0)") }
  }

  @Test func aJobIsSubmittedFollowedStoppedAndResumed() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let prepared = try await manager.prepare(try specification(bench, ray), data: try bench.data())
    #expect(!prepared.plan.preparation.isEmpty)
    #expect(prepared.warnings.contains { $0.contains("trl is not installed here") })
    let run = try await manager.start(prepared)
    #expect(run.name == "sft-1" && run.status.phase == .queued && run.status.attempt == 1)
    try await wait("some steps") { try await fresh(manager).entry.step > 2 }
    #expect(try await manager.runs { _ in }.map(\.status.phase) == [.running])
    let open = try await fresh(manager)
    try await manager.stop(open)
    #expect(FileManager.default.fileExists(atPath: open.folder.stop))
    let stopped = try await fresh(manager)
    #expect(stopped.status.phase == .stopped && stopped.folder.logTail(5) == ["loading"])
    let again = try await manager.resume(stopped)
    #expect(again.status.phase == .queued && again.status.attempt == 2)
    #expect(!FileManager.default.fileExists(atPath: again.folder.stop))
    try await wait("the end") { try await fresh(manager).status.phase == .finished }
    let done = try await fresh(manager)
    #expect(done.entry.step == 20 && done.entry.badLines == 0)
    // The files went there once: they are the same.
    #expect(try ray.requests().filter { $0.hasPrefix("PUT") }.count == 1)
  }

  @Test func aRunWhoseResultsWouldBeLostIsRefused() async throws {
    let bench = try Bench()
    var spec = try bench.specification()
    spec.launcher = .ray
    try spec.set(\.rayAddress, to: "http://head.example:8265")
    let error = await #expect(throws: SpecificationError.self) {
      try await manager(bench).prepare(spec, data: try bench.data(), asksEngine: false)
    }
    #expect(error?.problems.map(\.key) == ["output"] && "\(error.map { "\($0)" } ?? "")".contains("would be lost"))
    try spec.set(\.output, to: "/shared/runs")
    try await manager(bench).prepare(spec, data: try bench.data(), asksEngine: false).discard()
  }

  @Test func aJobOfThisMachineWritesIntoTheRunsFolder() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let run = try await manager.start(
      try await manager.prepare(try specification(bench, ray), data: try bench.data(), asksEngine: false))
    #expect(JobRecord.read(run.folder)?.output == run.folder.path)
    var shared = try specification(bench, ray)
    let output = bench.path + "/shared"
    try shared.set(\.output, to: output)
    let other = try await manager.start(
      try await manager.prepare(shared, data: try bench.data(), asksEngine: false))
    let record = try #require(JobRecord.read(other.folder))
    #expect(record.output == "\(output)/\(record.name)" && record.job == record.name + "-1")
    // What the job writes on a disk that this machine sees is found from the run's folder.
    try FileManager.default.createDirectory(
      atPath: "\(output)/\(record.name)/model", withIntermediateDirectories: true)
    try await wait("the model") {
      FileManager.default.fileExists(atPath: try await fresh(manager, other.name).folder.model)
    }
  }

  @Test func aLogIsTakenOverOnceWhoeverLooks() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let run = try await manager.start(try await manager.prepare(try specification(bench, ray), data: try bench.data()))
    for _ in 0..<5 {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { _ = await manager.update([run]) { Issue.record("\($0)") } } }
      }
    }
    let feed = try String(contentsOfFile: run.folder.feed, encoding: .utf8).split(separator: "\n")
    #expect(!feed.isEmpty && Set(feed).count == feed.count)
  }

  @Test func aRefusedSubmissionStaysWithItsReason() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let spec = try specification(bench, ray)
    try ray.refuse("no room for another job")
    let prepared = try await manager.prepare(spec, data: try bench.data())
    let error = await #expect(throws: LaunchError.self) { try await manager.start(prepared) }
    #expect("\(try #require(error))".contains("no room for another job"))
    let failed = try await fresh(manager)
    #expect(failed.status.phase == .failed && failed.status.detail?.contains("no room for another job") == true)
    await #expect(throws: LaunchError.self) { try await manager.resume(failed) }
    try ray.refuse(nil)
    _ = try await manager.resume(failed)
    try await wait("the end") { try await fresh(manager).status.phase == .finished }
  }

  @Test func aClusterThatIsNotThereLeavesNothingBehind() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let (spec, data) = (try specification(bench, ray), try bench.data())
    ray.end()
    let prepared = try await manager.prepare(spec, data: data)
    let error = await #expect(throws: LaunchError.self) { try await manager.start(prepared) }
    #expect("\(try #require(error))".contains("cannot be reached"))
    #expect(try manager.catalog.runs().isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: manager.catalog.folder) == [".data"])
    var wrong = spec
    try wrong.set(\.rayAddress, to: "ftp://head")
    let refused = await #expect(throws: SpecificationError.self) { try await manager.prepare(wrong, data: data) }
    #expect(refused?.problems.first?.key == "ray_address")
  }

  @Test func aClusterThatGoesAwayIsToldAndItsRunIsAsLastHeardOf() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    _ = try await manager.start(try await manager.prepare(try specification(bench, ray), data: try bench.data()))
    try await wait("a step") { try await fresh(manager).entry.step > 0 }
    try ray.want(token: "a-token")
    var said: [String] = []
    #expect(try await manager.runs { said.append($0) }.map(\.status.phase) == [.running])
    #expect(said.count == 1 && said[0].hasPrefix("sft-1 is shown as last heard of: ") && said[0].contains("token"))
    let open = try manager.catalog.run("sft-1")
    await #expect(throws: LaunchError.self) { try await manager.stop(open) }
    #expect(!FileManager.default.fileExists(atPath: open.folder.stop), "it does not stop")
    try await self.manager(bench, ["RAY_AUTH_TOKEN": "a-token"]).stop(open)
  }

  @Test func aProgramThatEndsWhileItSubmitsIsFound() async throws {
    let (bench, ray) = (try Bench(), try FakeRay())
    let manager = try manager(bench)
    let (_, folder) = try bench.run(launcher: .ray)
    try folder.write(
      JobRecord(
        address: ray.address, job: "deepcritic-sft-1-7-1", status: JobRecord.unsubmitted, attempt: 1, logOffset: 0),
      to: folder.job)
    #expect(try manager.catalog.run("sft-1").status.phase == .queued)
    let run = try await fresh(manager)
    #expect(run.status.phase == .failed && run.status.detail?.contains("ended before it was done") == true)
  }

  @Test func filesForPeopleAreNeitherStoppedNorResumedHere() async throws {
    let bench = try Bench()
    let manager = try manager(bench)
    var spec = try bench.specification()
    spec.launcher = .slurm
    let run = try await manager.start(try await manager.prepare(spec, data: try bench.data()))
    #expect(run.status.phase == .written && run.instruction?.contains("sbatch") == true)
    let error = await #expect(throws: LaunchError.self) { try await manager.resume(run) }
    #expect("\(try #require(error))".contains("submit it there"))
    await #expect(throws: LaunchError.self) { try await manager.stop(run) }
  }
}
