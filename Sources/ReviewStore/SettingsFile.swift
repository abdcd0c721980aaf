import DatasetFormats
import Formatting
import Foundation
import TOML

/// One file of settings: the workspace's `deepcritic.toml`, or the user's own `settings.toml`. Both have the same keys.
///
/// Tables that other parts of the program read (``otherTables``, by ``SettingsTable``) may be in it too; they are not
/// looked into here.
public struct SettingsFile: Sendable, Hashable {
  /// Where it was read from.
  public let path: String
  /// Name written into events.
  public private(set) var reviewer: String?
  /// The mode in which a session begins.
  public private(set) var mode: ReviewMode?
  /// Name of a theme.
  public private(set) var theme: String?
  /// Whether the mouse is taken.
  public private(set) var mouse: Bool?
  /// Keys by action name, replacing the defaults.
  public private(set) var keys: [String: [String]] = [:]

  /// Tables of the settings file that belong to other parts of the program.
  public static let otherTables = ["generate", "curate", "label", "train", "evaluate", "review"]

  /// Where a user's own settings are: `deepcritic/settings.toml` under `XDG_CONFIG_HOME`, else under `~/.config`.
  ///
  /// - Returns: `nil` when the environment names no home.
  public static func userPath(environment: [String: String]) -> String? {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let config = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home.map { $0 + "/.config" }
    return config.map { $0 + "/deepcritic/settings.toml" }
  }

  /// Where the program keeps what it remembers for a user: `deepcritic` under `XDG_STATE_HOME`, else under `~/.local/state`.
  ///
  /// - Returns: `nil` when the environment names no home.
  public static func stateFolder(environment: [String: String]) -> String? {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/deepcritic" }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.local/state/deepcritic"
  }

  /// Reads a file.
  ///
  /// - Returns: `nil` when there is none.
  /// - Throws: ``SettingsError``.
  public static func read(_ path: String) throws -> SettingsFile? {
    FileManager.default.fileExists(atPath: path) ? try SettingsFile(existing: path) : nil
  }

  private init(existing path: String) throws {
    self.path = path
    guard let table = try SettingsTable.root(of: path) else { return }
    func problem(_ key: String, in table: TOMLTable, _ reason: String) -> SettingsError {
      SettingsError(file: path + (table.line(of: key).map { ":\($0)" } ?? ""), reason: reason)
    }
    func string(_ key: String) throws -> String? {
      guard let value = table[key] else { return nil }
      guard let text = value.string else { throw problem(key, in: table, "'\(key)' must be a string in quotes") }
      return text
    }
    let known = ["reviewer", "mode", "theme", "mouse", "keys"] + Self.otherTables
    for key in table.keys where !known.contains(key) {
      throw problem(key, in: table, "unknown setting '\(key)'; known are \(known.joined(separator: ", "))")
    }
    for key in Self.otherTables where table[key] != nil && table[key]?.table == nil {
      throw problem(key, in: table, "'\(key)' must be a table: [\(key)]")
    }
    reviewer = try string("reviewer").flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    mode = try string("mode").map { text in
      guard let value = ReviewMode(rawValue: text) else {
        throw problem("mode", in: table, "'mode' is \"blind\" or \"audit\", not \"\(text)\"")
      }
      return value
    }
    theme = try string("theme")
    mouse = try table["mouse"].map { value in
      guard let isOn = value.bool else { throw problem("mouse", in: table, "'mouse' is true or false") }
      return isOn
    }
    guard let value = table["keys"] else { return }
    guard let bindings = value.table else { throw problem("keys", in: table, "'keys' must be a table: [keys]") }
    for action in bindings.keys {
      let names = bindings[action]?.string.map { [TOMLValue.string($0)] } ?? bindings[action]?.array
      guard let names else {
        throw problem(action, in: bindings, "keys.\"\(action)\" must be a key name or a list of them")
      }
      keys[action] = try names.map { name in
        guard let key = name.string else {
          throw problem(action, in: bindings, "keys.\"\(action)\" must hold key names in quotes")
        }
        return key
      }
    }
  }

  // MARK: - The file of a new workspace

  static func writeTemplateIfMissing(to path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    try Data(template.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  static let template = """
    # Settings of this workspace, for all its reviewers. Every line is optional; the defaults are shown.
    # What is yours alone (name, theme, keys) belongs in ~/.config/deepcritic/settings.toml, which has the same keys
    # and wins over this file, except in the mode.

    # "audit" shows labels and critiques from the start; "blind" shows them when you have finished the solution.
    # mode = "audit"

    # Name written into decisions. Without one: the login name. Leave it out where several people share this folder.
    # reviewer = "rt"

    # terminal, dark, light, high-contrast, monochrome, or the name of a file in Themes/.
    # theme = "terminal"
    # mouse = false

    # Other keys for named actions ('deepcritic keys' lists the names).
    # [keys]
    # "verdict.correct" = "y"
    # "step.next" = ["j", "down"]

    # Where critiques are generated. 'deepcritic generate --help' shows more; never write an API key into this file.
    # [generate]
    # endpoints = ["http://localhost:8000/v1"]
    # model = "Qwen/Qwen2.5-72B-Instruct"

    # The work of reviewers: docs/explanation/statistics.md.
    # [review]
    # daily_goal = 0        # decisions a day; 0 for none
    # idle_seconds = 120    # a longer time without a decision is a pause
    # gold_rate = 0.0       # the share of items with a known label that is mixed into queues
    # reveal = "solution"   # when blind review shows labels and critiques: after the whole solution, or after each "step"

    """
}

extension SettingsFile {
  /// Sets one top-level value in a settings file, leaving every other line as it is; makes the file where there is none.
  ///
  /// - Parameter value: TOML, such as `true` or `"dark"`.
  /// - Throws: ``SettingsError`` when the file could not be read afterwards, and is left as it was; `FileWriteError`.
  public static func set(_ name: String, to value: String, in path: String) throws {
    var lines = (PlainFile.data(path).map { String(decoding: $0, as: UTF8.self) } ?? "")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    let line = "\(name) = \(value)"
    // Top-level values end where the first table begins.
    let end = lines.firstIndex { $0.drop(while: \.isWhitespace).hasPrefix("[") } ?? lines.count
    let at = lines[..<end].firstIndex { text in
      let bare = text.drop(while: \.isWhitespace)
      return bare.hasPrefix(name) && bare.dropFirst(name.count).drop(while: \.isWhitespace).hasPrefix("=")
    }
    if let at { lines[at] = line } else { lines.insert(line, at: end) }
    let text = lines.joined(separator: "\n") + "\n"
    _ = try SettingsTable.parse(text, of: path)
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw SettingsError(
        file: path,
        reason: "cannot be written: \(Workspace.reason(of: error)). Make \(folder) writable, or set \(name) by hand.")
    }
    var file = try AtomicFileWriter(path: path)
    try file.write(text.utf8)
    try file.commit()
  }
}

/// A setting that cannot be used, with the file and the key.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, with the line where it is known.
  public var file: String
  /// What is wrong and what would be right.
  public var reason: String
  /// File and reason.
  public var description: String { "\(file): \(reason)" }
}
