import ArgumentParser
import DeepCriticCore
import Foundation

/// Keeps solutions out of training sets, or prefers them, by hand.
struct Exclude: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep solutions out of training sets by hand.",
    discussion: "The decision is an event: 'deepcritic include --reset' or undo reverts it."
  )

  @OptionGroup var target: PlacementTarget
  @ParentCommand var root: DeepCritic

  func run() async throws { try await target.record(.out, root) }
}

struct Include: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prefer solutions where the rules choose, by hand.",
    discussion: """
      It goes before others where one solution of a problem or a number of all-correct ones is chosen. What is wrong with \
      it still keeps it out. An exclusion ends by it; with --reset the rules decide alone again.
      """)

  @Flag(help: "Clear the decision made by hand.")
  var reset = false
  @OptionGroup var target: PlacementTarget
  @ParentCommand var root: DeepCritic

  func run() async throws { try await target.record(reset ? nil : .in, root) }
}

/// Which solutions, who decides and why.
struct PlacementTarget: ParsableArguments {
  @OptionGroup var bulk: BulkDecision
  @Option(help: ArgumentHelp("The reason, kept with the decision.", valueName: "text"))
  var note: String?

  func record(_ placement: Placement?, _ root: DeepCritic) async throws {
    let words =
      switch placement {
      case .out: "kept out"
      case .in: "preferred"
      case nil: "left to the rules"
      }
    try await bulk.record(.placement(placement, note: note), root, words)
  }
}
