import Formatting
import Foundation
import TOML

/// One table of a settings file, read key by key with errors that name the key and the file.
///
/// Each module reads its own table of `deepcritic.toml` with this.
public struct SettingsTable {
  /// The file.
  public let path: String
  /// The table's name, for messages: "generate.deep".
  public let name: String
  /// What is in it.
  package let contents: TOMLTable

  /// Reads one top-level table of a settings file.
  ///
  /// - Returns: `nil` when there is no such file or no such table.
  /// - Throws: ``SettingsError``.
  public init?(_ name: String, of path: String) throws {
    guard let root = try Self.root(of: path), let value = root[name] else { return nil }
    guard let table = value.table else {
      throw SettingsError(file: path, reason: "'\(name)' must be a table: [\(name)]")
    }
    self.path = path
    self.name = name
    contents = table
  }

  /// Reads a file of its own, such as a talk: a table without a name.
  ///
  /// - Throws: ``SettingsError``, also where there is no such file.
  public init(file path: String) throws {
    guard let root = try Self.root(of: path) else {
      throw SettingsError(file: path, reason: "there is no such file. Check its name.")
    }
    self.init(path: path, name: "", table: root)
  }

  private init(path: String, name: String, table: TOMLTable) {
    self.path = path
    self.name = name
    contents = table
  }

  /// The whole file as a table; `nil` for a file that is missing.
  static func root(of path: String) throws -> TOMLTable? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let text: String
    do { text = try PlainFile.text(path, limit: 4 << 20) } catch {
      throw SettingsError(file: path, reason: "the file cannot be read: \(error.reason)")
    }
    return try parse(text, of: path)
  }

  /// Reads TOML; an error names the file and the line.
  static func parse(_ text: String, of path: String) throws -> TOMLTable {
    do { return try TOMLTable(text) } catch {
      throw SettingsError(file: path + ":\(error.line)", reason: "not valid TOML: \(error.reason)")
    }
  }

  /// An error about one key.
  public func problem(_ key: String, _ words: String) -> SettingsError {
    SettingsError(file: "\(path):\(contents.line(of: key) ?? contents.line)", reason: "'\(full(key))' \(words)")
  }

  /// A key with the table's name before it.
  private func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  /// - Throws: for the first key that is not among the known ones.
  public func refuse(allBut known: [String]) throws { if let first = unknown(besides: known).first { throw first } }

  /// What is wrong with every key that is not among these.
  public func unknown(besides known: [String]) -> [SettingsError] {
    contents.keys.sorted().filter { !known.contains($0) }.map { key in
      problem(key, "is unknown; known\(name.isEmpty ? "" : " in [\(name)]") are \(known.joined(separator: ", "))")
    }
  }

  /// A text; `nil` without the key or for an empty one.
  public func text(_ key: String) throws -> String? {
    guard let value = contents[key] else { return nil }
    guard let text = value.string else { throw problem(key, "must be a string in quotes") }
    return text.isEmpty ? nil : text
  }

  /// A path: `~` is the home folder, anything else relative is beside the settings file.
  public func file(_ key: String) throws -> String? {
    guard let text = try text(key) else { return nil }
    return file(named: text)
  }

  /// The same of a path that was read already.
  public func file(named text: String) -> String {
    let path = HomePath.expanded(text)
    if path.hasPrefix("/") { return path }
    let folder = NSString(string: self.path).deletingLastPathComponent
    return folder.isEmpty ? path : folder + "/" + path
  }

  /// A whole number in a range.
  public func integer(_ key: String, in range: ClosedRange<Int> = 0...Int.max) throws -> Int? {
    guard let value = contents[key] else { return nil }
    guard let number = value.int, range.contains(number) else {
      throw problem(
        key,
        range.upperBound == .max
          ? "must be a whole number, \(range.lowerBound) or more"
          : "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number in a range.
  public func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = contents[key] else { return nil }
    guard let number = value.double ?? value.int.map(Double.init), range.contains(number) else {
      let limits =
        range.upperBound.isFinite
        ? "from \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound))"
        : "\(Self.words(range.lowerBound)) or more"
      throw problem(key, "must be a number, \(limits)")
    }
    return number
  }

  private static func words(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }

  /// A truth value.
  public func flag(_ key: String) throws -> Bool? {
    guard let value = contents[key] else { return nil }
    guard let flag = value.bool else { throw problem(key, "must be true or false") }
    return flag
  }

  /// A list of texts; one text stands for a list of it.
  public func texts(_ key: String) throws -> [String]? {
    guard let value = contents[key] else { return nil }
    if let one = value.string { return [one] }
    guard let list = value.array else { throw problem(key, "must be a string in quotes or a list of them") }
    return try list.map { element in
      guard let text = element.string else { throw problem(key, "must hold strings in quotes") }
      return text
    }
  }

  /// A text or a whole number, as text: for values such as "auto" or 32.
  public func textOrInteger(_ key: String) throws -> String? {
    guard let value = contents[key] else { return nil }
    guard let text = value.string ?? value.int.map({ String($0) }) else {
      throw problem(key, "must be a string in quotes or a whole number")
    }
    return text
  }

  /// A table inside this one.
  public func table(_ key: String) throws -> SettingsTable? {
    guard let value = contents[key] else { return nil }
    guard let inner = value.table else { throw problem(key, "must be a table: [\(full(key))]") }
    return SettingsTable(path: path, name: full(key), table: inner)
  }

  /// A list of tables inside this one: `[[name.key]]`.
  public func tables(_ key: String) throws -> [SettingsTable]? {
    guard let value = contents[key] else { return nil }
    guard let list = value.array else { throw problem(key, "must be a list of tables: [[\(full(key))]]") }
    return try list.map { element in
      guard let inner = element.table else { throw problem(key, "must hold tables only: [[\(full(key))]]") }
      return SettingsTable(path: path, name: full(key), table: inner)
    }
  }
}
