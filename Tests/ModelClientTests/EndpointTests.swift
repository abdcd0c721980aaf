import Foundation
import JSON
import Testing

@testable import ModelClient

@Suite struct EndpointTests {
  @Test(arguments: [
    ("localhost:8000", "http://localhost:8000/v1"), ("http://localhost:8000/", "http://localhost:8000/v1"),
    ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
    ("https://api.example.com/v1", "https://api.example.com/v1"),
    ("http://h/v1/chat/completions", "http://h/v1"), ("http://h/proxy/openai/v1", "http://h/proxy/openai/v1"),
    ("http://[::1]:8000/v1", "http://[::1]:8000/v1"), (" 10.0.0.1:80 ", "http://10.0.0.1:80/v1"),
  ])
  func addressesAreReadAsPeopleWriteThem(text: String, base: String) throws {
    #expect(try Endpoint(text).base == base)
  }

  @Test(arguments: [
    ("", "it is empty"), ("ftp://h/v1", "it must begin with http:// or https://"), ("http://", "not a URL"),
    ("http://key@h/v1", "a key does not belong into an address"), ("http://h/v1?key=1", "it must not hold '?' or '#'"),
    ("http://a b/", "not a URL"),
  ])
  func badAddressesAreRefusedWithAnExample(text: String, reason: String) {
    let error = #expect(throws: EndpointError.self) { try Endpoint(text) }
    #expect(error?.description.contains(reason) == true)
    #expect(error?.description.hasSuffix("An example: http://localhost:8000/v1") == true)
  }

  @Test func aKeyComesFromTheEnvironmentOrAPrivateFile() throws {
    let path = NSTemporaryDirectory() + "deepcritic-key-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: APIKeyError.missing(path)) { try APIKey.find(environment: [:], file: path) }
    try "sk-file\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    let open = #expect(throws: APIKeyError.self) { try APIKey.find(environment: [:], file: path) }
    #expect(open?.description.contains("chmod 600 \(path)") == true)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try APIKey.find(environment: [:], file: path)?.secret == "sk-file")
    let both = ["OPENAI_API_KEY": "sk-openai", "DEEPCRITIC_API_KEY": "sk-ours"]
    #expect(try APIKey.find(environment: both, file: path)?.secret == "sk-ours")
    #expect(try APIKey.find(environment: ["OPENAI_API_KEY": "sk-openai"], file: path)?.secret == "sk-openai")
    #expect(try APIKey.find(environment: [:], file: nil) == nil)
    #expect(throws: APIKeyError.unusable("the variable OPENAI_API_KEY")) {
      try APIKey.find(environment: ["OPENAI_API_KEY": "two words"], file: nil)
    }
  }

  @Test func aKeyIsNeverShown() throws {
    let endpoint = try Endpoint("localhost", key: APIKey("sk-secret"))
    var dumped = ""
    dump(endpoint, to: &dumped)
    for text in ["\(endpoint)", "\(String(describing: endpoint.key))", String(reflecting: endpoint), dumped] {
      #expect(!text.contains("sk-secret"))
    }
  }

  @Test func aBodySaysEverythingThatServersDifferIn() throws {
    var request = request(n: 16, seed: 3)
    request.continuesLastMessage = true
    let root = try JSONDocument(parsing: request.body(stream: true, model: "other")).root
    #expect(root["model"]?.string == "other")
    #expect(root["temperature"]?.double == 0.7)
    #expect(root["top_p"]?.double == 0.9)
    #expect(root["max_tokens"]?.int == 1024)
    #expect(root["seed"]?.int == 3)
    #expect(root["n"]?.int == 16)
    #expect(root["stream"]?.bool == true)
    #expect(root["stream_options"]?["include_usage"]?.bool == true)
    #expect(root["continue_final_message"]?.bool == true)
    #expect(root["add_generation_prompt"]?.bool == false)
    #expect(root["messages"]?.elements.map { $0["role"]?.string } == ["system", "user"])
    let plain = try JSONDocument(parsing: ModelClientTests.request().body()).root
    #expect(plain.keys == ["model", "messages", "temperature", "top_p", "max_tokens"])
  }
}
