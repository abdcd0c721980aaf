import FaultServer
import Foundation
import Secrets
import Synchronization
import Testing

@testable import ModelClient

/// Servers as they are: what they leave out, refuse and make up.
@Suite struct ServerTests {
  @Test(arguments: [false, true])
  func aTextInPartsIsTheText(streams: Bool) async throws {
    try await withServer { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let plain = try await client.answer(to: request(n: 2))
        server.change(.always(.parts))
        let parts = try await client.answer(to: request(n: 2))
        #expect(parts.choices == plain.choices)
      }
    }
  }

  @Test(arguments: [false, true])
  func thoughtsInTheTextAreKeptApart(streams: Bool) async throws {
    try await withServer { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let plain = try await client.answer(to: request())
        server.change(.always(.think))
        let choice = try await client.answer(to: request()).choices[0]
        #expect(choice.text == plain.choices[0].text)
        #expect(choice.reasoning == "\nHm, 2 steps.\n")
      }
    }
  }

  @Test func thoughtsAreFoundWhereverATextIsCut() {
    let text = "\n <think>a < b </th>\n</think>\n\nSo \\boxed{1} </think> <think>"
    for size in 1...text.count {
      var splitter = ThinkSplitter()
      var parts: [ThinkSplitter.Part] = []
      var rest = text[...]
      while !rest.isEmpty {
        parts += splitter.take(String(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      parts += splitter.rest()
      #expect(parts.filter(\.isReasoning).map(\.text).joined() == "a < b </th>\n")
      #expect(parts.filter { !$0.isReasoning }.map(\.text).joined() == "So \\boxed{1} </think> <think>")
    }
    #expect(ThinkSplitter.split("  plain <thi") == ("  plain <thi", nil))
    #expect(ThinkSplitter.split("<thi") == ("<thi", nil))
    #expect(ThinkSplitter.split("opened before</think>\nSo") == ("So", "opened before"))
    #expect(ThinkSplitter.split("<think>never closed") == ("", "never closed"))
  }

  @Test(arguments: [Fault.noUsage, .nullUsage, .hugeUsage, .negativeUsage, .textUsage, .wildIndex], [false, true])
  func noNumberOfAServerHarms(fault: Fault, streams: Bool) async throws {
    try await withServer(.always(fault)) { server async throws in
      try await withClient([server.base], { $0.streams = streams }) { client async throws in
        let answer = try await client.answer(to: request())
        #expect(answer.choices[0].text.hasSuffix("\\boxed{1}"))
        switch fault {
        case .hugeUsage: #expect(answer.usage == TokenUsage(prompt: 1_000_000_000, completion: 1_000_000_000))
        case .textUsage: #expect(answer.usage == TokenUsage(prompt: 12, completion: 12))
        case .wildIndex: #expect(answer.choices[0].index == 0)
        default: #expect(answer.usage == nil)
        }
      }
    }
  }

  @Test(arguments: [
    ("max_tokens", "it takes max_completion_tokens in place of max_tokens"),
    ("stream", "it does not stream: answers come whole"),
    ("stream_options", "it takes no stream_options: its streams count no tokens"),
  ])
  func aRefusalTeachesHowToAsk(parameter: String, words: String) async throws {
    try await withServer(.none, { $0.refuses = [parameter] }) { server async throws in
      try await withClient([server.base]) { client async throws in
        for number in 0..<3 {
          let answer = try await client.answer(to: request("\(number)"))
          #expect(answer.choices[0].text.hasSuffix("\\boxed{1}"))
        }
        #expect(client.status().endpoints[0].learned == [words])
        // One refusal is no more than that: it is remembered, and nothing waits because of it.
        #expect(client.status().endpoints[0].failed == 1)
      }
    }
  }

  @Test func aServerThatRefusesNIsAskedForOneSample() async throws {
    try await withServer(.none, { $0.refuses = ["n"] }) { server async throws in
      try await withClient([server.base]) { client async throws in
        let answer = try await client.answer(to: request(n: 4))
        #expect(answer.choices.count == 1)
        #expect(client.status().endpoints[0].learned == ["it takes no n: one sample a request"])
      }
    }
  }

  @Test func otherRefusalsTeachNothing() {
    var dialect = ServerDialect()
    for words in ["This model's maximum context length is 4096 tokens", "no such model: n-gram", "a mean number"] {
      let error = ModelClientError(.status(400, words))
      #expect(dialect.learn(from: error, about: request(n: 4), isStreamed: true) == nil, "\(words)")
    }
    for words in [
      "n must be 1", "`n` > 1 is not supported", "parameter 'n': unsupported", "Only one completion choice is allowed",
    ] {
      var fresh = ServerDialect()
      #expect(fresh.learn(from: ModelClientError(.status(400, words)), about: request(n: 4), isStreamed: false) != nil)
    }
  }

  @Test(arguments: [Fault.echoKey, .echoKeyInAnswer], [false, true])
  func aKeyThatAServerRepeatsIsNotShown(fault: Fault, streams: Bool) async throws {
    let secret = "sk-0123456789abcdef"
    try await withServer(.always(fault)) { server async throws in
      var configuration = ClientConfiguration()
      configuration.streams = streams
      let client = ModelClient(
        endpoints: [try Endpoint(server.base, key: APIKey(secret))], configuration: configuration)
      let seen = Seen()
      if fault == .echoKey {
        let error = try await client.failure(of: request())
        #expect(error.description.contains("for key ‹key› at https://‹key›@host"))
        #expect(!"\(error) \(error.kind)".contains(secret))
      } else {
        let answer = try await client.answer(to: request()) { seen.add($0.text) }
        #expect(answer.choices[0].text.hasPrefix("The key is ‹key›, is it? "))
        #expect(seen.text == answer.choices[0].text)
      }
      await client.shutdown()
    }
  }

  @Test func aHeaderWithoutEndIsRefused() async throws {
    try await withServer(.always(.longHead)) { server async throws in
      try await withClient([server.base], { $0.maximumAttempts = 1 }) { client async throws in
        let error = try await client.failure(of: request())
        #expect(["malformed answer", "connection reset"].contains(error.reason))
      }
    }
  }

  @Test func aRedirectionNamesThePlaceWithoutItsKey() async throws {
    try await withServer(.always(.moved)) { server async throws in
      try await withClient([server.base]) { client async throws in
        let error = try await client.failure(of: request())
        #expect(error.description.contains("it has moved to https://elsewhere.example/v1?api_key=‹key›"))
      }
    }
  }

  @Test func waitingIsToldWithItsReasonAndItsEnd() async throws {
    try await withServer(.always(.rateLimitForever)) { server async throws in
      try await withClient([server.base]) { client async throws in
        let task = Task { try await client.answer(to: request()) }
        let isTold = try await eventually { client.status().endpoints[0].pause != nil }
        #expect(isTold)
        let pause = try #require(client.status().endpoints[0].pause)
        #expect(pause.requests == 1)
        #expect(pause.secondsLeft > 200 && pause.secondsLeft < 301)
        #expect(pause.reason == "rate limited, as the server asks")
        task.cancel()
        _ = try? await task.value
      }
    }
  }

  @Test func aStreamThatFallsSilentIsGivenUpSoon() async throws {
    try await withServer(.always(.hangMidway)) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.silenceTimeout = 0.3; $0.maximumAttempts = 1
        }
      ) { client async throws in
        let began = ContinuousClock.now
        let error = try await client.failure(of: request())
        #expect(error.reason == "idle time-out")
        #expect(error.description.contains("fell silent in the middle of an answer"))
        #expect((ContinuousClock.now - began).inSeconds < 5)
      }
    }
  }

  @Test func whatIsNoModelServerIsToldInASentence() async throws {
    let port = try await unusedPort()
    #expect(throws: EndpointError.self) { try Endpoint("http://localhost:99999/v1") }
    do {
      _ = try Endpoint("http://me:0123456789@localhost:\(port)/v1")
      Issue.record("a key in an address is refused")
    } catch { #expect(!error.description.contains("0123456789")) }
    // HTTPS at a port that speaks HTTP.
    try await withServer { server async throws in
      let address = server.base.replacing("http://", with: "https://")
      try await withClient([address]) { client async throws in
        let error = try await client.failure(of: request())
        #expect(error.description.contains("nothing speaks HTTPS at this port; write http:// in the address"))
        for word in ["Swift", "NIO", "SSL", ".cc", "Error"] { #expect(!error.description.contains(word)) }
      }
    }
  }

  @Test func retryAfterIsBounded() {
    for text in ["1e300", "inf", "Sun, 06 Nov 9223372036854775807 08:49:37 GMT", "-5", "nan"] {
      let seconds = RetryAfter.seconds(milliseconds: nil, after: text)
      #expect(seconds.map { $0 >= 0 && $0 < 1e8 } ?? true, "\(text)")
    }
    #expect(RetryAfter.seconds(milliseconds: "1e308", after: nil).map { $0 < 1e8 } == true)
  }
}

/// What was seen of an answer as it came.
private final class Seen: Sendable {
  private let state = Mutex("")
  var text: String { state.withLock { $0 } }
  func add(_ text: String) { state.withLock { $0 += text } }
}
