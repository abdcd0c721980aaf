import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// `deepcritic`: the workbench, and the root of all subcommands.
struct DeepCritic: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepcritic",
    abstract: "Audit step-by-step solutions and the critiques of them.",
    discussion: """
      Without a subcommand the workbench opens on the workspace. The workspace is the folder named with -w, else the \
      one in DEEPCRITIC_WORKSPACE, else the current folder.

      Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done except for records that could not be read or written, \
      130 interrupted. Data goes to standard output, everything else to standard error.
      """,
    version: Version.number,
    groupedSubcommands: [
      CommandGroup(name: "Data", subcommands: [Init.self, Import.self, Export.self]),
      CommandGroup(name: "Looking", subcommands: [List.self, Show.self, Render.self, Stats.self]),
      CommandGroup(name: "Critiques", subcommands: [Generate.self, Prompts.self]),
      CommandGroup(name: "Labels", subcommands: [Label.self, Grade.self]),
      CommandGroup(
        name: "Training sets", subcommands: [Curate.self, Explain.self, Exclude.self, Include.self, Lineage.self]),
      CommandGroup(name: "Training", subcommands: [Train.self, Runs.self, Engines.self]),
      CommandGroup(name: "The program", subcommands: [Doctor.self, Keys.self, Themes.self]),
    ])

  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions

  @Flag(help: "Plain lines instead of a screen: for screen readers, dumb terminals and scripts.")
  var linear = false
  @Option(help: ArgumentHelp("Colours: a name that 'deepcritic themes' lists, or a file's path.", valueName: "name"))
  var theme: String?
  @Flag(help: "Draw with ASCII signs only.")
  var ascii = false
  @Flag(help: "No colours (also: NO_COLOR in the environment).")
  var noColor = false

  func run() throws {
    let opened = try workspace.open()
    let settings = try opened.settings()
    let session = Session(
      workspace: opened, settings: settings, reviewer: reviewing.name(settings: settings))
    session.mode = reviewing.mode(settings: settings)
    session.statePath = LayoutChoice.defaultPath(environment: ProcessInfo.processInfo.environment)
    do {
      if linear { try runLinear(session) } else { try runScreen(session, settings) }
    } catch let problem as KeyMap.Problem {
      throw settings.failure(for: problem)
    }
  }

  private func runScreen(_ session: Session, _ settings: WorkspaceSettings) throws {
    let environment = ProcessInfo.processInfo.environment
    let theme = try ThemeFiles.load(
      theme ?? settings.theme, folders: ThemeFiles.folders(environment: environment, program: Program.path))
    try Workbench.run(
      session: session,
      options: Workbench.Options(
        screen: TerminalScreen.Options(color: noColor ? .never : .auto, asciiOnly: ascii), theme: theme))
  }

  private func runLinear(_ session: Session) throws {
    let output = StandardOutput()
    let input = isatty(STDIN_FILENO) == 1
    var failure: (any Error)?
    let frontEnd = try LinearFrontEnd(
      session: session, prompts: input, unicode: !ascii && TerminalChecks.localeIsUTF8
    ) { line in
      do { try output.writeLine(line) } catch { failure = failure ?? error }
    }
    frontEnd.run { prompt in
      do {
        try output.write(prompt.utf8)
        try output.flush()
      } catch { failure = failure ?? error }
      // Nobody hears the answers any more: taking further decisions would be blind.
      return failure == nil ? readLine() : nil
    }
    try output.flush()
    if let failure { throw failure }
  }
}
