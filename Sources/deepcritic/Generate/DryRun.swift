import DeepCriticCore
import Foundation
import Terminal

/// What a run would ask, without asking it.
struct DryRun {
  let workspace: Workspace
  let options: GenerationRun.Options
  let showsRequest: Bool

  /// One stage's plan.
  private struct StagePlan: Encodable {
    var stage: String
    var model: String?
    var settings: StageSettings
    var plan: PlanSize
    var request: String?
  }

  private struct Plan: Encodable {
    var solutions: Int
    var leftOut: [String: Int]
    var stages: [StagePlan]
    var standings: [SeedCount]
    var batches: [String: Int]
  }

  func run(json: Bool) throws {
    let selection = try workspace.seedSelection(options.selection)
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
            ).body(), as: UTF8.self)
        }
      }
      return StagePlan(
        stage: stage.rawValue, model: settings.model, settings: settings, plan: try planner.size(), request: request)
    }
    let open = try workspace.openBatches()
    let plan = Plan(
      solutions: selection.ids.count,
      leftOut: Dictionary(uniqueKeysWithValues: selection.leftOut.map { ($0.key.rawValue, $0.value) }),
      stages: stages, standings: try workspace.seedCounts(),
      batches: Dictionary(open.map { ($0.file, $0.requests) }, uniquingKeysWith: +))
    if json { return try JSONOutput.write(plan) }
    try StandardOutput.write(lines: lines(plan, selection).map(TextSafety.line))
  }

  private func lines(_ plan: Plan, _ selection: SeedSelection) -> [String] {
    var lines = ["\(Figures.count(plan.solutions, "solution")) chosen"]
    for (reason, count) in Figures.ordered(selection.leftOut) {
      lines.append("  left out: \(Figures.count(count)) \(reason.words)")
    }
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
      for (reason, count) in stage.plan.held.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        lines.append("  held back: \(Figures.count(count)) \(reason)")
      }
      if stage.plan.batched > 0 {
        lines.append("  out in batch files: \(Figures.count(stage.plan.batched, "sample"))")
      }
      if let request = stage.request { lines.append("  the first request: " + JSONOutput.escaped(request)) }
    }
    return lines
  }
}
