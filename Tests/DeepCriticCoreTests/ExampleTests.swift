import DeepCriticCore
import FaultServer
import Foundation
import TestSupport
import Testing

/// Runs every example of `DeepCriticCore.docc`.
///
/// What a page takes for granted comes before an example, what it promises is expected after it.
@Suite struct ExampleTests {
  private let samples = Documentation.package + "/SampleData"
  private let scratch: TemporaryFolder
  private var directory: String { scratch.path + "/example" }

  init() throws { scratch = try TemporaryFolder() }

  /// A workspace with the sample data.
  private func sampleWorkspace() throws -> Workspace {
    let workspace = try Workspace.create(at: directory)
    for file in ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"] {
      _ = try workspace.importFile(samples + "/" + file)
    }
    return workspace
  }

  @Test func critiqueModel() {
    let solution = Solution(
      problem: "What is 3 + 4 · 2?",
      steps: [
        Step("Multiply first: 4 · 2 = 8.", rating: .correct), Step("Then 3 + 8 = 12.", rating: .incorrect),
      ])
    let firstError = solution.firstError  // .step(2)

    let critique = Critique(stage: .deep, step: 2, text: "Adding gives 11, not 12. \\boxed{-1}")
    let judgement = JudgementParser.judgement(in: critique.text)
    let agrees = judgement == solution.steps[1].rating?.judgement  // true

    // A reviewer's verdict takes precedence over the label that came with the data.
    let verdict = LabelEvidence.Statement(name: "mara", rating: .neutral, event: "e1", at: 1_780_000_000_000)
    let labels = LabelResolution(
      LabelEvidence(imported: solution.ratings, verdicts: [2: [verdict]]), policy: LabelPolicy())
    let corrected = labels.firstError  // .none

    #expect(firstError == .step(2))
    #expect(agrees)
    #expect(corrected == .none)
  }

  @Test func datasetFormats() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)

    let reader = try DatasetReader(path: samples + "/solutions.prm800k.jsonl")
    var file = try AtomicFileWriter(path: directory + "/solutions.jsonl")
    var refused: [String] = []
    while let item = try reader.next() {
      switch item {
      case .bad(let record): refused.append("\(record)")
      case .record(let record):
        for solution in record.content.solutions {
          let row: [UInt8]
          do { row = try RecordEncoder.encode(solution, critiques: [], as: .processbench) } catch {
            refused.append("line \(record.line): \(error)")
            continue
          }
          try file.writeLine(row)
        }
      }
    }
    try file.commit()

    #expect(reader.format == .prm800k)
    #expect(refused.count == 2)
    #expect(refused.allSatisfy { $0.contains("the first error is not known") })
    #expect(try BenchmarkFile.read(directory + "/solutions.jsonl").items.count == 29)
  }

  @Test func reviewStore() throws {
    let workspace = try Workspace.create(at: directory)
    let summary = try workspace.importFile(samples + "/solutions.prm800k.jsonl")

    let mara = ReviewContext(reviewer: "mara")
    let queue = try workspace.queue(
      sort: .imported, filter: QueueFilter("label:wrong steps>5"), reviewer: mara.reviewer)
    var stored = try workspace.solution(queue[0])
    let outcome = try workspace.record(
      ReviewDecision(solution: stored.key, step: 1, .verdict(.incorrect)), by: mara)
    stored.apply(outcome)
    let firstError = stored.labels.firstError  // .step(1): labels follow verdicts

    let undone = try workspace.undo(by: mara)?.labels?.firstError  // .step(5): imported

    #expect(summary.added == 31)
    #expect(firstError == .step(1))
    #expect(undone == .step(5))
    #expect(try workspace.solution(queue[0]).labels.firstError == .step(5))
  }

  @Test func modelClient() async throws {
    try await FaultServer.serving({ _ in }) { server in
      let address = server.base

      var configuration = ClientConfiguration()
      configuration.concurrency = .fixed(8)
      let client = ModelClient(endpoints: [try Endpoint(address)], configuration: configuration)
      let request = ChatRequest(
        model: "critic", messages: [ChatMessage(role: .user, content: "Is 91 a prime number?")],
        sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 256), choices: 2)
      let answer = try await client.answer(to: request)
      let texts = answer.choices.map(\.text)
      let tokens = answer.usage?.completion ?? 0
      await client.shutdown()

      #expect(texts.count == 2)
      #expect(texts.allSatisfy { $0.contains("boxed") })
      #expect(tokens > 0)
      #expect(server.counts.requests == 1)
    }
  }

  @Test func modelRuns() async throws {
    try await FaultServer.serving({ _ in }) { server in
      let client = ModelClient(endpoints: [try Endpoint(server.base)])

      let question = [ChatMessage(role: .user, content: "Is 91 a prime number?")]
      let parameters = RequestParameters(
        model: "critic", sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 256))
      // The identity of the question: a stored answer with this key is not asked for again.
      let keys = parameters.keys(question)

      let runner = RequestRunner(client: client)
      let answer = try await runner.answer(to: question, parameters) { _ in }
      await runner.shutdown()
      let samples = answer.samples([0], keys: keys)

      let prices = TokenPrices(input: 0.5, output: 1.5)
      let forecast = RequestForecast(
        requests: 100, samples: 100, promptTokens: 400, maxTokens: 256, measured: MeasuredCost(), prices: prices)
      let cost = forecast.cost  // 0.0584: 40,000 tokens in, at most 25,600 out

      #expect(samples.map(\.key) == keys)
      #expect(samples[0].text == answer.choices[0].text)
      #expect(runner.progress().total.requests == 1)
      #expect(cost.map { abs($0 - 0.0584) < 1e-9 } == true)
    }
  }

  @Test func critiqueGeneration() async throws {
    let workspace = try sampleWorkspace()
    try await FaultServer.serving({ _ in }) { server in
      let client = ModelClient(endpoints: [try Endpoint(server.base)])

      var initial = StageSettings(.initial)
      initial.model = "critic"
      let options = GenerationRun.Options(
        stages: [.initial], settings: [.initial: initial], prompts: try PromptLibrary(), limit: 2)

      // The plan: solutions that lack an initial critique.
      let ids = try workspace.seedSelection(options.selection).ids
      let size = try options.planner(of: .initial, workspace: workspace, ids: ids).size()

      let progress = try await GenerationRun(workspace: workspace, client: client, options: options).run()
      await client.shutdown()
      let usable = progress.total.usable  // critiques that end in a judgement

      #expect(size.solutions == 2)
      #expect(usable == size.samples)
      #expect(server.counts.requests == size.requests)
    }
  }

  @Test func stepLabeling() async throws {
    let workspace = try sampleWorkspace()
    try await FaultServer.serving({ $0.solver = PlantedSolver() }) { server in
      let client = ModelClient(endpoints: [try Endpoint(server.base)])

      let ids = try workspace.solutionsToRollOut(
        filter: .everything, reviewer: "", includesLabelled: true, includesBenchmarks: false
      ).ids
      var settings = LabelSettings()[.rollout]
      settings.model = "solver"
      let options = LabelRun.Options(
        kind: .rollout, settings: settings, prompt: RolloutPrompt(try PromptLibrary()[.solver]), ids: ids, limit: 1)
      let drawn = try await LabelRun(workspace: workspace, client: client, options: options).run()
      await client.shutdown()
      // The first continuation of the first solution after its first step.
      let text = try workspace.rolloutText(of: ids[0], generation: drawn.generation, step: 1, sample: 0)

      #expect(text?.contains("the answer is") == true)
      #expect(drawn.progress.total.samples == drawn.progress.finished[0].planned.samples)
    }
  }

  @Test func successRates() {
    let rates = [SuccessCount(right: 7, all: 8), SuccessCount(right: 6, all: 8), SuccessCount(right: 0, all: 8)]
    let estimate = LabelSettings().rule.estimate(prefixes: rates, isRight: false)
    let firstError = estimate.firstError  // 3: no continuation of three steps reaches the answer
    let ratings = estimate.ratings(steps: 4)

    #expect(firstError == 3)
    #expect(ratings == [.correct, .correct, .incorrect, nil])
  }

  @Test func curation() async throws {
    let workspace = try sampleWorkspace()

    let curator = try Curator(of: workspace)
    let index = try await curator.index()
    let missed = index.ids(with: .deepMissesLabel)  // solutions that the merge filter leaves out

    // What excluding one solution would change; nothing is recorded.
    let benchmarks = try workspace.benchmarkProblems(paths: curator.settings.benchmarks)
    let item = try curator.item(index.included[0], benchmarks: benchmarks)
    let exclusion = ReviewDecision(solution: try workspace.solution(index.included[0]).key, .placement(.out))
    let consequence = try curator.consequence(
      of: .decision(exclusion, by: ReviewContext(reviewer: "mara")), on: item, in: index)

    let report = try await curator.export(.sft(.messages), to: directory + "/set", program: "example 1.0")
    let rows = report.rows["train"] ?? 0

    #expect(missed.count == 1)
    #expect(consequence.wasIn && !consequence.isIn)
    #expect(consequence.balanceAfter.included == index.balance.included - 1)
    #expect(report.rows.values.reduce(0, +) == index.balance.included)
    #expect(rows > 0)
  }

  @Test func reviewStatistics() throws {
    let workspace = try sampleWorkspace()

    let key = try workspace.solution(1).key
    for (reviewer, ratings) in [("mara", [1, 1, -1]), ("jon", [1, 1, 1])] {
      for (index, number) in ratings.enumerated() {
        guard let rating = Rating(rawValue: number) else { continue }
        try workspace.record(
          ReviewDecision(solution: key, step: index + 1, .verdict(rating)), by: ReviewContext(reviewer: reviewer))
      }
    }

    let figures = try ReviewFigures(of: workspace, options: FiguresOptions())
    let agreement = figures.agreement.judgement.percent?.value  // 2 of 3 steps
    let conflicts = figures.progress.openConflicts  // step 3

    #expect(agreement.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
    #expect(conflicts == 1)
    #expect(figures.reviewers.map(\.reviewer) == ["jon", "mara"])
  }

  @Test func training() throws {
    var specification = RunSpecification(stage: .sft, engine: .trl)
    try specification.set(\.model, to: "Qwen/Qwen2.5-7B-Instruct")
    try specification.set(\.batch, to: 32)
    try specification.set("learning_rate", to: "2e-5")  // as a person types it
    let steps = specification.steps(rows: 4500)

    // The command, environment and files that every launcher starts or writes.
    let plan = LaunchPlan(specification, python: "python3", rows: 4500, hasValidation: false)
    let files = plan.files.keys.sorted()

    var copy = RunSpecification(stage: .rl, engine: .verl)
    try copy.read(toml: specification.toml, file: "spec.toml")

    #expect(steps == 141 * specification.epochs)
    #expect(files.contains("spec.toml"))
    #expect(plan.command.first == "python3")
    #expect(copy.stage == .sft && copy.batch == 32 && copy.model == specification.model)
  }

  @Test func evaluation() throws {
    let benchmark = try BenchmarkFile.read(samples + "/processbench.sample.json")

    // ProcessBench counts paragraphs from 0, and −1 means that there is no error.
    let extractor = AnswerExtractor(base: .zero)
    let responses = [
      "Every step holds. \\boxed{-1}", "The sign is lost. \\boxed{1}", "No error. \\boxed{-1}", "\\boxed{3}",
    ]
    let items = zip(benchmark.items, responses).map { ItemResult($0, samples: [extractor.read($1)]) }
    let score = SetScore(set: benchmark.name, items: items)
    let f1 = score.scores.f1  // 80: 2 of 3 errors found, the correct solution accepted

    // What a score must beat.
    let baseline = ImportedCritic(.random, benchmarks: [benchmark], seed: 1)
      .score(name: nil, programVersion: "example 1.0", bootstrap: nil)

    #expect(f1.map { abs($0 - 80) < 1e-9 } == true)
    #expect(baseline.sets.map(\.scores.rows) == [4])
  }
}
