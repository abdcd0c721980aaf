import DeepCriticCore
import Terminal

/// Runs that generate critiques: what is missing, what is running, and what a person has changed for this session.
final class GenerationService: Service {
  private let controller: GenerationController
  private(set) var overrides = GenerationOverrides()
  /// The state of things at the last look.
  private(set) var snapshot = GenerationController.Snapshot()
  private var wasBusy = false
  private var news: Message?

  init(_ context: ScreenContext, environment: [String: String]) {
    controller = GenerationController(
      workspace: context.session.workspace, reviewer: context.session.reviewer, environment: environment)
  }

  var isRunning: Bool { controller.isRunning }

  var isBusy: Bool { snapshot.isRunning || snapshot.isPlanning }

  @discardableResult
  func refresh() -> Bool {
    let wasRunning = snapshot.isRunning
    snapshot = controller.snapshot
    if wasRunning, !snapshot.isRunning { news = ending }
    defer { wasBusy = isBusy }
    return isBusy || wasBusy
  }

  func settle() {
    controller.waitForPlan()
    refresh()
  }

  /// Works out what is missing, beside the screens.
  func plan() {
    controller.plan(overrides)
    refresh()
  }

  /// Changes something for the runs of this session.
  func change(_ body: (inout GenerationOverrides) -> Void) {
    body(&overrides)
    plan()
  }

  /// Begins a run.
  ///
  /// - Throws: what is in the way, with its remedy, before anything is asked.
  func start(_ stages: [Stage]) throws {
    try controller.start(stages, overrides)
    refresh()
  }

  /// Asks nothing new; the second time drops what is in flight too.
  ///
  /// - Returns: how many answers are waited for; `nil` when they are dropped.
  func stop() -> Int? {
    defer { refresh() }
    return controller.stop()
  }

  func headerItem(on screen: ScreenID) -> String? {
    if snapshot.isRunning, let progress = snapshot.progress {
      return "generating \(Int(RequestReport(progress, prices: nil).fraction * 100)) %"
    }
    return snapshot.problem != nil && screen != .generation ? "generation stopped" : nil
  }

  func takeNews() -> Message? {
    defer { news = nil }
    return news
  }

  private var ending: Message? {
    guard let progress = snapshot.progress else { return nil }
    if let problem = snapshot.problem {
      return Message(kind: .error, text: "The generation ended early: \(problem)")
    }
    let summary = RequestReport(progress, prices: snapshot.prices).summary
    return Message(kind: .good, text: "The generation has ended: \(summary)")
  }
}
