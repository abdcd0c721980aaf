import ArgumentParser
import DeepCriticCore

extension Reference {
  /// The help of all commands.
  ///
  /// - Throws: for an example that its command would refuse.
  static func commands() throws -> [String] {
    try checkExamples()
    var lines = ["# Commands", "", "## deepcritic", ""] + block(DeepCritic.self)
    for group in DeepCritic.configuration.groupedSubcommands {
      lines += ["", "## \(group.name)"]
      for command in group.subcommands where command.configuration.shouldDisplay {
        for one in [command] + command.configuration.subcommands {
          lines += ["", "### " + HelpText(DeepCritic.helpMessage(for: one, columns: 80)).command, ""] + block(one)
        }
      }
    }
    return lines
  }

  private static func block(_ command: any ParsableCommand.Type) -> [String] {
    let text = HelpText.of(command, columns: 80)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return ["```text"] + lines.dropLast(while: \.isEmpty) + ["```"]
  }

  private static func checkExamples() throws {
    for (command, examples) in HelpText.examples {
      for example in examples {
        do { _ = try DeepCritic.parseAsRoot(words(example)) } catch {
          throw CommandError("the example '\(example)' of '\(command)': \(DeepCritic.message(for: error))")
        }
      }
    }
  }

  /// The words of a command line, with single quotes as in a shell.
  private static func words(_ line: String) -> [String] {
    line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, piece in
      index % 2 == 1 ? [String(piece)] : piece.split(separator: " ").map(String.init)
    }
  }
}

extension Array {
  fileprivate func dropLast(while isDropped: (Element) -> Bool) -> ArraySlice<Element> {
    self[..<(lastIndex { !isDropped($0) }.map { $0 + 1 } ?? startIndex)]
  }
}
