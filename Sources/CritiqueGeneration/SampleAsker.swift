import ModelClient
import Synchronization

/// Asks until each sample of a request is answered, whatever servers make of `n`.
///
/// All samples are asked for in one request. A server that answers fewer choices is asked again for the rest; one that
/// answers a single choice is from then on asked for each sample by itself, at the same time.
public final class SampleAsker: Sendable {
  private let client: ModelClient
  /// The server answers one choice whatever is asked for.
  private let answersOneChoice = Mutex(false)

  /// An asker with its client.
  public init(client: ModelClient) { self.client = client }

  /// Asks for some samples.
  ///
  /// - Parameters:
  ///   - samples: their numbers.
  ///   - request: makes the request for some of them.
  ///   - store: keeps an answer to these samples; gives the numbers that are there now.
  /// - Throws: `ModelClientError`, or what `store` throws.
  public func ask(
    _ samples: [Int], request: @Sendable @escaping ([Int]) -> ChatRequest,
    store: @Sendable @escaping (ChatAnswer, [Int]) async throws -> [Int]
  ) async throws {
    var open = samples
    while !open.isEmpty {
      if open.count > 1, answersOneChoice.withLock({ $0 }) {
        return try await askEach(open, request: request, store: store)
      }
      let asked = open
      let answer = try await client.answer(to: request(asked))
      let stored = try await store(answer, asked)
      if stored.count == 1, asked.count > 1 { answersOneChoice.withLock { $0 = true } }
      open.removeAll(where: stored.contains)
    }
  }

  /// One request for each sample, for servers that ignore `n`. One that fails does not end the others: they are on
  /// their way, and paid for.
  private func askEach(
    _ samples: [Int], request: @Sendable @escaping ([Int]) -> ChatRequest,
    store: @Sendable @escaping (ChatAnswer, [Int]) async throws -> [Int]
  ) async throws {
    let failures = await withTaskGroup(of: (any Error)?.self) { group in
      for sample in samples {
        group.addTask {
          do { try await self.ask([sample], request: request, store: store) } catch { return error }
          return nil
        }
      }
      return await group.reduce(into: [any Error]()) { if let error = $1 { $0.append(error) } }
    }
    // What ends everything goes first; anything that is no failure of a request does.
    func weight(_ error: any Error) -> Int { (error as? ModelClientError).map { $0.endsEverything ? 1 : 0 } ?? 2 }
    if let worst = failures.max(by: { weight($0) < weight($1) }) { throw worst }
  }
}
