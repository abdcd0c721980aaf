import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

/// The process: from its arguments to its exit code.
@main
enum Program {
  /// On the main thread: a command that opens a screen is run there, since the terminal's library wants it. Such a command
  /// is not asynchronous, or goes to the main actor for it; all others may go where they like.
  @MainActor
  static func main() async {
    StandardStreams.secure()
    _ = TerminalChecks.localeIsUTF8
    do {
      var command = try DeepCritic.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      exit(finish(error))
    }
  }

  /// Says what ended the command.
  ///
  /// - Returns: the exit code.
  private static func finish(_ error: any Error) -> Int32 {
    let code = DeepCritic.exitCode(for: error)
    if code == .success {
      let text = DeepCritic.fullMessage(for: error)
      let lines = [text.contains("\nUSAGE: ") || text.hasPrefix("USAGE: ") ? HelpText(text).shown() : text]
      do { try StandardOutput.write(lines: lines) } catch { return finish(error) }
      return 0
    }
    if let code = error as? ExitCode { return code.rawValue }
    // Who no longer reads wants no words: 'deepcritic list | head'.
    if error is ClosedPipeError { return 128 + SIGPIPE }
    if let interrupted = error as? InterruptedError {
      StandardError.write("Stopped. What was finished is kept; run the command again to complete it.")
      return interrupted.exitCode
    }
    if code == .validationFailure {
      // The parser adds usage and a pointer to the help below its message.
      let full = DeepCritic.fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: true)
      let pointer = full.last { $0.contains("--help") }.map { " " + $0.trimmingCharacters(in: .whitespaces) } ?? ""
      // A list of choices comes on lines of its own.
      let message = DeepCritic.message(for: error).trimmingCharacters(in: .whitespacesAndNewlines)
        .replacing(":\n  - ", with: ": ").replacing("\n  - ", with: ", ")
      StandardError.report(
        message.hasSuffix(".") || message.hasSuffix("?") ? message + pointer : message + "." + pointer)
      return ExitStatus.usage.rawValue
    }
    StandardError.report(sentence(of: error))
    return ExitStatus.failed.rawValue
  }

  /// One sentence about any error.
  static func sentence(of error: any Error) -> String {
    switch error {
    case let error as BadRecord: "\(error)" + (error.remedy.map { ". \($0)" } ?? "")
    // Its description is for debuggers.
    case let error as CocoaError: error.localizedDescription
    case let error as CustomStringConvertible: error.description
    default: error.localizedDescription
    }
  }

  /// The executable's own path, for what lies beside it.
  static var path: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }
}

/// The exit codes, for good: 0 is success, 130 ended by Ctrl-C; the parser's own 64 becomes ``usage``.
enum ExitStatus {
  static let failed = ExitCode(1)
  static let usage = ExitCode(2)
  /// Done, but some records could not be read or written.
  static let partly = ExitCode(3)
}

/// An error of the command line itself, as a sentence with its remedy.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
