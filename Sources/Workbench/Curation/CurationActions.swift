import DeepCriticCore
import Terminal

extension WorkbenchModel {
  func performInCuration(_ id: ActionID) throws {
    switch id {
    case .rowNext: curation.list.move(by: 1)
    case .rowPrevious: curation.list.move(by: -1)
    case .rowPageDown: curation.list.page(by: 1)
    case .rowPageUp: curation.list.page(by: -1)
    case .rowFirst: curation.list.home()
    case .rowLast: curation.list.end()
    case .curationEnter: try enterCurationRow()
    case .curationFold: curation.closeOpenRow()
    case .curationQueue: try showInQueue()
    case .curationExclude: try toggleExclusion()
    default: break
    }
  }

  /// Opens the screen; what is not known yet is worked out beside it.
  func openCuration() {
    closeScreens()
    curation.isOpen = true
    curation.load()
    curation.list.setViewport(CurationScreen.listHeight(size))
    curation.list.setCount(curation.rowCount)
  }

  /// A reason shows its solutions; a solution is opened, with those of its reason as the queue.
  private func enterCurationRow() throws {
    guard let row = curation.selected else { return }
    guard let id = curation.id(of: row) else { return curation.toggle(row) }
    try listOpenRow()
    curation.isOpen = false
    try open(id)
  }

  private func showInQueue() throws {
    if case .item = curation.selected {
    } else if let row = curation.selected, curation.open != row {
      curation.toggle(row)
    }
    try listOpenRow()
    curation.isOpen = false
    review = nil
  }

  private func listOpenRow() throws {
    guard let row = curation.open else { return }
    try queue.show(curation.openIDs, title: Self.words(of: row))
  }

  /// What a row of the tree is about.
  static func words(of row: CurationModel.Row) -> String {
    switch row {
    case .included: "in the set"
    case .reason(let reason): reason.words
    case .item: ""
    }
  }

  /// Keeps the selected solution out, or takes that back.
  private func toggleExclusion() throws {
    guard let id = curation.id(of: curation.selected),
      let stored = try session.workspace.rows([id], reviewer: session.reviewer).first
    else { return }
    let isOut = Projection.placed(try session.workspace.views(of: stored.key))?.value == .out
    try session.workspace.record(
      ReviewDecision(solution: stored.key, .placement(isOut ? nil : .out)),
      by: session.context)
    noteUndoState()
    curation.decided(about: id)
    say(
      .good,
      isOut ? "\(stored.name) is left to the rules again." : "\(stored.name) is kept out; \(keys(.undo)) takes it back."
    )
  }

  /// Why a curation action cannot be done now.
  func curationReason(_ id: ActionID) -> String? {
    if curation.state == nil {
      return curation.problem ?? "The solutions are still being decided about; a moment."
    }
    switch id {
    case .curationEnter, .curationQueue:
      if session.mode == .blind { return "In blind mode the solutions behind a reason would tell what is hidden." }
      return curation.selected.map { curation.id(of: $0) == nil && curation.count(of: $0) == 0 } ?? true
        ? "There is no solution here." : nil
    case .curationFold: return curation.open == nil ? "Nothing is unfolded." : nil
    case .curationExclude:
      if session.workspace.isReadOnly { return "\(WorkspaceError.readOnly(session.workspace.path))" }
      return curation.id(of: curation.selected) == nil
        ? "Unfold a reason (\(keys(.curationEnter))) and select a solution first." : nil
    default: return nil
    }
  }
}
