import Foundation
import Secrets

/// A short Python program that is run to its end.
struct PythonProgram {
  /// Why it did not do its work, in words that follow a colon.
  struct Failure: Error {
    var reason: String
  }

  /// The interpreter: `DEEPCRITIC_PYTHON` in the environment, else `python3`.
  static var interpreter: String {
    let named = ProcessInfo.processInfo.environment["DEEPCRITIC_PYTHON"] ?? ""
    return named.isEmpty ? "python3" : named
  }

  var source: String
  var python = Self.interpreter

  /// Runs it with arguments.
  ///
  /// - Returns: what it printed.
  /// - Throws: ``Failure`` with the last line of its complaint.
  func run(_ arguments: [String]) throws(Failure) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.environment = ChildEnvironment.inherited()
    process.arguments = [python, "-c", source] + arguments
    let output = Pipe()
    let complaint = Pipe()
    process.standardOutput = output
    process.standardError = complaint
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { throw Failure(reason: "it cannot be run") }
    // The complaint is short, so that nothing waits on a full pipe while the output is read.
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let words = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(reason: words.split(separator: "\n").last.map(String.init) ?? "it gave no reason")
    }
    return printed
  }
}
