import ArgumentParser
import DeepCriticCore
import Foundation

struct Label: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate labels from rollouts.",
    discussion: """
      Implements arXiv 2505.00662, section 3.2. Import a problem set first. 'sample' draws solutions and keeps right \
      and wrong ones, 'rollout' lets the model continue every prefix, 'estimate' finds the step after which rollouts \
      fail. Responses are stored as they arrive: after an interruption, the next run requests only what is missing. Settings are in [label] of deepcritic.toml, servers in [generate].
      """,
    subcommands: [Sample.self, Rollout.self, Estimate.self])

  /// What sampling and rolling out have in common.
  struct Drawing: ParsableArguments {
    @OptionGroup(title: "Servers") var servers: ServerOptions
    @OptionGroup(title: "Sampling and grading") var options: LabelOptions
    @Option(
      help: ArgumentHelp(
        "How to continue a prefix: chat (continue_final_message), raw (/completions), or auto (probe each server).",
        valueName: "auto|chat|raw"))
    var continuation: ContinuationChoice?
    @Option(help: ArgumentHelp("Conversation format of raw completions.", valueName: "plain|chatml|llama3"))
    var rawFormat: RawFormat?
    @Option(help: ArgumentHelp("Maximum number of problems or solutions.", valueName: "n"))
    var limit: Int?
    @Flag(help: "Print requests, cost and time without sending anything.")
    var dryRun = false
    @Flag(help: "Write a summary as JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "Print only problems.")
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
      abstract: "Sample solutions of each problem, and grade them.",
      discussion: """
        Keeps one right and every wrong solution of each problem that has both, split into numbered steps. Problems \
        with only right or only wrong answers are counted.
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
      abstract: "Draw rollouts from every prefix, and estimate first errors.",
      discussion: "Uses unlabelled solutions; --include-labelled adds those with human labels.")

    @OptionGroup var drawing: Drawing
    @Flag(help: "Include solutions with human labels, for comparison.")
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
