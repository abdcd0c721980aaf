import ArgumentParser
import DeepCriticCore
import Foundation

struct Guide: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a critic guide a generator: verified majority voting and refinement.",
    discussion: """
      The generator solves each problem several times, and the critic examines each solution. Votes among accepted \
      solutions are compared with votes among all. Then the generator refines rejected solutions from the first \
      error onwards. Answers are graded by math-verify. \
      Import a problem set first (MATH, GSM8K, NuminaMath). After an interruption, the next run requests only what is \
      missing. The generator's sampling is set in [label], the critic's in [evaluate].
      """)

  @OptionGroup(title: "The generator's servers") var servers: ServerOptions
  @OptionGroup(title: "The generator") var options: LabelOptions
  @Option(help: ArgumentHelp("Maximum number of problems.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("The critic's model, as its server names it.", valueName: "name"))
  var critic: String?
  @Option(help: ArgumentHelp("The critic's server, where it is another one.", valueName: "url"))
  var criticEndpoint: [String] = []
  @Option(
    help: ArgumentHelp("How the critic is asked.", valueName: "processbench|deepcritic"))
  var criticProtocol: CriticProtocol?
  @Option(help: ArgumentHelp("The critic's answers about each solution.", valueName: "k"))
  var criticVote: Int?
  @Option(help: ArgumentHelp("A file with the critic's prompt.", valueName: "file"))
  var criticPrompt: String?
  @Option(help: ArgumentHelp("The critic's temperature.", valueName: "value"))
  var criticTemperature: Double?
  @Option(help: ArgumentHelp("The critic's longest answer in tokens.", valueName: "tokens"))
  var criticMaxTokens: Int?
  @Option(help: ArgumentHelp("A file with the prompt for refinement.", valueName: "file"))
  var refinerPrompt: String?
  @Flag(help: "Only votes, no refinement.")
  var noRefinement = false
  @Option(help: ArgumentHelp("Resamples of the bootstrap (10000).", valueName: "n"))
  var resamples: Int?
  @Flag(help: "Print requests, cost and time without sending anything.")
  var dryRun = false
  @Flag(help: "Write JSON.")
  var json = false
  @Flag(help: "Write tables as Markdown.")
  var markdown = false
  @Flag(name: .shortAndLong, help: "Print only problems and the result.")
  var quiet = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    try OptionCheck.positive(limit, "--limit")
    try OptionCheck.range(criticVote, RequestLimits.samples, "--critic-vote")
    try OptionCheck.range(criticMaxTokens, RequestLimits.tokens, "--critic-max-tokens")
    try OptionCheck.range(criticTemperature, RequestLimits.temperature, "--critic-temperature")
    try OptionCheck.range(resamples, RequestLimits.resamples, "--resamples")
    if json, markdown { throw ValidationError("--json and --markdown cannot be combined.") }
  }

  func run() async throws {
    let opened = try workspace.or(root).openForWriting()
    defer { try? opened.close() }
    let reviewer = reviewing.or(root).name(settings: try opened.settings())
    var ids = try opened.problemsToSample(
      filter: try options.queueFilter(), reviewer: reviewer, includesBenchmarks: true
    ).ids
    if let limit { ids = Array(ids.prefix(limit)) }
    guard !ids.isEmpty else {
      throw CommandError("there is no problem to solve. Import a problem set (MATH, GSM8K, NuminaMath).")
    }
    if dryRun { return try GuideSession(command: self, workspace: opened, ids: ids).forecast() }
    let (report, isWhole) = try await GuideSession(command: self, workspace: opened, ids: ids).run()
    if json {
      try JSONOutput.write(report)
    } else {
      var tables = [(heading: "Votes among solutions, accuracy in percent", table: report.votesTable)]
      if let refinement = report.refinementTable { tables.append(("Refinement", refinement)) }
      try ScoreOutput(form: markdown ? .markdown : .text).write(tables, notes: report.notes)
    }
    if !isWhole { throw ExitStatus.partly }
  }
}

/// The questions of a guidance, one kind after the other.
struct GuideSession {
  let command: Guide
  let workspace: Workspace
  let ids: [Int64]

  /// Says what would be asked.
  func forecast() throws {
    let label = try command.options.settings(workspace, .sample, model: command.servers.model)
    var servers = try GenerateSettings(path: workspace.settingsPath)
    command.servers.apply(to: &servers)
    try GuideForecast(
      workspace: workspace, ids: ids, label: label, prompt: command.options.prompt(workspace), asking: asking(),
      prompts: servers.prompts, prices: servers.prices, refines: !command.noRefinement,
      refinerFile: command.refinerPrompt
    ).run(json: command.json)
  }

  /// - Returns: the report, and whether every question was answered.
  func run() async throws -> (GuidanceReport, isWhole: Bool) {
    let label = try command.options.settings(workspace, .sample, model: command.servers.model)
    let prompt = try command.options.prompt(workspace)
    var servers = try GenerateSettings(path: workspace.settingsPath)
    command.servers.apply(to: &servers)
    let asking = try asking()
    guard let criticModel = asking.model else {
      throw CommandError(
        "no critic is named. Name its model with --critic NAME, or in deepcritic.toml: [evaluate] model.")
    }
    // Templates are read before anything is asked.
    let criticTemplate = try asking.template(replacing: servers.prompts)
    var files = servers.prompts
    if let own = command.refinerPrompt { files[.refiner] = own }
    let refiner = try PromptLibrary(replacing: files)[.refiner]
    let stopping = StopRequests()
    let pool = try label.pool()
    defer { pool.shutdown() }

    let generation = try await sample(label, prompt, servers, stopping)
    let grader = try await pool.grader()
    let store = StoreGrader(workspace: workspace, pool: pool)
    _ = try await store.gradeAll()
    let material = GuidanceMaterial(
      workspace: workspace, prompt: prompt, generation: generation, samples: label.sample.samples, grader: grader)
    var problems = try material.problems(ids)

    let critic = asking.parameters(model: criticModel)
    let extractor = AnswerExtractor(base: asking.asking.base)
    var criticServers = servers
    if !command.criticEndpoint.isEmpty {
      criticServers.servers = command.criticEndpoint.map { ServerSettings(url: $0) }
    }
    let critiques = problems.flatMap { problem in
      problem.samples.filter { !$0.steps.isEmpty }.map { GuidanceMaterial.critique(problem, $0, criticTemplate) }
    }
    try await ask(critiques, critic, criticServers, label, "critiques", stopping) {
      extractor.read($0).outcome == .answered
    }
    var missing = try material.addCritiques(&problems, criticTemplate, critic, extractor)
    missing += problems.reduce(0) { $0 + max(label.sample.samples - $1.samples.count, 0) }

    if !command.noRefinement, let model = label.sample.model {
      let parameters = RequestParameters(model: model, sampling: label.rollout.sampling)
      let questions = problems.flatMap { problem in
        problem.samples.compactMap { GuidanceMaterial.refinement(problem, $0, refiner) }
      }
      try await ask(questions, parameters, servers, label, "refinements", stopping) { $0.contains("\\boxed{") }
      let refined = try await material.addRefinements(problems, refiner, parameters, pool)
      problems = refined.problems
      missing += refined.missing
    }
    if missing > 0 {
      StandardError.report(
        "\(Figures.count(missing, "answer")) are missing, because requests failed. Run the command again.")
    }
    let settings = try EvaluateSettings(path: workspace.settingsPath)
    let report = GuidanceReport(
      problems, refined: !command.noRefinement,
      bootstrap: Bootstrap(resamples: command.resamples ?? settings.resamples))
    return (report, missing == 0)
  }

  /// How the critic is asked.
  private func asking() throws -> EvaluateSettings {
    var settings = try EvaluateSettings(path: workspace.settingsPath)
    settings.model = command.critic ?? settings.model
    settings.asking = command.criticProtocol ?? settings.asking
    settings.votes = command.criticVote ?? settings.votes
    settings.prompt = command.criticPrompt ?? settings.prompt
    settings.temperature = command.criticTemperature ?? settings.temperature
    settings.maxTokens = command.criticMaxTokens ?? settings.maxTokens
    return settings
  }

  /// Draws the solutions that are missing.
  ///
  /// - Returns: the number of their specification.
  private func sample(
    _ label: LabelSettings, _ prompt: RolloutPrompt, _ servers: GenerateSettings, _ stopping: StopRequests
  ) async throws -> Int64 {
    var options = LabelRun.Options(kind: .sample, settings: label.sample, prompt: prompt, ids: ids)
    let specification = try options.specification()
    let endpoints = try await endpoints(
      servers, label, specification.model, stopping, continues: try options.continuesTexts(workspace))
    for endpoint in endpoints { options.continuations[endpoint.base] = endpoint.continuation.words }
    let client = ModelClient(endpoints: endpoints, configuration: servers.client)
    let run = LabelRun(workspace: workspace, client: client, options: options)
    try await RunWatch(run: run, prices: servers.prices, quiet: command.quiet, stopping: stopping).finish()
    return try workspace.generationID(of: specification)
  }

  private func ask(
    _ questions: [[ChatMessage]], _ parameters: RequestParameters, _ servers: GenerateSettings, _ label: LabelSettings,
    _ title: String, _ stopping: StopRequests, isUsable: @escaping @Sendable (String) -> Bool
  ) async throws {
    guard !questions.isEmpty else { return }
    let continues = questions.contains { $0.last?.role == .assistant }
    let client = ModelClient(
      endpoints: try await endpoints(servers, label, parameters.model, stopping, continues: continues),
      configuration: servers.client)
    let run = QuestionRun(
      workspace: workspace, client: client, parameters: parameters, questions: questions, title: title,
      isUsable: isUsable)
    try await RunWatch(run: run, prices: servers.prices, quiet: command.quiet, stopping: stopping).finish()
  }

  /// The servers, each with the way in which it continues a text, where one is to be continued.
  private func endpoints(
    _ servers: GenerateSettings, _ label: LabelSettings, _ model: String, _ stopping: StopRequests, continues: Bool
  ) async throws -> [Endpoint] {
    var endpoints = try servers.endpoints(environment: ProcessInfo.processInfo.environment)
    guard continues else { return endpoints }
    let findings = try await label.continuations(at: endpoints, servers, model: model, stopping: stopping)
    for (index, finding) in findings.enumerated() { endpoints[index].continuation = finding.continuation }
    return endpoints
  }
}
