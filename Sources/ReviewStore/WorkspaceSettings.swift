import Foundation
import TOMLKit

/// The workspace's settings file (`deepcritic.toml`), read when the workspace is opened.
public struct WorkspaceSettings: Sendable, Hashable {
  /// Name written into events; `nil` means the user's login name.
  public var reviewer: String?
  /// The mode in which a session begins.
  public var mode: ReviewMode = .audit
  /// Name of a theme.
  public var theme: String = "terminal"
  /// Keys by action name, replacing the defaults.
  public var keys: [String: [String]] = [:]

  /// The defaults.
  public init() {}

  /// A setting that cannot be used, with the file and the key.
  public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, with the line where it is known.
    public var file: String
    /// What is wrong and what would be right.
    public var reason: String
    /// File and reason.
    public var description: String { "\(file): \(reason)" }
  }

  /// Reads a settings file; a missing file gives the defaults.
  public init(path: String) throws {
    guard let table = try SettingsTable.root(of: path) else { return }
    func string(_ key: String) throws -> String? {
      guard let value = table[key] else { return nil }
      guard let text = value.string else { throw Problem(file: path, reason: "'\(key)' must be a text in quotes") }
      return text
    }
    // The tables at the end are read by the modules they are about (`SettingsTable`).
    let known = ["reviewer", "mode", "theme", "keys", "generate", "curate", "label", "train", "evaluate"]
    for key in table.keys where !known.contains(key) {
      throw Problem(file: path, reason: "unknown setting '\(key)'; known are \(known.joined(separator: ", "))")
    }
    reviewer = try string("reviewer").flatMap { $0.isEmpty ? nil : $0 }
    if let text = try string("mode") {
      guard let value = ReviewMode(rawValue: text) else {
        throw Problem(file: path, reason: "'mode' is \"blind\" or \"audit\", not \"\(text)\"")
      }
      mode = value
    }
    if let text = try string("theme") { theme = text }
    if let value = table["keys"] {
      guard let bindings = value.table else { throw Problem(file: path, reason: "'keys' must be a table: [keys]") }
      for (action, binding) in bindings {
        if let one = binding.string {
          keys[action] = [one]
        } else if let several = binding.array {
          keys[action] = try several.map {
            guard let key = $0.string else {
              throw Problem(file: path, reason: "keys.\"\(action)\" must hold key names in quotes")
            }
            return key
          }
        } else {
          throw Problem(file: path, reason: "keys.\"\(action)\" must be a key name or a list of them")
        }
      }
    }
  }

  static func writeTemplateIfMissing(to path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    try Data(template.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  static let template = """
    # Settings of this workspace. Every line is optional; the defaults are shown.

    # Name written into your decisions. Without it: your login name.
    # reviewer = "rt"

    # "audit" shows labels and critiques from the start; "blind" shows them after your verdict.
    # mode = "audit"

    # terminal, dark, light, high-contrast, monochrome, or the name of a file in Themes/.
    # theme = "terminal"

    # Other keys for named actions ('deepcritic keys' lists the names).
    # [keys]
    # "verdict.correct" = "y"
    # "step.next" = ["j", "down"]

    # Where critiques are generated. 'deepcritic generate --help' tells more; an API key never stands in this file.
    # [generate]
    # endpoints = ["http://localhost:8000/v1"]
    # model = "Qwen/Qwen2.5-72B-Instruct"

    """
}
