import DeepCriticCore
import Foundation
import Testing

@testable import ReviewStore
@testable import Training

@Suite struct FeedTests {
  private func log(_ step: Int, _ values: String, attempt: Int = 1, at: Double = 1000, elapsed: Double? = nil) -> String
  {
    let times = #""at": \#(at), "elapsed": \#(elapsed ?? Double(step))"#
    return #"{"kind": "log", "attempt": \#(attempt), \#(times), "step": \#(step), "values": {\#(values)}}"# + "\n"
  }

  @Test func valuesSamplesAndEventsArrive() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    try bench.append(
      #"{"kind": "start", "attempt": 1, "step": 0, "total": 40}"# + "\n"
        + log(1, #""reward": 0.25, "loss": "nan", "completions/mean_length": 31.5, "rewards/first_error/mean": 0.25"#)
        + log(2, #""reward": 0.5, "critic/score/mean": 0.75, "word": "x""#)
        + #"{"kind": "sample", "step": 2, "completion": "\\boxed{2}", "reward": 1.0, "answer": 2, "#
        + #""ground_truth": "2", "solution": "k"}"# + "\n", to: folder.feed)
    let run = try RunCatalog(bench.workspace).current(entry)
    #expect(run.entry.step == 2 && run.entry.total == 40 && run.entry.badLines == 0)
    #expect(try bench.workspace.runSeries(of: entry.id) == ["completion_length", "loss", "reward"])
    #expect(try bench.workspace.runPoints(of: entry.id, series: "reward").map(\.value) == [0.25, 0.75])
    #expect(try bench.workspace.runPoints(of: entry.id, series: "loss").first?.value.isNaN == true)
    let sample = try #require(try bench.workspace.runSamples(of: entry.id, limit: 5).first)
    #expect(sample.reward == 1 && sample.answer == 2 && sample.groundTruth == 2 && sample.solution == "k")
  }

  @Test func brokenLinesAreKeptAndCounted() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    try bench.append(
      log(1, #""loss": 3"#) + "{\"kind\": \"log\", \"st\n\u{0}\u{0}garbage\n"
        + #"{"kind": "log", "step": "two", "values": {}}"# + "\n" + "[1, 2]\n\n" + log(3, #""loss": 1"#),
      to: folder.feed)
    let handle = try #require(FileHandle(forWritingAtPath: folder.feed))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0xFF, 0xFE, 0x0A]))
    try handle.close()
    let run = try RunCatalog(bench.workspace).current(entry)
    #expect(run.entry.badLines == 5)
    #expect(try bench.workspace.runPoints(of: entry.id, series: "loss").map(\.step) == [1, 3])
    let kept = try bench.workspace.runEvents(of: entry.id, kinds: ["bad"])
    #expect(kept.count == 5 && kept[0].body.contains(#""st"#))
  }

  @Test func numbersThatNoRunHasAreBadLines() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    try bench.append(
      log(-5, #""loss": 1"#) + log(Int.max, #""loss": 1"#) + log(3, #""loss": 1"#)
        + #"{"kind": "log", "attempt": 9223372036854775807, "step": 4, "values": {"loss": 1}}"# + "\n"
        + #"{"kind": "started", "total": -9223372036854775808}"# + "\n"
        + #"{"kind": "log", "step": 5, "elapsed": 1e300, "values": {"loss": 1e300}}"# + "\n",
      to: folder.feed)
    let run = try RunCatalog(bench.workspace).current(entry)
    #expect(run.entry.badLines == 3 && run.entry.step == 5)
    #expect(try bench.workspace.runPoints(of: entry.id, series: "loss").map(\.step) == [3, 5])
  }

  @Test func halfALineWaitsForItsEnd() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    let line = log(1, #""loss": 3"#)
    let catalog = RunCatalog(bench.workspace)
    try bench.append(String(line.prefix(30)), to: folder.feed)
    #expect(try catalog.current(entry).entry.step == 0)
    try bench.append(String(line.dropFirst(30)), to: folder.feed)
    let run = try catalog.run("sft-1")
    #expect(run.entry.step == 1 && run.entry.badLines == 0)
  }

  @Test func aResumedRunReplacesWhatItDoesAgain() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    for step in 1...7 { try bench.append(log(step, "\"loss\": \(step)"), to: folder.feed) }
    _ = try RunCatalog(bench.workspace).current(entry)
    for step in 6...9 {
      try bench.append(log(step, "\"loss\": 0.5", attempt: 2, elapsed: Double(step - 5)), to: folder.feed)
    }
    let run = try RunCatalog(bench.workspace).run("sft-1")
    let values = try bench.workspace.runPoints(of: entry.id, series: "loss").map(\.value)
    #expect(values == [1, 2, 3, 4, 5, 0.5, 0.5, 0.5, 0.5])
    #expect(run.secondsPerStep == 1)
  }

  @Test func aClockThatJumpsChangesNothing() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    for (step, at) in [(1, 5e9), (2, -4e9), (3, 1e18), (4, 0)] {
      try bench.append(log(step, #""loss": 1"#, at: at, elapsed: Double(2 * step)), to: folder.feed)
    }
    try bench.append(#"{"kind": "start", "at": 1e300, "step": 4, "total": 10}"# + "\n", to: folder.feed)
    let run = try RunCatalog(bench.workspace).current(entry)
    #expect(run.entry.step == 4 && run.secondsPerStep == 2 && run.entry.badLines == 0)
  }

  @Test func anotherFileIsReadAnew() throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    for step in 1...9 { try bench.append(log(step, #""loss": 1"#), to: folder.feed) }
    _ = try RunCatalog(bench.workspace).current(entry)
    try Data(log(1, #""loss": 7"#).utf8).write(to: URL(fileURLWithPath: folder.feed))
    _ = try RunCatalog(bench.workspace).run("sft-1")
    #expect(try bench.workspace.runPoints(of: entry.id, series: "loss").map(\.value) == [7])
  }

  @Test func severalReadersCountEverythingOnce() async throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    for step in 1...2000 { try bench.append(log(step, #""loss": 1"#), to: folder.feed) }
    let path = bench.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { _ = try RunCatalog(try Workspace(at: path)).run("sft-1") }
      }
      while try await group.next() != nil {}
    }
    #expect(try bench.workspace.runPoints(of: entry.id, series: "loss").count == 2000)
    #expect(try RunCatalog(bench.workspace).run("sft-1").entry.badLines == 0)
  }

  @Test func whatPythonWritesIsRead() async throws {
    let bench = try Bench()
    let (entry, folder) = try bench.run()
    _ = try await python(
      """
      import math, sys, feed
      one = feed.Feed(sys.argv[1], 1)
      one.write("log", step=1, values={"loss": math.nan, "reward": math.inf, "text": "a\\nb \\u2028 \\ud800"})
      one.write("log", step=2, values={"loss": 2})
      """, [folder.path])
    let run = try RunCatalog(bench.workspace).current(entry)
    #expect(run.entry.badLines == 0 && run.entry.step == 2)
    #expect(try bench.workspace.runPoints(of: entry.id, series: "reward").first?.value == .infinity)
  }

  @Test func aFullDiskDoesNotEndTheTraining() async throws {
    let bench = try Bench()
    let (_, folder) = try bench.run()
    try FileManager.default.createSymbolicLink(atPath: folder.feed, withDestinationPath: "/dev/full")
    let done = try await python(
      """
      import sys, feed
      one = feed.Feed(sys.argv[1], 1)
      one.reserve()
      one.write("log", step=1, values={"loss": 2})
      one.write("error", message="last line")
      print("continues")
      """, [folder.path])
    #expect(done.output == "continues\n" && done.errorOutput.contains("the feed cannot be written"))
  }
}
