import ArgumentParser
import DeepCriticCore
import Foundation

struct Label: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate labels from rollouts: sample solutions, roll out their prefixes, find the first error.",
    discussion: """
      The method of arXiv 2505.00662, section 3.2. Import a problem set; 'sample' draws solutions of each problem and \
      keeps the right and wrong ones; 'rollout' lets the model continue every prefix; 'estimate' finds the first \
      step from which rollouts fail. Every response is stored as it arrives: after an interruption, the next run \
      requests only what is missing. Settings are in [label] of deepcritic.toml, servers in [generate].
      """,
    subcommands: [Sample.self, Rollout.self, Estimate.self])

  /// What sampling and rolling out have in common.
  struct Drawing: ParsableArguments {
    @OptionGroup(title: "Servers") var servers: ServerOptions
    @OptionGroup(title: "Sampling and grading") var options: LabelOptions
    @Option(
      help: ArgumentHelp(
        "How a text that has begun is sent: chat (continue_final_message), raw (/completions), or auto, which tries "
          + "each server.", valueName: "auto|chat|raw"))
    var continuation: ContinuationChoice?
    @Option(help: ArgumentHelp("How raw completions write a conversation.", valueName: "plain|chatml|llama3"))
    var rawFormat: RawFormat?
    @Option(help: ArgumentHelp("Maximum number of problems or solutions.", valueName: "n"))
    var limit: Int?
    @Flag(help: "Only say what would be asked, what it would cost and how long it would take.")
    var dryRun = false
    @Flag(help: "Write a summary as JSON to standard output.")
    var json = false
    @Flag(name: .shortAndLong, help: "Say nothing but problems.")
    var quiet = false

    func validate() throws {
      try OptionCheck.positive(limit, "--limit")
    }

    func settings(_ workspace: Workspace, _ kind: RolloutKind) throws -> LabelSettings {
      var settings = try options.settings(workspace, kind, model: servers.model)
      settings.continuation = continuation ?? settings.continuation
      settings.rawFormat = rawFormat ?? settings.rawFormat
      return settings
    }

    func serverSettings(_ workspace: Workspace) throws -> GenerateSettings {
      var settings = try GenerateSettings(path: workspace.settingsPath)
      servers.apply(to: &settings)
      return settings
    }
  }

  struct Sample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draw solutions of each problem with a model, grade them, and keep the right and wrong ones.",
      discussion: """
        Of each problem with right and wrong boxed answers one right solution and every wrong one is kept, split into \
        steps and numbered again. Problems that are all right or all wrong are named and counted.
        """)

    @OptionGroup var drawing: Drawing
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let opened = try workspace.or(root).openForWriting()
      defer { try? opened.close() }
      let reviewer = reviewing.or(root).name(settings: try opened.settings())
      let choice = try opened.problemsToSample(
        filter: try drawing.options.queueFilter(), reviewer: reviewer,
        includesBenchmarks: drawing.options.includeBenchmarks)
      try await LabelSession(
        workspace: opened, kind: .sample, drawing: drawing, ids: choice.ids, leftOut: choice.leftOut
      ).run()
    }
  }

  struct Rollout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draw rollouts from every prefix of the solutions, and estimate the first errors.",
      discussion: "Takes solutions that nobody has labelled; with --include-labelled also those that people have.")

    @OptionGroup var drawing: Drawing
    @Flag(help: "Take solutions that people have labelled too, to compare with.")
    var includeLabelled = false
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let opened = try workspace.or(root).openForWriting()
      defer { try? opened.close() }
      let reviewer = reviewing.or(root).name(settings: try opened.settings())
      let choice = try opened.solutionsToRollOut(
        filter: try drawing.options.queueFilter(), reviewer: reviewer, includesLabelled: includeLabelled,
        includesBenchmarks: drawing.options.includeBenchmarks)
      try await LabelSession(
        workspace: opened, kind: .rollout, drawing: drawing, ids: choice.ids, leftOut: choice.leftOut
      ).run()
    }
  }
}

extension ContinuationChoice: ExpressibleByArgument {}
extension RawFormat: ExpressibleByArgument {}
extension EstimateReason: ExpressibleByArgument {}
extension RLFormat: ExpressibleByArgument {}
extension RLReason: ExpressibleByArgument {}
extension RLSource: ExpressibleByArgument {}
