import Formatting
import Foundation
import Secrets

/// One OpenAI-compatible server.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// The base address with its version, without a slash at the end: "http://localhost:8000/v1".
  public let base: String
  /// The model's name at this server, where it differs from the one in requests.
  public var model: String?
  /// Sent as a bearer token to this server only.
  public var key: APIKey?
  /// How it is asked to continue a response.
  public var continuation = Continuation.chat

  var chatAddress: String { base + "/chat/completions" }
  var completionAddress: String { base + "/completions" }

  /// Reads an address. A missing scheme means http, a missing path means `/v1`.
  ///
  /// - Throws: ``EndpointError`` with a remedy.
  public init(_ text: String, model: String? = nil, key: APIKey? = nil) throws(EndpointError) {
    var address = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !address.isEmpty else { throw EndpointError(text, "it is empty") }
    if !address.contains("://") { address = "http://" + address }
    guard let url = URLComponents(string: address), let host = url.host, !host.isEmpty else {
      throw EndpointError(text, "not a URL")
    }
    guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      throw EndpointError(text, "it must begin with http:// or https://")
    }
    guard url.user == nil, url.password == nil else {
      throw EndpointError(text, "a key does not belong into an address; give it through the environment")
    }
    if let port = url.port, !(1...65535).contains(port) {
      throw EndpointError(text, "there is no port \(port); ports end at 65535")
    }
    guard url.query == nil, url.fragment == nil else { throw EndpointError(text, "it must not hold '?' or '#'") }
    var path = url.path
    while path.hasSuffix("/") { path.removeLast() }
    for ending in ["/chat/completions", "/completions"] where path.hasSuffix(ending) { path.removeLast(ending.count) }
    if path.isEmpty { path = "/v1" }
    let port = url.port.map { ":\($0)" } ?? ""
    let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    base = "\(scheme)://\(name)\(port)\(path)"
    self.model = model
    self.key = key
  }

  /// The address.
  public var description: String { base }
}

/// An address that cannot be used.
public struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The address, the fault and an example.
  public let description: String

  init(_ text: String, _ reason: String) {
    let shown = text.contains("@") && !text.contains("://") ? "http://" + text : text
    description =
      "the endpoint '\(Secrets.redactedMessage(shown))' cannot be used: \(reason). An example: http://localhost:8000/v1"
  }
}

/// A secret that is sent to a server and shown to nobody.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let secret: String

  /// Environment variables that are looked at, in this order.
  public static let variables = ["DEEPCRITIC_API_KEY", "OPENAI_API_KEY"]

  /// A key from its text; `nil` for an empty one.
  public init?(_ secret: String) {
    let secret = secret.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    self.secret = secret
    Secrets.remember(secret)
  }

  /// Finds the key: the environment first, then a file.
  ///
  /// - Parameter file: read when the environment has no key. Its mode must keep it from everybody else (0600).
  /// - Throws: ``APIKeyError``.
  public static func find(environment: [String: String], file: String?) throws(APIKeyError) -> APIKey? {
    for variable in variables {
      if let value = environment[variable], !value.isEmpty {
        guard let key = APIKey(value) else { throw .unusable("the variable \(variable)") }
        return key
      }
    }
    guard let file else { return nil }
    var facts = stat()
    guard stat(file, &facts) == 0 else { throw .missing(file) }
    guard facts.st_mode & (S_IRWXG | S_IRWXO) == 0 else { throw .open(file) }
    guard let data = try? PlainFile.read(file, limit: 1 << 20) else { throw .missing(file) }
    guard let key = APIKey(String(decoding: data, as: UTF8.self)) else { throw .unusable(file) }
    return key
  }

  /// Never the secret.
  public var description: String { "(API key)" }
  /// Never the secret.
  public var debugDescription: String { description }
  /// Nothing to look into.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why there is no key.
public enum APIKeyError: Error, Sendable, Hashable, CustomStringConvertible {
  case missing(String)
  case open(String)
  case unusable(String)
  /// The variable that an endpoint's settings name, and the endpoint.
  case unset(String, String)

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .missing(let file): "the API key file \(file) cannot be read; check its path and its owner"
    case .open(let file): "others may read the API key file \(file); run: chmod 600 \(ShellWords.quoted(file))"
    case .unset(let variable, let endpoint):
      "the environment variable \(variable), which holds the API key of \(endpoint), is not set"
    case .unusable(let place): "\(place) holds no API key: one word of printable ASCII characters is expected"
    }
  }
}
