import DeepCriticCore
import Terminal

/// Critics that write before an audience, and how the audience did.
final class LiveScreen: GuessingScreen {
  static let id = ScreenID.live
  static let heading = "On the live screen"
  static let opening: Action? = Action(
    "live.open", "live", "Open the screen on which critics write before an audience", keys: ["@"], hint: 27)

  let context: ScreenContext
  let queue: SolutionQueue
  private let environment: [String: String]
  /// Servers, models and the rest, as they were last chosen.
  var request = LiveRequest()
  /// What it was begun with last.
  private var begun: LiveRequest?
  /// What is critiqued; `nil` until there is something.
  private(set) var solution: Solution?
  private(set) var name = ""
  /// The solution in the workspace, where it is from there.
  private(set) var stored: StoredSolution?
  private(set) var run: LiveRun?
  private(set) var snapshot = LiveSnapshot()
  /// The step that is looked at; `nil` follows the critics.
  private(set) var step: Int?
  /// The pane that somebody gave the arrow keys to; `nil` for the one that is being written.
  private var chosenFocus: Int?
  var focus: Int {
    let last = request.mode == .stages ? snapshot.columns.lastIndex { $0.texts[shownStep] != nil } : nil
    return chosenFocus ?? last ?? 0
  }
  /// The first line of each pane; those that are not here follow the end.
  private(set) var scrolls: [Int: Int] = [:]
  /// The first row of the steps, where these are longer than the screen and no critic speaks yet; `nil` before they are
  /// scrolled.
  private(set) var stepsTop: Int?
  var isZoomed = false
  /// Hidden names were asked for.
  private(set) var isRevealed = false
  /// What critics have written in this session, the latest last.
  private(set) var takes: [LiveRun] = []
  /// The audience's guess, and how it and the critics did.
  var round = LiveRound()
  /// A list of a server's models is being fetched, and its outcome.
  let models = ModelLookup()
  private let critics = ChangeSignal()
  /// By column: the step that is laid out, and its layout so far.
  private var streamed: [Int: (step: Int, layout: StreamedText)] = [:]
  /// When it is opened next, it takes what is under review.
  private var wantsSubject = true

  init(_ services: Services) {
    context = services.context
    queue = services.queue
    environment = services.environment
  }

  /// Chooses what to begin with, before it is opened.
  ///
  /// - Parameter request: `nil` keeps what was chosen before.
  func begin(_ request: LiveRequest?) throws {
    // An item of a talk that somebody comes back to is as it was left.
    if let request, request == begun, solution != nil { return }
    begun = request
    if let request { self.request = request }
    if let id = request?.stored {
      take(try workspace.solution(id))
      if let index = queue.index(of: id) { queue.list.select(index) }
    } else if let solution = request?.solution {
      take(solution, name: solution.sourceID ?? "", stored: nil)
    } else {
      try takeSubject()
    }
    wantsSubject = false
    if request?.startsAtOnce == true { navigator?.attempt { try start() } }
  }

  func appear() throws {
    if wantsSubject || solution == nil { try takeSubject() }
    wantsSubject = false
  }

  func disappear() { wantsSubject = navigator?.stack.contains { $0 === self } == false }

  var isMoving: Bool { snapshot.isRunning || (run != nil && snapshot.columns.isEmpty) || models.isLooking }
  var isBusy: Bool { isMoving }

  func refresh() -> Bool {
    let before = snapshot
    if let run { snapshot = run.snapshot() }
    var mayDiffer = before != snapshot
    if let found = models.take() {
      mayDiffer = true
      take(found)
    }
    if isOver { round.score(voices, truth) }
    // What it says is over.
    if before.isRunning, !snapshot.isRunning, context.messages.current?.text == writingWords {
      context.messages.current = nil
    }
    return mayDiffer
  }

  func settle() {
    _ = refresh()
    // A model that is alone on its server's list begins when the list has come.
    for _ in 0..<2 where isBusy {
      models.wait()
      _ = refresh()
      // Critics are heard to the end, which their time limits set: plain text is not drawn again later.
      critics.wait(atMost: 86_400) { run?.snapshot().isRunning == true }
      _ = refresh()
    }
  }

  var presentation: Presentation { LiveView.presentation(self) }

  func draw(_ canvas: inout Canvas) { LiveView.draw(&canvas, self) }

  var sceneName: String {
    guard solution != nil else { return "No solution" }
    if isOver { return "The critics have spoken" }
    return run == nil ? request.isChallenge ? "The audience guesses" : "Before the critics" : "The critics are writing"
  }

  var votes: AudienceVotes {
    get { round.votes }
    set {
      round.votes = newValue
      // What most people say is the audience's guess, until it is judged.
      if !isOver, let leader = newValue.leader { round.guess = leader }
      if run == nil { request.isChallenge = true }
    }
  }

  func hintTitle(_ id: ActionID) -> String? { id == .liveStart && take != nil ? "again" : nil }

  func paste(_ text: String) -> Bool {
    navigator?.attempt { try take(text: text) }
    return true
  }

  // MARK: - What is critiqued

  private func takeSubject() throws {
    guard let subject = try navigator?.subject(), stored?.id != subject.id else { return }
    take(subject)
  }

  private func take(_ stored: StoredSolution) { take(stored.solution, name: stored.name, stored: stored) }

  /// Takes what is critiqued; what was written about it before is shown again, unless somebody is to guess.
  private func take(_ solution: Solution, name: String, stored: StoredSolution?) {
    setAside()
    self.solution = solution
    self.name = name
    self.stored = stored
    round.turn(to: solution)
    if !request.isChallenge, let last = takesOfThis.last { show(last) }
  }

  /// Takes a solution that was written or pasted.
  func take(text: String) throws {
    let solution = try WrittenSolution.read(text)
    // What an editor gives back as it was is the same solution, though it has no labels any more.
    guard solution != self.solution, text != WrittenSolution.template(self.solution) else {
      return say(.info, "Nothing changed.")
    }
    take(solution, name: "", stored: nil)
    say(.info, "A solution of \(solution.steps.count) \(solution.steps.count == 1 ? "step" : "steps").")
  }

  func moveSubject(by offset: Int) throws {
    if try moveItem(by: offset) { return }
    let from = stored.flatMap { queue.index(of: $0.id) } ?? queue.list.selected ?? 0
    let index = min(max(from + offset, 0), queue.ids.count - 1)
    if index == from, stored != nil {
      let place = queue.ids.count == 1 ? "only" : offset < 0 ? "first" : "last"
      return glance("This is the \(place) solution of the queue.")
    }
    take(try workspace.solution(queue.ids[index]))
    queue.list.select(index)
  }

  /// Ends the critique that is shown; it stays among the takes.
  private func setAside() {
    run?.stop()
    run = nil
    snapshot = LiveSnapshot()
    lookAnew()
  }

  private func lookAnew() {
    step = nil
    scrolls = [:]
    stepsTop = nil
    isRevealed = false
    chosenFocus = nil
    streamed = [:]
  }

  // MARK: - Takes

  func moveTake(by offset: Int) {
    let known = takesOfThis
    let from = take.map { $0.number - 1 } ?? known.count
    let index = min(max(from + offset, 0), known.count - 1)
    guard index != from else { return glance("This is the \(offset < 0 ? "first" : "last") take.") }
    if run?.snapshot().isRunning == true { run?.stop() }
    show(known[index])
  }

  private func show(_ take: LiveRun) {
    run = take
    snapshot = take.snapshot()
    lookAnew()
  }

  // MARK: - Critics

  func start() throws {
    guard let solution else {
      throw LiveError(
        "There is no solution: write one with \(keys(.liveCompose)), paste one, or open one from the queue.")
    }
    if request.isChallenge, round.guess == nil {
      throw LiveError("First your guess: the number of the first error, or 0 if every step is correct.")
    }
    let settings = try request.settings(of: workspace)
    let endpoints = try settings.endpoints(environment: environment)
    guard var critics = try request.critics(endpoints, settings) else {
      models.look(at: endpoints[0])
      return
    }
    setAside()
    var recorded = critics.indices.map { recording(of: critics[$0], at: $0) }
    // Left and right must not reveal who is who.
    if request.isBlind, request.mode == .whole {
      let order = critics.indices.shuffled()
      critics = order.map { critics[$0] }
      recorded = order.map { recorded[$0] }
    }
    if request.mode == .stages { recorded = Stage.allCases.map(recordings) }
    let run = try LiveRun(
      of: solution, by: critics, mode: request.mode, prompts: PromptLibrary(replacing: settings.prompts),
      settings: settings, recorded: recorded)
    self.run = run
    takes.append(run)
    if takes.count > 100 { takes.removeFirst() }
    // A verdict behind a critique is none that was given blind.
    if let stored { session.showedLabels(of: stored.key) }
    run.start()
    Task { [signal = self.critics] in
      await run.finished()
      signal.send()
    }
    _ = refresh()
  }

  /// Takes a server's list of models: the only one begins, of several one is chosen.
  private func take(_ found: Result<[String], ModelClientError>) {
    switch found {
    case .success(let names) where names.count == 1: navigator?.attempt { try start(model: names[0]) }
    case .success(let names) where names.isEmpty:
      say(.warning, "The server lists no models: name one with \(keys(.liveModels)).")
    case .success(let names):
      navigator?.overlay = ChooserOverlay(
        context, title: "Which model?", items: names.map { ChooserOverlay.Item(name: $0, about: "") }
      ) { [weak self] index in try self?.start(model: names[index]) }
    case .failure(let error):
      say(.error, "\(error) Name a server with \(keys(.liveServers)), or a model with \(keys(.liveModels)).")
    }
  }

  private func start(model: String) throws {
    request.models = [model]
    try start()
  }

  func change(models names: [String]) throws {
    setAside()
    request.models = names
    // While a session is only shown no server is asked.
    if names.isEmpty, !context.isRehearsal,
      let endpoint = try request.settings(of: workspace).endpoints(environment: environment).first
    {
      models.look(at: endpoint)
    }
  }

  func change(servers: [String]) throws {
    _ = try servers.map { try Endpoint($0) }
    setAside()
    request.endpoints = servers
  }

  func changeMode() {
    setAside()
    request.mode = request.mode == .whole ? .stages : .whole
    say(
      .info,
      request.mode == .whole
        ? "A critique of the whole solution, by one critic or by two side by side."
        : "Initial, deep and merged critiques of one step after the other, until a step is wrong.")
  }

  func save() throws {
    guard let run else { throw LiveError("There is nothing to save yet.") }
    let saving = try run.save(in: workspace, as: stored?.id, programVersion: session.programVersion)
    if stored == nil {
      let stored = try workspace.solution(saving.solution)
      self.stored = stored
      name = stored.name
      try queue.reload()
    }
    if let review = try navigator?.screen(ReviewScreen.self).review, review.stored.id == saving.solution {
      review.stored = try workspace.solution(saving.solution)
    }
    let words = saving.stored == 1 ? "1 critique" : "\(saving.stored) critiques"
    say(
      .good,
      (saving.stored == 0 ? "Saved already" : "\(words) saved")
        + ": solution \(saving.solution), \(name). Review shows \(saving.stored == 1 ? "it" : "them").")
  }

  // MARK: - The audience

  func take(guess: Int) throws {
    let count = solution?.steps.count ?? 0
    guard guess == -1 || (1..<count + 1).contains(guess) else {
      throw LiveError("There \(count == 1 ? "is 1 step" : "are \(count) steps").")
    }
    if run != nil { throw LiveError("The critic has spoken; the next solution asks again.") }
    round.guess = guess
    request.isChallenge = true
  }

  func toggleChallenge() {
    request.isChallenge.toggle()
    // Hands that were counted stay counted; a guess counts while guessing is on.
    round.guess = request.isChallenge ? round.votes.leader : nil
    say(.info, request.isChallenge ? "The audience guesses before the critic speaks." : "Guessing is off.")
  }

  func toggleNames() {
    if request.isBlind, !isRevealed, run != nil {
      isRevealed = true
      let names = snapshot.columns.indices.map { "\(LiveVoice.alias($0)) is \(title($0))" }
      say(.info, names.joined(separator: ", ") + ".")
    } else {
      request.isBlind.toggle()
      isRevealed = false
      say(.info, request.isBlind ? "The critics' names are hidden." : "The critics' names are shown.")
    }
  }

  // MARK: - What is seen

  /// Lays out a pane's text, whatever part of it has come.
  func lines(_ column: Int, _ text: LiveText, width: Int) -> [TextLine] {
    // What is over is laid out as a whole, as on every other screen.
    let boxes: StageText.Boxes =
      snapshot.columns[column].stage == nil && text.phase == .done ? .answer : .judgements
    if text.isOver, text.text.utf8.count < 200_000 {
      let shown = context.reading.isSource(.merged) ? text.text : StageText.critique(text.text, boxes, glyphs)
      return context.lines(shown, width: width, in: .merged, context.texts.turns(shown))
    }
    let step = snapshot.columns[column].stage == nil ? 0 : shownStep
    let known = streamed[column].flatMap { $0.step == step ? $0.layout : nil }
    let layout =
      known ?? StreamedText(isASCII: !glyphs.isUnicode) { [glyphs] in StageText.critique($0, .judgements, glyphs) }
    streamed[column] = (step, layout)
    return layout.lines(text.text, width: width, source: context.reading.isSource(.merged))
  }

  func moveStep(by offset: Int) {
    let count = solution?.steps.count ?? 0
    guard count > 0 else { return }
    let to = min(max(shownStep + offset, 1), count)
    if to == shownStep, !isFollowing {
      return glance("This is the \(count == 1 ? "only" : offset < 0 ? "first" : "last") step.")
    }
    step = to
    stepsTop = nil
    scrolls = [:]
  }

  /// Follows what is being written again.
  /// Nothing else than what is being written has been asked for.
  var isFollowing: Bool { step == nil && scrolls.isEmpty && stepsTop == nil }

  func follow() {
    step = nil
    stepsTop = nil
    scrolls = [:]
  }

  func focusNext() { chosenFocus = (focus + 1) % max(snapshot.columns.count, 1) }

  func scroll(by lines: Int) {
    let shown = LiveView.presentation(self)
    guard let (viewport, end) = PresentationView.viewport(isZoomed ? 0 : focus, shown, self) else { return }
    if shown.panes.isEmpty {
      let before = min(stepsTop ?? (step == nil ? 0 : end), viewport.limit)
      let to = viewport.moved(from: before, by: lines)
      stepsTop = to
      if to == before { glance("There is no more text there.") }
      return
    }
    let before = min(scrolls[focus] ?? end, end)
    let to = viewport.moved(from: before, by: lines)
    if to == before { glance(end == 0 ? "All of it is in view." : "This is its \(lines < 0 ? "beginning" : "end").") }
    // At the end it follows what comes.
    scrolls[focus] = to >= end ? nil : to
  }
}
