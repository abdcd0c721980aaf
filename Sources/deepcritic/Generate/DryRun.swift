import DeepCriticCore
import Foundation
import Terminal

/// What a run would ask, without asking it.
struct DryRun {
  let workspace: Workspace
  let options: GenerationRun.Options
  let showsRequest: Bool
  let prices: TokenPrices?
  let dialect: ServerDialect

  /// One stage's plan.
  private struct StagePlan: Encodable {
    var stage: String
    var model: String?
    var settings: StageSettings
    var plan: PlanSize
    /// What waits for the stages before, at most; `nil` where nothing does.
    var waiting: PlanSize?
    var forecast: RequestForecast
    var request: String?
  }

  private struct Plan: Encodable {
    var solutions: Int
    var leftOut: [String: Int]
    var stages: [StagePlan]
    /// All stages together.
    var forecast: RequestForecast
    var standings: [SeedCount]
    var batches: [String: Int]
  }

  func run(json: Bool) throws {
    let selection = try workspace.seedSelection(options.selection)
    var before: (prompt: Double, completion: Double)?
    let stages = try options.stages.map { stage in
      let planner = options.planner(of: stage, workspace: workspace, ids: selection.ids)
      let settings = options.settings(of: stage)
      var request: String?
      if showsRequest {
        var pages = planner
        if let first = try pages.nextPage()?.first {
          request = String(
            decoding: ChatRequest(
              model: settings.model ?? "", messages: first.messages, sampling: settings.sampling,
              choices: first.samples.count
            ).body(dialect: dialect), as: UTF8.self)
        }
      }
      let (plan, waiting) = (try planner.size(), try planner.waitingSize(for: options.stages))
      let measured =
        try options.generation(of: stage, in: workspace).map { try workspace.measuredCost(generation: $0) }
        ?? MeasuredCost()
      // A stage's questions hold those of the stage before and its answers.
      let prompt =
        try measured.promptTokensPerRequest ?? Self.promptTokens(planner) ?? before.map { $0.prompt + $0.completion }
        ?? 0
      before = (prompt, measured.completionTokens ?? Double(settings.maxTokens))
      let forecast = RequestForecast(
        requests: plan.requests + waiting.requests, samples: plan.samples + waiting.samples, promptTokens: prompt,
        maxTokens: settings.maxTokens, measured: measured, prices: prices, isEstimated: waiting.samples > 0)
      return StagePlan(
        stage: stage.rawValue, model: settings.model, settings: settings, plan: plan,
        waiting: waiting.samples > 0 ? waiting : nil, forecast: forecast, request: request)
    }
    let open = try workspace.openBatches()
    let plan = Plan(
      solutions: selection.ids.count,
      leftOut: Dictionary(uniqueKeysWithValues: selection.leftOut.map { ($0.key.rawValue, $0.value) }),
      stages: stages, forecast: RequestForecast(stages.map(\.forecast)), standings: try workspace.seedCounts(),
      batches: Dictionary(open.map { ($0.file, $0.requests) }, uniquingKeysWith: +))
    if json { return try JSONOutput.write(plan) }
    try StandardOutput.write(lines: lines(plan, selection).map(TextSafety.line))
  }

  /// Tokens of a request by the first few, four characters each; `nil` without any.
  private static func promptTokens(_ planner: StagePlanner) throws -> Double? {
    var (pages, requests, characters) = (planner, 0, 0)
    while requests < 500, let page = try pages.nextPage() {
      requests += page.count
      characters += page.reduce(0) { $0 + $1.characters }
    }
    return requests > 0 ? Double(characters) / 4 / Double(requests) : nil
  }

  private func lines(_ plan: Plan, _ selection: SeedSelection) -> [String] {
    var lines = ["\(Figures.count(plan.solutions, "solution")) chosen"]
    if let left = Figures.tally("left out", selection.leftOut, words: \.words) { lines.append("  " + left) }
    for stage in plan.stages {
      let settings = stage.settings
      lines.append("")
      lines.append(
        "\(stage.stage): \(Figures.count(stage.plan.requests, "request")) for "
          + "\(Figures.count(stage.plan.samples, "sample")) about "
          + "\(Figures.count(stage.plan.steps, "step")) of "
          + Figures.count(stage.plan.solutions, "solution"))
      lines.append(
        "  model \(stage.model ?? "not named yet (--model NAME)"), temperature \(settings.temperature), top-p "
          + "\(settings.topP), at most \(settings.maxTokens) tokens"
          + (settings.seed.map { ", seed \($0)" } ?? ""))
      if let held = Figures.tally("held back", stage.plan.held, words: { $0 }) { lines.append("  " + held) }
      if stage.plan.batched > 0 {
        lines.append("  out in batch files: \(Figures.count(stage.plan.batched, "sample"))")
      }
      if let waiting = stage.waiting {
        lines.append(
          "  estimated: at most \(Figures.count(waiting.requests, "request")) more for "
            + "\(Figures.count(waiting.samples, "sample")), once the stages before have answered")
      }
      if stage.forecast.samples > 0 { lines += stage.forecast.lines(prices).map { "  " + $0 } }
      if let request = stage.request { lines.append("  the first request: " + JSONOutput.escaped(request)) }
    }
    if plan.stages.count { $0.forecast.samples > 0 } > 1 {
      lines += ["", "all stages" + (plan.forecast.isEstimated ? " (later ones estimated)" : "")]
      lines += plan.forecast.lines(prices).map { "  " + $0 }
    }
    return lines
  }
}
