import ArgumentParser
import DeepCriticCore
import Foundation
import Recording
import Terminal
import Workbench

struct StageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage",
    abstract: "Give a talk: demonstrations, live rounds and recordings, one after the other.",
    discussion: """
      A talk is a TOML file; docs/how-to/presenting.md has a whole one. Everything that it names is read before the first item \
      is shown. ] and [ go to the next item and the one before, L lists all of them. 'deepcritic stage notes' shows the \
      speaker's notes in a second terminal.
      """,
    subcommands: [Play.self, NotesCommand.self], defaultSubcommand: Play.self)

  struct Play: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "play", abstract: "Give a talk.")

    @Argument(help: ArgumentHelp("The talk.", valueName: "talk.toml"), completion: .file(extensions: ["toml"]))
    var talk: String
    @Flag(help: "Only check the talk: read everything that it names and report every mistake.")
    var check = false
    @Flag(help: "Plain text to standard output in place of a screen: every item in sentences.")
    var linear = false
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var look: LookOptions
    @OptionGroup var filming: ScreenRecordingOptions
    @ParentCommand var root: DeepCritic

    func validate() throws {
      try filming.needScreen(without: linear ? "linear" : check ? "check" : nil)
      try root.refuseSpeed()
    }

    func run() async throws {
      let file = try TalkFile(path: talk)
      try await Presenting.withFolder { folder in
        let workspace = try workspace(of: file, folder)
        defer { try? workspace.close() }
        let talk = try read(file, workspace, folder)
        if check {
          Self.warnings(talk).forEach { StandardError.write("Warning: \($0)") }
          return StandardError.write("\(self.talk): \(Self.summary(talk))")
        }
        let look = look.or(root)
        if linear || root.linear { return try Presenting.tell(workspace, look, .talk(talk), .audit) }
        try await Presenting.run(workspace, look, filming.or(root), .talk(talk), .audit, title: talk.title)
      }
    }

    /// The one that is named with -w, else by the talk, else by the environment or the current folder; else the prepared
    /// demonstrations.
    private func workspace(of file: TalkFile, _ folder: String) throws -> Workspace {
      let option = workspace.or(root)
      if option.workspace == nil, let named = file.workspace {
        _ = try? option.path()
        return try Workspace(at: named)
      }
      if option.named != nil || Workspace.exists(at: ".") { return try option.open() }
      return try PreparedDemonstrations.workspace(in: folder, programVersion: Version.number)
    }

    private func read(_ file: TalkFile, _ workspace: Workspace, _ folder: String) throws -> Talk {
      var imported: [String: Workspace] = [:]
      defer { for workspace in imported.values { try? workspace.close() } }
      let sources = TalkFile.Sources(
        workspace: workspace, environment: ProcessInfo.processInfo.environment,
        importing: { path in
          if let known = imported[path] { return known }
          let made = try Presenting.workspace(of: path, in: folder)
          imported[path] = made
          return made
        },
        film: { path in
          guard try SharedFilm.isLog(path) else { return try SharedFilm(cast: path).film }
          return try SharedFilm(log: path, on: workspace, root.reviewing, look: look.or(root)).film
        })
      do { return try file.talk(from: sources) } catch let error as TalkError {
        for mistake in error.mistakes { StandardError.report(mistake) }
        throw ExitStatus.failed
      }
    }

    /// What has no room on this terminal.
    private static func warnings(_ talk: Talk) -> [String] {
      let size = Screen.size(STDERR_FILENO)
      let (width, height) = size ?? (80, 24)
      return talk.items.enumerated().compactMap { index, item in
        guard let needed = item.terminalSize, needed.width > width || needed.height > height else { return nil }
        return "item \(index + 1), \(TextSafety.line(item.title)): the recording needs a terminal of "
          + "\(needed.width)×\(needed.height)" + (size == nil ? "." : "; this one has \(width)×\(height).")
      }
    }

    /// "3 items, 12 min planned."
    private static func summary(_ talk: Talk) -> String {
      let planned = talk.minutes.map { ", \(Figures.roughDuration($0 * 60)) planned" } ?? ""
      return "\(Figures.count(talk.items.count, "item"))\(planned). Nothing is missing."
    }
  }
}
