import FaultServer
import Foundation
import Testing

@testable import ModelClient

/// What an answer says, over real sockets.
@Suite struct AnswerTests {
  @Test func anAnswerHasTextFinishUsageAndWhereItCameFrom() async throws {
    try await withServer { server async throws in
      try await withClient([server.base]) { client async throws in
        let answer = try await client.answer(to: request())
        #expect(answer.choices.count == 1)
        #expect(answer.choices[0].text.hasSuffix("Judgement: \\boxed{1}"))
        #expect(answer.choices[0].finish == .stop)
        #expect(answer.choices[0].reasoning == nil)
        let usage = try #require(answer.usage)
        #expect(usage.prompt > 20 && usage.completion > 20)
        #expect(answer.model == "m")
        #expect(answer.endpoint == server.base)
        #expect(answer.attempts == 1)
        #expect(answer.seconds > 0)
      }
    }
  }

  @Test func aStreamedAnswerIsThePlainOne() async throws {
    try await withServer { server async throws in
      let plain = try await withClient([server.base]) { try await $0.answer(to: request(n: 3)) }
      let streamed = try await withClient([server.base], { $0.streams = true }) {
        try await $0.answer(to: request(n: 3))
      }
      #expect(plain.choices.count == 3)
      #expect(streamed.choices == plain.choices)
      #expect(streamed.usage == plain.usage)
      #expect(streamed.model == plain.model)
    }
  }

  @Test func sixteenChoicesComeInOneRequest() async throws {
    try await withServer { server async throws in
      try await withClient([server.base]) { client async throws in
        let answer = try await client.answer(to: request(n: 16))
        #expect(answer.choices.map(\.index) == Array(0..<16))
        #expect(Set(answer.choices.map(\.text)).count == 16)
        #expect(server.counts.requests == 1)
      }
    }
  }

  @Test func aSeedMakesAnAnswerRepeatable() async throws {
    try await withServer { server async throws in
      try await withClient([server.base]) { client async throws in
        let one = try await client.answer(to: request(seed: 7))
        let same = try await client.answer(to: request(seed: 7))
        let other = try await client.answer(to: request(seed: 8))
        #expect(one.choices == same.choices)
        #expect(one.choices != other.choices)
      }
    }
  }

  @Test(arguments: [false, true])
  func aServerThatIgnoresNGivesWhatItHas(streams: Bool) async throws {
    try await withServer(.none, { $0.choicesLimit = 1 }) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        #expect(try await client.answer(to: request(n: 16)).choices.count == 1)
      }
    }
  }

  @Test(arguments: [Fault.reasoning, .reasoningContent], [false, true])
  func thinkingIsReadUnderBothNames(fault: Fault, streams: Bool) async throws {
    try await withServer(.always(fault)) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let choice = try await client.answer(to: request()).choices[0]
        #expect(choice.text.isEmpty)
        #expect(choice.reasoning?.hasSuffix("\\boxed{1}") == true)
        #expect(choice.finish == .stop)
      }
    }
  }

  @Test(arguments: [false, true])
  func aTextThatWasCutOffSaysSo(streams: Bool) async throws {
    try await withServer(.always(.length)) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let choice = try await client.answer(to: request()).choices[0]
        #expect(choice.finish == .length)
        #expect(!choice.text.isEmpty)
      }
    }
  }

  @Test(arguments: [false, true])
  func aHugeAnswerIsTakenUpToTheLimitAndRefusedBeyond(streams: Bool) async throws {
    try await withServer(.always(.huge), { $0.hugeBytes = 4 << 20 }) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        #expect(try await client.answer(to: request()).choices[0].text.utf8.count > 4 << 20)
      }
      try await withClient(
        [server.base],
        {
          $0.streams = streams; $0.maximumAnswerBytes = 1 << 20
        }
      ) { client async throws in
        let error = try await client.failure(of: request("other"))
        #expect(error.reason == "answer too large")
        #expect(error.description.contains("larger than 1 MB; lower --max-tokens"))
        #expect(error.attempts == 1)
      }
    }
  }

  @Test(arguments: [Fault.split, .comments, .late], [false, true])
  func piecesCommentsAndDelaysChangeNothing(fault: Fault, streams: Bool) async throws {
    let plain = try await withServer { server async throws in
      try await withClient([server.base]) { try await $0.answer(to: request(n: 2)) }
    }
    try await withServer(.always(fault)) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let answer = try await client.answer(to: request(n: 2))
        #expect(answer.choices == plain.choices)
        #expect(answer.usage == plain.usage)
        #expect(answer.attempts == 1)
      }
    }
  }

  @Test(arguments: [Fault.split, nil], [false, true])
  func connectionsAreUsedAgain(fault: Fault?, streams: Bool) async throws {
    try await withServer(fault.map { .always($0) } ?? .none) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        for number in 0..<20 { _ = try await client.answer(to: request("\(number)")) }
        // The next request may begin before the connection of the last one is free again; that is rare.
        #expect(server.counts.connectionsEver < 6)
      }
    }
  }

  @Test func anEndpointMayHaveItsOwnNameForTheModelAndItsOwnKey() async throws {
    try await withServer(.none, { $0.key = "sk-1" }) { server async throws in
      let endpoint = try Endpoint(server.base, model: "local-name", key: APIKey("sk-1"))
      let client = ModelClient(endpoints: [endpoint])
      let answer = try await client.answer(to: request())
      await client.shutdown()
      #expect(answer.model == "local-name")
    }
  }

  @Test func aWrongKeyEndsEverythingAndNamesTheVariable() async throws {
    try await withServer(.none, { $0.key = "sk-1" }) { server async throws in
      for key in [nil, APIKey("sk-secret")] {
        let client = ModelClient(endpoints: [try Endpoint(server.base, key: key)])
        let error = try await client.failure(of: request())
        await client.shutdown()
        #expect(error.isFatal)
        #expect(error.attempts == 1)
        #expect(error.description.contains("refused the API key (401): Incorrect API key provided. Give one in"))
        #expect(error.description.contains("DEEPCRITIC_API_KEY"))
        #expect(!error.description.contains("sk-secret"))
      }
    }
  }

  @Test func anUnknownModelOrAddressEndsEverything() async throws {
    try await withServer { server async throws in
      try await withClient([server.base]) { client async throws in
        let error = try await client.failure(of: request(model: "fault:not-found"))
        #expect(error.isFatal)
        #expect(error.description.contains("The model `fault:not-found` does not exist."))
        #expect(error.description.contains("Check --model and --endpoint."))
      }
      try await withClient([server.base + "/deeper"]) { client async throws in
        let error = try await client.failure(of: request())
        #expect(error.isFatal)
        #expect(error.description.contains("(404): there is nothing at POST /v1/deeper/chat/completions"))
      }
    }
  }

  @Test func aRejectedRequestIsFinalButTheServerGoesOnCountingAsGood() async throws {
    try await withServer { server async throws in
      try await withClient([server.base], { $0.concurrency = .fixed(2) }) { client async throws in
        for number in 0..<30 {
          let error = try await client.failure(of: request("\(number)", model: "fault:bad-request"))
          #expect(error.reason == "rejected 400")
          #expect(error.attempts == 1)
          #expect(!error.isFatal)
          #expect(error.description.contains("maximum context length is 4096 tokens"))
        }
        #expect(client.status().endpoints[0].setAside == nil)
        #expect(try await client.answer(to: request()).attempts == 1)
        #expect(server.counts.requests == 31)
      }
    }
  }
}
