import FaultServer
import Synchronization
import Testing

@testable import ModelClient

/// Answers given out chunk by chunk.
@Suite struct ChunkTests {
  private final class Chunks: Sendable {
    let all = Mutex<[String]>([])
    func take(_ chunk: AnswerChunk) { all.withLock { $0.append(chunk.text) } }
    var text: String { all.withLock { $0.joined() } }
    var count: Int { all.withLock { $0.count } }
  }

  private func request(_ model: String = "critic") -> ChatRequest {
    ChatRequest(
      model: model, messages: [ChatMessage(role: .user, content: "Is this right?")],
      sampling: Sampling(temperature: 0, topP: 1, maxTokens: 100))
  }

  private func ask(
    _ chunks: Chunks, _ model: String = "critic", streams: Bool = true
  ) async throws -> (Result<ChatAnswer, ModelClientError>, Int) {
    try await withServer { server in
      let result = try await withClient(
        [server.base],
        {
          $0.streams = streams
          $0.maximumAttempts = 3
        }
      ) { client -> Result<ChatAnswer, ModelClientError> in
        do throws(ModelClientError) {
          return .success(try await client.answer(to: request(model)) { chunks.take($0) })
        } catch { return .failure(error) }
      }
      return (result, server.counts.requests)
    }
  }

  @Test func piecesMakeTheAnswer() async throws {
    let chunks = Chunks()
    let (result, _) = try await ask(chunks)
    #expect(try result.get().choices[0].text == chunks.text)
    #expect(chunks.count > 1)
  }

  @Test func aServerThatDoesNotStreamGivesOnePiece() async throws {
    let chunks = Chunks()
    let (result, _) = try await ask(chunks, streams: false)
    #expect(try result.get().choices[0].text == chunks.text)
    #expect(chunks.count == 1)
  }

  @Test func nothingIsTriedAgainOnceAPieceWasSeen() async throws {
    let chunks = Chunks()
    let (result, requests) = try await ask(chunks, "fault:close-midway")
    #expect(throws: ModelClientError.self) { try result.get() }
    #expect(requests == 1)
    #expect(!chunks.text.isEmpty)
  }

  @Test func whatFailedBeforeItsFirstPieceIsTriedAgain() async throws {
    let chunks = Chunks()
    let (result, requests) = try await ask(chunks, "fault:unavailable")
    #expect(throws: ModelClientError.self) { try result.get() }
    #expect(requests == 3)
    #expect(chunks.text.isEmpty)
  }
}
