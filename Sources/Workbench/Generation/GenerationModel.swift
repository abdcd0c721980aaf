import DeepCriticCore
import Terminal

/// The generation screen: which row is selected, what was typed for this session, and the run beside the review.
public final class GenerationModel {
  /// A row that can be selected.
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

  let controller: GenerationController
  var overrides = GenerationOverrides()
  /// The screen is open.
  var isOpen = false
  var list = ListState(count: 1 + Stage.allCases.count)
  /// The row that would start with the next press of the same key.
  var armed: Row?
  /// Ending the program was asked for while a run goes on.
  var quitAsked = false
  /// The state of things at the last look.
  private(set) var snapshot = GenerationController.Snapshot()
  private var wasBusy = false

  init(_ session: Session, environment: [String: String]) {
    controller = GenerationController(
      workspace: session.workspace, reviewer: session.reviewer, environment: environment)
  }

  var rows: [Row] {
    [.all] + Stage.allCases.map(Row.stage) + (snapshot.plan?.standings ?? []).map(Row.standing)
  }

  var selected: Row? { list.selected.flatMap { rows.indices.contains($0) ? rows[$0] : nil } }

  /// Something goes on that the screen should follow.
  var isBusy: Bool { snapshot.isRunning || snapshot.isPlanning }

  /// Looks again.
  ///
  /// - Returns: whether something may have changed since the last look.
  @discardableResult
  func refresh() -> Bool {
    let kept = selected
    snapshot = controller.snapshot
    list.setCount(rows.count)
    if let kept, let index = rows.firstIndex(of: kept) { list.select(index) }
    defer { wasBusy = isBusy }
    return isBusy || wasBusy
  }

  /// What a row would ask now, and whether more follows from its answers.
  func size(of row: Row) -> PlanSize? {
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
}

extension WorkbenchModel {
  func performInGeneration(_ id: ActionID) throws {
    switch id {
    case .rowNext: generation.list.move(by: 1)
    case .rowPrevious: generation.list.move(by: -1)
    case .rowFirst: generation.list.select(0)
    case .rowLast: generation.list.select(max(generation.rows.count - 1, 0))
    case .rowPageDown: generation.list.page(by: 1)
    case .rowPageUp: generation.list.page(by: -1)
    case .generationStart: try startGeneration()
    case .generationStop: stopGeneration()
    case .generationSolutions: try showSolutions()
    case .generationModel: ask(.generationModel, text: generation.overrides.model ?? plannedModel ?? "")
    case .generationEndpoint: ask(.generationEndpoint, text: generation.snapshot.endpoints.joined(separator: " "))
    case .generationLimit: ask(.generationLimit, text: generation.overrides.limit.map { String($0) } ?? "")
    default: break
    }
  }

  /// The model's name where all stages have the same.
  var plannedModel: String? {
    let names = Set((generation.snapshot.plan?.stages ?? []).map(\.model))
    return names.count == 1 ? names.first ?? nil : nil
  }

  /// Opens the screen and looks at what is missing.
  func openGeneration() {
    closeScreens()
    generation.isOpen = true
    generation.refresh()
    if !generation.snapshot.isRunning { generation.controller.plan(generation.overrides) }
    generation.refresh()
  }

  private func startGeneration() throws {
    guard let row = generation.selected else { return }
    let size = generation.size(of: row)
    if generation.armed != row {
      generation.armed = row
      let model = plannedModel.map { " of \($0)" } ?? ""
      let place = generation.snapshot.endpoints.joined(separator: ", ")
      var words = size.map { "asks \(GenerationReport.counted($0.requests, "request"))" } ?? "asks what is missing"
      if row == .all { words += ", and then what follows from the answers," }
      say(.warning, "This \(words)\(model) at \(place). \(keys(.generationStart)) again begins.")
      return
    }
    generation.armed = nil
    try generation.controller.start(row.stages, generation.overrides)
    generation.refresh()
    say(.info, "Started. Review goes on meanwhile; \(keys(.generationOpen)) comes back here.")
  }

  func sayHowGenerationEnded() {
    let snapshot = generation.snapshot
    guard let progress = snapshot.progress else { return }
    if let problem = snapshot.problem {
      say(.error, "The generation ended early: \(problem)")
    } else {
      say(.good, "The generation has ended: \(GenerationReport(progress, prices: snapshot.prices).summary)")
    }
  }

  private func stopGeneration() {
    if let waiting = generation.controller.stop() {
      say(
        .info,
        "Stopping: waiting for \(GenerationReport.counted(waiting, "answer")) in flight. \(keys(.generationStop)) "
          + "again drops them.")
    } else {
      say(.info, "Stopped. What was answered is stored; the next run goes on from there.")
    }
    generation.refresh()
  }

  /// Shows the solutions that stand where the selected row says, in the queue.
  private func showSolutions() throws {
    guard case .standing(let count) = generation.selected else { return }
    try setFilter("reason:\(count.reason.rawValue)")
    generation.isOpen = false
    review = nil
  }

  /// Takes what was typed for a setting of this session.
  func setGeneration(_ action: ActionID, _ text: String) throws {
    switch action {
    case .generationModel: generation.overrides.model = text.isEmpty ? nil : text
    case .generationEndpoint:
      let urls = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
      for url in urls { _ = try Endpoint(url) }
      generation.overrides.endpoints = urls.isEmpty ? nil : urls
    default:
      guard text.isEmpty || (Int(text) ?? 0) > 0 else {
        throw GenerationInputError(description: "'\(text)' is no number of solutions: 1 or more, or nothing for all.")
      }
      generation.overrides.limit = Int(text)
    }
    generation.controller.plan(generation.overrides)
    generation.refresh()
  }

  /// Why a generation action cannot be done now.
  func generationReason(_ id: ActionID) -> String? {
    switch id {
    case .generationStart:
      if session.workspace.isReadOnly { return "\(WorkspaceError.readOnly(session.workspace.path))" }
      if generation.snapshot.isRunning { return "A run goes on; \(keys(.generationStop)) stops it." }
      if case .standing = generation.selected { return "Select a stage above to start it." }
      guard let row = generation.selected, let plan = generation.snapshot.plan, let size = generation.size(of: row)
      else { return nil }
      if plan.stages.contains(where: { row.stages.contains($0.stage) && $0.model == nil }) {
        return "No model is named: \(keys(.generationModel)) names one, or [generate] model in deepcritic.toml."
      }
      if size.requests == 0 {
        return size.batched > 0
          ? "Everything that is missing is out in batch files; read their output with 'generate --read-batch'."
          : "Nothing is missing here."
      }
      return nil
    case .generationStop:
      return generation.snapshot.isRunning ? nil : "Nothing is running."
    case .generationModel, .generationEndpoint, .generationLimit:
      return generation.snapshot.isRunning ? "Not while a run goes on." : nil
    case .generationSolutions:
      if case .standing(let count) = generation.selected {
        return session.mode == .blind && count.solutions > 0
          ? "In blind mode where solutions stand would tell their labels." : nil
      }
      return "Select a row under 'where solutions stand' to see its solutions."
    default: return nil
    }
  }
}

/// Something typed that cannot be used.
struct GenerationInputError: Error, CustomStringConvertible {
  let description: String
}
