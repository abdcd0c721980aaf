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
    let (_, plan, _, requests) = try options.forecast(workspace, prices)
    let forecast = Forecast(
      kind: options.kind.rawValue, chosen: ids.count,
      leftOut: Dictionary(uniqueKeysWithValues: leftOut.map { ($0.key.rawValue, $0.value) }),
      model: options.settings.model, settings: options.settings, plan: plan, promptTokens: requests.promptTokens,
      completionTokens: requests.completionTokens, measuredOn: requests.measuredOn, cost: requests.cost,
      seconds: requests.seconds)
    if json { return try JSONOutput.write(forecast) }
    try StandardOutput.write(lines: lines(forecast, requests).map(TextSafety.line))
  }

  private func lines(_ forecast: Forecast, _ requests: RequestForecast) -> [String] {
    let noun = options.kind == .sample ? "problem" : "solution"
    var lines = ["\(Figures.count(forecast.chosen, noun)) chosen"]
    if let left = Figures.tally("left out", leftOut, words: \.words) { lines.append("  " + left) }
    let plan = forecast.plan
    lines.append(
      "\(Figures.count(plan.requests, "request")) for \(Figures.count(plan.samples, "sample")) of "
        + Figures.count(plan.solutions, noun)
        + (options.kind == .rollout ? ", \(Figures.count(plan.prefixes, "prefix", "prefixes"))" : ""))
    let settings = options.settings
    lines.append(
      "  model \(forecast.model ?? "not named yet (--model NAME)"), temperature \(settings.temperature), top-p "
        + "\(settings.topP), at most \(settings.maxTokens) tokens" + (settings.seed.map { ", seed \($0)" } ?? ""))
    lines += requests.lines(prices).map { "  " + $0 }
    return lines
  }
}

extension LabelRun.Options {
  /// What there is to ask and what it takes, with the specification's number and what was measured where it was used before.
  func forecast(
    _ workspace: Workspace, _ prices: TokenPrices?
  ) throws -> (generation: Int64?, plan: RolloutPlanner.Size, measured: MeasuredCost, requests: RequestForecast) {
    let generation = try (try? specification()).flatMap { try workspace.knownGenerationID(of: $0) }
    let plan = try planner(workspace, generation: generation).size()
    let measured = try generation.map { try workspace.measuredCost(generation: $0) } ?? MeasuredCost()
    let requests = RequestForecast(
      requests: plan.requests, samples: plan.samples,
      promptTokens: Double(plan.characters) / 4 / Double(max(plan.requests, 1)), maxTokens: settings.maxTokens,
      measured: measured, prices: prices)
    return (generation, plan, measured, requests)
  }
}
