import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List all actions and their keys.",
    discussion: "Reflects the keys in your settings and the workspace's.")

  @Flag(help: "Write Markdown, for documentation.")
  var markdown = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func run() throws {
    let keyMap = try keyMap()
    let bindings = ActionTable.places.flatMap { place in
      place.actions.map { action in
        Binding(
          place: place.screen?.rawValue ?? "everywhere", action: action.id.rawValue,
          keys: keyMap.keys(for: action.id).map(\.description), summary: action.summary)
      }
    }
    if json { return try JSONOutput.write(bindings) }
    try StandardOutput.write(lines: markdown ? Self.markdown(bindings) : Self.plain(bindings))
  }

  /// With the changes of the user's settings, and the workspace's where there is one.
  private func keyMap() throws -> KeyMap {
    let workspace = workspace.or(root)
    guard workspace.named != nil || Workspace.exists(at: ".") else {
      return try WorkspaceSettings(user: WorkspaceSettings.userPath).keyMap()
    }
    return try workspace.open().settings().keyMap()
  }

  private static func plain(_ bindings: [Binding]) -> [String] {
    let keys = bindings.map { DisplayWidth.of($0.keys.joined(separator: ", ")) }.max() ?? 0
    let names = bindings.map(\.action.count).max() ?? 0
    return byPlace(bindings) { place, bindings in
      [place.heading]
        + bindings.map {
          "  \(Screen.pad($0.keys.joined(separator: ", "), keys))  \(Screen.pad($0.action, names))  \($0.summary)"
        }
    }.map { Screen.fit($0, Screen.columns(STDOUT_FILENO)) }
  }

  private static func markdown(_ bindings: [Binding]) -> [String] {
    byPlace(bindings) { place, bindings in
      ["## \(place.heading)", "", "| keys | action | what it does |", "|---|---|---|"]
        + bindings.map { binding in
          let keys = binding.keys.map { "`\($0 == "|" ? "\\|" : $0)`" }.joined(separator: " ")
          return "| \(keys) | `\(binding.action)` | \(binding.summary) |"
        }
    }
  }

  private static func byPlace(_ bindings: [Binding], _ lines: (ActionTable.Place, [Binding]) -> [String]) -> [String] {
    var out: [String] = []
    for place in ActionTable.places {
      if !out.isEmpty { out.append("") }
      out += lines(place, bindings.filter { $0.place == place.screen?.rawValue ?? "everywhere" })
    }
    return out
  }

  private struct Binding: Encodable {
    let place: String
    let action: String
    let keys: [String]
    let summary: String
  }
}
