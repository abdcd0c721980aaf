import ArgumentParser
import DeepCriticCore

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a workspace: a folder with a database and a settings file.")

  @Argument(help: ArgumentHelp("The folder; it is made if it is not there.", valueName: "dir"))
  var folder: String

  func run() throws {
    try Workspace.create(at: folder).close()
    StandardError.write("\(folder) is a workspace now. Bring data in with 'deepcritic import -w \(folder) FILE'.")
  }
}
