import DeepCriticCore

extension WorkbenchModel {
  /// Why an action cannot be done now, as a sentence; `nil` when it can.
  public func unavailable(_ id: ActionID) -> String? {
    guard let action = ActionTable.action(id) else { return "There is no command '\(id)'." }
    guard action.places.contains(place) || action.places.contains(.everywhere) else {
      if action.places.contains(.live) { return "Open the live screen first (\(keys(.liveOpen)))." }
      if action.places == [.demo] { return "Play a demonstration first (\(keys(.demoOpen)))." }
      if action.places == [.runs] { return "Open the runs screen first (\(keys(.runsOpen)))." }
      if action.places == [.curation] { return "Open the curation screen first (\(keys(.curationOpen)))." }
      if action.places == [.generation] { return "Open the generation screen first (\(keys(.generationOpen)))." }
      if action.places == [.evaluation] { return "Open the evaluation screen first (\(keys(.evaluationOpen)))." }
      if action.places == [.statistics] { return "Open the statistics screen first (\(keys(.statisticsOpen)))." }
      if action.places == [.adjudication] {
        return "Open the adjudication screen first (\(keys(.adjudicationOpenScreen)))."
      }
      return place == .queue
        ? "Open a solution first (\(keys(.queueOpen)))." : "Go back to the queue first (\(keys(.back)))."
    }
    if isRehearsal, Self.reachingOut.contains(id) { return "This is not done while a session is only shown." }
    if id == .undo || id == .redo {
      if session.workspace.isReadOnly { return "\(WorkspaceError.readOnly(session.workspace.path))" }
      if id == .undo, !undoState.canUndo { return "There is nothing to undo." }
      if id == .redo, !undoState.canRedo { return "There is nothing to redo." }
      return nil
    }
    if id == .demoOpen, session.mode == .blind {
      return
        "A demonstration tells labels and critiques, which blind mode keeps back; \(keys(.modeToggle)) changes the mode."
    }
    if id == .themeChoose { return themes == nil ? "There are no colours to choose here." : nil }
    if place == .generation { return generationReason(id) }
    if place == .curation { return curationReason(id) }
    if place == .statistics { return nil }
    if place == .adjudication { return adjudicationReason(id) }
    if place == .evaluation { return evaluationReason(id) }
    if place == .live { return liveReason(id) }
    if place == .demo { return demoReason(id) }
    if place == .runs || place == .runForm { return runsReason(id) }
    if place == .queue {
      switch id {
      case .queueOpen, .rowNext, .rowPrevious, .rowPageUp, .rowPageDown, .rowFirst, .rowLast:
        return queue.ids.isEmpty ? emptyQueueReason : nil
      case .queueSave:
        if queue.subset != nil { return "Only a filter and an order can be saved; this list was chosen one by one." }
        return session.workspace.isReadOnly ? "\(WorkspaceError.readOnly(session.workspace.path))" : nil
      case .queueFilterClear:
        return queue.filter.isEmpty && queue.subset == nil ? "All solutions are shown already." : nil
      default: return nil
      }
    }
    guard let review else { return nil }
    if Self.decisions.contains(id), session.workspace.isReadOnly {
      return "\(WorkspaceError.readOnly(session.workspace.path))"
    }
    switch id {
    case .verdictCorrect, .verdictNeutral, .verdictIncorrect:
      return stepReason(review)
    case .verdictAccept, .verdictFix:
      if let reason = stepReason(review) { return reason }
      if !review.isRevealed(review.step, mode: session.mode) {
        return "In blind mode critiques are shown after your verdict: give it with \(verdictKeys)."
      }
      if review.critique(.merged)?.isWhole ?? true {
        return "Step \(review.step) has no merged critique to accept: give your own verdict with \(verdictKeys)."
      }
      return review.mergedJudgement == nil
        ? "The merged critique of step \(review.step) ends without a judgement: give your own verdict." : nil
    case .verdictClear:
      return review.mine(review.step) == nil ? "You have no verdict on step \(review.step)." : nil
    case .flagToggle: return nil
    case .critiqueUnsound, .critiqueUnsoundWhy, .critiqueMark:
      if !review.isRevealed(review.step, mode: session.mode) {
        return "In blind mode critiques are shown after your verdict: give it with \(verdictKeys)."
      }
      return judgedCritique == nil ? "There is no critique of this step to judge." : nil
    case .sampleNext, .samplePrevious, .sampleChoose, .critiqueEdit, .critiqueWrite, .stepCorrect:
      return versionReason(id, review)
    case .consequences:
      if let reason = stepReason(review) { return reason }
      if !mayTellConsequences(review) {
        return "In blind mode consequences are told after your verdict: they would tell the label."
      }
      return curation.state == nil
        ? curation.problem ?? "The solutions are still being decided about; a moment." : nil
    case .markRemove:
      return review.view.mark == nil ? "This solution is not marked." : nil
    case .stepNext, .stepPrevious, .stepFirst, .stepLast:
      return review.stepCount == 0 ? "This is a problem without a solution: there are no steps." : nil
    case .paneInitial, .paneDeep, .paneMerged:
      return review.stored.hasCritiques ? nil : "This solution has no critiques."
    case .alternativesToggle:
      if review.step == 0 || review.stored.solution.steps[review.step - 1].alternatives.isEmpty {
        return "This step has no alternatives."
      }
      return review.isRevealed(review.step, mode: session.mode)
        ? nil : "In blind mode alternatives and their ratings are shown after your verdict."
    case .referenceToggle:
      return review.stored.solution.referenceAnswer == nil && review.stored.solution.referenceSolution == nil
        ? "The record has no reference answer or solution." : nil
    case .answerToggle:
      return review.stored.solution.referenceAnswer == nil ? "The record has no reference answer." : nil
    default: return nil
    }
  }

  var emptyQueueReason: String {
    if let subset = queue.subset { return "No solution is left of '\(subset)'." }
    return emptyFilterReason
  }

  private var emptyFilterReason: String {
    queue.filter.isEmpty
      ? "There are no solutions yet: import some with 'deepcritic import FILE'."
      : "Nothing fits the filter '\(queue.filter.text)'."
  }

  var verdictKeys: String {
    "\(keys(.verdictCorrect)), \(keys(.verdictIncorrect)) or \(keys(.verdictNeutral))"
  }

  private func stepReason(_ review: ReviewModel) -> String? {
    review.stepCount == 0 ? "This is a problem without a solution: there are no steps to rate." : nil
  }

  /// Actions that ask servers, start programs or write files.
  private static let reachingOut: Set<ActionID> = [
    .generationStart, .runFormStart, .runsStop, .runsResume, .liveStart,
  ]

  /// Actions that write.
  private static let decisions: Set<ActionID> = [
    .verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictAccept, .verdictFix, .verdictClear, .flagToggle,
    .critiqueUnsound, .critiqueUnsoundWhy, .critiqueMark, .commentLine, .commentEditor, .markBadProblem, .markGiveUp,
    .markSkip,
    .markRemove, .sampleChoose, .critiqueEdit, .critiqueWrite, .stepCorrect,
  ]
}
