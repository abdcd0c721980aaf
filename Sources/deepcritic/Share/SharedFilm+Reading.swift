import DeepCriticCore
import Foundation
import Recording
import Terminal
import Workbench

extension SharedFilm {
  /// Whether a file is a log of what was typed; its first line says so.
  static func isLog(_ path: String) throws -> Bool {
    let line = String(decoding: try PlainFile.read(path).prefix(4096), as: UTF8.self).prefix { $0 != "\n" }
    return line.contains("\"deepcriticSession\"")
  }

  /// Reads a cast.
  init(cast path: String, title: String? = nil) throws {
    let cast = try Cast(path: path)
    self.init(
      film: cast.film, palette: cast.header.palette, title: title ?? cast.header.title ?? "deepcritic",
      timestamp: cast.header.timestamp, terminal: cast.header.terminal)
  }

  /// Plays a log on a copy of the workspace, which is thrown away.
  init(
    log path: String, on opened: Workspace, _ reviewing: ReviewerOptions, look: LookOptions, size wanted: Size? = nil,
    title: String? = nil
  ) throws {
    let replay = try SessionReplay(path: path)
    // The folder's name is on the screen.
    let name = URL(fileURLWithPath: opened.path).standardizedFileURL.lastPathComponent
    let folder = try PrivateFolder()
    defer { folder.remove() }
    let copy = try opened.copy(to: folder.path + "/" + name)
    let settings = try copy.settings()
    let session = Session(workspace: copy, settings: settings, reviewer: reviewing.reviewer ?? replay.reviewer)
    session.mode = reviewing.mode ?? replay.mode
    let folders = ThemeFiles.folders(environment: ProcessInfo.processInfo.environment, program: Program.path)
    let colors =
      look.noColor
      ? ThemeFiles.builtIn("monochrome") : try ThemeFiles.load(look.theme ?? settings.theme, folders: folders)
    let navigator = try Navigator(
      session: session, keyMap: settings.keyMap(), size: wanted ?? replay.size,
      glyphs: look.ascii ? .ascii : .unicode)
    defer { navigator.release() }
    Workbench.offerThemes(navigator, folders)
    self.init(
      film: replay.film(on: navigator, theme: colors, size: wanted), palette: Palette(theme: colors),
      title: title ?? "deepcritic: \(session.title)", timestamp: replay.startedAt)
  }
}
