import DeepCriticCore
import Terminal

extension WorkbenchModel {
  func performInReview(_ id: ActionID) throws {
    guard let review else { return }
    switch id {
    case _ where isHeldDown(id):
      say(.info, "A key held down gives one verdict: let it go, then press it again.")
    case .verdictCorrect: try rate(.correct)
    case .verdictNeutral: try rate(.neutral)
    case .verdictIncorrect: try rate(.incorrect)
    case .verdictAccept:
      if let judgement = review.mergedJudgement {
        try rate(judgement.rating, basis: "accept merged:\(judgement.rawValue)")
      }
    case .verdictFix:
      if let judgement = review.mergedJudgement {
        try rate(judgement.opposite.rating, basis: "fix merged:\(judgement.rawValue)")
      }
    case .verdictClear:
      try decide(.clearVerdict, step: review.step)
      say(.info, "Verdict on step \(review.step) cleared.")
    case .flagToggle:
      let flagged = review.view.flags.contains(review.step)
      try decide(.flag(!flagged), step: review.step)
      say(.info, flagged ? "Flag removed." : "Step \(review.step) flagged.")
    case .bookmarkToggle: toggleBookmark()
    case .commentLine: askForComment()
    case .commentEditor: edit(.comment, currentDraft ?? currentComment?.text ?? "")
    case .sampleNext: showSample(1)
    case .samplePrevious: showSample(-1)
    case .sampleChoose: try chooseSample()
    case .critiqueEdit, .critiqueWrite, .stepCorrect: editVersion(id)
    case .markBadProblem: ask(.markBadProblem)
    case .markGiveUp: ask(.markGiveUp)
    case .markSkip: try skip()
    case .markRemove:
      try decide(.mark(nil), step: 0)
      say(.info, "The mark is taken back.")
    case .stepNext: moveStep(1)
    case .stepPrevious: moveStep(-1)
    case .stepFirst: goTo(step: 1)
    case .stepLast: goTo(step: review.stepCount)
    case .solutionNext: try moveSolution(1)
    case .solutionPrevious: try moveSolution(-1)
    case .solutionNextTodo: try goToTodo(1)
    case .solutionPreviousTodo: try goToTodo(-1)
    case .paneNext: movePane(1)
    case .panePrevious: movePane(-1)
    case .paneInitial: show(.initial)
    case .paneDeep: show(.deep)
    case .paneMerged: show(.merged)
    case .scrollDown: if review.focus == .steps { moveStep(1) } else { scroll(by: 1) }
    case .scrollUp: if review.focus == .steps { moveStep(-1) } else { scroll(by: -1) }
    case .scrollPageDown: scroll(by: pageHeight)
    case .scrollPageUp: scroll(by: -pageHeight)
    case .consequences: overlay = .consequences(scroll: 0)
    case .answerToggle: review.answerShown.toggle()
    case .referenceToggle:
      review.referenceShown.toggle()
      review.scroll[.problem] = 0
      if review.referenceShown { review.focus = .problem }
    case .alternativesToggle: review.alternativesShown.toggle()
    case .sourceToggle:
      let pane = review.focus == .steps ? .step : review.focus
      sourcePanes.formSymmetricDifference([pane])
      say(
        .info, "\(pane.title): \(sourcePanes.contains(pane) ? "raw source, as in the file" : "readable mathematics").")
    case .sourceToggleAll:
      sourcePanes = sourcePanes.isEmpty ? Set(Pane.allCases) : []
      say(.info, sourcePanes.isEmpty ? "Readable mathematics everywhere." : "Raw source everywhere, as in the file.")
    case .sourceBoth:
      showsBoth.toggle()
      sourcePanes.remove(.step)
      say(.info, showsBoth ? "The step is shown readable, and below as in the file." : "The step is shown once.")
    case .critiqueUnsound: try judgeReasoning()
    case .critiqueMark: chooseSentences()
    case .critiqueUnsoundWhy: ask(.critiqueUnsoundWhy, text: mySoundness?.note ?? "")
    case .layoutZoom: review.isZoomed.toggle()
    case .layoutPanes:
      layoutChoice.panes = layoutChoice.panes == 1 ? 3 : layoutChoice.panes - 1
      say(.info, layoutChoice.words)
      rememberLayout()
    case .layoutGrow, .layoutShrink:
      layoutChoice.split = min(max(layoutChoice.split + (id == .layoutGrow ? -2 : 2), -40), 40)
      rememberLayout()
    case .critiqueCompare: compareCritiques()
    case .critiqueOrigin: goToOrigin()
    case .aidsToggle:
      showsAids.toggle()
      say(
        .info,
        showsAids
          ? "Turning points, quotations and origins of sentences are marked." : "Critiques are shown without marks.")
    case .textSearch: ask(.textSearch, text: review.search.map(\.text).joined(separator: " "))
    case .textSearchNext: goToNextHit()
    case .copySource:
      let (what, text) = focusedSource(review)
      effect = .copy(text)
      say(.info, "\(what): source sent to the terminal's clipboard, if it accepts that (OSC 52).")
    default: break
    }
  }

  /// The source of the focused pane: the step while the steps have the focus, the problem where there are none.
  private func focusedSource(_ review: ReviewModel) -> (what: String, text: String) {
    let solution = review.stored.solution
    if let stage = review.focus.stage, review.isRevealed(review.step, mode: session.mode),
      let shown = review.critique(stage)
    {
      return ("\(stage.title) critique", shown.critique.critique.text)
    }
    if review.focus == .problem || review.step == 0 { return ("Problem", solution.problem) }
    return ("Step \(review.step)", solution.steps[review.step - 1].text)
  }

  // MARK: - Decisions

  /// Records a decision about the solution under review and reads the state that follows from it.
  func decide(_ decision: Decision, step: Int) throws {
    guard let review else { return }
    let before = review.view.state(count: review.stepCount)
    let outcome: DecisionOutcome
    do {
      outcome = try session.decide(decision, on: review.stored, step: step)
      saveFailed = false
    } catch {
      saveFailed = true
      throw error
    }
    review.stored.views = outcome.views
    switch decision {
    case .verdict: review.stored.seen[review.reviewer, default: []].insert(step)
    case .mark(let mark, _) where mark != .skip: review.stored.seen[review.reviewer, default: []].insert(0)
    case .choice, .edit: try reread()
    default: break
    }
    queue.changed(review.stored.id, from: before, to: review.view.state(count: review.stepCount), decisions: 1)
    curation.decided(about: review.stored.id)
    statistics.workspaceChanged()
    undoState = (outcome.canUndo, outcome.canRedo)
  }

  private func rate(_ rating: Rating, basis: String? = nil) throws {
    guard let review else { return }
    let step = review.step
    if review.mine(step) == rating {
      say(.info, "Your verdict on step \(step) is \(rating.word) already.")
      return
    }
    let stoppedBefore = review.view.firstError
    try decide(.verdict(rating, basis: basis), step: step)
    let state = review.view.state(count: review.stepCount)
    let next = keys(.solutionNextTodo)
    if rating == .incorrect, review.view.firstError == step {
      let later = review.stepCount - step
      say(
        .good,
        "Step \(step) incorrect: labels stop here."
          + (state == .complete
            ? " Done; \(next) for the next solution."
            : " \(review.missingSteps) earlier \(review.missingSteps == 1 ? "step has" : "steps have") no verdict yet.")
          + (later > 0 && stoppedBefore == nil
            ? " \(later) later \(later == 1 ? "step needs" : "steps need") none." : ""))
    } else if state == .complete {
      say(.good, "Step \(step) \(rating.word). Done; \(next) for the next solution.")
    } else {
      say(.good, "Step \(step) \(rating.word).")
    }
    // In blind mode the reveal is shown first; otherwise go on to the next step that needs a verdict.
    if session.mode == .audit, step < review.neededSteps, review.mine(step + 1) == nil { goTo(step: step + 1) }
  }

  /// Whether this is the key of the last verdict, repeating because it is held down.
  func isHeldDown(_ id: ActionID) -> Bool {
    guard repeatGuard > .zero, Self.verdicts.contains(id) else { return false }
    let now = ContinuousClock.now
    defer { lastVerdict = (id, now) }
    guard let last = lastVerdict, last.action == id else { return false }
    return now - last.at < repeatGuard
  }

  static let verdicts: Set<ActionID> = [
    .verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictAccept, .verdictFix,
  ]

  /// A text for the current step that could not be saved.
  private var currentDraft: String? {
    draft.flatMap {
      $0.solution == review?.stored.key && $0.step == review?.step && $0.edited == .comment ? $0.text : nil
    }
  }

  private var currentComment: StandingComment? { review?.view.comments.last { $0.step == review?.step } }

  /// A line for a comment of one line, the window for a longer one.
  private func askForComment() {
    let text = currentDraft ?? currentComment?.text ?? ""
    if LineEditor(text: text).text == text {
      ask(.commentLine, text: text)
    } else {
      write(.comment, text, original: currentComment?.text ?? "")
    }
  }

  func addComment(_ text: String) throws {
    guard let review else { return }
    let before = currentComment
    if text.isEmpty && before == nil {
      say(.info, "No comment written.")
      return
    }
    if text == before?.text {
      say(.info, "The comment is as it was.")
      return
    }
    try decide(.comment(text, replacing: before?.event), step: review.step)
    say(.good, text.isEmpty ? "Comment removed." : "Comment saved.")
  }

  func mark(_ mark: SolutionMark, reason: String) throws {
    try decide(.mark(mark, reason: reason.isEmpty ? nil : reason), step: 0)
    say(.good, "Marked: \(mark.words). \(keys(.solutionNextTodo)) for the next solution.")
  }

  private func skip() throws {
    guard let review else { return }
    let name = review.stored.name
    let isDone = review.view.state(count: review.stepCount).isDone
    if !isDone { try decide(.mark(.skip), step: 0) }
    try moveSolution(1)
    let rest = self.review === review ? " This is the last solution of the queue." : ""
    say(.info, (isDone ? "\(name) is done already." : "Skipped \(name); it stays to do.") + rest)
  }

  // MARK: - Moving

  private func goTo(step: Int) {
    guard let review else { return }
    let before = review.step
    review.goTo(step: step)
    if review.step != before { session.itemShown() }
  }

  private func moveStep(_ delta: Int) {
    guard let review else { return }
    let before = review.step
    goTo(step: review.step + delta)
    if review.step == before, review.stepCount > 0 {
      say(
        .info,
        delta > 0 ? "This is the last step; \(keys(.solutionNext)) for the next solution." : "This is the first step.")
    }
  }

  private func moveSolution(_ delta: Int) throws {
    guard let review else { return }
    let position = (review.position ?? queue.list.selected ?? 0) + delta
    guard queue.ids.indices.contains(position) else {
      say(.info, delta > 0 ? "This is the last solution of the queue." : "This is the first solution of the queue.")
      return
    }
    try open(queue.ids[position])
  }

  private func goToTodo(_ direction: Int) throws {
    guard let review else { return }
    if let (done, quota) = try queue.finishedOfQuota(), done >= quota {
      say(.good, "Your quota is done: \(done) of \(quota) solutions of this queue. \(keys(.back)) goes back to it.")
      return
    }
    var current = review.position ?? queue.list.selected ?? 0
    // Between looking and opening another may take a solution: then the next one is tried.
    for _ in 0..<20 {
      guard let position = try queue.nextTodo(from: current, direction: direction) else { break }
      try open(queue.ids[position])
      if self.review !== review { return }
      current = position
    }
    let isDone = review.stepCount == 0 || review.view.state(count: review.stepCount).isDone
    say(
      isDone ? .good : .info,
      isDone ? "Nothing left to do in this queue." : "This is the only solution left to do in this queue.")
  }

  private func movePane(_ delta: Int) {
    guard let review else { return }
    let panes = Pane.allCases.filter { $0.stage == nil || review.stored.hasCritiques }
    let index = panes.firstIndex(of: review.focus) ?? 0
    review.focus = panes[(index + delta + panes.count) % panes.count]
    if let stage = review.focus.stage { review.tab = stage }
  }

  func show(_ stage: Stage) {
    guard let review else { return }
    review.tab = stage
    review.focus = Pane(stage)
  }

  /// The focused pane, or the critique in view while the steps have the focus.
  var scrolledPane: Pane {
    guard let review else { return .step }
    if review.focus != .steps { return review.focus }
    return review.stored.hasCritiques ? Pane(review.tab) : .step
  }

  private func scroll(by lines: Int) {
    guard let review else { return }
    let pane = scrolledPane
    let limit = ReviewScreen.scrollLimit(pane, self)
    review.scroll[pane] = min(max((review.scroll[pane] ?? 0) + lines, 0), limit)
  }

  private var pageHeight: Int { max(ReviewScreen.height(of: scrolledPane, self) - 1, 1) }

  /// The first key of an action, as the hint line writes it.
  func keys(_ id: ActionID) -> String { keyMap.keys(for: id).first?.label(glyphs) ?? id.rawValue }
}
