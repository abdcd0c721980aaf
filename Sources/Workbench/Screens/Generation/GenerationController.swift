import DeepCriticCore
import Foundation
import Synchronization

/// What the generation screen is about: what each stage lacks, and where solutions stand.
struct GenerationPlan: Sendable {
  struct StagePlan: Sendable {
    var stage: Stage
    var size: PlanSize
    var model: String?
  }
  var stages: [StagePlan]
  var standings: [SeedCount]
  /// Solutions that the method's rules leave out, by reason.
  var leftOut: [SeedReason: Int]
  /// Requests that are out in batch files.
  var batched: Int
}

/// What a person may change for the runs of one session, on top of the settings.
struct GenerationOverrides: Sendable, Hashable {
  var model: String?
  var endpoints: [String]?
  var limit: Int?
}

/// Runs the generation beside the review, on a connection of its own, so that neither waits for the other.
final class GenerationController: Sendable {
  /// What the screen shows.
  struct Snapshot: Sendable {
    var plan: GenerationPlan?
    var isPlanning = false
    /// The run under way, or the last one.
    var progress: RequestProgress?
    var isRunning = false
    /// How the last run ended, when not well.
    var problem: String?
    /// Why it is not known what is missing.
    var planProblem: String?
    var endpoints: [String] = []
    var prices: TokenPrices?
  }

  private struct State {
    var shown = Snapshot()
    var run: GenerationRun?
    /// What the plan is for that was asked for while one was being made.
    var next: GenerationOverrides?
  }

  private let path: String
  private let environment: [String: String]
  private let reviewer: String
  private let state = Mutex(State())
  private let hasPlanned = ChangeSignal()

  init(workspace: Workspace, reviewer: String, environment: [String: String]) {
    path = workspace.path
    self.reviewer = reviewer
    self.environment = environment
  }

  var snapshot: Snapshot {
    state.withLock { state in
      var shown = state.shown
      if let run = state.run { shown.progress = run.progress() }
      return shown
    }
  }

  var isRunning: Bool { state.withLock { $0.shown.isRunning } }

  /// Works out again what is missing, in the background.
  func plan(_ overrides: GenerationOverrides) {
    let mustStart = state.withLock { state in
      if state.shown.isPlanning {
        state.next = overrides
        return false
      }
      state.shown.isPlanning = true
      return true
    }
    guard mustStart else { return }
    BackgroundWork.start { [self] in
      var overrides: GenerationOverrides? = overrides
      while let wanted = overrides {
        let outcome = Result { try makePlan(wanted) }
        overrides = state.withLock { state in
          switch outcome {
          case .success(let (plan, endpoints, prices)):
            state.shown.plan = plan
            state.shown.endpoints = endpoints
            state.shown.prices = prices
            state.shown.planProblem = nil
          case .failure(let error): state.shown.planProblem = "\(error)"
          }
          // Asked for again meanwhile: then this was not the last word.
          defer { state.next = nil }
          state.shown.isPlanning = state.next != nil
          return state.next
        }
      }
      hasPlanned.send()
    }
  }

  func waitForPlan() { hasPlanned.wait { state.withLock { $0.shown.isPlanning } } }

  private func makePlan(
    _ overrides: GenerationOverrides
  ) throws -> (GenerationPlan, endpoints: [String], TokenPrices?) {
    let workspace = try Workspace(at: path)
    let settings = try settings(overrides)
    let options = try options(Stage.allCases, settings, overrides)
    let selection = try workspace.seedSelection(options.selection)
    let stages = try Stage.allCases.map { stage in
      GenerationPlan.StagePlan(
        stage: stage, size: try options.planner(of: stage, workspace: workspace, ids: selection.ids).size(),
        model: options.settings(of: stage).model)
    }
    let plan = GenerationPlan(
      stages: stages, standings: try workspace.seedCounts(), leftOut: selection.leftOut,
      batched: try workspace.openBatches().reduce(0) { $0 + $1.requests })
    // A plan asks nobody: what the workspace wants is asked about when the run starts.
    let endpoints: [String]
    do { endpoints = try settings.endpoints(environment: environment).map(\.base) } catch is UntrustedError {
      endpoints = settings.servers.map(\.url)
    }
    return (plan, endpoints, settings.prices)
  }

  private func settings(_ overrides: GenerationOverrides) throws -> GenerateSettings {
    var settings = try GenerateSettings(path: path + "/" + Workspace.settingsName)
    settings.selection.reviewer = reviewer
    if let model = overrides.model { for stage in Stage.allCases { settings.stages[stage]?.model = model } }
    if let endpoints = overrides.endpoints { settings.servers = endpoints.map { ServerSettings(url: $0) } }
    return settings
  }

  private func options(
    _ stages: [Stage], _ settings: GenerateSettings, _ overrides: GenerationOverrides
  ) throws -> GenerationRun.Options {
    GenerationRun.Options(
      stages: stages, settings: settings.stages, prompts: try PromptLibrary(replacing: settings.prompts),
      selection: settings.selection, limit: overrides.limit ?? .max)
  }

  /// Begins a run.
  ///
  /// - Throws: what is in the way, with its remedy, before anything is asked.
  func start(_ stages: [Stage], _ overrides: GenerationOverrides) throws {
    let settings = try settings(overrides)
    let options = try options(stages, settings, overrides)
    for stage in stages where options.settings(of: stage).model == nil { throw GenerationError.noModel(stage) }
    let client = ModelClient(
      endpoints: try settings.endpoints(environment: environment), configuration: settings.client)
    let workspace = try Workspace(at: path)
    let run = GenerationRun(workspace: workspace, client: client, options: options)
    state.withLock { state in
      state.run = run
      state.shown.isRunning = true
      state.shown.problem = nil
      Task {
        var problem: String?
        do { _ = try await run.run() } catch is CancellationError {} catch { problem = "\(error)" }
        await client.shutdown()
        self.state.withLock { state in
          state.shown.progress = run.progress()
          state.shown.isRunning = false
          state.shown.problem = problem
          state.run = nil
        }
        try? workspace.close()
        self.plan(overrides)
      }
    }
  }

  /// Asks nothing new; the second time drops what is in flight too.
  ///
  /// - Returns: how many answers are waited for; `nil` when they are dropped.
  func stop() -> Int? {
    guard let run = state.withLock(\.run) else { return nil }
    let progress = run.progress()
    run.stop()
    return progress.isStopping ? nil : progress.client?.inFlight ?? 0
  }
}
