import Foundation
import Processes

/// Short Python programs that are run to their end.
enum PythonProgram {
  /// The interpreter: `DEEPCRITIC_PYTHON` in the environment, else `python3`.
  static var interpreter: String {
    let named = ProcessInfo.processInfo.environment["DEEPCRITIC_PYTHON"] ?? ""
    return named.isEmpty ? "python3" : named
  }

  /// Runs a program; it is killed when its task is cancelled.
  ///
  /// - Parameter problem: the error for a reason why it did not do its work, given the interpreter and words that follow a colon.
  /// - Returns: what it printed.
  static func run(
    _ source: String, _ arguments: [String], problem: (_ python: String, _ reason: String) -> any Error
  ) async throws -> String {
    let python = interpreter
    let done = await ToolRun.run([python, "-c", source] + arguments)
    try Task.checkCancellation()
    guard done.code == 0 else { throw problem(python, done.lastLine) }
    return done.output
  }
}
