import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// What the commands for audiences share.
enum Presenting {
  /// Does something with a folder that is removed afterwards.
  static func withFolder(_ body: (String) async throws -> Void) async throws {
    // Signals are the screen's: it gives the terminal back first.
    let folder = try PrivateFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  /// Does something with the prepared demonstrations in a workspace that is removed afterwards.
  static func withTemporaryWorkspace(_ body: (Workspace) async throws -> Void) async throws {
    try await withFolder { folder in
      let workspace = try PreparedDemonstrations.workspace(in: folder, programVersion: Version.number)
      defer { try? workspace.close() }
      try await body(workspace)
    }
  }

  /// A new workspace in a folder, with the solutions of a file.
  static func workspace(of file: String, in folder: String) throws -> Workspace {
    let workspace = try Workspace.create(at: "\(folder)/\(UUID().uuidString)")
    let summary = try workspace.importFile(
      file, programVersion: Version.number, onBad: { StandardError.report("\($0)") })
    guard summary.records > 0 else {
      throw CommandError("\(TextSafety.line(file)) holds no solution that can be read.")
    }
    return workspace
  }

  /// A session in a mode: audit shows everything.
  static func session(_ workspace: Workspace, _ settings: WorkspaceSettings, _ mode: ReviewMode) -> Session {
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

extension DeepCritic {
  /// Refuses the speed of replays, which nothing here takes.
  func refuseSpeed() throws {
    guard speed != 1 else { return }
    throw ValidationError("--speed is for --replay and 'share'. On the screen + and - change the speed.")
  }
}
