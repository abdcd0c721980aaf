import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play a demonstration: a solution is read, a first critique misses its error, a second look finds it.",
    discussion: """
      Without anything configured it plays what is part of the program; with -w or a solution's name, that workspace's \
      critiques. Space pauses, the arrow keys step, + and - change the speed, n plays the next one. For projectors: \
      --theme high-contrast and large letters; 80 columns and 24 rows are enough.
      """)

  @Argument(
    help: ArgumentHelp(
      "A solution of the workspace: its number, name, or the beginning of its key.", valueName: "solution"))
  var id: String?
  @Flag(help: "Plain text to standard output in place of a screen: the whole story at once.")
  var linear = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var look: LookOptions
  @OptionGroup var filming: ScreenRecordingOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    try filming.needScreen(without: linear ? "linear" : nil)
  }

  func run() async throws {
    let named = workspace.or(root)
    guard id != nil || named.workspace != nil else {
      return try await Presenting.withTemporaryWorkspace { workspace in
        try await play(workspace, nil, title: "demonstration")
      }
    }
    let opened = try named.open()
    try await play(
      opened, id.map { try opened.solutionID(matching: $0) },
      mode: root.reviewing.mode(settings: opened.settings()))
  }

  private func play(
    _ workspace: Workspace, _ solution: Int64?, title: String? = nil, mode: ReviewMode = .audit
  ) async throws {
    if linear || root.linear {
      try Presenting.tell(workspace, look.or(root), .demo(solution), mode)
    } else {
      try await Presenting.run(workspace, look.or(root), filming.or(root), .demo(solution), mode, title: title)
    }
  }
}

/// What the commands for audiences share.
enum Presenting {
  /// Does something with the prepared demonstrations in a workspace that is removed afterwards.
  static func withTemporaryWorkspace(_ body: (Workspace) async throws -> Void) async throws {
    // Signals are the screen's: it gives the terminal back first.
    let folder = try PrivateFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let workspace = try PreparedDemonstrations.workspace(in: folder, programVersion: Version.number)
    defer { try? workspace.close() }
    try await body(workspace)
  }

  /// A session in a mode: audit shows everything.
  private static func session(_ workspace: Workspace, _ settings: WorkspaceSettings, _ mode: ReviewMode) -> Session {
    let session = Session(
      workspace: workspace, settings: settings,
      reviewer: Session.reviewerName(settings: settings, environment: ProcessInfo.processInfo.environment))
    session.mode = mode
    return session
  }

  /// Writes in sentences what the screen would begin with.
  static func tell(
    _ workspace: Workspace, _ look: LookOptions, _ opening: Workbench.Opening, _ mode: ReviewMode
  ) throws {
    let output = LinearOutput()
    let frontEnd = try LinearFrontEnd(
      session: session(workspace, workspace.settings(), mode), prompts: false, unicode: look.isUnicode,
      write: output.writeLine)
    try frontEnd.tell(opening)
    try output.end()
  }

  /// Opens the screen, which is the main thread's.
  @MainActor
  static func run(
    _ workspace: Workspace, _ look: LookOptions, _ filming: ScreenRecordingOptions, _ opening: Workbench.Opening,
    _ mode: ReviewMode, title: String? = nil
  ) throws {
    let settings = try workspace.settings()
    let session = session(workspace, settings, mode)
    session.statePath = LayoutChoice.defaultPath(environment: ProcessInfo.processInfo.environment)
    session.programVersion = Version.number
    var options = try look.options(settings: settings)
    options.opening = opening
    options.recordScreen = filming.recorder(
      title: "deepcritic: \(title ?? session.title)", command: "deepcritic", hasColors: !look.noColor)
    do { try Workbench.run(session: session, options: options) } catch let problem as KeyMapError {
      throw settings.failure(for: problem)
    }
  }
}
