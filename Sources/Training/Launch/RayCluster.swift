import AsyncHTTPClient
import Formatting
import Foundation
import JSON
import NIOCore
import Secrets

/// A Ray cluster, spoken to by its jobs' REST interface (port 8265 of the head).
struct RayCluster: Sendable {
  /// Its address, without a slash at the end.
  let address: String
  private let token: RayToken?

  /// - Throws: ``LaunchError`` for an address that is none.
  init(_ address: String, environment: [String: String]) throws(LaunchError) {
    var text = address.trimmingCharacters(in: .whitespaces)
    if !text.contains("://") { text = "http://" + text }
    guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty,
      ["http", "https"].contains(url.scheme ?? ""), url.user == nil, url.query == nil
    else {
      throw LaunchError(
        "'\(Secrets.redactedMessage(text))' is not the URL of a Ray cluster. Example: http://127.0.0.1:8265")
    }
    while text.hasSuffix("/") { text.removeLast() }
    self.address = text
    token = RayToken(environment: environment)
  }

  /// Whether its address is one of this machine: a head here, or a tunnel to one elsewhere.
  var isOnThisMachine: Bool {
    let host = URLComponents(string: address)?.host ?? ""
    return host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
  }

  /// What the cluster says about a job.
  struct Job: Sendable, Hashable {
    /// PENDING, RUNNING, STOPPED, SUCCEEDED or FAILED.
    var status: String
    /// A sentence, where there is one.
    var message: String?
  }

  /// Ray's version.
  func version() async throws -> String {
    try await json("GET", "/api/version")["ray_version"]?.string ?? "unknown"
  }

  /// Uploads a working directory, unless the cluster has it.
  ///
  /// - Returns: its address within the cluster.
  func upload(_ zip: [UInt8], name: String) async throws -> String {
    let path = "/api/packages/gcs/\(name)"
    let (status, _) = try await send("GET", path, nil)
    if status != 200 { _ = try await answer("PUT", path, zip, type: "application/octet-stream") }
    return "gcs://\(name)"
  }

  /// Starts a job.
  func submit(
    id: String, entrypoint: String, workingDirectory: String, environment: [String: String], cpus: Double, gpus: Double
  ) async throws {
    var json = JSONWriter()
    json.object { json in
      json.key("entrypoint")
      json.string(entrypoint)
      json.key("submission_id")
      json.string(id)
      json.key("entrypoint_num_cpus")
      json.double(cpus)
      json.key("entrypoint_num_gpus")
      json.double(gpus)
      json.key("runtime_env")
      json.object { json in
        json.key("working_dir")
        json.string(workingDirectory)
        json.key("env_vars")
        json.object { json in
          for (key, value) in environment.sorted(by: { $0.key < $1.key }) {
            json.key(key)
            json.string(value)
          }
        }
      }
      json.key("metadata")
      json.object { json in
        json.key("program")
        json.string("deepcritic")
      }
    }
    _ = try await answer("POST", "/api/jobs/", json.bytes)
  }

  /// Where a job stands; `nil` for one that the cluster does not know.
  func job(_ id: String) async throws -> Job? {
    let (status, bytes) = try await send("GET", "/api/jobs/\(id)", nil)
    guard status != 404 else { return nil }
    let root = try parsed(answer(status, bytes, "GET", "/api/jobs/\(id)"))
    return Job(
      status: root["status"]?.string ?? "UNKNOWN", message: root["message"]?.string.map(Secrets.redactedMessage))
  }

  /// All that a job has printed.
  func logs(_ id: String) async throws -> String {
    try await json("GET", "/api/jobs/\(id)/logs")["logs"]?.string.map(Secrets.redacted) ?? ""
  }

  /// Asks a job to stop: it is told to end, and killed when it does not.
  func stop(_ id: String) async throws { _ = try await answer("POST", "/api/jobs/\(id)/stop", []) }

  // MARK: - HTTP

  private func json(_ method: String, _ path: String) async throws -> JSONView {
    try parsed(await answer(method, path, nil))
  }

  private func parsed(_ bytes: [UInt8]) throws -> JSONView {
    guard let document = try? JSONDocument(parsing: bytes) else {
      throw LaunchError("\(address) answers something else than Ray would; is it the dashboard's port (8265)?")
    }
    return document.root
  }

  private func answer(
    _ method: String, _ path: String, _ body: [UInt8]?, type: String = "application/json"
  ) async throws -> [UInt8] {
    let (status, bytes) = try await send(method, path, body, type: type)
    return try answer(status, bytes, method, path)
  }

  private func answer(_ status: Int, _ bytes: [UInt8], _ method: String, _ path: String) throws -> [UInt8] {
    switch status {
    case 200..<300: return bytes
    case 401, 403:
      throw LaunchError(
        "\(address) wants a token" + (token == nil ? "" : " other than the one given")
          + ": set RAY_AUTH_TOKEN, or RAY_AUTH_TOKEN_PATH to a file with it")
    case 404: throw LaunchError("\(address) knows nothing of \(path)")
    default:
      let words = String(decoding: bytes.prefix(2000), as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
      throw LaunchError("\(address) refuses \(method) \(path) (\(status)): \(Secrets.redactedMessage(words))")
    }
  }

  private func send(
    _ method: String, _ path: String, _ body: [UInt8]?, type: String = "application/json"
  ) async throws -> (Int, [UInt8]) {
    var request = HTTPClientRequest(url: address + path)
    request.method = .init(rawValue: method)
    // A name that begins like a browser's would be refused.
    request.headers.add(name: "User-Agent", value: "deepcritic")
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token.secret)") }
    if let body {
      request.headers.add(name: "Content-Type", value: type)
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    // Who asks how a run is should not wait long for a cluster that is gone; files and logs may be large.
    let isShort = method == "GET" && !path.hasSuffix("/logs")
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(isShort ? 10 : 60))
      let buffer = try await response.body.collect(upTo: 256 << 20)
      return (Int(response.status.code), Array(buffer.readableBytesView))
    } catch let error as HTTPClientError {
      throw LaunchError("\(address) cannot be reached: \(error.shortDescription)")
    } catch let error as LaunchError {
      throw error
    } catch {
      throw LaunchError("\(address) cannot be reached; is the cluster up? ('ray start --head' starts one here)")
    }
  }
}

/// A cluster's token. It is shown to nobody and written nowhere.
private struct RayToken: Sendable, CustomStringConvertible, CustomReflectable {
  let secret: String
  var description: String { "(token)" }
  var customMirror: Mirror { Mirror(self, children: []) }

  init?(environment: [String: String]) {
    if environment["RAY_AUTH_MODE"] == "disabled" { return nil }
    func clean(_ text: String?) -> String? {
      let text = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      return !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }
    func file(_ path: String?) -> String? {
      path.flatMap { clean(try? String(contentsOfFile: HomePath.expanded($0), encoding: .utf8)) }
    }
    let found =
      clean(environment["RAY_AUTH_TOKEN"]) ?? file(environment["RAY_AUTH_TOKEN_PATH"])
      ?? file(environment["HOME"].map { $0 + "/.ray/auth_token" })
    guard let found else { return nil }
    secret = found
    Secrets.remember(found)
  }
}
