import ArgumentParser
import DeepCriticCore
import Foundation

/// Keeps solutions out of training sets, or prefers them, by hand.
struct Exclude: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exclude solutions from training sets.",
    discussion: "The decision is an event: 'deepcritic include --reset' or undo reverts it."
  )

  @OptionGroup var target: PlacementTarget
  @ParentCommand var root: DeepCritic

  func run() async throws { try await target.record(.out, root) }
}

struct Include: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prefer solutions when rules choose among several.",
    discussion: """
      An included solution comes first where the rules pick one solution per problem or a number of all-correct \
      ones; other reasons still exclude it. This also ends an exclusion. --reset leaves the choice to the rules \
      again.
      """)

  @Flag(help: "Clear your include or exclude decision.")
  var reset = false
  @OptionGroup var target: PlacementTarget
  @ParentCommand var root: DeepCritic

  func run() async throws { try await target.record(reset ? nil : .in, root) }
}

/// Which solutions, who decides and why.
struct PlacementTarget: ParsableArguments {
  @OptionGroup var bulk: BulkDecision
  @Option(help: ArgumentHelp("Reason, stored with the decision.", valueName: "text"))
  var note: String?

  func record(_ placement: Placement?, _ root: DeepCritic) async throws {
    let words =
      switch placement {
      case .out: "excluded"
      case .in: "included"
      case nil: "left to the rules"
      }
    try await bulk.record(.placement(placement, note: note), root, words)
  }
}
