import AsyncHTTPClient

/// Whether a server answers yet.
public enum HealthCheck {
  /// Asks an address once.
  public static func isAnswered(_ address: String) async throws -> Bool {
    let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(2))
    return response.status == .ok
  }
}
