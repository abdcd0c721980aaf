import DeepCriticCore
import Terminal

/// A demonstration that plays: time advances by itself, faster or slower, and by scenes.
final class DemonstrationScreen: GuessingScreen, PlayingScreen {
  static let id = ScreenID.demonstration
  static let name = "demonstration"
  static let heading = "In a demonstration"

  let context: ScreenContext
  let queue: SolutionQueue
  private(set) var demonstration: Demonstration?
  private(set) var name = ""
  var playback = Playback()
  /// The audience's guess in this round: a step, or −1 for "all right".
  private(set) var guess: Int?
  /// Votes by the solution's key: they stay until somebody changes them.
  private var counted: [String: AudienceVotes] = [:]
  var votes: AudienceVotes {
    get { counted[key] ?? AudienceVotes() }
    set { counted[key] = newValue }
  }
  /// Rows by which critiques longer than their pane are scrolled back from their end.
  private(set) var scroll = 0
  private var key = ""
  /// Where demonstrations of a talk were left, by the solution's key.
  private var left: [String: (time: Double, guess: Int?)] = [:]
  /// Whether the last guess about each solution was right, once the label was shown.
  private var scores: [String: Bool] = [:]
  /// Panes that other screens show as raw source, while this one is seen: there is no key for it here.
  private var sourcePanes: Set<Pane>?

  init(_ services: Services) {
    context = services.context
    queue = services.queue
  }

  /// Why nothing is shown; `nil` when something is.
  static func hiddenReason(_ context: ScreenContext) -> String? {
    guard context.session.mode == .blind else { return nil }
    return "A demonstration reveals labels and critiques, which blind mode keeps back; \(context.keys(.modeToggle)) "
      + "changes the mode."
  }

  var hiddenReason: String? { Self.hiddenReason(context) }
  var openingReason: String? { hiddenReason }

  // MARK: - What is played

  /// Begins with a solution, before the screen is opened.
  ///
  /// - Parameter id: `nil` for the one under review, else the selected one of the queue, else the next that can be
  ///   shown.
  /// - Throws: when there is none to show.
  func begin(with id: Int64?) throws {
    guard let stored = try id.map(workspace.solution) ?? navigator?.subject() else {
      throw RefusalError("There is nothing to demonstrate: the queue is empty.")
    }
    if let found = Demonstration(stored) {
      if let index = queue.index(of: stored.id) { queue.list.select(index) }
      play(found, stored)
    } else if id != nil {
      throw RefusalError(
        "\(TextSafety.line(stored.name)) cannot be demonstrated: \(Demonstration.lack(of: stored) ?? "")."
          + " \(try Demonstration.others(in: workspace, than: stored.id))")
    } else {
      try play(from: queue.list.selected ?? 0, by: 1)
      say(.info, "\(stored.name) has no critiques of its steps: this is \(name).")
    }
  }

  /// Begins with a solution that was read already, where it was left.
  func begin(with stored: StoredSolution) throws {
    guard let found = Demonstration(stored) else {
      throw RefusalError("\(TextSafety.line(stored.name)) cannot be demonstrated.")
    }
    if let hiddenReason { throw RefusalError(hiddenReason) }
    if demonstration != nil { left[key] = (time, guess) }
    play(found, stored)
    if let before = left[stored.key] {
      (playback.time, guess) = before
      playback.isPaused = time > 0
    }
  }

  /// Plays the next solution of the queue that can be shown, in a direction.
  func playNext(_ offset: Int) throws { try play(from: (queue.list.selected ?? 0) + offset, by: offset) }

  private func play(from first: Int, by offset: Int) throws {
    let count = queue.ids.count
    for turn in 0..<count {
      let index = ((first + turn * offset) % count + count) % count
      let stored = try workspace.solution(queue.ids[index])
      guard let found = Demonstration(stored) else { continue }
      queue.list.select(index)
      return play(found, stored)
    }
    throw RefusalError("There is nothing to demonstrate: no solution of the queue has critiques.")
  }

  private func play(_ demonstration: Demonstration, _ stored: StoredSolution) {
    session.showedLabels(of: stored.key)
    key = stored.key
    self.demonstration = demonstration
    name = stored.name
    restart()
  }

  func restart() {
    playback.restart()
    guess = nil
    scroll = 0
  }

  func appear() throws {
    if sourcePanes == nil {
      sourcePanes = context.reading.sourcePanes
      context.reading.sourcePanes = []
    }
    if hiddenReason != nil { return try leave() }
    guard demonstration == nil else { return }
    do { try begin(with: nil) } catch {
      try leave()
      throw error
    }
  }

  func disappear() {
    if let sourcePanes { context.reading.sourcePanes = sourcePanes }
    sourcePanes = nil
    // What was left begins again; what is only covered continues.
    if navigator?.stack.contains(where: { $0 === self }) != true { demonstration = nil }
  }

  func modeChanged() throws { if hiddenReason != nil { try leave() } }

  /// Leaves the screen, where it is the one that is seen and not the first.
  private func leave() throws { if navigator?.top === self { try navigator?.leave() } }

  var presentation: Presentation { DemonstrationView.presentation(self) }

  func draw(_ canvas: inout Canvas) { DemonstrationView.draw(&canvas, self) }

  // MARK: - Time

  var length: Double { demonstration?.length ?? 0 }
  var solution: Solution? { demonstration?.solution }
  var endWords: String { "This is the end; \(keys(.demoNext)) plays the next demonstration." }

  var scene: (scene: Int, written: Double) { demonstration?.place(at: time) ?? (0, 0) }
  var sceneName: String { demonstration.map { $0.scenes[scene.scene].action.name } ?? "" }

  func refresh() -> Bool {
    let before = (time, scene.scene)
    playback.advance(to: length, isMoving: isMoving)
    // Another scene is seen from the end of its critiques.
    if scene.scene != before.1 { scroll = 0 }
    judge()
    return time != before.0
  }

  /// Goes to the beginning of a scene.
  func go(to scene: Int) {
    guard let demonstration else { return }
    scroll = 0
    playback.time = demonstration.start(of: scene)
    judge()
  }

  /// Goes to the next scene, or finishes writing this one.
  func forward() {
    guard let demonstration else { return }
    scroll = 0
    let (scene, written) = scene
    let start = demonstration.start(of: scene)
    playback.time =
      written < 1
      ? start + demonstration.scenes[scene].writing
      : min(demonstration.start(of: scene + 1), demonstration.length)
    judge()
  }

  /// Goes back to the beginning of this scene, or of the one before.
  func rewind() {
    guard let demonstration else { return }
    scroll = 0
    let scene = scene.scene
    let start = demonstration.start(of: scene)
    playback.time = time - start > 0.8 ? start : demonstration.start(of: max(scene - 1, 0))
  }

  /// Scrolls the critiques that are longer than their panes, all of them together; time waits meanwhile.
  func scroll(pages: Int) {
    let shown = DemonstrationView.presentation(self)
    // The longest leads.
    let all = (shown.panes.isEmpty ? [0] : Array(shown.panes.indices)).compactMap {
      PresentationView.viewport($0, shown, self)
    }
    guard let (viewport, end) = all.max(by: { $0.end < $1.end }) else { return }
    let before = min(scroll, end)
    scroll = end - min(viewport.moved(from: end - before, by: -pages * max(size.height / 5, 1)), end)
    if scroll == before { glance(end == 0 ? "All of it is in view." : "There is no more text there.") }
    if scroll > 0, !isOver { playback.isPaused = true }
  }

  // MARK: - Guesses

  /// The labels are shown: after that a guess is right or wrong.
  var isRevealed: Bool {
    guard let demonstration, case .label = demonstration.scenes[scene.scene].action else { return false }
    return true
  }

  /// The critics have not begun: which step they will look at closely is not said.
  var isGuessing: Bool {
    guard let demonstration else { return true }
    return !demonstration.scenes.prefix(scene.scene).contains { $0.action == .guess }
  }

  /// Rounds whose label was shown after a guess, and how many guesses were right.
  var score: (rounds: Int, right: Int) { (scores.count, scores.values.count { $0 }) }

  /// Counts the guess once the label is shown; a repeated demonstration counts once.
  private func judge() {
    guard let guess, isRevealed, let truth = demonstration?.solution.firstError.boxed else { return }
    scores[key] = guess == truth
  }

  func take(guess number: Int) throws {
    guard let demonstration else { return }
    guard number == -1 || (1...demonstration.solution.steps.count).contains(number) else {
      throw LiveError("There are \(demonstration.solution.steps.count) steps.")
    }
    if let guess {
      throw LiveError("You have guessed: \(guess == -1 ? "no step is wrong" : "step \(guess)").")
    }
    if let critique = demonstration.scenes.firstIndex(where: { if case .critique = $0.action { true } else { false } }),
      scene.scene >= critique
    {
      throw LiveError("The critic speaks already; the next demonstration asks again.")
    }
    if case .problem = demonstration.scenes[scene.scene].action {
      throw LiveError("First the solution: guess when its steps are there.")
    }
    guess = number
    // The critic need not wait any longer.
    if case .guess = demonstration.scenes[scene.scene].action {
      playback.time = demonstration.start(of: scene.scene + 1)
    }
  }
}
