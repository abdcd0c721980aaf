import DeepCriticCore
import Terminal

extension WorkbenchModel {
  /// Opens the screen; conflicts are looked for beside it.
  func openAdjudication() {
    closeScreens()
    adjudication.isOpen = true
    adjudication.load()
    curation.load()
    adjudication.list.setViewport(AdjudicationScreen.listHeight(size))
  }

  func performInAdjudication(_ id: ActionID) throws {
    switch id {
    case .rowNext: adjudication.list.move(by: 1)
    case .rowPrevious: adjudication.list.move(by: -1)
    case .rowPageDown: adjudication.list.page(by: 1)
    case .rowPageUp: adjudication.list.page(by: -1)
    case .rowFirst: adjudication.list.home()
    case .rowLast: adjudication.list.end()
    case _ where isHeldDown(id):
      say(.info, "A key held down gives one verdict: let it go, then press it again.")
    case .verdictCorrect: try settle(.correct)
    case .verdictNeutral: try settle(.neutral)
    case .verdictIncorrect: try settle(.incorrect)
    case .verdictClear: try settle(nil)
    case .adjudicationNote: ask(.adjudicationNote, text: adjudication.note)
    case .adjudicationNext:
      if let place = adjudication.nextOpen { adjudication.list.select(place) }
    case .adjudicationOpen: try openConflict()
    default: break
    }
  }

  /// Settles the selected conflict for everybody, or opens it again.
  private func settle(_ rating: Rating?) throws {
    guard let conflict = adjudication.selected, let stored = try adjudication.solution() else { return }
    if let rating, conflict.settled?.rating == rating, conflict.settled?.note == note(of: conflict) {
      say(.info, "\(conflict.place) is settled as \(conflict.settledWord(rating)) already.")
      return
    }
    do {
      try session.decide(
        .adjudication(rating, note: rating == nil ? nil : note(of: conflict)), on: stored, step: conflict.step)
      saveFailed = false
    } catch {
      saveFailed = true
      throw error
    }
    queue.changed(stored.id, from: .untouched, to: .untouched, decisions: 1)
    try decidedBesideReview(about: stored.id, key: stored.key)
    session.itemShown()
    guard let rating else {
      say(.info, "\(conflict.place) of \(stored.name) is open again.")
      return
    }
    let left = adjudication.openCount
    say(
      .good,
      "\(conflict.place) of \(stored.name) is settled as \(conflict.settledWord(rating)). "
        + (left == 0 ? "No conflict is left." : "\(left) left; \(keys(.adjudicationNext)) for the next."))
  }

  /// The reason that goes with a decision: the one just written, else the one that stands.
  private func note(of conflict: Conflict) -> String? {
    adjudication.note.isEmpty ? conflict.settled?.note : adjudication.note
  }

  /// Brings everything up to date that a decision made outside a review, or undone, is about.
  func decidedBesideReview(about id: Int64, key: String) throws {
    if let review, review.stored.id == id { try reread() }
    curation.decided(about: id)
    statistics.workspaceChanged()
    try adjudication.decided(about: key)
    noteUndoState()
  }

  /// Keeps a reason for the next decision on the selected conflict.
  func setAdjudicationNote(_ text: String) {
    adjudication.note = text
    say(.info, text.isEmpty ? "No reason is given." : "The reason goes with your decision on this step.")
  }

  private func openConflict() throws {
    guard let conflict = adjudication.selected, let id = conflict.solution else { return }
    adjudication.isOpen = false
    try open(id)
    review?.goTo(step: conflict.step)
  }

  /// Why an adjudication action cannot be done now.
  func adjudicationReason(_ id: ActionID) -> String? {
    let decisions: [ActionID] = [.verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictClear, .adjudicationNote]
    if decisions.contains(id), session.workspace.isReadOnly {
      return "\(WorkspaceError.readOnly(session.workspace.path))"
    }
    switch id {
    case .adjudicationNext:
      return adjudication.nextOpen == nil ? "No other conflict is open." : nil
    case .verdictClear:
      return adjudication.selected?.settled == nil ? "This is not settled." : nil
    case .verdictNeutral where adjudication.selected?.isAboutProblem == true:
      return "A problem is good or bad: \(keys(.verdictCorrect)) or \(keys(.verdictIncorrect))."
    case .verdictCorrect, .verdictNeutral, .verdictIncorrect, .adjudicationNote, .adjudicationOpen, .rowNext,
      .rowPrevious, .rowPageDown, .rowPageUp, .rowFirst, .rowLast:
      return adjudication.selected == nil ? noConflictReason : nil
    default: return nil
    }
  }

  /// Why the list is empty.
  var noConflictReason: String {
    if let problem = adjudication.problem { return problem }
    if !adjudication.isKnown { return "Conflicts are still being looked for; a moment." }
    if adjudication.hidden > 0 {
      let many = adjudication.hidden > 1
      return
        "\(adjudication.hidden) \(many ? "conflicts are" : "conflict is") hidden: in blind mode verdicts of others "
        + "are shown once you have finished the solution; \(keys(.modeToggle)) switches to audit mode."
    }
    return "Reviewers agree wherever several have given a verdict."
  }
}
