import DeepCriticCore
import Foundation
import Terminal

extension WorkbenchModel {
  /// Opens the screen; scores are worked out beside it.
  func openEvaluation() {
    closeScreens()
    evaluation.isOpen = true
    evaluation.load()
    layOutEvaluation()
  }

  /// Tells the lists how much of them shows.
  func layOutEvaluation() {
    evaluation.critics.setViewport(EvaluationScreen.criticsHeight(size))
    evaluation.list.setViewport(EvaluationScreen.rowsHeight(size))
  }

  /// One level up.
  ///
  /// - Returns: `false` when there is none: the screen is to be closed.
  func leaveEvaluationLevel() -> Bool {
    switch evaluation.level {
    case .critics: return false
    case .rows: evaluation.level = .critics
    case .row: evaluation.level = .rows
    }
    return true
  }

  func performInEvaluation(_ id: ActionID) throws {
    let evaluation = evaluation
    switch (evaluation.level, id) {
    case (.critics, .rowNext): evaluation.critics.move(by: 1)
    case (.critics, .rowPrevious): evaluation.critics.move(by: -1)
    case (.critics, .rowPageDown): evaluation.critics.page(by: 1)
    case (.critics, .rowPageUp): evaluation.critics.page(by: -1)
    case (.critics, .rowFirst): evaluation.critics.home()
    case (.critics, .rowLast): evaluation.critics.end()
    case (.critics, .evaluationRight):
      evaluation.setIndex = min(evaluation.setIndex + 1, max((evaluation.knowledge?.sets.count ?? 1) - 1, 0))
    case (.critics, .evaluationLeft): evaluation.setIndex = max(evaluation.setIndex - 1, 0)
    case (.critics, .evaluationEnter):
      evaluation.level = .rows
      evaluation.listRows()
    case (.rows, .evaluationEnter), (.rows, .evaluationRight):
      evaluation.level = .row
      evaluation.rowChanged()
    case (.rows, .evaluationLeft), (.row, .evaluationLeft): _ = leaveEvaluationLevel()
    case (.row, .evaluationEnter): try reviewEvaluatedRow()
    case (.row, .evaluationRight), (.row, .evaluationSample):
      let count = max(try evaluation.answers().count, 1)
      evaluation.sample = (evaluation.sample + 1) % count
      evaluation.scroll = 0
    case (.row, .rowPageDown): evaluation.scroll += EvaluationScreen.transcriptHeight(size)
    case (.row, .rowPageUp):
      evaluation.scroll = max(evaluation.scroll - EvaluationScreen.transcriptHeight(size), 0)
    case (_, .evaluationFilter): evaluation.nextFilter()
    case (_, .evaluationQueue): try showRowsInQueue()
    case (_, .evaluationTraining): try showTrainingInQueue()
    case (_, .rowNext): moveRow(1)
    case (_, .rowPrevious): moveRow(-1)
    case (_, .rowPageDown): evaluation.list.page(by: 1)
    case (_, .rowPageUp): evaluation.list.page(by: -1)
    case (_, .rowFirst):
      evaluation.list.home()
      evaluation.rowChanged()
    case (_, .rowLast):
      evaluation.list.end()
      evaluation.rowChanged()
    default: break
    }
  }

  private func moveRow(_ rows: Int) {
    evaluation.list.move(by: rows)
    evaluation.rowChanged()
  }

  /// Reviews the selected row, with the listed ones as the queue.
  private func reviewEvaluatedRow() throws {
    guard let row = evaluation.row else { return }
    try listEvaluatedRows()
    evaluation.isOpen = false
    try open(row.item.solution)
  }

  private func showRowsInQueue() throws {
    if evaluation.level == .critics { evaluation.listRows() }
    try listEvaluatedRows()
    evaluation.isOpen = false
    review = nil
  }

  /// The solutions of the data set that trained the selected critic: from a failed row to the labels behind it.
  private func showTrainingInQueue() throws {
    guard let critic = evaluation.critic, let hash = critic.specification.trainedOn else { return }
    let keys = try session.workspace.rows(ofDataset: hash).map(\.solution)
    let ids = try session.workspace.solutionIDs(keys: keys)
    var seen: Set<Int64> = []
    let listed = keys.compactMap { ids[$0] }.filter { seen.insert($0).inserted }
    guard !listed.isEmpty else {
      say(.warning, "The solutions of data set \(hash.prefix(12)) are not in this workspace.")
      return
    }
    try queue.show(listed, title: "trained \(critic.name)")
    evaluation.isOpen = false
    review = nil
  }

  private func listEvaluatedRows() throws {
    var seen: Set<Int64> = []
    let ids = evaluation.rows.map(\.item.solution).filter { seen.insert($0).inserted }
    let title = [evaluation.critic?.name, evaluation.setName, evaluation.filter.words].compactMap { $0 }
    try queue.show(ids, title: title.joined(separator: ", "))
  }

  /// Why an action of the evaluation screen cannot be done now.
  func evaluationReason(_ id: ActionID) -> String? {
    guard let knowledge = evaluation.knowledge else {
      return evaluation.problem ?? "The evaluations are still being read; a moment."
    }
    if knowledge.board.critics.isEmpty { return noEvaluationReason }
    switch id {
    case .evaluationEnter, .evaluationQueue, .evaluationFilter:
      if session.mode == .blind {
        return "In blind mode the rows of a benchmark would tell labels; \(keys(.modeToggle)) switches to audit mode."
      }
      if evaluation.level == .critics {
        return evaluation.score == nil
          ? "\(evaluation.critic?.name ?? "") was not evaluated on \(evaluation.setName ?? "this set")." : nil
      }
      return evaluation.rows.isEmpty && id != .evaluationFilter
        ? "There is no such row; \(keys(.evaluationFilter)) lists others." : nil
    case .evaluationTraining:
      if session.mode == .blind { return "In blind mode a training set would tell labels." }
      return evaluation.critic?.specification.trainedOn == nil
        ? "Nobody said what trained this critic: 'deepcritic evaluate --trained-on RUN' does." : nil
    case .evaluationSample:
      return evaluation.level != .row ? "Open a row first (\(keys(.evaluationEnter)))." : nil
    default: return nil
    }
  }

  /// What to do when there is nothing.
  var noEvaluationReason: String {
    "Nothing has been evaluated here: 'deepcritic evaluate --benchmark FILE --model NAME' begins."
  }
}

extension EvaluationModel {
  /// Waits until all is read: plain text and tests do not draw again later.
  func waitUntilKnown() {
    while isLoading { Thread.sleep(forTimeInterval: 0.01) }
    _ = refresh()
  }
}
