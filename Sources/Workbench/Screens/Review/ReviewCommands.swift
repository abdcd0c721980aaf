import DeepCriticCore
import Terminal

extension ReviewScreen {
  static let commands = CommandSet<ReviewScreen>(
    verdicts + remarks + moving + panes + showing + reasoning + versions + layout + finding)

  /// Why there is no step to decide about.
  private var stepReason: String? {
    review?.stepCount == 0 ? "This is a problem without a solution: there are no steps to rate." : nil
  }

  private var stepsReason: String? {
    review?.stepCount == 0 ? "This is a problem without a solution: there are no steps." : nil
  }

  /// Why critiques of the step may not be seen.
  var blindReason: String? {
    guard let review, !review.isRevealed(review.step, mode: session.mode) else { return nil }
    return "In blind mode critiques are shown \(session.revealWords): \(verdictKeys) rate a step."
  }

  private var verdictKeys: String {
    "\(keys(.verdictCorrect)), \(keys(.verdictIncorrect)) or \(keys(.verdictNeutral))"
  }

  private var mergedReason: String? {
    if let reason = stepReason ?? blindReason { return reason }
    guard let review else { return nil }
    if review.critique(.merged)?.isWhole ?? true {
      return "Step \(review.step) has no merged critique to accept: give your own verdict with \(verdictKeys)."
    }
    return review.mergedJudgement == nil
      ? "The merged critique of step \(review.step) ends without a judgement: give your own verdict." : nil
  }

  private static let verdicts: [Command<ReviewScreen>] = [
    Command(.verdictCorrect, writes: true, unless: { $0.stepReason }) { try $0.rate(.correct, by: .verdictCorrect) },
    Command(.verdictIncorrect, writes: true, unless: { $0.stepReason }) {
      try $0.rate(.incorrect, by: .verdictIncorrect)
    },
    Command(.verdictNeutral, writes: true, unless: { $0.stepReason }) { try $0.rate(.neutral, by: .verdictNeutral) },
    Command(
      .verdictFirstError, "first error", "Rate this step incorrect, and the steps before it without a verdict correct",
      keys: ["N"], hint: 7, writes: true, unless: { $0.stepReason ?? $0.firstErrorReason }
    ) { try $0.rateFirstError() },
    Command(
      .verdictRestCorrect, "rest correct", "Rate every step that still needs a verdict correct", keys: ["Y"],
      hint: 7, writes: true, unless: { $0.stepReason ?? $0.restReason }
    ) { try $0.rateRestCorrect() },
    Command(
      .verdictAccept, "accept", "Accept the merged critique's verdict", keys: ["a"], hint: 4, writes: true,
      unless: { $0.mergedReason }
    ) { try $0.takeMerged(opposite: false) },
    Command(
      .verdictFix, "fix", "Give the opposite of the merged critique's verdict", keys: ["x"], hint: 5, writes: true,
      unless: { $0.mergedReason }
    ) { try $0.takeMerged(opposite: true) },
    Command(
      .verdictClear, writes: true,
      unless: { screen in
        screen.review.flatMap { $0.mine($0.step) == nil ? "You have no verdict on step \($0.step)." : nil }
      }
    ) { try $0.clearVerdict() },
  ]

  private static let remarks: [Command<ReviewScreen>] = [
    Command(
      "flag.toggle", "flag", "Flag this step, or remove the flag", keys: ["f"], hint: 10, writes: true
    ) { try $0.toggleFlag() },
    Command(.bookmarkToggle, "bookmark", "Set a bookmark on this step, or remove it", keys: ["M"]) {
      $0.toggleBookmark()
    },
    Command(
      .commentLine, "comment", "Write a comment on this step", keys: ["c"], hint: 9, asks: "Comment on this step",
      writes: true, submit: { try $0.addComment($1) }
    ) { $0.askForComment() },
    Command(
      .commentEditor, "long comment", "Write a comment on this step in $EDITOR", keys: ["C"],
      asks: "Comment on this step", writes: true, submit: { try $0.addComment($1) }
    ) { $0.write(.comment, $0.currentComment?.text ?? "", in: .editor) },
    Command(
      asking: .tag, "tag", "Tag this solution; -NAME removes a tag", keys: ["#"], asks: "Tag (-NAME removes one)",
      writes: true
    ) { try $0.tag($1) },
    Command(
      asking: "mark.bad-problem", "bad problem", "Mark the problem itself as bad, with a reason", keys: ["b"], hint: 15,
      asks: "Why is the problem bad", writes: true
    ) { try $0.mark(.badProblem, reason: $1) },
    Command(
      asking: "mark.give-up", "give up", "Give up this solution, with a reason", keys: ["X"], hint: 16,
      asks: "Why give up", writes: true
    ) { try $0.mark(.giveUp, reason: $1) },
    Command(
      "mark.skip", "skip", "Skip this solution for now", keys: ["s"], hint: 10, writes: true
    ) { try $0.skip() },
    Command(
      "mark.remove", "unmark", "Remove the mark: bad problem, give up or skip", keys: ["B"], writes: true,
      unless: { $0.review?.view.mark == nil ? "This solution is not marked." : nil }
    ) { try $0.removeMark() },
  ]

  private static let moving: [Command<ReviewScreen>] = [
    Command(.stepNext, "step", "Go to the next step", keys: ["j"], hint: 8, unless: { $0.stepsReason }) {
      $0.moveStep(1)
    },
    Command(.stepPrevious, "previous step", "Go to the previous step", keys: ["k"], unless: { $0.stepsReason }) {
      $0.moveStep(-1)
    },
    Command(.stepFirst, "first step", "Go to the first step", keys: ["home", "g"], unless: { $0.stepsReason }) {
      $0.goTo(step: 1)
    },
    Command(.stepLast, "last step", "Go to the last step", keys: ["end", "G"], unless: { $0.stepsReason }) {
      $0.goTo(step: .max)
    },
    Command(
      .solutionNext, "any next", "Go to the next solution of the queue", keys: ["]", "right"], hint: 12
    ) { try $0.moveSolution(1) },
    Command(
      "solution.previous", "previous", "Go to the previous solution of the queue", keys: ["[", "left"]
    ) { try $0.moveSolution(-1) },
    Command(
      .readOn, "read on", "Read on: the rest of the step, its critiques, the next step, the next solution",
      keys: ["space"], hint: 7
    ) { try $0.readOn() },
    Command(
      .stepNextTodo, "next",
      "Go to the next step without your verdict, or to the next solution once this one is finished",
      keys: ["enter"], hint: 6
    ) { try $0.goToOpenStep() },
    Command(
      .solutionNextTodo, "next solution", "Go to the next solution you have not finished", keys: [">"]
    ) { try $0.goToTodo(1) },
    Command(
      "solution.previous-todo", "previous to do", "Go to the previous solution you have not finished", keys: ["<"]
    ) { try $0.goToTodo(-1) },
  ]

  private var critiquesReason: String? {
    guard let review else { return nil }
    // Whether there are any is part of what is hidden.
    if !review.isAnyRevealed(mode: session.mode) { return blindReason }
    return review.stored.hasCritiques ? nil : "This solution has no critiques."
  }

  private static let panes: [Command<ReviewScreen>] = [
    Command("pane.next", "pane", "Focus the next pane", keys: ["tab"], hint: 12) { $0.movePane(1) },
    Command("pane.previous", "previous pane", "Focus the previous pane", keys: ["shift-tab"]) {
      $0.movePane(-1)
    },
    Command(
      .paneInitial, "initial", "Show and focus the initial critique", keys: ["1"], unless: { $0.critiquesReason }
    ) { $0.show(.initial) },
    Command(.paneDeep, "deep", "Show and focus the deep critique", keys: ["2"], unless: { $0.critiquesReason }) {
      $0.show(.deep)
    },
    Command(
      .paneMerged, "merged", "Show and focus the merged critique", keys: ["3"], unless: { $0.critiquesReason }
    ) { $0.show(.merged) },
    Command(
      "scroll.down", "down", "Move down: next step, or scroll the focused pane", keys: ["down", "ctrl-n"]
    ) { $0.moveDown(1) },
    Command("scroll.up", "up", "Move up: previous step, or scroll the focused pane", keys: ["up"]) { $0.moveDown(-1) },
    Command("scroll.page-down", "page down", "Scroll the focused pane a page down", keys: ["page-down"]) {
      $0.scroll($0.scrolledPane, by: $0.pageHeight)
    },
    Command("scroll.page-up", "page up", "Scroll the focused pane a page up", keys: ["page-up"]) {
      $0.scroll($0.scrolledPane, by: -$0.pageHeight)
    },
    Command("scroll.half-down", "half page down", "Scroll the focused pane half a page down", keys: ["ctrl-d"]) {
      $0.scroll($0.scrolledPane, by: max($0.pageHeight / 2, 1))
    },
    Command("scroll.half-up", "half page up", "Scroll the focused pane half a page up", keys: ["ctrl-u"]) {
      $0.scroll($0.scrolledPane, by: -max($0.pageHeight / 2, 1))
    },
  ]

  private var referenceReason: String? {
    guard let solution = review?.stored.solution else { return nil }
    return solution.referenceAnswer == nil && solution.referenceSolution == nil
      ? "The record has no reference answer or solution." : nil
  }

  private var alternativesReason: String? {
    guard let review, review.step > 0 else { return "There is no step here, and so no alternatives." }
    // In blind mode that a step has none would tell that it is right.
    if blindReason != nil { return "In blind mode alternatives and their ratings are shown \(session.revealWords)." }
    return review.stored.solution.steps[review.step - 1].alternatives.isEmpty ? "This step has no alternatives." : nil
  }

  private var consequencesReason: String? {
    if let stepReason { return stepReason }
    guard let review else { return nil }
    if !mayTellConsequences(review) {
      return "In blind mode consequences are shown when you have finished the solution: they would reveal its labels."
    }
    return trainingSet.state == nil
      ? trainingSet.problem ?? "Computing the training set…" : nil
  }

  private static let showing: [Command<ReviewScreen>] = [
    Command(
      "reference.toggle", "reference", "Show or hide the reference answer and solution in full, below the problem",
      keys: ["H"], unless: { $0.referenceReason }
    ) { $0.toggleReference() },
    Command(
      .alternativesToggle, "alternatives", "Show or hide the step's rated alternatives below it", keys: ["A"],
      unless: { $0.alternativesReason }
    ) { $0.review?.alternativesShown.toggle() },
    Command(
      "consequences", "preview",
      "Show what each verdict on this step would change in the training set; list its exports",
      keys: ["p"],
      hint: 12, unless: { $0.consequencesReason }
    ) { $0.navigator?.overlay = try ConsequencesOverlay($0) },
    Command(
      .answerToggle, "answer", "Show or hide the reference answer", keys: ["h"], hint: 18,
      unless: { $0.review?.stored.solution.referenceAnswer == nil ? "The record has no reference answer." : nil }
    ) { $0.review?.answerShown.toggle() },
    Command(
      "source.toggle", "source", "Switch the focused pane between readable mathematics and raw source", keys: ["v"],
      hint: 19
    ) { $0.toggleSource() },
    Command(
      "source.toggle-all", "all source", "Switch every pane between readable mathematics and raw source", keys: ["V"]
    ) { $0.toggleAllSource() },
    Thoughts.command("critique.thoughts"),
    Command("source.both", "both", "Show the step both readable and as source", keys: ["w"]) { $0.toggleBoth() },
    Command(.demoOpen, unless: { DemonstrationScreen.hiddenReason($0.context) }) {
      try $0.navigator?.open(.demonstration)
    },
  ]

  private var judgedReason: String? {
    blindReason ?? (judgedCritique == nil ? "There is no critique of this step to judge." : nil)
  }

  private static let reasoning: [Command<ReviewScreen>] = [
    Command(
      "critique.unsound", "reasoning",
      "Mark the focused critique's reasoning as unsound; press again for sound, again to clear",
      keys: ["r"], hint: 12, writes: true, unless: { $0.judgedReason }
    ) { try $0.judgeReasoning() },
    Command(
      asking: .critiqueUnsoundWhy, "reasoning, why", "Mark the focused critique's reasoning as unsound, and say why",
      keys: ["R"], asks: "What does not hold", writes: true, unless: { $0.judgedReason },
      text: { $0.mySoundness?.note ?? "" }
    ) { try $0.judgeReasoning(as: false, note: $1) },
    Command(
      .critiqueMark, "sentence", "Mark the unsound sentences of the focused critique",
      keys: ["S"], asks: "Which sentences (3, or 3-5)", writes: true, unless: { $0.judgedReason },
      submit: { try $0.markSentences($1) }
    ) { $0.chooseSentences() },
  ]

  private static let versions: [Command<ReviewScreen>] = [
    Command(
      .sampleNext, "sample", "Show the next sample or version of the focused critique", keys: ["."], hint: 13,
      unless: { $0.versionReason(.sampleNext) }
    ) { $0.showSample(1) },
    Command(
      .samplePrevious, "sample back", "Show the previous sample or version of the focused critique", keys: [","],
      unless: { $0.versionReason(.samplePrevious) }
    ) { $0.showSample(-1) },
    Command(
      .sampleChoose, "use this", "Use the sample shown for this step; press again to let the rule choose",
      keys: ["d"], hint: 14, writes: true, unless: { $0.versionReason(.sampleChoose) }
    ) { try $0.chooseSample() },
    Command(
      .critiqueEdit, "edit", "Edit the critique shown; the original is kept", keys: ["e"], hint: 14,
      asks: "The critique's text", writes: true, unless: { $0.versionReason(.critiqueEdit) },
      submit: { try $0.saveVersion(.critiqueEdit, $1) }
    ) { $0.editVersion(.critiqueEdit) },
    Command(
      .critiqueWrite, "write", "Write a critique of your own for this step and stage", keys: ["E"],
      asks: "The critique's text", writes: true, unless: { $0.versionReason(.critiqueWrite) },
      submit: { try $0.saveVersion(.critiqueWrite, $1) }
    ) { $0.editVersion(.critiqueWrite) },
    Command(
      .stepCorrect, "correct step", "Write what this step should say", keys: ["i"], asks: "What the step should say",
      writes: true, unless: { $0.versionReason(.stepCorrect) }, submit: { try $0.saveVersion(.stepCorrect, $1) }
    ) { $0.editVersion(.stepCorrect) },
  ]

  private static let layout: [Command<ReviewScreen>] = [
    Command("layout.zoom", "zoom", "Zoom the focused pane, or restore the panes", keys: ["z"], hint: 13) {
      $0.review?.isZoomed.toggle()
    },
    Command(
      "layout.panes", "panes", "Show the critiques in three panes, two, or one with tabs (from 100 columns)",
      keys: ["|"],
      unless: { $0.size.width < ReviewLayout.wideFrom ? "Below 100 columns there is one pane, with tabs." : nil }
    ) { $0.changePanes() },
    Command("layout.steps", "page or list", "Show the steps in full as a page, or as a list", keys: ["L"]) {
      $0.changeStepsLayout()
    },
    Command("layout.grow", "more critique", "Move the line above the critiques up", keys: ["{"]) {
      $0.moveSplit(by: -2)
    },
    Command("layout.shrink", "less critique", "Move the line above the critiques down", keys: ["}"]) {
      $0.moveSplit(by: 2)
    },
    Command(
      "critique.compare", "compare",
      "Mark the words in which two critiques differ: deep and merged, initial and merged, initial and deep, none",
      keys: ["="], hint: 11, unless: { $0.blindReason }
    ) { $0.compareCritiques() },
    Command(
      "critique.origin", "origin", "Go to where the merged critique's first sentence in view comes from", keys: ["O"]
    ) { $0.goToOrigin() },
    Command(
      "aids.toggle", "marks", "Show or hide turning points, quotations and the origins of sentences", keys: ["T"]
    ) { $0.toggleAids() },
  ]

  private static let finding: [Command<ReviewScreen>] = [
    Command(
      asking: .textSearch, "find", "Find words in the problem, the step and its critiques", keys: ["/"], hint: 14,
      asks: "Find", text: { $0.review?.search.map(\.text).joined(separator: " ") ?? "" }
    ) { $0.search($1) },
    Command("text.search-next", "find next", "Go to the next match", keys: [";"]) { $0.goToNextHit() },
    Command(
      "copy.source", "copy", "Copy the source of the focused pane (or the step) to the terminal's clipboard",
      keys: ["ctrl-y"]
    ) { $0.copySource() },
  ]
}
