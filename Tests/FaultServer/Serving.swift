extension FaultServer {
  /// Runs something with a server of its own, which is stopped however that ends.
  ///
  /// - Parameter change: how the server differs from the usual one.
  public static func serving<T>(
    _ change: (inout ServerConfiguration) -> Void, _ body: (FaultServer) async throws -> T
  ) async throws -> T {
    var configuration = ServerConfiguration()
    change(&configuration)
    let server = try await start(configuration)
    do {
      let value = try await body(server)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }
}

/// Waits until something holds; gives up after ten seconds.
public func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
  for _ in 0..<1000 {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
