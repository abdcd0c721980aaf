import AsyncHTTPClient
import Logging
import NIOCore

/// Asks OpenAI-compatible servers for chat completions: several of them, as many at once as they take, again when
/// something fails.
///
/// Any number of calls may be waiting; each endpoint gets as many as it has room for.
///
/// ```swift
/// let client = ModelClient(endpoints: [try Endpoint("http://localhost:8000/v1")])
/// let answer = try await client.answer(to: request)
/// await client.shutdown()
/// ```
public final class ModelClient: Sendable {
  private let scheduler: Scheduler
  private let configuration: ClientConfiguration
  private let exchange: HTTPExchange
  private let waits = Waits()
  private let logger: Logger

  /// A client for some endpoints; at least one.
  public init(
    endpoints: [Endpoint], configuration: ClientConfiguration = ClientConfiguration(),
    logger: Logger = Logger(label: "deepcritic.client") { _ in SwiftLogNoOpLogHandler() }
  ) {
    precondition(!endpoints.isEmpty, "a client needs an endpoint")
    self.configuration = configuration
    self.logger = logger
    scheduler = Scheduler(endpoints, configuration)
    exchange = HTTPExchange(configuration)
  }

  /// Asks until an answer comes, or until trying again cannot help.
  ///
  /// - Parameter onChunk: is given each chunk of text as it arrives, where the client streams and the server does too; else
  ///   the whole text at the end. Once a chunk was given out nothing is tried again: the reader has seen it.
  /// - Throws: ``ModelClientError``.
  public func answer(
    to request: ChatRequest, onChunk: (@Sendable (AnswerChunk) -> Void)? = nil
  ) async throws(ModelClientError) -> ChatAnswer {
    // Written while others are asked, so that nothing is left to do when it is this one's turn.
    let streams = configuration.streams(request)
    var form = RequestForm(request, scheduler.dialect(0), streams: streams)
    var attempts = 0
    // Those that reached no server: they do not use up the attempts, since that server is set aside.
    var connectionFailures = 0
    let forwarder = onChunk.map(ChunkForwarder.init)
    while true {
      let index: Int
      do { index = try await scheduler.turn() } catch {
        var error = error as? ModelClientError ?? ModelClientError(.cancelled)
        error.attempts = attempts + connectionFailures
        throw error
      }
      let endpoint = scheduler.endpoint(index)
      let dialect = scheduler.dialect(index)
      if dialect != form.dialect { form = RequestForm(request, dialect, streams: streams) }
      let began = ContinuousClock.now
      let attempt = Attempt(endpoint: index, limit: configuration.idleTimeout)
      waits.begin(attempt)
      defer { waits.end(attempt) }
      do {
        var answer = try await exchange.answer(to: request, form, from: endpoint, attempt, forwarder)
        answer.endpoint = endpoint.base
        answer.seconds = (ContinuousClock.now - began).inSeconds
        answer.attempts = attempts + connectionFailures + 1
        scheduler.succeeded(index, seconds: answer.seconds)
        return answer
      } catch {
        var error = error
        error.endpoint = endpoint.base
        if Task.isCancelled { error.kind = .cancelled }
        let isTaught = scheduler.learn(index, from: error, about: request, in: form)
        scheduler.failed(index, error)
        waits.end(attempt)
        if isTaught { continue }
        if error.isUnreachable { connectionFailures += 1 } else { attempts += 1 }
        error.attempts = attempts + connectionFailures
        logger.debug("attempt failed", metadata: ["reason": "\(error.reason)", "endpoint": "\(endpoint.base)"])
        guard error.isRetryable, attempts < configuration.maximumAttempts, forwarder?.hasForwarded != true else {
          throw error
        }
        // One that was not reached is set aside: waiting for a turn is the pause.
        if !error.isUnreachable { await backOff(after: error, attempts, at: index) }
      }
    }
  }

  /// Waits as long as the server asks, else longer each time, with some chance in it so that not all come back at once.
  private func backOff(after error: ModelClientError, _ attempts: Int, at index: Int) async {
    let seconds =
      if let asked = error.retryAfter {
        min(asked, configuration.maximumRetryAfter) + .random(in: 0...0.1)
      } else {
        min(configuration.initialBackoff * Double(1 << min(attempts - 1, 20)), configuration.maximumBackoff)
          * .random(in: 0.5...1)
      }
    // When it is cancelled or stopped, waiting for a turn says so.
    let reason = error.retryAfter == nil ? error.reason : "\(error.reason), as the server asks"
    await waits.pause(at: index, seconds: seconds, because: reason) { await scheduler.pause(seconds: seconds) }
  }

  /// The most requests that can ever be in flight at once.
  public var capacity: Int { configuration.concurrency.maximum * scheduler.endpointCount }

  /// The current activity.
  public func status() -> ClientStatus {
    var status = scheduler.status()
    for index in status.endpoints.indices {
      status.endpoints[index].silence = waits.silence(of: index)
      status.endpoints[index].pause = waits.pause(at: index)
    }
    return status
  }

  /// Takes nothing new: calls that wait for their turn fail with ``ModelClientError/isStopped``, those in flight finish.
  public func stop() { scheduler.stop() }

  /// Closes all connections. Nothing may be asked after it.
  public func shutdown() async {
    scheduler.stop()
    await exchange.shutdown()
  }
}
