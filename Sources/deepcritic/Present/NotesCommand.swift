import ArgumentParser
import DeepCriticCore
import Foundation
import Workbench

/// `deepcritic stage notes`.
struct NotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notes",
    abstract: "Show the speaker's notes in a second terminal.",
    discussion: """
      They follow the talk that this user gives with 'deepcritic stage' on this machine: the item's notes, the time, the \
      next item, and what the audience voted.
      """)

  @Argument(
    help: ArgumentHelp("The talk (else the latest one that is running).", valueName: "talk.toml"),
    completion: .file(extensions: ["toml"]))
  var talk: String?
  @Flag(help: "Plain text to standard output in place of a screen: whatever changes, until the talk ends.")
  var linear = false
  @OptionGroup var look: LookOptions
  @ParentCommand var root: DeepCritic

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let notes = SpeakerNotes(of: talk, environment: environment) else {
      throw CommandError("there is no folder in which a talk could leave its state. Set HOME or XDG_STATE_HOME.")
    }
    guard linear || root.linear else {
      MainActor.preconditionIsolated()
      let settings = try WorkspaceSettings(workspace: nil, user: WorkspaceSettings.userPath)
      return try notes.show(options: look.or(root).options(settings: settings))
    }
    let interruption = Interruption()
    if try !notes.tell(check: interruption.check, write: StandardOutput.write(lines:)) { throw ExitStatus.failed }
  }
}
