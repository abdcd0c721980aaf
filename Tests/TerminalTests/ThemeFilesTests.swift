import Foundation
import Testing

@testable import Terminal

/// The theme files of the repository, read line by line: they keep to `role = "specification"`.
@Suite struct ThemeFilesTests {
  static let names = ["terminal", "dark", "light", "high-contrast", "monochrome"]

  private func entries(_ name: String) throws -> [String: String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Themes")
    let text = try String(contentsOf: folder.appending(path: "\(name).toml"), encoding: .utf8)
    let lines = text.split(separator: "\n").drop { $0 != "[styles]" }.dropFirst().filter { !$0.hasPrefix("#") }
    return Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        return (parts[0], parts[1].trimmingCharacters(in: ["\""]))
      })
  }

  @Test(arguments: names) func reads(name: String) throws {
    let entries = try entries(name)
    _ = try Theme(name: name, entries: entries)
    #expect(Set(entries.keys) == Set(try self.entries("terminal").keys))
    #expect(Set(entries.keys).isSuperset(of: StyleRole.generic.map(\.rawValue)))
  }

  @Test func builtInsMatchTheirFiles() throws {
    for theme in [Theme.terminal, .monochrome] {
      let file = try Theme(name: theme.name, entries: entries(theme.name))
      for role in StyleRole.generic { #expect(file[role] == theme[role], "\(theme.name) \(role.rawValue)") }
    }
  }

  @Test func monochromeHasNoColour() throws {
    let theme = try Theme(name: "monochrome", entries: entries("monochrome"))
    for name in try entries("monochrome").keys {
      let style = theme[StyleRole(rawValue: name)]
      #expect(style.foreground == .default && style.background == .default)
    }
  }
}
