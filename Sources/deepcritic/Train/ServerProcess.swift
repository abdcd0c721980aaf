import DeepCriticCore
import Foundation
import Processes

/// A server that runs as long as the command does.
enum ServerProcess {
  private enum Event: Sendable {
    case ended(code: Int32), stopAsked, answers
  }

  /// Runs it until it ends or Ctrl-C; says when it answers.
  static func run(_ serving: Serving, json: Bool) async throws {
    let requests = StopRequests()
    let signals = requests.signals()
    defer { withExtendedLifetime(requests) {} }
    try await withThrowingTaskGroup(of: Event.self) { group in
      group.addTask {
        do {
          // A server that takes its time to end has nothing to lose.
          return .ended(
            code: try await ToolRun.runInForeground(
              serving.command, environment: serving.environment, grace: .seconds(5)))
        } catch {
          throw CommandError("the server cannot be started: \(serving.command[0]) does not run.")
        }
      }
      group.addTask {
        for await _ in signals { break }
        return .stopAsked
      }
      group.addTask {
        while (try? await HealthCheck.isAnswered(serving.health)) != true {
          try await Task.sleep(for: .milliseconds(500))
        }
        return .answers
      }
      while let event = try await group.next() {
        switch event {
        case .answers:
          if json {
            try JSONOutput.write(serving)
          } else {
            try StandardOutput.write(lines: ["\(serving.endpoint)  model \(serving.model)"])
            StandardError.write("It answers. Ctrl-C ends it.")
          }
        case .stopAsked:
          group.cancelAll()
          return
        case .ended(let code):
          throw CommandError("the server exited (code \(code)); see its output above.")
        }
      }
    }
  }
}
