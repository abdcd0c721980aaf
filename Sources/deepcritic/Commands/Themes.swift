import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct Themes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List themes, and the directory for your own.")

  @Flag(help: "Write JSON.")
  var json = false

  func run() throws {
    let folders = ThemeFiles.folders(environment: ProcessInfo.processInfo.environment, program: Program.path)
    let themes = ThemeFiles.names(in: folders).map { name in
      do {
        _ = try ThemeFiles.load(name, folders: folders)
        return Entry(name: name)
      } catch {
        return Entry(name: name, problem: Program.sentence(of: error))
      }
    }
    if json { return try JSONOutput.write(themes) }
    try StandardOutput.write(
      lines: themes.map { TextSafety.line($0.name + ($0.problem.map { "  (cannot be used: \($0))" } ?? "")) })
    if let own = folders.first { StandardError.write("Put your own themes in \(own)/NAME.toml.") }
  }

  private struct Entry: Encodable {
    var name: String
    var problem: String?
  }
}
