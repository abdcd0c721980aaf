import DeepCriticCore
import Foundation
import Terminal

/// Asks a model about the rows of benchmarks.
struct EvaluateSession {
  let command: Evaluate
  let workspace: Workspace
  let settings: EvaluateSettings
  private let template: PromptTemplate
  private let servers: GenerateSettings

  init(command: Evaluate, workspace: Workspace, settings: EvaluateSettings) throws {
    self.command = command
    self.workspace = workspace
    self.settings = settings
    var servers = try GenerateSettings(path: workspace.settingsPath)
    command.servers.apply(to: &servers)
    self.servers = servers
    template = try settings.template(replacing: servers.prompts)
  }

  /// - Returns: the evaluation and whether requests failed; `nil` after a dry run.
  func run() async throws -> (EvaluationEntry, failed: Bool)? {
    guard let model = settings.model else { throw EvaluationError.noModel }
    // An invalid URL is reported before files are imported.
    let endpoints = try servers.endpoints(environment: ProcessInfo.processInfo.environment)
    let sets = try EvaluateBenchmarks.read(command, try workspace.benchmarks())
    let trained = try trained()
    let extractor = command.reading.extractor(settings.asking.base)
    var specification = settings.specification(model: model, prompt: template, extractor: extractor)
    (specification.trainedOn, specification.trainedBy) = (trained?.dataset, trained?.run)
    if command.dryRun {
      try say(dryRun: sets, specification, model)
      return nil
    }
    let registry = BenchmarkRegistry(workspace, programVersion: Version.number)
    let benchmarks = try sets.map { try registry.register($0).1 }
    try workspace.keepPrompt(template.text, hash: template.hash)
    let entry = try workspace.beginEvaluation(
      name: command.name ?? model, specification, programVersion: Version.number)
    for benchmark in benchmarks {
      let positions = EvaluationScope.positions(
        count: benchmark.items, limit: command.asking.limit, seed: settings.seed ?? 0)
      try workspace.want(positions, of: benchmark.id, samples: settings.samples, evaluation: entry.id)
    }
    let failed = try await ask(entry, model, extractor, endpoints)
    return (entry, failed)
  }

  private func ask(
    _ entry: EvaluationEntry, _ model: String, _ extractor: AnswerExtractor, _ endpoints: [Endpoint]
  ) async throws -> Bool {
    let stopping = StopRequests()
    let client = ModelClient(endpoints: endpoints, configuration: servers.client)
    let run = EvaluationRun(
      workspace: workspace, client: client, evaluation: entry.id, parameters: settings.parameters(model: model),
      template: template, extractor: extractor)
    try await RunWatch(run: run, prices: servers.prices, quiet: command.quiet, stopping: stopping).finish()
    let failures = try workspace.evaluationFailures(entry.id)
    StandardError.report(failures)
    return !failures.isEmpty
  }

  /// What `evaluate --dry-run --json` writes.
  private struct Plan: Encodable {
    /// Rows of each set that are asked about.
    var rows: [String: Int]
    /// Responses that are already stored.
    var answered: Int
    var forecast: RequestForecast
  }

  private func say(dryRun sets: [BenchmarkSet], _ specification: EvaluationSpecification, _ model: String) throws {
    let parameters = settings.parameters(model: model)
    var plan = Plan(rows: [:], answered: 0, forecast: RequestForecast([]))
    var lines: [String] = []
    var (requests, samples, characters) = (0, 0, 0)
    for set in sets {
      let places = EvaluationScope.positions(
        count: set.items.count, limit: command.asking.limit, seed: settings.seed ?? 0)
      lines.append("\(set.name): \(Figures.count(places.count, "row"))")
      plan.rows[set.name] = places.count
      for place in places {
        let messages = CritiqueRequest.whole(template, set.solutions[place])
        let answers = try workspace.answers(to: messages, parameters)
        let open = answers.count { $0 == nil }
        plan.answered += answers.count - open
        let asked = parameters.isSeeded ? open : min(open, 1)
        requests += asked
        samples += open
        characters += asked * messages.reduce(0) { $0 + $1.content.unicodeScalars.count }
      }
    }
    plan.forecast = RequestForecast(
      requests: requests, samples: samples, promptTokens: Double(characters) / 4 / Double(max(requests, 1)),
      maxTokens: settings.sampling.maxTokens,
      measured: try workspace.measuredCost(critic: model, maxTokens: settings.sampling.maxTokens),
      prices: servers.prices)
    if command.form.json { return try JSONOutput.write(plan) }
    lines.append(
      "\(Figures.count(requests, "request")) for \(Figures.count(samples, "answer")), \(Figures.count(plan.answered)) here "
        + "already")
    if samples > 0 { lines += plan.forecast.lines(servers.prices).map { "  " + $0 } }
    lines.append(specification.words + ".")
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private func trained() throws -> (dataset: String, run: String?)? {
    guard let named = command.trainedOn else { return nil }
    if let run = try workspace.run(named: named) { return (run.dataset, run.name) }
    guard let dataset = try workspace.dataset(matching: named) else {
      throw CommandError(
        "'\(named)' is not a run or dataset of this workspace. 'deepcritic runs' lists the runs, 'deepcritic sets' the "
          + "datasets.")
    }
    return (dataset.hash, nil)
  }
}

/// The benchmarks that a command names.
enum EvaluateBenchmarks {
  /// The sets that a command names: files, or names of benchmarks that were used before.
  ///
  /// - Throws: for two of the same name.
  static func read(_ command: Evaluate, _ known: [BenchmarkEntry] = []) throws -> [BenchmarkSet] {
    var paths: [String: String] = [:]
    return try command.benchmark.map { option in
      var option = option
      let isFile = FileManager.default.fileExists(atPath: option.path)
      if !isFile, let before = known.last(where: { $0.name == option.path }) {
        option = BenchmarkOption(name: before.name, path: before.path)
      }
      let set = try BenchmarkFile.read(option.path, name: option.name)
      if let other = paths.updateValue(option.path, forKey: set.name) {
        throw EvaluationError.sameName(set.name, other, option.path)
      }
      say(set, quiet: command.quiet)
      return set
    }
  }

  /// What of a file cannot be used.
  static func say(_ set: BenchmarkSet, quiet: Bool) {
    for bad in set.bad.prefix(20) { StandardError.report("\(bad)" + (bad.remedy.map { ". \($0)" } ?? "")) }
    if set.bad.count > 20 { StandardError.report("\(set.path): \(set.bad.count - 20) more records cannot be read.") }
    if !quiet, !set.leftOut.isEmpty {
      StandardError.write("\(set.name): rows without a usable label are left out: \(Figures.tally(set.leftOut)).")
    }
  }
}

/// Reads stored answers by other rules.
struct Rescoring {
  let specification: EvaluationSpecification
  private let reader: WrittenAnswerReader
  private let oldBase: IndexBase

  init(entry: EvaluationEntry, reading: ReadingOptions) {
    var specification = entry.specification
    oldBase = IndexBase(rawValue: specification.indexBase) ?? .one
    let stored = specification.extraction.split(separator: " ").first.flatMap { ExtractionRule(rawValue: String($0)) }
    let extractor = AnswerExtractor(
      reading.strictReference ? .strictReference : stored ?? .standard,
      base: IndexBase(rawValue: reading.indexBase ?? specification.indexBase) ?? .one,
      requiresAnswerLine: reading.requireAnswerLine || specification.requiresAnswerLine)
    specification.extraction = extractor.name
    specification.indexBase = extractor.base.rawValue
    specification.requiresAnswerLine = extractor.requiresAnswerLine
    specification.threshold = reading.threshold ?? specification.threshold
    self.specification = specification
    reader = WrittenAnswerReader(extractor: extractor, threshold: specification.threshold ?? 0.5)
  }

  /// What an answer says; `nil` for a prediction that came without text or scores.
  func read(_ transcript: StoredTranscript) -> SampleReading? {
    if let scores = transcript.scores { return reader.read(scores: scores) }
    if transcript.text.isEmpty, transcript.finish == nil {
      // A bare number: only where it begins to count can change.
      guard let prediction = transcript.reading.prediction, oldBase != reader.extractor.base else { return nil }
      return .step(reader.extractor.base.step(oldBase.written(prediction)))
    }
    return reader.extractor.read(transcript.text, isTruncated: transcript.isTruncated)
  }
}

/// Predictions made elsewhere, or a baseline.
struct EvaluateImport {
  let command: Evaluate
  let workspace: Workspace

  func run() throws -> EvaluationEntry {
    let benchmarks = try EvaluateBenchmarks.read(command, try workspace.benchmarks())
    let critic = try command.importedCritic(benchmarks, seed: command.asking.seed ?? 0)
    return try critic.store(in: workspace, name: command.name, programVersion: Version.number)
  }
}

extension Evaluate {
  /// The critic that predictions or a baseline make, with what does not fit said.
  func importedCritic(_ benchmarks: [BenchmarkSet], seed: Int) throws -> ImportedCritic {
    if let baseline { return ImportedCritic(baseline, benchmarks: benchmarks, seed: seed) }
    let critic = try ImportedCritic(
      files: predictions, benchmarks: benchmarks,
      reading: ImportedCritic.Reading(
        rule: reading.rule, base: reading.indexBase.flatMap(IndexBase.init),
        requiresAnswerLine: reading.requireAnswerLine, threshold: reading.threshold ?? 0.5, asked: asking.asking),
      keepsTexts: !printOnly)
    for bad in critic.bad.prefix(20) { StandardError.report("\(bad)" + (bad.remedy.map { ". \($0)" } ?? "")) }
    for note in critic.notes { StandardError.report(note) }
    return critic
  }
}
