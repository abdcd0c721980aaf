import DeepCriticCore
import Foundation
import TOML
import Terminal

/// A theme that cannot be used.
public struct ThemeFileError: Error, Sendable, CustomStringConvertible {
  /// Names the file and the entry.
  public let description: String
}

/// Themes by name: a TOML file with a table `[styles]` in one of some folders, else one that is built in.
public enum ThemeFiles {
  /// Folders looked through, in order: the user's own, next to the program, the source tree's.
  public static func folders(environment: [String: String], program: String) -> [String] {
    var folders: [String] = []
    let config =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].map { $0 + "/.config" }
    if let config { folders.append(config + "/deepcritic/themes") }
    return folders + InstalledFiles.folders(program: program, installed: "themes", source: "Themes")
  }

  /// Finds a theme by name, or by path when the name holds a "/".
  public static func load(_ name: String, folders: [String]) throws -> Theme {
    let candidates = name.contains("/") ? [name] : folders.map { "\($0)/\(name).toml" }
    for path in candidates where FileManager.default.fileExists(atPath: path) {
      return try read(path, name: name)
    }
    if let text = builtIn[name] { return try parse(text, file: "built-in theme \(name)", name: name) }
    throw ThemeFileError(
      description: "There is no theme '\(name)'. Known: \(names(in: folders).joined(separator: ", ")).")
  }

  /// A built-in theme.
  public static func builtIn(_ name: String) -> Theme {
    // The files are part of the program and a test reads each of them.
    (try? load(name, folders: [])) ?? .terminal
  }

  /// The files of the top-level folder `Themes`, embedded when the program is built.
  static let builtIn: [String: String] = [
    "terminal": PackageResources.terminal_toml, "dark": PackageResources.dark_toml,
    "light": PackageResources.light_toml, "high-contrast": PackageResources.high_contrast_toml,
    "monochrome": PackageResources.monochrome_toml, "colour-blind": PackageResources.colour_blind_toml,
  ].mapValues { String(decoding: $0, as: UTF8.self) }

  /// Names of all themes that can be found.
  public static func names(in folders: [String]) -> [String] {
    var names = Set(builtIn.keys)
    for folder in folders {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where file.hasSuffix(".toml") {
        names.insert(String(file.dropLast(5)))
      }
    }
    return names.sorted()
  }

  /// What a built-in theme is for; "" for others.
  static func about(_ name: String) -> String {
    switch name {
    case "terminal": "the terminal's own sixteen colours"
    case "dark": "for dark backgrounds, 256 colours"
    case "light": "for light backgrounds, 256 colours"
    case "high-contrast": "for projectors and tired eyes"
    case "colour-blind": "blue and orange in place of green and red"
    case "monochrome": "no colours: signs, bold and underline"
    default: "your own"
    }
  }

  private static func read(_ path: String, name: String) throws -> Theme {
    let text: String
    do { text = try PlainFile.text(path, limit: 1 << 20) } catch {
      throw ThemeFileError(description: error.description)
    }
    return try parse(text, file: path, name: name)
  }

  static func parse(_ text: String, file path: String, name: String) throws -> Theme {
    do {
      let table = try TOMLTable(text)
      guard let styles = table["styles"]?.table else {
        throw ThemeFileError(description: "\(path): a theme needs a table [styles].")
      }
      var entries: [String: String] = [:]
      for role in styles.keys {
        guard let specification = styles[role]?.string else {
          let line = styles.line(of: role) ?? 1
          throw ThemeFileError(
            description: "\(path):\(line): the style '\(role)' must be a string such as \"bold red\".")
        }
        entries[role] = specification
      }
      return try Theme(name: name, entries: entries)
    } catch let error as TOMLError {
      throw ThemeFileError(description: "\(path):\(error.line): not valid TOML: \(error.reason)")
    } catch let error as ThemeError {
      throw ThemeFileError(description: "\(path): \(error)")
    }
  }
}
