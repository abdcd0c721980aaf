import DeepCriticCore
import Foundation
import Terminal

/// The workbench as append-only plain text: the same actions, one line in, some lines out.
///
/// For screen readers, dumb terminals, and scripts. A line is a key ("y"), the name of an action ("verdict.correct"),
/// either followed by text where the action asks for some ("c Look at the sign"), or the number of a step or solution.
public final class LinearFrontEnd {
  let model: WorkbenchModel
  private let write: (String) -> Void
  private let prompts: Bool

  /// - Parameters:
  ///   - prompts: whether to print a prompt before each line (not when input is a file or pipe).
  ///   - queue: a saved queue to open.
  ///   - write: takes one line of output, without its line end.
  public init(
    session: Session, prompts: Bool, unicode: Bool, queue: String? = nil, write: @escaping (String) -> Void
  ) throws {
    model = try WorkbenchModel(
      session: session, keyMap: try KeyMap(overrides: session.settings.keys), size: Size(width: 80, height: 24),
      glyphs: unicode ? .unicode : .ascii)
    self.write = write
    self.prompts = prompts
    if let queue { try model.openQueue(queue) }
  }

  /// Runs until the input ends or "quit".
  ///
  /// - Parameter readLine: the next line, `nil` at the end; called with the prompt to show.
  public func run(readLine: (String) -> String?) {
    say("DeepCritic, \(model.session.title), reviewer \(model.session.reviewer), \(model.session.mode.rawValue) mode.")
    say("Type a key or a command name and press enter. 'help' lists them, 'show' repeats, 'quit' ends.")
    describe()
    defer { model.release() }
    while let line = readLine(prompts ? prompt : "") {
      if !execute(line) { return }
    }
  }

  /// Says what a session may begin with, and ends.
  public func tell(_ opening: Workbench.Opening) {
    defer { model.release() }
    model.begin(with: opening)
    if model.isScreenOpen { describe() }
    if let message = model.message { say(message.text) }
  }

  private var prompt: String {
    if model.generation.isOpen { return "generation> " }
    if model.curation.isOpen { return "curation> " }
    if model.statistics.isOpen { return "statistics> " }
    if model.adjudication.isOpen { return "conflict> " }
    if model.evaluation.isOpen { return "evaluation> " }
    if model.runs.isOpen { return "runs> " }
    if model.live.isOpen { return "live> " }
    if model.demo.isOpen { return "demonstration> " }
    guard let review = model.review else { return "queue> " }
    return review.stepCount == 0 ? "problem> " : "step \(review.step) of \(review.stepCount)> "
  }

  /// Runs one line.
  ///
  /// - Returns: `false` when the session is over.
  func execute(_ line: String) -> Bool {
    let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !line.isEmpty else {
      describe()
      return true
    }
    _ = model.tick()
    _ = model.refreshIfChanged()
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    let word = parts[0]
    let text = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    switch word {
    case "help", "?":
      listActions()
      return true
    case "show":
      describe()
      return true
    case "list":
      describeQueue()
      return true
    case "step":
      goToStep(text)
      return true
    case "open":
      open(text)
      return true
    case "queue" where !text.isEmpty:
      model.attempt { try model.openQueue(text) }
      if let message = model.message { say(message.text) }
      return true
    default: break
    }
    // A stray number must never decide, also not "0", which is the key of a neutral verdict on the screen.
    if Int(word) != nil, parts.count == 1, !model.isScreenOpen {
      if model.review == nil { open(word) } else { goToStep(word) }
      return true
    }
    guard let id = action(named: word) else {
      say("There is no command '\(word)'. 'help' lists them.")
      return true
    }
    let before = State(model)
    if let action = ActionTable.action(id), let asks = action.asks, model.unavailable(id) == nil {
      if text.isEmpty {
        if id == .critiqueMark { listSentences() }
        say("\(asks)? Write it on the same line: \(word) TEXT.")
        return true
      }
      model.finishPrompt(id == .commentEditor ? .commentLine : id, text: text)
    } else {
      model.perform(id)
      model.waitForCritics()
    }
    switch model.takeEffect() {
    case .quit: return false
    case .copy(let source):
      say("Source: \(TextSafety.block(source))")
      return true
    default: break
    }
    if case .consequences = model.overlay { for line in model.previewLines(width: 1000) { say(line.text) } }
    model.overlayClosed()
    if let message = model.message { say(message.text) }
    let after = State(model)
    if after != before { describe(changedFrom: before) }
    return true
  }

  private func action(named word: String) -> ActionID? {
    if let action = ActionTable.action(ActionID(rawValue: word)) { return action.id }
    if word == "quit" || word == "exit" { return .quit }
    if let key = Key(word), let id = model.keyMap.action(for: key, in: model.place) { return id }
    return nil
  }

  private func goToStep(_ text: String) {
    guard let review = model.review else {
      say("Open a solution first: 'open NUMBER'.")
      return
    }
    guard let step = Int(text), (1...max(review.stepCount, 1)).contains(step), review.stepCount > 0 else {
      say("There are \(review.stepCount) steps here.")
      return
    }
    review.goTo(step: step)
    model.session.itemShown()
    describeStep()
  }

  private func open(_ text: String) {
    do {
      try model.open(text.isEmpty ? model.queue.selectedID ?? 0 : model.session.workspace.solutionID(matching: text))
      describe()
    } catch {
      say("\(error)")
    }
  }

  // MARK: - Words

  /// What decides whether something new has to be read out.
  private struct State: Equatable {
    var solution: Int64?
    var step: Int?
    var row: Int?
    var source: Bool
    var tab: Stage?
    var answer: Bool?
    var reference: Bool?
    var alternatives: Bool?
    var list: [Int64]
    var generation: GenerationModel.Row?
    var curation: Int?
    /// What is selected on the other screens, and how it is settled.
    var screen: String?
    var runs: [String]?

    init(_ model: WorkbenchModel) {
      solution = model.review?.stored.id
      step = model.review?.step
      row = model.review == nil ? model.queue.list.selected : nil
      source = model.sourcePanes.isEmpty
      tab = model.review?.focus.stage
      answer = model.review?.answerShown
      reference = model.review?.referenceShown
      alternatives = model.review?.alternativesShown
      list = model.review == nil ? Array(model.queue.ids.prefix(50)) : []
      generation = model.generation.isOpen ? model.generation.selected : nil
      runs = model.runs.isOpen ? model.runs.state : nil
      curation = model.curation.isOpen ? (model.curation.list.selected ?? -1) * 1000 + model.curation.rowCount : nil
      if model.statistics.isOpen { screen = model.statistics.topic.rawValue }
      if model.evaluation.isOpen { screen = model.evaluationPlace }
      if model.live.isOpen {
        screen = "live \(model.live.name) \(model.live.shownStep) \(model.live.snapshot.columns.count)"
      }
      if model.demo.isOpen { screen = "demo \(model.demo.name)" }
      if model.adjudication.isOpen {
        let selected = model.adjudication.selected
        screen = "conflict \(selected?.key ?? "") \(selected?.step ?? 0) \(selected?.settled?.at ?? 0)"
      }
    }
  }

  private func describe(changedFrom before: State) {
    let after = State(model)
    if after.generation != nil || before.generation != nil || after.curation != nil || before.curation != nil
      || after.runs != nil || before.runs != nil || after.screen != before.screen
    {
      describe()
    } else if after.solution == nil, before.solution == nil, after.list == before.list {
      describeRow()
    } else if after.solution == before.solution, after.solution != nil, after.answer == before.answer,
      after.reference == before.reference
    {
      describeStep()
    } else {
      describe()
    }
  }

  private func describe() {
    if model.generation.isOpen {
      describeGeneration()
    } else if model.curation.isOpen {
      describeCuration()
    } else if model.statistics.isOpen {
      describeStatistics()
    } else if model.adjudication.isOpen {
      describeAdjudication()
    } else if model.evaluation.isOpen {
      describeEvaluation()
    } else if model.runs.isOpen {
      describeRuns()
    } else if model.live.isOpen {
      describeLive()
    } else if model.demo.isOpen {
      describeDemonstration()
    } else if model.review != nil {
      describeSolution()
      describeStep()
    } else {
      describeQueue()
    }
  }

  private func describeQueue() {
    let queue = model.queue
    let progress = queue.progress
    say(
      "Queue: \(queue.ids.count) solutions, order \(queue.sort.words)\(queue.filter.isEmpty ? "" : ", filter \(queue.filter.text)"). \(progress.done) of \(progress.total) done."
    )
    if queue.ids.isEmpty { say(model.emptyQueueReason) }
    let first = max((queue.list.selected ?? 0), 0)
    do {
      for row in try queue.rows(first..<(first + 10)) { say(words(of: row)) }
    } catch {
      say("\(error)")
    }
    if queue.ids.count > first + 10 { say("and \(queue.ids.count - first - 10) more.") }
  }

  private func describeRow() {
    guard let selected = model.queue.list.selected, let row = try? model.queue.rows(selected..<(selected + 1)).first
    else { return }
    say(words(of: row))
  }

  private func words(of row: QueueRow) -> String {
    var parts = ["\(row.id). \(row.name)", "\(row.stepCount) steps"]
    if !row.hidesLabels(in: model.session.mode) {
      switch row.firstError {
      case .step(let step): parts.append("first error \(step)")
      case .none: parts.append("no error")
      case .unknown: parts.append("error unknown")
      }
    }
    parts.append(row.state.words)
    return parts.joined(separator: ", ") + ": " + row.excerpt
  }

  private func describeSolution() {
    guard let review = model.review else { return }
    let stored = review.stored
    say("")
    say("Solution \(stored.id), \(stored.name), \(stored.format.title). \(review.stepCount) steps.")
    say("Problem: " + text(stored.solution.problem))
    if let answer = stored.solution.referenceAnswer {
      say(review.answerShown ? "Reference answer: \(text(answer))" : "The reference answer is hidden; 'h' shows it.")
    }
    if review.referenceShown, let reference = stored.solution.referenceSolution {
      say("Reference solution: \(text(reference))")
    }
    if let mark = review.view.mark { say("Marked: \(mark.mark.words)\(mark.reason.map { ", \($0)" } ?? "").") }
  }

  private func describeStep() {
    guard let review = model.review, review.step > 0 else { return }
    let stored = review.stored
    let step = stored.solution.steps[review.step - 1]
    say("")
    say("Step \(review.step) of \(review.stepCount): " + text(step.text))
    if review.isRevealed(review.step, mode: model.session.mode) {
      if let rating = step.rating { say("Human label: \(rating.word).") }
      if let sentence = EstimateView.sentence(review) { say(sentence) }
      for stage in Stage.allCases {
        guard let shown = review.critique(stage) else { continue }
        let says = shown.isWhole ? "of the whole solution" : "says \(shown.critique.judgement?.word ?? "nothing clear")"
        let index = review.samples[stage] ?? 0
        if !shown.isWhole, shown.samples > 1 || shown.critique.author != nil {
          say("\(stage.title) critique \(index + 1) of \(shown.samples), \(shown.critique.about(isUsed: index == 0)).")
        }
        say("\(stage.title) critique, \(says): \(text(shown.critique.critique.text))")
      }
      for words in model.reasoningWords(review) { say("Reasoning: \(words).") }
      for (index, alternative) in step.alternatives.enumerated() where review.alternativesShown {
        say("Alternative \(index + 1), \(alternative.rating?.word ?? "not rated"): \(text(alternative.text))")
      }
      for (name, view) in review.others(mode: model.session.mode) {
        if let verdict = view.verdicts[review.step] { say("\(name): \(verdict.rating.word).") }
        for comment in view.comments where comment.step == review.step { say("\(name) writes: \(text(comment.text))") }
      }
    } else {
      say("Blind mode: label and critiques follow your verdict.")
    }
    if review.view.flags.contains(review.step) { say("Flagged.") }
    if let correction = review.view.corrections[review.step] { say("It should say: \(text(correction.text))") }
    for comment in review.view.comments where comment.step == review.step { say("Your comment: \(text(comment.text))") }
    say("Your verdict: \(review.mine(review.step)?.word ?? "none").")
    if let stop = review.view.firstError, stop < review.step {
      say("Your labels stop at step \(stop); this step needs no verdict.")
    }
  }

  /// The sentences of the critique that is judged, with the numbers to name them by.
  private func listSentences() {
    guard let critique = model.judgedCritique else { return }
    for (index, range) in SentenceChoice.sentences(of: critique.text).enumerated() {
      say("\(index + 1). \(model.oneLine(String(critique.text[range])))")
    }
  }

  private func listActions() {
    for place in Place.allCases {
      say("\(place.title):")
      for action in ActionTable.all where action.places.contains(place) {
        let keys = model.keyMap.keys(for: action.id).map(\.description).joined(separator: ", ")
        let argument = action.asks == nil ? "" : " TEXT"
        say("  \(action.id.rawValue)\(argument) (\(keys)): \(action.summary).")
      }
    }
    say("Here also: show, list, step NUMBER, open NUMBER, queue NAME, help, quit.")
  }

  private func text(_ text: String) -> String {
    if model.isSource(.step) { return TextSafety.block(text) }
    // One line per paragraph: the terminal or the screen reader breaks lines itself.
    return ReadableText.plain(text, width: 1000, mode: .linear, ascii: !model.glyphs.isUnicode).joined(separator: "\n")
  }

  func say(_ line: String) {
    for line in line.split(separator: "\n", omittingEmptySubsequences: false) { write(TextSafety.line(String(line))) }
  }
}

extension WorkbenchModel {
  /// Closes help, palette or line, which plain text has no use for.
  func overlayClosed() { overlay = nil }
}
