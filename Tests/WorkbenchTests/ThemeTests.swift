import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

@Suite struct ThemeTests {
  /// Every role that the screens use.
  static let roles: [StyleRole] = [
    .text, .dim, .title, .selection, .border, .hint, .hintKey, .error, .warning, .good, .accent, .tabActive,
    .tabInactive, .barFull, .barEmpty, .popup, .input, .problem, .stepNumber, .stepSelected, .stepSelectedText,
    .stepText, .verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictNone, .flagged, .disagreement,
    .mode, .answer,
  ]

  @Test(arguments: ["terminal", "dark", "light", "high-contrast", "colour-blind", "monochrome"])
  func builtInThemesAreTheFiles(name: String) throws {
    let built = try ThemeFiles.load(name, folders: [])
    let file = try ThemeFiles.load(packageRoot.appendingPathComponent("Themes/\(name).toml").path, folders: [])
    #expect(built.styles == file.styles)
    for role in Self.roles { #expect(built.styles[role] != nil, "\(name) lacks \(role.rawValue)") }
    // The verdicts can be told apart from plain text without their colour only by their glyphs, which they have.
    #expect(built[.verdictIncorrect] != built[.verdictCorrect])
  }

  @Test func mistakesNameTheFileAndTheRole() throws {
    let folder = try TemporaryFolder()
    for (text, word) in [
      ("[styles]\ntext = \"purplish\"", "purplish"), ("[colors]", "[styles]"), ("[styles]\ntext = 3", "text"),
      ("[styles", "TOML"),
    ] {
      try text.write(toFile: folder.path + "/mine.toml", atomically: true, encoding: .utf8)
      #expect { try ThemeFiles.load("mine", folders: [folder.path]) } throws: {
        "\($0)".contains(word) && "\($0)".contains("mine.toml")
      }
    }
    #expect { try ThemeFiles.load("none", folders: []) } throws: { "\($0)".contains("high-contrast") }
  }
}
