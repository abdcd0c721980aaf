import DeepCriticCore
import Terminal

/// Generation: what each stage lacks, the run beside the review, and where solutions stand.
final class GenerationScreen: ListScreen {
  static let id = ScreenID.generation
  static let heading = "On the generation screen"
  static let opening: Action? = Action(
    .generationOpen, "generate", "Open the screen that generates critiques with a model", keys: ["f2"], hint: 21)

  enum Row: Hashable {
    case all
    case stage(Stage)
    /// Solutions that stand somewhere.
    case standing(SeedCount)

    /// The stages that starting this row asks.
    var stages: [Stage] {
      switch self {
      case .all: Stage.allCases
      case .stage(let stage): [stage]
      case .standing: []
      }
    }
  }

  let context: ScreenContext
  let generation: GenerationService
  var list = ListState()
  private(set) var rows: [Row] = []
  /// The row that would start with the next press of the same key.
  private var armed: Row?

  init(_ services: Services) {
    context = services.context
    generation = services.generation
    update()
  }

  func appear() {
    if !generation.isRunning { generation.plan() }
    update()
  }

  func disappear() { armed = nil }

  func refresh() -> Bool {
    update()
    return false
  }

  func settle() { update() }
  func modeChanged() { update() }

  func willPerform(_ id: ActionID?) { if id != .generationStart { armed = nil } }

  func draw(_ canvas: inout Canvas) { GenerationView.draw(&canvas, self) }

  /// Takes over what is known; the selection stays on its row.
  private func update() {
    let kept = selected
    rows = [.all] + Stage.allCases.map(Row.stage) + standings.map(Row.standing)
    list.setCount(rows.count)
    if let kept, let index = rows.firstIndex(of: kept) { list.select(index) }
  }

  // MARK: - What is known

  var snapshot: GenerationController.Snapshot { generation.snapshot }

  /// What is missing and where solutions stand reveals labels and critiques.
  var isHidden: Bool { session.mode == .blind }

  /// Where solutions stand; empty where that may not be shown.
  var standings: [SeedCount] { isHidden ? [] : snapshot.plan?.standings ?? [] }

  var selected: Row? { list.selected(of: rows) }

  /// The model's name where all stages have the same.
  var plannedModel: String? {
    let names = Set((snapshot.plan?.stages ?? []).map(\.model))
    return names.count == 1 ? names.first ?? nil : nil
  }

  /// What a row would ask now, and whether more follows from its answers; `nil` where that is not known or not told.
  func size(of row: Row) -> PlanSize? { isHidden ? nil : plannedSize(of: row) }

  private func plannedSize(of row: Row) -> PlanSize? {
    guard let plan = snapshot.plan else { return nil }
    var sum = PlanSize()
    for stage in plan.stages where row.stages.contains(stage.stage) {
      sum.requests += stage.size.requests
      sum.samples += stage.size.samples
      sum.steps += stage.size.steps
      sum.solutions = max(sum.solutions, stage.size.solutions)
      sum.batched += stage.size.batched
    }
    return sum
  }

  // MARK: - Runs

  /// Why the selected row cannot be started.
  var startReason: String? {
    if snapshot.isRunning { return "Generation is running; \(keys(.generationStop)) stops it." }
    if case .standing = selected { return "Select a stage above to start it." }
    guard let row = selected, let plan = snapshot.plan else { return nil }
    if plan.stages.contains(where: { row.stages.contains($0.stage) && $0.model == nil }) {
      return "No model is named: \(keys(.generationModel)) names one, or [generate] model in deepcritic.toml."
    }
    guard let size = size(of: row), size.requests == 0 else { return nil }
    return size.batched > 0
      ? "Everything that is missing is out in batch files; read their output with 'generate --read-batch'."
      : "Nothing is missing here."
  }

  /// Begins the selected row, when asked for a second time.
  func start() throws {
    guard let row = selected else { return }
    guard armed == row else {
      armed = row
      let model = plannedModel.map { " of \($0)" } ?? ""
      let place = snapshot.endpoints.joined(separator: ", ")
      var words =
        size(of: row).map { "asks \(Figures.count($0.requests, "request"))" } ?? "asks what is missing"
      if row == .all { words += ", and then what follows from the answers," }
      return say(.warning, "This \(words)\(model) at \(place). \(keys(.generationStart)) again begins.")
    }
    armed = nil
    try generation.start(row.stages)
    update()
    say(.info, "Started. You can keep reviewing; \(keys(.generationOpen)) comes back here.")
  }

  func stop() {
    if let waiting = generation.stop() {
      say(
        .info,
        "Stopping: waiting for \(Figures.count(waiting, "answer")) in flight. \(keys(.generationStop)) "
          + "again drops them.")
    } else {
      say(.info, "Stopped. Answers so far are stored; the next run continues from here.")
    }
    update()
  }

  /// Shows the selected row's solutions in the queue.
  func showSolutions() throws {
    guard case .standing(let count) = selected else { return }
    let filter = try QueueFilter("reason:\(count.reason.rawValue)")
    try navigator?.showQueue { queue in
      try queue.reload(filter: filter)
      say(.info, queue.ids.count == 1 ? "1 solution fits." : "\(queue.ids.count) solutions fit.")
    }
  }

  func change(_ body: (inout GenerationOverrides) -> Void) {
    generation.change(body)
    update()
  }
}
