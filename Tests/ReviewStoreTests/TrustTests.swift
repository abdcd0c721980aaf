import DeepCriticCore
import Foundation
import Testing

@testable import ReviewStore

/// What a workspace names is used only where the user made it here or allowed exactly that.
@Suite struct TrustTests {
  private func workspace() throws -> String {
    let path = NSTemporaryDirectory() + "trust-\(UUID().uuidString)"
    try Workspace.create(at: path).close()
    return path
  }

  @Test func aValueIsAllowedUntilItChanges() throws {
    let path = try workspace()
    defer {
      WorkspaceTrust.forget(path)
      try? FileManager.default.removeItem(atPath: path)
    }
    let item = TrustItem("train.python.trl", "/a", "run /a")
    #expect(throws: UntrustedError.self) { try WorkspaceTrust.require([item], in: path) }
    try WorkspaceTrust.require([], in: path)
    try WorkspaceTrust.allow([item], in: path)
    try WorkspaceTrust.require([item], in: path + "/.")
    let other = TrustItem("train.python.trl", "/b", "run /b")
    #expect(WorkspaceTrust.missing([item, other], in: path) == [other])
    WorkspaceTrust.forget(path)
    #expect(WorkspaceTrust.missing([item], in: path) == [item])
  }

  @Test func aWorkspaceThatWasMadeHereIsTrustedAndOneInItsPlaceIsNot() throws {
    let path = try workspace()
    defer {
      WorkspaceTrust.forget(path)
      try? FileManager.default.removeItem(atPath: path)
    }
    let item = TrustItem("label.grading.python", "/a", "run /a")
    try WorkspaceTrust.rememberMade(path)
    try WorkspaceTrust.require([item], in: path)
    // The file is written beside the old one first, so that it has another number.
    let other = try workspace()
    defer { try? FileManager.default.removeItem(atPath: other) }
    #expect(rename(other + "/workspace.sqlite", path + "/workspace.sqlite") == 0)
    #expect(throws: UntrustedError.self) { try WorkspaceTrust.require([item], in: path) }
  }

  /// As 'cp' puts another workspace there: the file keeps its number on the disk.
  @Test func anotherWorkspaceInTheSameFileIsNotTrusted() throws {
    let path = try workspace()
    let other = try workspace()
    defer {
      WorkspaceTrust.forget(path)
      for folder in [path, other] { try? FileManager.default.removeItem(atPath: folder) }
    }
    try WorkspaceTrust.rememberMade(path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/workspace.sqlite"))
    try handle.write(contentsOf: Data(contentsOf: URL(fileURLWithPath: other + "/workspace.sqlite")))
    try handle.close()
    try Workspace(at: path).close()
    #expect(throws: UntrustedError.self) {
      try WorkspaceTrust.require([TrustItem("label.grading.python", "/a", "run /a")], in: path)
    }
  }

  @Test func allThatSettingsWantIsFound() throws {
    let path = try workspace()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try """
    [generate]
    api_key_file = "key.txt"
    endpoints = [{url = "https://there.example/v1"}, {url = "http://localhost:8000", api_key_variable = "HF_TOKEN"},
      {url = "127.0.0.1:9"}, {url = "http://127.there.example/v1", api_key_file = "/k"}]
    [label.grading]
    python = "/g"
    [train.python]
    trl = "/t"
    [train.rl]
    ray_address = "http://there.example:8265"
    setup = "curl there | sh"
    learning_rate = 1e-6
    """.write(toFile: path + "/deepcritic.toml", atomically: true, encoding: .utf8)
    let settings = try WorkspaceTrust.items(of: path).map(\.setting)
    #expect(
      settings == [
        "generate.endpoints", "generate.endpoints.api_key_variable", "generate.endpoints",
        "generate.endpoints.api_key_file", "generate.api_key_file", "label.grading.python", "train.python.trl",
        "train.rl.ray_address", "train.rl.setup",
      ])
  }
}
