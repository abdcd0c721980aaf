import DeepCriticCore
import Foundation

/// A server that runs as long as the command does.
enum ServerProcess {
  /// Runs it until it ends or Ctrl-C; says when it answers.
  static func run(_ serving: Serving, json: Bool) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = serving.command
    process.environment = ProcessInfo.processInfo.environment.merging(serving.environment) { _, own in own }
    process.standardInput = FileHandle.nullDevice
    // Standard output is for the answer of this command.
    process.standardOutput = FileHandle.standardError
    let requests = StopRequests()
    do { try process.run() } catch {
      throw Failure(
        "the server cannot be started: \(serving.command[0]) does "
          + "not run.")
    }
    var isUp = false
    var ticks = 0
    while process.isRunning {
      usleep(100_000)
      ticks += 1
      if requests.urgency > .none {
        // A server that takes its time to end has nothing to lose.
        process.terminate()
        for _ in 0..<50 where process.isRunning { usleep(100_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return
      }
      if !isUp, ticks % 5 == 0, answers(serving.health) {
        isUp = true
        if json {
          try JSONOutput.write(serving)
        } else {
          try StandardOutput.write(lines: ["\(serving.endpoint)  model \(serving.model)"])
          Talk.say("It answers. Ctrl-C ends it.")
        }
      }
    }
    process.waitUntilExit()
    throw Failure("the server has ended by itself (code \(process.terminationStatus)); its words stand above.")
  }

  private static func answers(_ address: String) -> Bool {
    (try? Background { try await HealthCheck.isAnswered(address) }.value()) ?? false
  }
}
