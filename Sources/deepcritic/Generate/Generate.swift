import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate critiques with a model: initial, deep, merged.",
    discussion: """
      Asks an OpenAI-compatible server about every rated step that lacks a critique of the stage, and stores each \
      response as it arrives: after an interruption, the next run requests only what is missing. The \
      defaults are the paper's (arXiv 2505.00662, section 3.1), the values in brackets those of initial, deep and \
      merged. Settings are in [generate] of deepcritic.toml. An API key comes from \
      \(APIKey.variables.joined(separator: " or ")), or from the file named there by api_key_file.

      Ctrl-C once waits for what is in flight, twice drops it. Exit codes: 0 all asked, 3 some requests failed, \
      1 ended early, 130 interrupted.
      """)

  @Argument(help: "The stage: initial, deep, merged, or all of them one after the other.")
  var stage: StageChoice?
  @OptionGroup(title: "Servers") var servers: ServerOptions
  @OptionGroup(title: "Sampling (for every stage asked)") var sampling: SamplingOptions

  @Option(help: ArgumentHelp("Maximum number of solutions.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("Only solutions that fit, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?
  @Flag(
    name: .customLong("again"),
    help: "Ask again where no sample could be used, or a merged critique contradicts the label.")
  var retriesUnusable = false
  @Flag(help: "Take every solution of a problem (else one, by a seeded choice).")
  var keepDuplicates = false
  @Flag(help: "Take solutions of benchmarks too (ProcessBench, MR-GSM8K, PRMBench).")
  var includeBenchmarks = false
  @Option(
    name: .customLong("prompt"),
    help: ArgumentHelp(
      "Replace a stage's template ('deepcritic prompts' shows the built-in ones).", valueName: "stage=file"))
  var prompts: [PromptReplacement] = []

  @Option(help: ArgumentHelp("Write the requests to a file for a batch service instead.", valueName: "file"))
  var writeBatch: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Store the answers in output and error files of batches.", valueName: "file"))
  var readBatch: [String] = []
  @Option(help: ArgumentHelp("Give up a batch file: its requests are asked again.", valueName: "file"))
  var forgetBatch: String?
  @Flag(help: "Ask also for what is out in batch files.")
  var includeBatched = false

  @Flag(help: "Only say what would be asked, what it would cost and how long it would take.")
  var dryRun = false
  @Flag(help: "With --dry-run: also the first request of each stage.")
  var showRequest = false
  @Flag(help: "Write a summary as JSON to standard output.")
  var json = false
  @Flag(name: .shortAndLong, help: "Say nothing but problems.")
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
      throw ValidationError("--read-batch and --forget-batch go alone, without a stage.")
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
