import ArgumentParser
import DeepCriticCore
import Foundation
import Workbench

/// The rules of `[curate]` with options on top.
struct CurateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Random seed for choosing among solutions.", valueName: "number"))
  var seed: UInt64?
  @Option(
    name: .customLong("all-correct"),
    help: ArgumentHelp("Maximum number of solutions without an error, or none.", valueName: "n|none")
  )
  var allCorrectLimit: Limit?
  @Option(help: ArgumentHelp("Maximum row length in characters, or none.", valueName: "n|none"))
  var maxCharacters: Limit?
  @Option(help: ArgumentHelp("Maximum row length in tokens (requires --tokenizer), or none.", valueName: "n|none"))
  var maxTokens: Limit?
  @Option(
    help: ArgumentHelp("Count tokens with this tokenizer.json (needs Python's tokenizers).", valueName: "file"),
    completion: .file())
  var tokenizer: String?
  @Option(help: ArgumentHelp("Ignore this reason; repeatable.", valueName: "reason"))
  var ignore: [CurationReason] = []
  @Option(help: ArgumentHelp("Share of problems for validation, 0 to 0.9.", valueName: "share"))
  var validation: Double?
  @Option(help: ArgumentHelp("Consider only matching solutions, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?
  @Option(
    name: .customLong("prompt"),
    help: ArgumentHelp("Use another critic template.", valueName: "critic=file"))
  var prompts: [PromptReplacement] = []

  func validate() throws {
    for reason in ignore where !reason.canBeIgnored {
      throw ValidationError("'\(reason.rawValue)' cannot be ignored: without it there is no row.")
    }
    if let validation, !(0...0.9).contains(validation) { throw ValidationError("--validation goes from 0 to 0.9.") }
    if prompts.contains(where: { $0.purpose != .critic }) {
      throw ValidationError("Only the critic's template goes into training rows: --prompt critic=FILE.")
    }
  }

  /// The curator of a workspace.
  func curator(_ workspace: Workspace) async throws -> Curator {
    var settings = try CurationSettings(of: workspace)
    if let seed { settings.seed = seed }
    if let allCorrectLimit { settings.allCorrectLimit = allCorrectLimit.number }
    if let maxCharacters { settings.maxCharacters = maxCharacters.number }
    if let maxTokens { settings.maxTokens = maxTokens.number }
    if let tokenizer { settings.tokenizer = tokenizer }
    settings.ignored += ignore.filter { !settings.ignored.contains($0) }
    if let validation { settings.validation = validation }
    settings.filter = filter
    var curator = try Curator(workspace: workspace, settings: settings, prompts: try prompts.library(workspace))
    if let filter {
      let reviewer = Session.reviewerName(
        settings: try workspace.settings(), environment: ProcessInfo.processInfo.environment)
      curator.only = Set(
        try await workspace.countedQueue(filter: QueueFilter(filter), .init(reviewer: reviewer)))
    }
    return curator
  }

  /// A number, or "none".
  struct Limit: ExpressibleByArgument {
    var number: Int?

    init?(argument: String) {
      if argument == "none" { return }
      guard let number = Int(argument), number >= 0 else { return nil }
      self.number = number
    }
  }
}

extension CurationReason: ExpressibleByArgument {}
extension SFTFormat: ExpressibleByArgument {}
extension PRMFormat: ExpressibleByArgument {}
