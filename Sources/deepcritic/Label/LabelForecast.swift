import DeepCriticCore
import Terminal

/// What a run would ask, cost and take, without asking.
struct LabelForecast {
  let workspace: Workspace
  let options: LabelRun.Options
  let ids: [Int64]
  let leftOut: [EstimateReason: Int]
  let prices: TokenPrices?

  private struct Forecast: Encodable {
    var kind: String
    var chosen: Int
    var leftOut: [String: Int]
    var model: String?
    var settings: StageSettings
    var plan: RolloutPlanner.Size
    /// Tokens of all requests: measured on earlier ones, else by four characters each.
    var promptTokens: Int
    /// Tokens of all samples: measured on earlier ones, else the most there can be.
    var completionTokens: Int
    /// Samples that the figures are measured on; 0 when nothing was.
    var measuredOn: Int
    var cost: Double?
    var seconds: Double?
  }

  func run(json: Bool) throws {
    let generation = try (try? options.specification()).flatMap { try workspace.knownGenerationID(of: $0) }
    let plan = try options.planner(workspace, generation: generation).size()
    let measured = try generation.map { try workspace.measuredCost(generation: $0) } ?? MeasuredCost()
    // Servers count a request once, however many samples it brings.
    let prompt = measured.promptTokensPerRequest.map { $0 * Double(plan.requests) } ?? Double(plan.characters) / 4
    let completion = Double(plan.samples) * (measured.completionTokens ?? Double(options.settings.maxTokens))
    let forecast = Forecast(
      kind: options.kind.rawValue, chosen: ids.count,
      leftOut: Dictionary(uniqueKeysWithValues: leftOut.map { ($0.key.rawValue, $0.value) }),
      model: options.settings.model, settings: options.settings, plan: plan, promptTokens: Int(prompt.rounded()),
      completionTokens: Int(completion.rounded()), measuredOn: measured.completionTokens == nil ? 0 : measured.samples,
      cost: prices.map { $0.cost(prompt: Int(prompt), completion: Int(completion)) },
      seconds: measured.rate.map { Double(plan.samples) / $0 })
    if json { return try JSONOutput.write(forecast) }
    try StandardOutput.write(lines: lines(forecast).map(TextSafety.line))
  }

  private func lines(_ forecast: Forecast) -> [String] {
    let noun = options.kind == .sample ? "problem" : "solution"
    var lines = ["\(Figures.count(forecast.chosen, noun)) chosen"]
    for (reason, count) in Figures.ordered(leftOut) {
      lines.append("  left out: \(Figures.count(count)) \(reason.words)")
    }
    let plan = forecast.plan
    lines.append(
      "\(Figures.count(plan.requests, "request")) for \(Figures.count(plan.samples, "sample")) of "
        + Figures.count(plan.solutions, noun)
        + (options.kind == .rollout ? ", \(Figures.count(plan.prefixes, "prefix", "prefixes"))" : ""))
    let settings = options.settings
    lines.append(
      "  model \(forecast.model ?? "not named yet (--model NAME)"), temperature \(settings.temperature), top-p "
        + "\(settings.topP), at most \(settings.maxTokens) tokens" + (settings.seed.map { ", seed \($0)" } ?? ""))
    lines.append(
      "  tokens: about \(Figures.count(forecast.promptTokens)) in, "
        + (forecast.measuredOn > 0
          ? "about \(Figures.count(forecast.completionTokens)) out (measured on "
            + "\(Figures.count(forecast.measuredOn, "sample")))"
          : "at most \(Figures.count(forecast.completionTokens)) out (nothing measured yet)"))
    if let cost = forecast.cost, let prices {
      lines.append(
        "  cost: \(forecast.measuredOn > 0 ? "about" : "at most") \(Figures.money(cost, prices.currency))")
    }
    lines.append(
      forecast.seconds.map { "  time: about \(Figures.duration($0)) at the measured rate" }
        ?? "  time: unknown until some were drawn; --limit draws a few")
    return lines
  }
}
