import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create a workspace: a directory with a database and settings.")

  @Argument(help: ArgumentHelp("The directory; created if missing.", valueName: "dir"))
  var folder: String

  func run() throws {
    // Existing settings came from elsewhere.
    let hadSettings = FileManager.default.fileExists(atPath: folder + "/" + Workspace.settingsName)
    try Workspace.create(at: folder).close()
    // Without a state folder the user is asked later.
    if !hadSettings { try? WorkspaceTrust.rememberMade(folder) }
    StandardError.write(
      "\(TextSafety.line(folder)) is now a workspace. Import data with 'deepcritic import -w "
        + "\(ShellWords.quoted(folder)) FILE'.")
  }
}
