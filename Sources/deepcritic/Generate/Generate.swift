import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate critiques with a model: initial, deep, merged.",
    discussion: """
      Requests a critique for every rated step that lacks one. Responses are stored as they arrive: after an \
      interruption, the next run requests only what is missing. Defaults are the paper's (arXiv 2505.00662, section \
      3.1), listed for initial, deep and merged. Settings are in [generate] of deepcritic.toml. An API key comes \
      from \
      \(APIKey.variables.joined(separator: " or ")), or from api_key_file there.

      Press Ctrl-C once to wait for requests in flight, twice to drop them. Exit codes: 0 all answered, 3 some \
      requests failed, 1 stopped early, 130 interrupted.
      """)

  @Argument(help: "Stage to generate, or all in order.")
  var stage: StageChoice?
  @OptionGroup(title: "Servers") var servers: ServerOptions
  @OptionGroup(title: "Sampling (for every stage asked)") var sampling: SamplingOptions

  @Option(help: ArgumentHelp("Maximum number of solutions.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("Only matching solutions, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?
  @Flag(
    name: .customLong("again"),
    help: "Retry where no sample is usable or the merged critique contradicts the label.")
  var retriesUnusable = false
  @Flag(help: "Use every solution of a problem (default: one, chosen by seed).")
  var keepDuplicates = false
  @Flag(help: "Include benchmark solutions (ProcessBench, MR-GSM8K, PRMBench).")
  var includeBenchmarks = false
  @Option(
    name: .customLong("prompt"),
    help: ArgumentHelp(
      "Use another template for a stage (see 'deepcritic prompts').", valueName: "stage=file"))
  var prompts: [PromptReplacement] = []

  @Option(help: ArgumentHelp("Write requests to a batch file instead of sending them.", valueName: "file"))
  var writeBatch: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Store responses from batch output and error files.", valueName: "file"))
  var readBatch: [String] = []
  @Option(help: ArgumentHelp("Discard a batch file; its requests are sent again.", valueName: "file"))
  var forgetBatch: String?
  @Flag(help: "Also send requests that are out in batch files.")
  var includeBatched = false

  @Flag(help: "Print requests, cost and time without sending anything.")
  var dryRun = false
  @Flag(help: "With --dry-run: print the first request of each stage.")
  var showRequest = false
  @Flag(help: "Write a summary as JSON.")
  var json = false
  @Flag(name: .shortAndLong, help: "Print only problems.")
  var quiet = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    try OptionCheck.positive(limit, "--limit")
    let isAboutFiles = !readBatch.isEmpty || forgetBatch != nil
    if stage == nil, !isAboutFiles {
      throw ValidationError("Name a stage: initial, deep, merged or all.")
    }
    if isAboutFiles, stage != nil || writeBatch != nil || dryRun {
      throw ValidationError("--read-batch and --forget-batch cannot be combined with a stage.")
    }
    if writeBatch != nil, stage == .all {
      throw ValidationError(
        "A batch file holds one stage, since a stage's requests are made of the answers of the one before.")
    }
    if writeBatch != nil, dryRun { throw ValidationError("--write-batch and --dry-run cannot be combined.") }
    if showRequest, !dryRun { throw ValidationError("--show-request requires --dry-run.") }
  }

  func run() async throws {
    let opened = try workspace.or(root).openForWriting()
    defer { try? opened.close() }
    if let forgetBatch { return try forget(forgetBatch, opened) }
    if !readBatch.isEmpty { return try BatchCommands.read(readBatch, opened, json: json, quiet: quiet) }
    let settings = try settings(opened)
    let options = try options(settings)
    if dryRun {
      return try DryRun(
        workspace: opened, options: options, showsRequest: showRequest, prices: settings.prices,
        dialect: settings.client.dialect
      ).run(json: json)
    }
    if let writeBatch, let stage = options.stages.first {
      return try BatchCommands.write(
        writeBatch, stage, options, opened, dialect: settings.client.dialect, json: json)
    }
    try await GenerateSession(workspace: opened, settings: settings, options: options, quiet: quiet).run(json: json)
  }

  /// The settings with the options on top.
  private func settings(_ workspace: Workspace) throws -> GenerateSettings {
    var settings = try GenerateSettings(path: workspace.settingsPath)
    servers.apply(to: &settings)
    for stage in Stage.allCases {
      var own = settings.stages[stage] ?? StageSettings(stage)
      sampling.apply(to: &own)
      settings.stages[stage] = own
    }
    for replacement in prompts { settings.prompts[replacement.purpose] = replacement.file }
    if keepDuplicates { settings.selection.keepsDuplicates = true }
    if includeBenchmarks { settings.selection.includesBenchmarks = true }
    settings.selection.reviewer = reviewing.or(root).name(settings: try workspace.settings())
    if let filter { settings.selection.filter = try QueueFilter(filter) }
    return settings
  }

  private func options(_ settings: GenerateSettings) throws -> GenerationRun.Options {
    GenerationRun.Options(
      stages: stage?.stages ?? [], settings: settings.stages,
      prompts: try PromptLibrary(replacing: settings.prompts), selection: settings.selection, limit: limit ?? .max,
      retriesUnusable: retriesUnusable, includesBatched: includeBatched)
  }

  private func forget(_ file: String, _ workspace: Workspace) throws {
    let name = URL(fileURLWithPath: file).standardizedFileURL.path
    let count = try workspace.forgetBatch(file: name)
    guard count > 0 else {
      let open = try workspace.openBatches().map(\.file)
      throw CommandError(
        "no requests of \(file) are out. "
          + (open.isEmpty ? "No batch file is." : "These are: \(open.joined(separator: ", ")).")
      )
    }
    StandardError.write("\(Figures.count(count, "request")) of \(file) will be asked again.")
  }
}
