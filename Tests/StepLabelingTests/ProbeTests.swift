import FaultServer
import ModelClient
import ReviewStore
import Testing

@testable import StepLabeling

struct ProbeTests {
  private func find(_ change: (inout ServerConfiguration) -> Void) async throws -> ContinuationProbe.Finding {
    try await withSolver(change) { server in
      let probe = ContinuationProbe(model: "solver", configuration: shortTimes, rawFormat: .plain)
      return try #require(try await probe.choose([try Endpoint(server.base)], .auto).first)
    }
  }

  @Test func aServerThatContinuesIsAskedByChat() async throws {
    #expect(try await find { $0.continuation = .honours }.continuation == .chat)
  }

  @Test(arguments: [ContinuationManner.ignores, .asUser, .rejects])
  func oneThatMakesATurnOfThePrefixIsAskedForRawCompletions(manner: ContinuationManner) async throws {
    let finding = try await find { $0.continuation = manner }
    #expect(finding.continuation == .raw(.plain))
    #expect(!finding.reason.isEmpty)
  }

  @Test func oneThatCanDoNeitherIsNamedWithARemedy() async throws {
    await #expect(throws: LabelError.self) {
      _ = try await find {
        $0.continuation = .ignores
        $0.hasRawCompletions = false
      }
    }
  }

  @Test(arguments: [ContinuationManner.honours, .ignores])
  func allOfAPrefixAreAskedInOneRequestEitherWay(manner: ContinuationManner) async throws {
    let place = try TemporaryWorkspace([
      #"{"prompt": "Which number? #70", "answer": "70", "correct_solutions": [["fine a", "fine b", "fine c"]], "incorrect_solutions": []}"#
    ])
    try await withSolver({ $0.continuation = manner }) { server in
      let probe = ContinuationProbe(model: "solver", configuration: shortTimes, rawFormat: .plain)
      var endpoint = try Endpoint(server.base)
      endpoint.continuation = try #require(try await probe.choose([endpoint], .auto).first).continuation
      let before = server.counts.requests
      let drawn = try await draw(place.workspace, endpoint, try options(.rollout, try place.solutions))
      #expect(server.counts.requests - before == 2)
      #expect(drawn.progress.total.samples == 16)
      #expect(drawn.progress.total.usable == 16)
      let texts = try (0..<8).compactMap {
        try place.workspace.rolloutText(
          of: try place.solutions[0], generation: drawn.generation, step: 1, sample: $0)
      }
      // It continued, and did not begin again.
      #expect(texts.count == 8 && texts.allSatisfy { $0.contains("It goes on") })
    }
  }

  @Test func solutionsThatBeginAlikeShareRollouts() async throws {
    let row = { (last: String) in
      #"{"prompt": "Which number? #70", "answer": "70", "correct_solutions": [], "incorrect_solutions": [["fine a", "fine b", "\#(last)"]]}"#
    }
    let place = try TemporaryWorkspace([row("fine c")])
    try await withSolver { server in
      let endpoint = try Endpoint(server.base)
      let first = try await draw(place.workspace, endpoint, try options(.rollout, try place.solutions))
      #expect(first.progress.total.samples == 16)
      try place.add([row("WRONG d")])
      let second = try await draw(place.workspace, endpoint, try options(.rollout, try place.solutions))
      #expect(second.progress.total.samples == 0)
      #expect(second.progress.total.reused == 16)
      let both = try place.workspace.rolloutOutlines(try place.solutions, generation: second.generation)
      #expect(both.map(\.taken).allSatisfy { $0 == [1: Set(0..<8), 2: Set(0..<8)] })
    }
  }
}
