import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An OpenAI-compatible server for tests and benchmarks: it answers quickly, always the same, and fails as it is told to.
///
/// It speaks HTTP/1.1 on a loopback socket: `POST /v1/chat/completions` and `/v1/completions`, plain and streamed, with
/// `n`, `seed`, `usage` and `finish_reason`; `GET /v1/models`, `GET /health`, and `GET /stats` (``ServerCounts``).
/// A request whose model is named "fault:NAME" meets that fault (``Fault``), whatever the plan says.
///
/// ```swift
/// let server = try await FaultServer.start()
/// defer { server.stop() }
/// // … ask server.base …
/// ```
public final class FaultServer: Sendable {
  /// What connections share.
  final class Shared: Sendable {
    let configuration: ServerConfiguration
    let answers: Answers
    let ledger: Ledger
    private let began = ContinuousClock.now
    private let currentPlan: Mutex<FaultPlan>
    /// When each worker has done what it was given, in seconds since the start.
    private let workers: Mutex<[Double]>

    init(_ configuration: ServerConfiguration) throws {
      self.configuration = configuration
      answers = Answers(configuration: configuration)
      ledger = try Ledger(log: configuration.log)
      currentPlan = Mutex(configuration.faults)
      workers = Mutex(Array(repeating: 0, count: configuration.workers ?? 0))
    }

    var plan: FaultPlan {
      get { currentPlan.withLock { $0 } }
      set { currentPlan.withLock { $0 = newValue } }
    }

    var seconds: Double {
      let time = (ContinuousClock.now - began).components
      return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }

    /// Seconds until a request that arrives now is answered.
    func delay() -> Double {
      guard configuration.workers != nil else { return configuration.latency }
      let now = seconds
      return workers.withLock { workers in
        guard let first = workers.indices.min(by: { workers[$0] < workers[$1] }) else { return configuration.latency }
        workers[first] = max(workers[first], now) + configuration.latency
        return workers[first] - now
      }
    }
  }

  /// The port it listens on.
  public let port: Int
  private let shared: Shared
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  private init(port: Int, shared: Shared, channel: any Channel, group: MultiThreadedEventLoopGroup) {
    self.port = port
    self.shared = shared
    self.channel = channel
    self.group = group
  }

  /// Starts a server.
  ///
  /// - Parameter port: 0 for any that is free.
  public static func start(
    _ configuration: ServerConfiguration = ServerConfiguration(), port: Int = 0
  ) async throws -> FaultServer {
    let shared = try Shared(configuration)
    let threads = configuration.threads > 0 ? configuration.threads : System.coreCount
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    do {
      let channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Connection(shared)) }
        }
        .bind(host: "127.0.0.1", port: port).get()
      return FaultServer(port: channel.localAddress?.port ?? port, shared: shared, channel: channel, group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// The address that clients are given.
  public var base: String { "http://127.0.0.1:\(port)/v1" }

  /// What it has seen and done.
  public var counts: ServerCounts { shared.ledger.counts }

  /// How often each different body was answered in full.
  public var answersByBody: [Int] { shared.ledger.answersByBody }

  /// Changes which requests meet which fault from now on. A script counts from the first request ever.
  public func change(_ plan: FaultPlan) { shared.plan = plan }

  /// Closes all connections, and waits until the port is free.
  public func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}
