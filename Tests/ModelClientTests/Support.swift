import FaultServer
import Foundation
import Testing

@testable import ModelClient

/// Runs a test against a server of its own.
func withServer<T>(
  _ faults: FaultPlan = .none, _ change: (inout ServerConfiguration) -> Void = { _ in },
  _ body: (FaultServer) async throws -> T
) async throws -> T {
  try await FaultServer.serving(
    { configuration in
      configuration.faults = faults
      configuration.lateness = 0.1
      configuration.threads = 1
      change(&configuration)
    }, body)
}

/// Runs a test with a client for some servers.
func withClient<T>(
  _ bases: [String], _ change: (inout ClientConfiguration) -> Void = { _ in },
  _ body: (ModelClient) async throws -> T
) async throws -> T {
  var configuration = ClientConfiguration()
  configuration.connectTimeout = 20
  configuration.idleTimeout = 60
  configuration.requestTimeout = 90
  configuration.initialBackoff = 0.01
  configuration.maximumBackoff = 0.05
  configuration.connectionGracePeriod = 0.3
  configuration.failureGracePeriod = 60
  change(&configuration)
  let client = ModelClient(endpoints: try bases.map { try Endpoint($0) }, configuration: configuration)
  do {
    let value = try await body(client)
    await client.shutdown()
    return value
  } catch {
    await client.shutdown()
    throw error
  }
}

extension Fault {
  /// Nothing but a time-out ends it.
  var needsTimeOut: Bool { [.hang, .hangMidway, .slowLoris].contains(self) }
}

extension ClientConfiguration {
  /// Times that end a test soon. A busy machine may reach them where nothing hangs, so they are not for every test.
  mutating func shorten() {
    idleTimeout = 0.5
  }
}

/// A request that our own prompts would make.
func request(_ name: String = "a", n: Int = 1, seed: Int? = nil, model: String = "m") -> ChatRequest {
  ChatRequest(
    model: model,
    messages: [
      ChatMessage(role: .system, content: "You check solutions."),
      ChatMessage(
        role: .user,
        content:
          "<problem>\nWhat is \(name)?\n</problem>\n\nThe step to examine, Step 2:\n\n<step>\nIt is “\(name)”.\n</step>"
      ),
    ],
    sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 1024, seed: seed), choices: n)
}

extension ModelClient {
  /// Asks for many at once.
  func answers(to requests: [ChatRequest]) async -> [Result<ChatAnswer, ModelClientError>] {
    await withTaskGroup(of: (Int, Result<ChatAnswer, ModelClientError>).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask {
          do throws(ModelClientError) { return (index, .success(try await self.answer(to: request))) } catch {
            return (index, .failure(error))
          }
        }
      }
      var results: [Int: Result<ChatAnswer, ModelClientError>] = [:]
      for await (index, result) in group { results[index] = result }
      return requests.indices.compactMap { results[$0] }
    }
  }

  /// The error that a request ends with.
  func failure(of request: ChatRequest) async throws -> ModelClientError {
    let answer: ChatAnswer
    do { answer = try await self.answer(to: request) } catch { return error }
    throw Unexpected(answer: answer)
  }
}

struct Unexpected: Error { var answer: ChatAnswer }

/// A port on which nothing listens.
func unusedPort() async throws -> Int {
  let server = try await FaultServer.start()
  await server.stop()
  return server.port
}
