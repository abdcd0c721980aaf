import Dispatch
import Foundation
import Synchronization

/// A short program that is run to its end, for what it prints.
struct ToolRun: Sendable {
  /// Its exit code; 127 when it could not be run, 124 when it took too long.
  var code: Int32
  /// What it printed.
  var output: String
  /// What it complained about.
  var complaint: String

  /// The last line of the complaint, or of the output.
  var lastWords: String {
    let lines = (complaint.isEmpty ? output : complaint).split(separator: "\n")
    return lines.last.map { String($0.prefix(500)) } ?? "it gave no reason"
  }

  /// Runs a command without a shell.
  ///
  /// - Parameter timeLimit: seconds after which it is ended.
  static func run(
    _ command: [String], environment: [String: String] = [:], folder: String? = nil, timeLimit: Double
  ) -> ToolRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let (output, complaint) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = complaint
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { return ToolRun(code: 127, output: "", complaint: "it cannot be run: \(error)") }
    let isLate = Mutex(false)
    let pid = process.processIdentifier
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + timeLimit)
    timer.setEventHandler {
      isLate.withLock { $0 = true }
      kill(pid, SIGKILL)
    }
    timer.resume()
    let errors = Mutex(Data())
    let read = DispatchGroup()
    let handle = complaint.fileHandleForReading
    DispatchQueue.global().async(group: read) {
      let data = handle.readDataToEndOfFile()
      errors.withLock { $0 = data }
    }
    let words = output.fileHandleForReading.readDataToEndOfFile()
    read.wait()
    process.waitUntilExit()
    timer.cancel()
    if isLate.withLock({ $0 }) {
      return ToolRun(code: 124, output: "", complaint: "it did not end within \(Int(timeLimit)) seconds")
    }
    return ToolRun(
      code: process.terminationStatus, output: String(decoding: words, as: UTF8.self),
      complaint: String(decoding: errors.withLock { $0 }, as: UTF8.self))
  }
}
