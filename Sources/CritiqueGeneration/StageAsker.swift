import CritiqueModel
import ModelClient
import ReviewStore

/// Asks for the samples of one step at a time, and stores what comes.
struct StageAsker: Sendable {
  let run: GenerationRun
  let stage: Stage
  let model: String
  let settings: StageSettings
  let generation: Int64

  private var sampling: Sampling { settings.sampling }

  /// A page without what the store knows already.
  func reusing(_ page: [RequestPlan]) throws -> [RequestPlan] {
    let result = try run.workspace.reusing(page) { keys(of: $0) }
    var counts = GenerationProgress.Counts()
    counts.reused = result.samples
    counts.requests = result.finished
    run.state.count(counts)
    return result.left
  }

  private func keys(of plan: RequestPlan) -> [[UInt8]] {
    RequestKey.of(model: model, messages: plan.messages, sampling: sampling, samples: plan.samples)
  }

  /// Asks until every sample of the plan is stored, or a failure is.
  ///
  /// - Throws: what ends the whole run.
  func ask(_ plan: RequestPlan) async throws {
    try await run.state.settle {
      try await askAll(plan)
    } keepingFailure: { error in
      let failure = RequestFailure(
        target: plan.target, reason: error.reason, detail: "\(error)", attempts: error.attempts)
      _ = try await run.writer.store(AnswerWriter.Item(generation: generation, failure: failure))
    }
  }

  private func askAll(_ plan: RequestPlan) async throws {
    try await run.asker.ask(plan.samples) { samples in
      ChatRequest(
        model: model, messages: plan.messages, sampling: sampling.first(samples[0]), choices: samples.count)
    } store: { answer, samples in
      try await store(answer, plan, samples)
    }
  }

  /// - Returns: the sample numbers that have an answer now.
  private func store(_ answer: ChatAnswer, _ plan: RequestPlan, _ samples: [Int]) async throws -> [Int] {
    let choices = answer.choices.sorted { $0.index < $1.index }.prefix(samples.count)
    let numbers = Array(samples.prefix(choices.count))
    let keys = RequestKey.of(model: model, messages: plan.messages, sampling: sampling, samples: numbers)
    var generated: [GeneratedSample] = []
    for (position, choice) in choices.enumerated() {
      var sample = GeneratedSample(
        target: plan.target, key: keys[position], sample: numbers[position], choice: choice, of: answer,
        isFirst: position == 0)
      sample.sources = plan.sources
      generated.append(sample)
    }
    _ = try await run.writer.store(AnswerWriter.Item(samples: generated, generation: generation))
    run.state.noteAnswer()
    count(generated, answer, plan)
    if let more = settings.retryTokens, more > settings.maxTokens {
      for sample in generated where sample.isTruncated { try await askLonger(plan, sample.sample, more) }
    }
    return numbers
  }

  /// Asks once more for an answer that was cut off, with room for a longer one.
  private func askLonger(_ plan: RequestPlan, _ sample: Int, _ tokens: Int) async throws {
    var longer = settings
    longer.maxTokens = tokens
    longer.retryTokens = nil
    let specification = GenerationSpecification(
      stage, model: model, prompt: run.options.prompts[stage], settings: longer)
    let asker = StageAsker(
      run: run, stage: stage, model: model, settings: longer,
      generation: try run.workspace.generationID(of: specification))
    var one = plan
    one.samples = [sample]
    try await asker.askAll(one)
  }

  private func count(_ samples: [GeneratedSample], _ answer: ChatAnswer, _ plan: RequestPlan) {
    let latest = samples.first.map { sample in
      GenerationProgress.LatestAnswer(
        name: plan.name, stage: stage, step: plan.target.step,
        outcome: sample.outcome.reason?.words ?? "", judgement: sample.judgement,
        excerpt: String(sample.text.prefix(200)))
    }
    run.state.count(GenerationProgress.Counts(of: samples, answer), latest: latest)
  }
}

extension GeneratedSample {
  /// A choice of an answer as a sample.
  init(
    target: GenerationTarget, key: [UInt8], sample: Int, choice: ChatChoice, of answer: ChatAnswer, isFirst: Bool
  ) {
    self.init(
      target: target, key: key, sample: sample, text: choice.text, reasoning: choice.reasoning,
      finish: choice.finish?.description, isTruncated: choice.finish == .length, endpoint: answer.endpoint,
      promptTokens: isFirst ? answer.usage?.prompt : nil, completionTokens: isFirst ? answer.usage?.completion : nil,
      latency: answer.seconds > 0 ? Int(answer.seconds * 1000) : nil)
  }

  /// What the text concludes, if it can be used.
  var judgement: Judgement? {
    if case .judged(let judgement) = outcome { judgement } else { nil }
  }
}

extension GenerationProgress.Counts {
  /// What one answer brought.
  init(of samples: [GeneratedSample], _ answer: ChatAnswer) {
    self.init()
    self.samples = samples.count
    for sample in samples {
      if let reason = sample.outcome.reason { failed[reason.words, default: 0] += 1 } else { usable += 1 }
    }
    promptTokens = answer.usage?.prompt ?? 0
    completionTokens = answer.usage?.completion ?? 0
  }
}

extension Sampling {
  /// The same for a request whose first sample has a number. With seeds each sample has its own, so that a server gives the
  /// same answers again and different ones to each.
  public func first(_ sample: Int) -> Sampling {
    var sampling = self
    sampling.seed = seed.map { $0 + sample }
    return sampling
  }
}

extension StageSettings {
  /// As requests carry it.
  public var sampling: Sampling { Sampling(temperature: temperature, topP: topP, maxTokens: maxTokens, seed: seed) }
}
