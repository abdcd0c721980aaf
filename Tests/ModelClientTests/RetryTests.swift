import FaultServer
import Foundation
import Testing

@testable import ModelClient

/// What happens when something goes wrong on the way.
@Suite struct RetryTests {
  /// Faults after which asking again brings the answer.
  static let retried: [Fault] = [
    .rateLimit, .rateLimitDate, .rateLimitMilliseconds, .rateLimitBare, .serverError, .unavailable, .badGateway, .reset,
    .close, .resetMidway, .closeMidway, .cutJSON, .slowLoris, .html, .emptyChoices, .errorInBody, .hang, .hangMidway,
    .garbage,
  ]

  @Test(arguments: retried, [false, true])
  func askingAgainBringsTheAnswerOfAnUndisturbedServer(fault: Fault, streams: Bool) async throws {
    try await withServer(.script([fault, fault])) { server async throws in
      let quiet = try await withServer { server async throws in
        try await withClient([server.base]) { try await $0.answer(to: request(n: 2)) }
      }
      try await withClient(
        [server.base],
        {
          $0.streams = streams; if fault.needsTimeOut { $0.shorten() }
        }
      ) {
        client async throws in
        let answer = try await client.answer(to: request(n: 2))
        #expect(answer.choices == quiet.choices)
        if fault.needsTimeOut { return #expect(answer.attempts >= 3) }
        #expect(answer.attempts == 3)
        #expect(server.counts.requests == 3)
        #expect(server.counts.answered == 1)
      }
    }
  }

  @Test(arguments: [
    (Fault.rateLimit, "rate limited"), (.serverError, "server error 500"), (.unavailable, "server error 503"),
    (.badGateway, "server error 502"), (.reset, "connection reset"), (.close, "connection reset"),
    (.resetMidway, "connection reset"), (.closeMidway, "connection reset"), (.cutJSON, "malformed answer"),
    (.slowLoris, "idle time-out"), (.html, "a web page, not JSON: is it the address of the API, ending in /v1?"),
    (.emptyChoices, "no choices"),
    (.errorInBody, "error in the answer"),
    (.hang, "idle time-out"), (.hangMidway, "idle time-out"), (.garbage, "malformed answer"),
  ])
  func everyFailureHasItsReason(fault: Fault, reason: String) async throws {
    try await withServer(.always(fault)) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.maximumAttempts = 1; $0.streams = false; if fault.needsTimeOut { $0.shorten() }
        }
      ) {
        client async throws in
        let error = try await client.failure(of: request())
        #expect(error.reason == reason)
        #expect(error.endpoint == server.base)
        #expect(error.description.contains(server.base))
        #expect(error.isRetryable)
        #expect(!error.isFatal)
      }
    }
  }

  @Test(arguments: [
    (Fault.cutJSON, "answer cut short"), (.resetMidway, "connection reset"), (.closeMidway, "connection reset"),
    (.hangMidway, "idle time-out"), (.emptyChoices, "no choices"),
  ])
  func aBrokenStreamHasItsReason(fault: Fault, reason: String) async throws {
    try await withServer(.always(fault)) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.maximumAttempts = 1; $0.streams = true; if fault.needsTimeOut { $0.shorten() }
        }
      ) {
        client async throws in
        let error = try await client.failure(of: request(n: 2))
        #expect(error.reason == reason)
      }
    }
  }

  @Test func theServersWordsAreToldAndMarkupIsNot() async throws {
    try await withServer { server async throws in
      try await withClient([server.base], { $0.maximumAttempts = 1 }) { client async throws in
        for (fault, words) in [
          (Fault.serverError, "answered with status 500: CUDA out of memory."),
          (.unavailable, "answered with status 503: the model is loading."),
          (.badGateway, "answered with status 502: 502 Bad Gateway."),
          (.rateLimit, "limits the rate: Rate limit reached. Lower --concurrency."),
          (.errorInBody, "reports an error: the engine died."),
          (
            .html,
            "is text/html; charset=utf-8, not JSON. Is this the address of an OpenAI-compatible API (ending in /v1)?"
          ),
        ] {
          let error = try await client.failure(of: request(model: "fault:" + fault.rawValue))
          #expect(error.description.hasSuffix(words))
        }
      }
    }
  }

  @Test func attemptsAreLimited() async throws {
    try await withServer(.always(.serverError)) { server async throws in
      try await withClient([server.base], { $0.maximumAttempts = 4 }) { client async throws in
        #expect(try await client.failure(of: request()).attempts == 4)
        #expect(server.counts.requests == 4)
      }
    }
  }

  // Only lower bounds are asserted: a busy machine may be late, never early.
  @Test(arguments: [(Fault.rateLimit, 1.0), (.rateLimitDate, 1.0), (.rateLimitMilliseconds, 0.1)])
  func retryAfterIsObeyed(fault: Fault, seconds: Double) async throws {
    try await withServer(.script([fault])) { server async throws in
      try await withClient([server.base]) { client async throws in
        let began = ContinuousClock.now
        #expect(try await client.answer(to: request()).attempts == 2)
        #expect((ContinuousClock.now - began).inSeconds >= seconds)
      }
    }
  }

  @Test func retryAfterIsObeyedUpToALimit() async throws {
    try await withServer(.script([.rateLimit]), { $0.retryAfter = 86_400 }) { server async throws in
      try await withClient([server.base], { $0.maximumRetryAfter = 0.1 }) { client async throws in
        #expect(try await client.answer(to: request()).attempts == 2)
      }
    }
  }

  @Test func pausesGrow() async throws {
    try await withServer(.script(Array(repeating: .serverError, count: 4))) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.initialBackoff = 0.1; $0.maximumBackoff = 0.4
        }
      ) { client async throws in
        let began = ContinuousClock.now
        #expect(try await client.answer(to: request()).attempts == 5)
        // 0.1, 0.2, 0.4, 0.4, each shortened to half at most.
        #expect((ContinuousClock.now - began).inSeconds >= 0.55)
      }
    }
  }

  @Test(arguments: [
    (nil, "3", 3.0), (nil, " 0.5 ", 0.5), ("250", "3", 0.25), ("x", "3", 3), (nil, "Sun, 06 Nov 1994 08:49:37 GMT", 7),
    (nil, "Sun, 06 Nov 1994 08:49:20 GMT", 0),
  ])
  func retryAfterIsReadInAllItsForms(milliseconds: String?, after: String?, seconds: Double) {
    let now = Date(timeIntervalSince1970: 784_111_770)
    #expect(RetryAfter.seconds(milliseconds: milliseconds, after: after, now: now) == seconds)
  }

  @Test(arguments: [nil, "", "soon", "-1", "nan", "inf", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"])
  func aRetryAfterThatSaysNothingIsPassedOver(after: String?) {
    #expect(RetryAfter.seconds(milliseconds: nil, after: after) == nil)
  }
}
