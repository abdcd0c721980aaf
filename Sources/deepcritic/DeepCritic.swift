import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// `deepcritic`: the workbench, and the root of all subcommands.
struct DeepCritic: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepcritic",
    abstract: "Review step-by-step solutions, and build critics that find their errors.",
    discussion: """
      Without a subcommand, opens the workbench on the workspace: -w, else DEEPCRITIC_WORKSPACE, else the current \
      directory.

      Exit codes: 0 success, 1 failure, 2 wrong usage, 3 some records could not be read or written, 130 interrupted. \
      Data goes to standard output, messages to standard error.
      """,
    version: Version.details,
    groupedSubcommands: [
      CommandGroup(
        name: "Data",
        subcommands: [Init.self, Sample.self, Import.self, Export.self, List.self, Show.self, Render.self]),
      CommandGroup(
        name: "Review",
        subcommands: [
          Queues.self, VerdictCommand.self, FlagCommand.self, CommentCommand.self, TagCommand.self, Undo.self,
          Stats.self, Agreement.self, Adjudicate.self,
        ]),
      CommandGroup(name: "Generate", subcommands: [Generate.self, CritiqueCommand.self, Prompts.self]),
      CommandGroup(name: "Label", subcommands: [Label.self, Grade.self]),
      CommandGroup(
        name: "Curate",
        subcommands: [Curate.self, Explain.self, Exclude.self, Include.self, Sets.self, Lineage.self]),
      CommandGroup(name: "Train", subcommands: [Train.self, Runs.self, Engines.self]),
      CommandGroup(name: "Evaluate", subcommands: [Evaluate.self, Compare.self, LeaderboardCommand.self, Guide.self]),
      CommandGroup(name: "Present", subcommands: [DemoCommand.self, LiveCommand.self, StageCommand.self, Share.self]),
      CommandGroup(name: "Set up", subcommands: [Doctor.self, Trust.self, Keys.self, Themes.self, Reference.self]),
    ])

  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions

  @Flag(help: "Plain text instead of a screen: for screen readers, dumb terminals and scripts.")
  var linear = false
  @OptionGroup var look: LookOptions

  @Option(help: ArgumentHelp("Open a saved queue (see 'deepcritic queues').", valueName: "name"))
  var queue: String?
  @Option(
    help: ArgumentHelp("Record all input to a new file, as evidence or for replay.", valueName: "file"),
    completion: .file())
  var record: String?
  @Option(
    help: ArgumentHelp(
      "Replay a recorded session; any key takes over. Decisions are recorded again.", valueName: "file"),
    completion: .file())
  var replay: String?
  @Option(help: ArgumentHelp("Replay speed factor; 0 skips pauses.", valueName: "factor"))
  var speed = 1.0
  @OptionGroup var filming: ScreenRecordingOptions
  @Flag(help: "With --replay: print the last screen as text and exit.")
  var frame = false

  func validate() throws {
    if frame, replay == nil { throw ValidationError("--frame needs --replay.") }
    if speed != 0 { try OptionCheck.range(speed, 0.001...1000, "--speed") }
    try filming.needScreen(without: linear ? "linear" : frame ? "frame" : nil)
    if linear, record != nil || replay != nil || frame {
      throw ValidationError("--record and --replay are for the screen; with --linear the input is the log.")
    }
  }

  func run() throws {
    let opened = try workspace.open()
    let settings = try opened.settings()
    let session = Session(
      workspace: opened, settings: settings, reviewer: reviewing.name(settings: settings))
    session.mode = reviewing.mode(settings: settings)
    session.isModeChosen = reviewing.mode != nil
    session.statePath = LayoutChoice.defaultPath(environment: ProcessInfo.processInfo.environment)
    session.programVersion = Version.number
    let played = try replay.map { path in
      var replay = try SessionReplay(path: path)
      replay.speed = speed
      return replay
    }
    if let played { session.mode = reviewing.mode ?? played.mode }
    do {
      if frame, let played {
        try printFrame(session, played)
      } else if linear {
        try runLinear(session)
      } else {
        try runScreen(session, settings, played)
      }
    } catch let problem as KeyMapError {
      throw settings.failure(for: problem)
    }
  }

  private func runScreen(_ session: Session, _ settings: WorkspaceSettings, _ replay: SessionReplay?) throws {
    // ncurses needs the main thread, so this command is not asynchronous.
    MainActor.preconditionIsolated()
    var options = try look.options(settings: settings)
    options.queue = queue
    options.record = record.map { ($0, "deepcritic \(Version.number)") }
    options.replay = replay
    options.recordScreen = filming.recorder(
      title: "deepcritic: \(session.title)", command: "deepcritic", hasColors: !look.noColor)
    try Workbench.run(session: session, options: options)
  }

  /// Plays a session without a screen and prints how it ends.
  private func printFrame(_ session: Session, _ replay: SessionReplay) throws {
    let navigator = try Navigator(
      session: session, keyMap: KeyMap(overrides: session.settings.keys), size: replay.size,
      glyphs: look.isUnicode ? .unicode : .ascii)
    if let queue { try navigator.openQueue(queue) }
    replay.play(on: navigator)
    let frame = navigator.drawSettled()
    navigator.release()
    try StandardOutput.write(
      lines: frame.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }

  private func runLinear(_ session: Session) throws {
    let output = LinearOutput()
    let frontEnd = try LinearFrontEnd(
      session: session, prompts: isatty(STDIN_FILENO) == 1, unicode: look.isUnicode, queue: queue,
      write: output.writeLine)
    frontEnd.run { prompt in
      output.prompt(prompt)
      // Nobody hears the answers any more: taking further decisions would be blind.
      return output.failure == nil ? readLine() : nil
    }
    try output.end()
  }
}
