import DeepCriticCore
import Terminal

extension WorkbenchModel {
  /// Does an action that applies everywhere.
  ///
  /// - Returns: `false` when the action belongs to the current place.
  func performEverywhere(_ id: ActionID) throws -> Bool {
    switch id {
    case .undo: try reverse(.undo)
    case .redo: try reverse(.redo)
    case .modeToggle: try toggleMode()
    case .help: overlay = .help(scroll: 0, search: nil)
    case .palette: overlay = .palette(PaletteModel(place: place))
    case .generationOpen: openGeneration()
    case .curationOpen: openCuration()
    case .evaluationOpen: openEvaluation()
    case .statisticsOpen: openStatistics()
    case .adjudicationOpenScreen: openAdjudication()
    case .runsOpen: openRuns()
    case .liveOpen: openLive()
    case .demoOpen:
      demo.endsSession = false
      try openDemo()
    case .back: back()
    case .close: try close()
    case .redraw: effect = .redraw
    case .messagesShow: showMessages()
    case .placesShow: showPlaces()
    case .guideShow: overlay = .guide
    case .settingsShow: showSettings()
    case .mouseToggle:
      usesMouse.toggle()
      say(
        .info,
        usesMouse
          ? "The mouse works here; with shift it selects text as always." : "The mouse is left to the terminal.")
    case .themeChoose: chooseTheme()
    case .quit: quit()
    default: return false
    }
    return true
  }

  /// Ends, unless a run goes on: that would be dropped, so it takes the key twice.
  private func quit() {
    if generation.controller.isRunning, !generation.quitAsked {
      generation.quitAsked = true
      say(
        .warning,
        "A generation run goes on. The same key again drops what is in flight and ends; what was answered is stored.")
      return
    }
    effect = .quit
  }

  /// Whether a screen lies over queue and review.
  var isScreenOpen: Bool { place != .queue && place != .review }

  /// Closes the screens that lie over queue and review.
  func closeScreens() {
    generation.isOpen = false
    curation.isOpen = false
    statistics.isOpen = false
    adjudication.isOpen = false
    evaluation.isOpen = false
    runs.isOpen = false
    live.isOpen = false
    demo.isOpen = false
  }

  private func back() {
    if evaluation.isOpen, leaveEvaluationLevel() { return }
    if runs.isOpen, runs.form != nil {
      runs.form = nil
    } else if demo.isOpen, demo.endsSession {
      quit()
    } else if isScreenOpen {
      closeScreens()
    } else if review?.isZoomed == true {
      review?.isZoomed = false
    } else if review != nil {
      let stored = review?.stored
      notePlace()
      review = nil
      release()
      if let stored, let index = queue.index(of: stored.id) { queue.list.select(index) }
    } else {
      quit()
    }
  }

  /// Escape: like back, but it never ends the program.
  private func close() throws {
    if demo.isOpen, demo.endsSession {
      say(.info, "\(keys(.back)) ends the program.")
    } else if review != nil || isScreenOpen {
      back()
    } else if !queue.filter.isEmpty || queue.subset != nil {
      try setFilter("")
    } else {
      say(.info, "\(keys(.back)) ends the program; everything is saved.")
    }
  }

  private func toggleMode() throws {
    session.mode = session.mode == .audit ? .blind : .audit
    review?.answerShown = session.mode == .audit
    adjudication.modeChanged()
    if let review, session.mode == .audit { session.showedLabels(of: review.stored.key) }
    if session.mode == .blind, queue.sort.revealsLabels || queue.filter.revealsLabels || queue.subset != nil {
      // The order or the filter would go on telling what the mode hides.
      try queue.reload(
        sort: queue.sort.revealsLabels ? .imported : queue.sort,
        filter: queue.filter.revealsLabels ? .everything : queue.filter)
    }
    say(
      .info,
      session.mode == .audit
        ? "Audit mode: labels and critiques are open from the start. Decisions record the mode."
        : "Blind mode: labels and critiques appear after your verdict. Decisions record the mode.")
  }

  /// Undo and redo go to where the decision was made, so that its effect is seen.
  private func reverse(_ kind: EventKind) throws {
    let workspace = session.workspace
    defer { noteUndoState() }
    let outcome = kind == .undo ? try workspace.undo(by: session.context) : try workspace.redo(by: session.context)
    guard let outcome else {
      say(.info, kind == .undo ? "There is nothing to undo." : "There is nothing to redo.")
      return
    }
    let decision = outcome.decision
    let what = kind == .undo ? "Undone" : "Redone"
    guard let id = try workspace.solutionID(key: decision.solution) else {
      say(.info, "\(what): \(decision.words), on a solution that is not in this workspace.")
      return
    }
    try note(outcome, of: id)
    try decidedBesideReview(about: id, key: decision.solution)
    if adjudication.isOpen {
      adjudication.select(key: decision.solution, step: decision.step)
    } else if review?.stored.id == id {
    } else if review != nil {
      try open(id)
    } else if let index = queue.index(of: id) {
      queue.list.select(index)
    }
    if let review, decision.step > 0 { review.goTo(step: decision.step) }
    session.itemShown()
    let name = try review?.stored.name ?? workspace.rows([id], reviewer: session.reviewer).first?.name ?? ""
    say(.info, "\(what): \(decision.words) of \(name).")
  }

  /// Brings the counts up to date by what the solution's log says with and without the undo or redo.
  private func note(_ outcome: DecisionOutcome, of id: Int64) throws {
    let events = try session.workspace.events(of: outcome.decision.solution)
    let count = try session.workspace.rows([id], reviewer: session.reviewer).first?.stepCount ?? 0
    func state(_ events: [ReviewEvent]) -> ReviewState {
      Projection.views(of: events)[session.reviewer]?.state(count: count) ?? .untouched
    }
    queue.changed(
      id, from: state(events.filter { $0.uuid != outcome.event.uuid }), to: state(events), decisions: 0)
  }

  /// Looks again what undo and redo would find, for the hint line.
  func noteUndoState() {
    if let state = try? session.workspace.undoState(of: session.reviewer) { undoState = state }
  }

  /// Opens a solution for review.
  func open(_ id: Int64) throws {
    let stored = try session.workspace.solution(id)
    guard try session.workspace.reserve(stored.key, for: session.holder, overlap: queue.saved?.overlap) else {
      let wanted = queue.saved?.overlap ?? 1
      say(
        .info,
        "\(stored.name) is with \(wanted == 1 ? "another reviewer" : "\(wanted) others") already, as many as the queue "
          + "wants. \(keys(.solutionNextTodo)) goes on.")
      return
    }
    notePlace()
    let tab = review?.tab
    let focus = review?.focus
    let next = ReviewModel(
      stored, position: queue.index(of: id), reviewer: session.reviewer, mode: session.mode)
    if let tab, stored.critiques[tab] != nil { next.tab = tab }
    if let focus { next.focus = focus }
    next.isZoomed = review?.isZoomed ?? false
    next.comparison = review?.comparison ?? .none
    next.search = review?.search ?? []
    if next.search.isEmpty { next.search = queue.filter.searched }
    review = next
    others = try session.workspace.whoElse(has: stored.key, than: session.holder)
    if session.mode == .audit { session.showedLabels(of: stored.key) }
    if let position = next.position { queue.list.select(position) }
    session.itemShown()
    curation.load()
  }
}
