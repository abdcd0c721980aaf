import ArgumentParser
import DeepCriticCore
import Foundation
import Recording
import Terminal
import Workbench

extension CastVersion: ExpressibleByArgument {
  /// What `--cast-version` is without being said: every asciinema plays it.
  static let usual = CastVersion.two
}

/// Options of every command with a screen that can be recorded.
struct ScreenRecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record what the screen shows to a new file, as an asciicast that asciinema plays and 'deepcritic share' reads.",
      valueName: "file.cast"),
    completion: .file(extensions: ["cast"]))
  var recordScreen: String?
  @Option(
    help: ArgumentHelp(
      "Version of casts: 2, which every player knows, or 3, which only asciinema from 3.0 on plays (2 unless said).",
      valueName: "version"))
  var castVersion: CastVersion?

  func validate() throws {
    if let recordScreen, !recordScreen.hasSuffix(".cast") {
      throw ValidationError(
        "--record-screen names a file that ends in .cast; 'deepcritic share' makes other kinds of it.")
    }
  }

  /// - Parameter option: the option that leaves the screen out, if one was given.
  func needScreen(without option: String?) throws {
    guard let option, recordScreen != nil else { return }
    throw ValidationError("--record-screen needs the screen: leave --\(option) out.")
  }

  func or(_ root: DeepCritic) -> ScreenRecordingOptions {
    var merged = self
    merged.recordScreen = recordScreen ?? root.filming.recordScreen
    merged.castVersion = castVersion ?? root.filming.castVersion
    return merged
  }

  /// Begins the recording once size and colours of the screen are known; nil when none is wanted.
  func recorder(
    title: String, command: String, hasColors: Bool = true
  ) -> ((Size, Theme) throws -> ScreenRecorder)? {
    guard let recordScreen else { return nil }
    let version = castVersion ?? .usual
    return { size, theme in
      let environment = ProcessInfo.processInfo.environment
      return try ScreenRecorder(
        path: recordScreen,
        header: CastHeader(
          version: version, size: size, timestamp: Int(Date().timeIntervalSince1970), title: TextSafety.line(title),
          command: command, terminal: TextSafety.line(environment["TERM"] ?? "xterm-256color"),
          palette: Palette(theme: hasColors ? theme : .monochrome)))
    }
  }
}
