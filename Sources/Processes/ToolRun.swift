import Foundation
import Secrets
import Subprocess

/// A short program that is run to its end, for what it prints.
///
/// ```swift
/// let version = await ToolRun.run(["git", "--version"], timeLimit: .seconds(5)).output
/// ```
public struct ToolRun: Sendable {
  /// Its exit code; 127 when it could not be run, 124 when it took too long, 128 and more when a signal ended it.
  public var code: Int32
  /// What it printed to standard output.
  public var output: String
  /// What it printed to standard error.
  public var errorOutput: String

  /// The last line of standard error, or of the output.
  public var lastLine: String {
    let lines = (errorOutput.isEmpty ? output : errorOutput).split(separator: "\n")
    return lines.last.map { String($0.prefix(500)) } ?? "it gave no reason"
  }

  /// Bytes of each stream at most: these programs print a few lines, and none may fill the memory.
  private static let limit = 64 << 20

  /// Runs a command without a shell. A program that is not done in time is killed, and so is one whose task is cancelled.
  ///
  /// - Parameters:
  ///   - command: the program, as a path or as a name in `PATH`, and its arguments.
  ///   - environment: variables besides those of this process, whose keys it does not get.
  ///   - secrets: names of variables with keys that it gets all the same.
  ///   - folder: where it runs; `nil` for here.
  ///   - timeLimit: how long it may take; `nil` for as long as it wants.
  public static func run(
    _ command: [String], environment: [String: String] = [:], secrets: Set<String> = [], folder: String? = nil,
    timeLimit: Duration? = nil
  ) async -> ToolRun {
    await withTaskGroup(of: ToolRun?.self) { group in
      group.addTask {
        await finished(Configuration(command, environment: environment, secrets: secrets, folder: folder))
      }
      if let timeLimit {
        group.addTask {
          try? await Task.sleep(for: timeLimit)
          return nil
        }
      }
      let first = await group.next().flatMap(\.self)
      group.cancelAll()
      let seconds = timeLimit?.components.seconds ?? 0
      return first ?? ToolRun(code: 124, output: "", errorOutput: "it did not end within \(seconds) seconds")
    }
  }

  /// Runs a command whose words are for a person: they go to standard error as they come.
  ///
  /// - Parameters:
  ///   - environment: variables besides those of this process, whose keys it does not get.
  ///   - secrets: names of variables with keys that it gets all the same.
  ///   - grace: with it the command gets a process group of its own, which Ctrl-C does not reach. When its task is
  ///   cancelled, the whole group is asked to end, and killed when it has not after that time.
  /// - Returns: its exit code.
  /// - Throws: `SubprocessError` when it cannot be run.
  public static func runInForeground(
    _ command: [String], environment: [String: String] = [:], secrets: Set<String> = [], grace: Duration? = nil
  ) async throws -> Int32 {
    var configuration = Configuration(command, environment: environment, secrets: secrets)
    if let grace {
      configuration.platformOptions.processGroupID = 0
      configuration.platformOptions.teardownSequence = [
        .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)
      ]
    }
    return try await Subprocess.run(configuration, output: .currentStandardError, error: .currentStandardError)
      .terminationStatus.code
  }

  private static func finished(_ configuration: Configuration) async -> ToolRun {
    do {
      let done = try await Subprocess.run(configuration, output: .bytes(limit: limit), error: .bytes(limit: limit))
      return ToolRun(
        code: done.terminationStatus.code, output: text(done.standardOutput), errorOutput: text(done.standardError))
    } catch {
      return ToolRun(code: 127, output: "", errorOutput: "it cannot be run: \(error)")
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { Secrets.redacted(String(decoding: bytes, as: UTF8.self)) }
}

extension Configuration {
  /// A command: a program, as a path or as a name in `PATH`, and its arguments. No shell reads it.
  ///
  /// - Parameters:
  ///   - environment: variables besides those of this process, whose keys it does not get.
  ///   - folder: where it runs; `nil` for here.
  init(
    _ command: [String], environment: [String: String] = [:], secrets: Set<String> = [], folder: String? = nil
  ) {
    let program = command.first ?? ""
    self.init(
      executable: program.contains("/") ? .path(.init(program)) : .name(program),
      arguments: .init(Array(command.dropFirst())),
      environment: .custom(
        Dictionary(
          uniqueKeysWithValues: ChildEnvironment.inherited(needed: secrets).merging(environment) { $1 }
            .map { (.init(stringLiteral: $0.key), $0.value) })),
      workingDirectory: folder.map { .init($0) })
  }
}

extension TerminationStatus {
  /// The exit code; of a program that a signal ended 128 and the signal's number, as shells report it.
  var code: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
