import DeepCriticCore
import Terminal

extension EvaluationScreen {
  static let commands = CommandSet<EvaluationScreen>(own + pages + rowCommands.filter { !isPage($0.action.id) })

  private static func isPage(_ id: ActionID) -> Bool {
    [.rowPageDown, .rowPageUp, .rowHalfDown, .rowHalfUp].contains(id)
  }

  private static let pages: [Command<EvaluationScreen>] = [
    Command(.rowPageDown, unless: { $0.emptyReason }) { $0.turnPage(by: 1) },
    Command(.rowPageUp, unless: { $0.emptyReason }) { $0.turnPage(by: -1) },
    Command(.rowHalfDown, unless: { $0.emptyReason }) { $0.turnPage(by: 1, half: true) },
    Command(.rowHalfUp, unless: { $0.emptyReason }) { $0.turnPage(by: -1, half: true) },
  ]

  private static let own: [Command<EvaluationScreen>] = [
    Command(
      .evaluationEnter, "open", "Show the rows of the selected critic and set; then a row; then its review",
      keys: ["enter"], hint: 1, unless: { $0.rowReason }
    ) { try $0.enter() },
    Command(
      "evaluation.left", "left", "Select the set to the left, or go a level up", keys: ["h", "left"],
      unless: { $0.nothingReason }
    ) { if !$0.goBack() { $0.selectSet(by: -1) } },
    Command(
      "evaluation.right", "right", "Select the set to the right, open the row, or show its next answer",
      keys: ["l", "right"], hint: 3, unless: { $0.level == .row ? $0.answerReason : $0.emptyReason }
    ) { screen in
      switch screen.level {
      case .critics: screen.selectSet(by: 1)
      case .rows: screen.open(.row)
      case .row: try screen.selectNextAnswer()
      }
    },
    Command(
      .evaluationFilter, "rows", "List wrong rows, rows where critics differ, rows without an answer, or all",
      keys: ["/"], hint: 4, unless: { $0.level == .critics ? $0.rowReason : $0.nothingReason }
    ) { screen in
      screen.nextFilter()
      if screen.level == .critics { screen.say(.info, "Rows that will be listed: \(screen.filter.words).") }
    },
    Command(
      .evaluationSample, "answer", "Show the row's next answer", keys: ["tab"], hint: 5, unless: { $0.answerReason }
    ) { try $0.selectNextAnswer() },
    Thoughts.command("evaluation.thoughts"),
    Command(
      "evaluation.training", "trained on", "List the solutions that trained the selected critic in the queue",
      keys: ["t"], hint: 8, unless: { $0.trainingReason }
    ) { try $0.showTrainingInQueue() },
    Command(
      "evaluation.queue", "as queue", "List the rows in the queue, to review them", keys: ["L"], hint: 6,
      unless: { $0.rowReason }
    ) { screen in
      if screen.level == .critics { screen.listRows() }
      try screen.showRowsInQueue()
    },
  ]

  // MARK: - Reasons

  /// Why there are no rows behind what is selected.
  private var rowReason: String? {
    if let emptyReason { return emptyReason }
    return level == .critics && score == nil
      ? "\(critic?.name ?? "") was not evaluated on \(setName ?? "this set")." : nil
  }

  private var answerReason: String? {
    if let nothingReason { return nothingReason }
    if level != .row { return "Open a row first (\(keys(.evaluationEnter)))." }
    try? loadRow()
    return opened.map { $0.answers.count < 2 } ?? false ? "This row has no other answer." : nil
  }

  private var trainingReason: String? {
    nothingReason
      ?? (critic?.specification.trainedOn == nil
        ? "Nobody said what trained this critic: 'deepcritic evaluate --trained-on RUN' does." : nil)
  }

  // MARK: - Doing

  /// Goes a level in; from a row to its review, with the listed ones as the queue.
  private func enter() throws {
    switch level {
    case .critics: open(.rows)
    case .rows: open(.row)
    case .row:
      guard let row else { return }
      try showRowsInQueue()
      try navigator?.review(row.item.solution)
    }
  }

  private func turnPage(by pages: Int, half: Bool = false) {
    if level == .row {
      let before = scroll
      scroll = max(scroll + pages * max(EvaluationView.transcriptHeight(size) / (half ? 2 : 1), 1), 0)
      if scroll == before { glance("This is the beginning of the answer.") }
    } else {
      move { if half { $0.move(by: pages * max($0.viewport / 2, 1)) } else { $0.page(by: pages) } }
    }
  }

  /// The solutions of the dataset that trained the selected critic: from a failed row to the labels behind it.
  private func showTrainingInQueue() throws {
    guard let critic, let hash = critic.specification.trainedOn else { return }
    let listed = try workspace.solutions(ofDataset: hash)
    guard !listed.isEmpty else {
      throw RefusalError("The solutions of dataset \(hash.prefix(12)) are not in this workspace.")
    }
    try navigator?.showQueue { try $0.show(listed, title: "trained \(critic.name)") }
  }

  private func showRowsInQueue() throws {
    let title = [critic?.name, setName, filter.words].compactMap { $0 }.joined(separator: ", ")
    try navigator?.showQueue { try $0.show(rows.map(\.item.solution).uniqued(), title: title) }
  }
}
