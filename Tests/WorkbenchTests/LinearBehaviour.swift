import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// The same actions in plain text.
@Suite struct LinearBehaviour {
  private func session(_ lines: [String], mode: ReviewMode = .audit) throws -> (output: [String], bench: Bench) {
    let bench = try Bench(mode: mode)
    var output: [String] = []
    var input = lines[...]
    let front = try LinearFrontEnd(session: bench.model.session, prompts: false, unicode: true) { output.append($0) }
    front.run { _ in input.popFirst() }
    return (output, bench)
  }

  @Test func aWholeReview() throws {
    let (output, bench) = try session([
      "open 1", "y", "verdict.correct", "y", "o", "c The percentage is a factor.", "a", "next-please", "u", "quit", "y",
    ])
    let text = output.joined(separator: "\n")
    #expect(text.contains("Problem: At a café every croissant costs $5"))
    #expect(text.contains("Step 5 of 6: The same discount"))
    #expect(text.contains("Initial critique, says correct:"))
    #expect(text.contains("Merged critique, says incorrect:"))
    #expect(text.contains("Step 5 incorrect: labels stop here."))
    #expect(text.contains("There is no command 'next-please'"))
    #expect(text.contains("Undone: incorrect on step 5 of solutions-1."))
    let kinds = try bench.workspace.events().map(\.kind.rawValue)
    #expect(kinds == ["verdict", "verdict", "verdict", "verdict", "comment", "verdict", "undo"])
  }

  @Test func blindModeHidesHereToo() throws {
    let (output, _) = try session(["open 1", "5"], mode: .blind)
    let text = output.joined(separator: "\n")
    #expect(!text.contains("critique, says"))
    #expect(!text.contains("Human label"))
    #expect(text.contains("Blind mode"))
  }

  @Test func helpListsEveryAction() throws {
    let (output, _) = try session(["help"])
    let text = output.joined(separator: "\n")
    for action in ActionTable.all { #expect(text.contains(action.id.rawValue)) }
  }

  @Test func outputIsPlainText() throws {
    let (output, _) = try session(["open 13", "show", "list", "v", "1"])
    for line in output { #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }) }
  }
}
