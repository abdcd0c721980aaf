import FaultServer
import Synchronization
import Testing

@testable import ModelClient

/// Answers given out piece by piece.
@Suite struct PieceTests {
  private final class Pieces: Sendable {
    let all = Mutex<[String]>([])
    func take(_ piece: AnswerPiece) { all.withLock { $0.append(piece.text) } }
    var text: String { all.withLock { $0.joined() } }
    var count: Int { all.withLock { $0.count } }
  }

  private func request(_ model: String = "critic") -> ChatRequest {
    ChatRequest(
      model: model, messages: [ChatMessage(role: .user, content: "Is this right?")],
      sampling: Sampling(temperature: 0, topP: 1, maxTokens: 100))
  }

  private func ask(
    _ pieces: Pieces, _ model: String = "critic", streams: Bool = true
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
          return .success(try await client.answer(to: request(model)) { pieces.take($0) })
        } catch { return .failure(error) }
      }
      return (result, server.counts.requests)
    }
  }

  @Test func piecesMakeTheAnswer() async throws {
    let pieces = Pieces()
    let (result, _) = try await ask(pieces)
    #expect(try result.get().choices[0].text == pieces.text)
    #expect(pieces.count > 1)
  }

  @Test func aServerThatDoesNotStreamGivesOnePiece() async throws {
    let pieces = Pieces()
    let (result, _) = try await ask(pieces, streams: false)
    #expect(try result.get().choices[0].text == pieces.text)
    #expect(pieces.count == 1)
  }

  @Test func nothingIsTriedAgainOnceAPieceWasSeen() async throws {
    let pieces = Pieces()
    let (result, requests) = try await ask(pieces, "fault:close-midway")
    #expect(throws: ModelClientError.self) { try result.get() }
    #expect(requests == 1)
    #expect(!pieces.text.isEmpty)
  }

  @Test func whatFailedBeforeItsFirstPieceIsTriedAgain() async throws {
    let pieces = Pieces()
    let (result, requests) = try await ask(pieces, "fault:unavailable")
    #expect(throws: ModelClientError.self) { try result.get() }
    #expect(requests == 3)
    #expect(pieces.text.isEmpty)
  }
}
