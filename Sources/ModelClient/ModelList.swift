import JSON
import NIOCore
import Secrets

extension ModelClient {
  /// The names of the models that an endpoint serves, as it lists them.
  ///
  /// - Throws: ``ModelClientError``, also when there is no such list.
  public static func models(at endpoint: Endpoint) async throws(ModelClientError) -> [String] {
    var configuration = ClientConfiguration()
    configuration.connectTimeout = 3
    configuration.requestTimeout = 10
    let exchange = HTTPExchange(configuration)
    do {
      let body = try await exchange.get(endpoint.base + "/models", endpoint)
      await exchange.shutdown()
      let document: JSONDocument
      do { document = try JSONDocument(parsing: body) } catch { throw ModelClientError(.malformed("\(error)")) }
      guard let list = document.root["data"], list.kind == .array else {
        throw ModelClientError(.malformed("there is no list `data`"))
      }
      return list.elements.compactMap { $0["id"]?.string }.map(Secrets.redacted)
    } catch {
      await exchange.shutdown()
      var error = error as? ModelClientError ?? ModelClientError(.malformed("\(error)"))
      error.endpoint = endpoint.base
      throw error
    }
  }
}
