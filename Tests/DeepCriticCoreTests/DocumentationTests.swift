import Foundation
import Testing

/// What the pages of `DeepCriticCore.docc` show is what ``ExampleTests`` runs.
@Suite struct DocumentationTests {
  @Test func everyExampleIsRun() throws {
    let tests =
      try "\n" + Documentation.lines(of: "Tests/DeepCriticCoreTests/ExampleTests.swift").joined(separator: "\n")
    for page in try Documentation.pages() {
      for example in page.examples {
        #expect(tests.contains("\n" + example + "\n"), "\(page.name): ExampleTests.swift does not have\n\(example)")
      }
    }
  }

  @Test func everyModuleHasAPageWithAnExample() throws {
    let source = try Documentation.lines(of: "Sources/DeepCriticCore/DeepCriticCore.swift")
    // Helpers that the other modules are written with have no pages of their own.
    let modules = Set(
      source.filter { $0.hasPrefix("@_exported") }.compactMap { $0.split(separator: " ").last.map(String.init) }
    )
    .subtracting(["Formatting", "JSON", "Secrets"])
    let pages = try Documentation.pages()
    #expect(modules.isSubset(of: pages.filter { !$0.examples.isEmpty }.map(\.name)))
  }
}

/// The pages in the catalog.
enum Documentation {
  struct Page {
    /// The file's name without its extension: the module that it is about.
    var name: String
    /// Blocks of Swift, without indentation.
    var examples: [String] = []
  }

  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// A file of the package, line by line, without indentation.
  static func lines(of path: String) throws -> [String] {
    try String(contentsOfFile: package + "/" + path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  static func pages() throws -> [Page] {
    let catalog = "Sources/DeepCriticCore/DeepCriticCore.docc"
    let files = try FileManager.default.contentsOfDirectory(atPath: package + "/" + catalog).filter {
      $0.hasSuffix(".md")
    }
    return try files.sorted().map { file in
      var page = Page(name: String(file.dropLast(3)))
      var block: [String]?
      for line in try lines(of: catalog + "/" + file) {
        switch (line, block) {
        case ("```swift", nil): block = []
        case ("```", let example?):
          page.examples.append(example.joined(separator: "\n"))
          block = nil
        default: block?.append(line)
        }
      }
      return page
    }
  }
}
