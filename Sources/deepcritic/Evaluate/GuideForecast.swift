import DeepCriticCore
import Terminal

/// What a guidance would ask, cost and take, without asking. What follows from solutions that are not drawn yet, or from
/// critiques that are not written yet, is estimated: the most there can be.
struct GuideForecast {
  let workspace: Workspace
  let ids: [Int64]
  let label: LabelSettings
  let prompt: RolloutPrompt
  let asking: EvaluateSettings
  let prompts: [PromptPurpose: String]
  let prices: TokenPrices?
  let refines: Bool
  let refinerFile: String?

  private struct Part: Encodable {
    var title: String
    var model: String?
    var forecast: RequestForecast
  }

  private struct Plan: Encodable {
    var problems: Int
    var parts: [Part]
    var forecast: RequestForecast
  }

  func run(json: Bool) throws {
    let parts = try self.parts()
    let plan = Plan(problems: ids.count, parts: parts, forecast: RequestForecast(parts.map(\.forecast)))
    if json { return try JSONOutput.write(plan) }
    var lines = ["\(Figures.count(plan.problems, "problem")) chosen"]
    for part in parts {
      let forecast = part.forecast
      lines += [
        "",
        "\(part.title): \(forecast.isEstimated ? "at most " : "")\(Figures.count(forecast.requests, "request")) for "
          + Figures.count(forecast.samples, "answer") + (forecast.isEstimated ? " (estimated)" : ""),
        "  model \(part.model ?? "not named yet")",
      ]
      if forecast.samples > 0 { lines += forecast.lines(prices).map { "  " + $0 } }
    }
    lines += ["", "in all" + (plan.forecast.isEstimated ? " (later parts estimated)" : "")]
    lines += plan.forecast.lines(prices).map { "  " + $0 }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private func parts() throws -> [Part] {
    // The solutions.
    let options = LabelRun.Options(kind: .sample, settings: label.sample, prompt: prompt, ids: ids)
    let (generation, plan, drawing, solutions) = try options.forecast(workspace, prices)

    // The critiques of what is drawn, and of what will be.
    var problems =
      try generation.map {
        try GuidanceMaterial(
          workspace: workspace, prompt: prompt, generation: $0, samples: label.sample.samples, grader: ""
        ).drawn(ids)
      } ?? []
    let critic = asking.parameters(model: asking.model ?? "")
    let template = try asking.template(replacing: prompts)
    var open = Open()
    if asking.model != nil {
      _ = try GuidanceMaterial(
        workspace: workspace, prompt: prompt, generation: generation ?? 0, samples: label.sample.samples, grader: ""
      ).addCritiques(&problems, template, critic, AnswerExtractor(base: asking.asking.base))
    }
    let drawn = problems.flatMap { problem in
      problem.samples.filter { !$0.steps.isEmpty }.map { (problem: problem, sample: $0) }
    }
    for one in drawn {
      open.add(
        GuidanceMaterial.critique(one.problem, one.sample, template),
        missing: critic.samples - one.sample.critiques.count, isSeeded: critic.isSeeded)
    }
    let size = open.promptTokens ?? solutionTokens(solutions, drawing)
    open.add(plan.samples, each: critic.samples, isSeeded: critic.isSeeded)
    let measured = try asking.model.map { try workspace.measuredCost(critic: $0, maxTokens: critic.sampling.maxTokens) }
    let critiques = RequestForecast(
      requests: open.requests, samples: open.samples, promptTokens: size, maxTokens: critic.sampling.maxTokens,
      measured: measured ?? MeasuredCost(), prices: prices, isEstimated: plan.samples > 0)
    var parts = [
      Part(title: "solutions", model: label.sample.model, forecast: solutions),
      Part(title: "critiques", model: asking.model, forecast: critiques),
    ]
    if refines { parts.append(try refinements(drawn, undrawn: plan.samples, critic: critic, critiqueTokens: size)) }
    return parts
  }

  /// One refinement of each solution in which the critic finds an error: known where it has answered, at most all of the rest.
  private func refinements(
    _ drawn: [(problem: GuidedProblem, sample: GuidedProblem.Sample)], undrawn: Int, critic: RequestParameters,
    critiqueTokens: Double
  ) throws -> Part {
    var files = prompts
    if let refinerFile { files[.refiner] = refinerFile }
    let template = try PromptLibrary(replacing: files)[.refiner]
    let parameters = RequestParameters(model: label.sample.model ?? "", sampling: label.rollout.sampling)
    var open = Open()
    var unknown = undrawn
    for one in drawn {
      if one.sample.critiques.count < critic.samples {
        unknown += 1
      } else if let messages = GuidanceMaterial.refinement(one.problem, one.sample, template) {
        let missing = try workspace.answers(to: messages, parameters).count { $0 == nil }
        open.add(messages, missing: missing, isSeeded: false)
      }
    }
    let size = open.promptTokens ?? critiqueTokens + Double(critic.sampling.maxTokens)
    open.add(unknown, each: 1, isSeeded: false)
    return Part(
      title: "refinements", model: label.sample.model,
      forecast: RequestForecast(
        requests: open.requests, samples: open.samples, promptTokens: size, maxTokens: parameters.sampling.maxTokens,
        measured: MeasuredCost(), prices: prices, isEstimated: unknown > 0))
  }

  /// A problem with a solution, in tokens.
  private func solutionTokens(_ solutions: RequestForecast, _ drawing: MeasuredCost) -> Double {
    Double(solutions.promptTokens) / Double(max(solutions.requests, 1))
      + (drawing.completionTokens ?? Double(label.sample.maxTokens))
  }

  /// Questions that are to be asked.
  private struct Open {
    var requests = 0
    var samples = 0
    private var characters = 0
    private var counted = 0
    private var seen: Set<[ChatMessage]> = []

    /// Tokens of a request by four characters each; `nil` while none is known.
    var promptTokens: Double? { counted > 0 ? Double(characters) / 4 / Double(counted) : nil }

    /// A question, once.
    mutating func add(_ messages: [ChatMessage], missing: Int, isSeeded: Bool) {
      guard missing > 0, seen.insert(messages).inserted else { return }
      requests += isSeeded ? missing : 1
      samples += missing
      characters += messages.reduce(0) { $0 + $1.content.unicodeScalars.count }
      counted += 1
    }

    /// Questions that are not known yet.
    mutating func add(_ questions: Int, each: Int, isSeeded: Bool) {
      requests += isSeeded ? questions * each : questions
      samples += questions * each
    }
  }
}
