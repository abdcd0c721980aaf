import DeepCriticCore
import Foundation
import Terminal

extension WorkbenchModel {
  /// Opens the live screen.
  ///
  /// - Parameter request: what to begin with; `nil` keeps what was chosen before.
  public func openLive(_ request: LiveRequest? = nil) {
    attempt {
      let wasOpen = live.isOpen
      closeScreens()
      live.isOpen = true
      if let request { live.request = request }
      if let id = request?.stored {
        take(try session.workspace.solution(id))
        if let index = queue.index(of: id) { queue.list.select(index) }
      } else if let solution = request?.solution {
        live.take(solution, name: solution.sourceID ?? "", stored: nil)
      } else if !wasOpen || live.solution == nil {
        try takeSubject()
      }
      if request?.startsAtOnce == true { try startLive() }
    }
  }

  /// The solution under review, else the selected one of the queue.
  private func takeSubject() throws {
    if let review {
      if live.stored?.id != review.stored.id { take(review.stored) }
    } else if let index = queue.list.selected, queue.ids.indices.contains(index) {
      let stored = try session.workspace.solution(queue.ids[index])
      if live.stored?.id != stored.id { take(stored) }
    }
  }

  private func take(_ stored: StoredSolution) { live.take(stored.solution, name: stored.name, stored: stored) }

  func performInLive(_ id: ActionID) throws {
    switch id {
    case .liveStart: try startLive()
    case .liveStop: live.run?.stop()
    case .liveManner:
      live.forget()
      live.request.mode = live.request.mode == .whole ? .stages : .whole
      say(
        .info,
        live.request.mode == .whole
          ? "A critique of the whole solution, by one critic or by two side by side."
          : "Initial, deep and merged critiques of one step after the other, until a step is wrong.")
    case .liveModels: openPrompt(id, live.request.models.joined(separator: " "))
    case .liveServers: openPrompt(id, live.request.endpoints.joined(separator: " "))
    case .liveCompose:
      edited = .live
      effect = .edit(LiveSubject.template(live.solution))
    case .liveBlind:
      if live.request.isBlind, !live.isRevealed, live.run != nil {
        live.isRevealed = true
        let names = live.snapshot.columns.indices.map { "\(LiveModel.alias($0)) is \(live.title($0))" }
        say(.info, names.joined(separator: ", ") + ".")
      } else {
        live.request.isBlind.toggle()
        live.isRevealed = false
        say(.info, live.request.isBlind ? "The critics' names are hidden." : "The critics' names are shown.")
      }
    case .liveChallenge:
      live.request.isChallenge.toggle()
      live.guess = nil
      say(.info, live.request.isChallenge ? "The audience guesses before the critic speaks." : "Nobody guesses.")
    case .performanceGuess: try takeGuess()
    case .liveNext, .livePrevious: try moveSubject(by: id == .liveNext ? 1 : -1)
    case .liveSave: try saveLive()
    case .liveCopy:
      guard let column = focusedColumn, let text = live.text(column), !text.text.isEmpty else { return }
      effect = .copy(text.text)
      say(.info, "Sent to the clipboard: the critique as it was written.")
    case .liveStepNext, .liveStepPrevious:
      let count = live.solution?.steps.count ?? 0
      guard count > 0 else { return }
      live.step = min(max(live.shownStep + (id == .liveStepNext ? 1 : -1), 1), count)
      live.scrolls = [:]
    case .liveFollow:
      live.step = nil
      live.scrolls = [:]
    case .livePane:
      live.focus = (live.focus + 1) % max(live.snapshot.columns.count, 1)
    case .liveZoom: live.isZoomed.toggle()
    case .liveDown: scrollLive(by: 1)
    case .liveUp: scrollLive(by: -1)
    case .livePageDown: scrollLive(by: max(size.height / 2, 1))
    case .livePageUp: scrollLive(by: -max(size.height / 2, 1))
    case .liveSource: toggleSource([.problem, .steps, .step, .merged])
    default: break
    }
  }

  private func openPrompt(_ id: ActionID, _ text: String) {
    guard let asks = ActionTable.action(id)?.asks else { return }
    overlay = .prompt(PromptModel(action: id, question: asks, editor: LineEditor(text: text)))
  }

  private var focusedColumn: LiveColumn? {
    live.snapshot.columns.indices.contains(live.focus) ? live.snapshot.columns[live.focus] : nil
  }

  private func toggleSource(_ panes: Set<Pane>) {
    if sourcePanes.isSuperset(of: panes) { sourcePanes.subtract(panes) } else { sourcePanes.formUnion(panes) }
  }

  private func scrollLive(by lines: Int) {
    let shown = LiveScreen.performance(self)
    let pane = live.isZoomed ? 0 : live.focus
    guard shown.panes.indices.contains(pane), let limit = PerformanceScreen.scrollLimit(pane, shown, self) else {
      return
    }
    let to = min(max((live.scrolls[live.focus] ?? limit) + lines, 0), limit)
    // At the end it follows what comes.
    live.scrolls[live.focus] = to >= limit ? nil : to
  }

  private func moveSubject(by offset: Int) throws {
    let from = live.stored.flatMap { queue.index(of: $0.id) } ?? queue.list.selected ?? 0
    guard !queue.ids.isEmpty else { throw LiveTrouble("The queue is empty.") }
    let index = min(max(from + offset, 0), queue.ids.count - 1)
    take(try session.workspace.solution(queue.ids[index]))
    queue.list.select(index)
  }

  // MARK: Critics

  private func startLive() throws {
    guard let solution = live.solution else {
      throw LiveTrouble(
        "There is no solution: write one with \(keys(.liveCompose)), paste one, or open one from the queue.")
    }
    if live.request.isChallenge, live.guess == nil {
      throw LiveTrouble("First your guess: the number of the first wrong step, or 0 if all are right.")
    }
    let settings = try live.request.settings(of: session.workspace)
    let endpoints = try settings.endpoints(environment: liveEnvironment)
    guard var critics = try live.request.critics(endpoints, settings) else {
      live.models.look(at: endpoints[0])
      return
    }
    let guess = live.guess
    live.forget()
    live.guess = guess
    // Left and right must not tell who is who.
    if live.request.isBlind, live.request.mode == .whole { critics.shuffle() }
    let run = try LiveRun(
      of: solution, by: critics, mode: live.request.mode, prompts: PromptLibrary(replacing: settings.prompts),
      settings: settings)
    live.run = run
    // A verdict behind a critique is none that was given blind.
    if let stored = live.stored { session.showedLabels(of: stored.key) }
    live.focus = live.request.mode == .stages ? 2 : 0
    run.start()
    _ = live.refresh()
  }

  private func saveLive() throws {
    guard let run = live.run else { throw LiveTrouble("There is nothing to save yet.") }
    let saving = try run.save(in: session.workspace, as: live.stored?.id, programVersion: session.programVersion)
    if live.stored == nil {
      live.stored = try session.workspace.solution(saving.solution)
      live.name = live.stored?.name ?? live.name
      try queue.reload()
    }
    if let review, review.stored.id == saving.solution {
      review.stored = try session.workspace.solution(saving.solution)
    }
    let words = saving.stored == 1 ? "1 critique" : "\(saving.stored) critiques"
    say(
      .good,
      (saving.stored == 0 ? "Saved already" : "\(words) saved")
        + ": solution \(saving.solution), \(live.name). Review shows \(saving.stored == 1 ? "it" : "them").")
  }

  // MARK: What is typed

  /// Takes what was typed for one of the live screen's lines.
  func setLive(_ action: ActionID, _ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    switch action {
    case .performanceGuess:
      guard let number = Int(text) else { throw LiveTrouble("Write the number of a step, or 0 if all are right.") }
      try setGuess(number)
    case .liveModels:
      live.forget()
      live.request.models = words
      if words.isEmpty,
        let endpoint = try live.request.settings(of: session.workspace).endpoints(environment: liveEnvironment).first
      {
        live.models.look(at: endpoint)
      }
    case .liveServers:
      _ = try words.map { try Endpoint($0) }
      live.forget()
      live.request.endpoints = words
    default: break
    }
  }

  /// Takes a solution that was written or pasted.
  func takeLive(text: String) {
    attempt {
      let solution = try LiveSubject.solution(in: text) { StepSplitter.split($0).steps }
      // What an editor gives back as it was is the same solution, though it has no labels any more.
      guard solution != live.solution, text != LiveSubject.template(live.solution) else {
        say(.info, "Nothing changed.")
        return
      }
      live.take(solution, name: "", stored: nil)
      say(.info, "A solution of \(solution.steps.count) \(solution.steps.count == 1 ? "step" : "steps").")
    }
  }

  // MARK: Guessing

  func takeGuess() throws {
    guard let key = pressed, case .character(let character) = key, let digit = character.wholeNumberValue else {
      openPrompt(.performanceGuess, "")
      return
    }
    try setGuess(digit)
  }

  private func setGuess(_ number: Int) throws {
    if demo.isOpen {
      try demo.take(guess: number == 0 ? -1 : number)
      return
    }
    let count = live.solution?.steps.count ?? 0
    guard (0...count).contains(number) else { throw LiveTrouble("There are \(count) steps.") }
    live.guess = number == 0 ? -1 : number
    live.request.isChallenge = true
  }

  /// Looks at what has come: a server's models, the end of a round.
  ///
  /// - Returns: whether the screen may have to change.
  func refreshLive() -> Bool {
    guard live.isOpen || live.isBusy else { return false }
    var mayDiffer = live.refresh()
    if let found = live.models.take() {
      mayDiffer = true
      switch found {
      case .success(let names) where names.count == 1:
        live.request.models = names
        attempt { try startLive() }
      case .success(let names) where names.isEmpty:
        say(.warning, "The server lists no models: name one with \(keys(.liveModels)).")
      case .success(let names):
        overlay = .chooser(
          ChooserModel(.models, title: "Which model?", items: names.map { ChooserModel.Item(name: $0, about: "") }))
      case .failure(let error):
        say(.error, "\(error) Name a server with \(keys(.liveServers)), or a model with \(keys(.liveModels)).")
      }
    }
    if LiveScreen.isOver(self), !live.isScored, let guess = live.guess, let answer = live.answer {
      live.isScored = true
      let truth = live.truth(in: session.mode) ?? answer
      live.score.rounds += 1
      live.score.audience += guess == truth ? 1 : 0
      live.score.critic += answer == truth ? 1 : 0
    }
    return mayDiffer
  }

  /// Takes a model that was chosen from a server's list.
  func chooseModel(_ name: String) throws {
    live.request.models = [name]
    try startLive()
  }

  /// Why an action of the live screen cannot be done now.
  func liveReason(_ id: ActionID) -> String? {
    switch id {
    case .liveStart:
      if live.solution == nil { return "There is no solution: write one with \(keys(.liveCompose)), or paste one." }
      return live.snapshot.isRunning ? "The critics are writing; \(keys(.liveStop)) stops them." : nil
    case .liveStop: return live.snapshot.isRunning ? nil : "Nothing is being written."
    case .liveSave:
      if session.workspace.isReadOnly { return "\(WorkspaceError.readOnly(session.workspace.path))" }
      return live.snapshot.columns.contains { $0.texts.values.contains { $0.phase == .done || $0.phase == .cutOff } }
        ? nil : "There is nothing to save yet: no critique is finished."
    case .liveNext, .livePrevious: return queue.ids.isEmpty ? "The queue is empty." : nil
    case .performanceGuess: return live.solution == nil ? "There is no solution to guess about." : nil
    case .liveCopy: return focusedColumn.flatMap(live.text) == nil ? "There is no critique to copy yet." : nil
    default: return nil
    }
  }
}

/// Something on the live screen that cannot be done.
struct LiveTrouble: Error, CustomStringConvertible {
  /// A sentence with its remedy.
  let description: String

  init(_ description: String) { self.description = description }
}
