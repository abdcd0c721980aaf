import DeepCriticCore
import Terminal

/// Adjudication: steps on which reviewers disagree, and what settles them.
final class AdjudicationScreen: ListScreen {
  static let id: ScreenID = "adjudication"
  static let heading = "On the adjudication screen"
  static let opening: Action? = Action(
    "adjudication.open", "conflicts", "Open the screen that settles what reviewers disagree on", keys: ["f7"],
    hint: 26)

  let context: ScreenContext
  let queue: SolutionQueue
  private let trainingSet: TrainingSetService
  private let reading: BackgroundReading<Found>
  var list = ListState()
  /// Open ones first, then settled ones. What is settled here stays where it is, so that nothing moves under the cursor.
  private(set) var conflicts: [Conflict] = []
  /// Why nothing could be read.
  private(set) var problem: String?
  private(set) var isKnown = false
  /// The solution of the selected conflict.
  private(set) var shown: StoredSolution?
  /// What settling the selected conflict would change in the training set.
  private(set) var consequences: ConsequenceLine?
  private var consequencesOf: ConsequencesKey?
  /// How far the conflict that is shown is scrolled.
  var scroll = 0
  private var scrolled: ConflictPlace?
  /// A reason written for the next decision on a conflict.
  private var notes: [ConflictPlace: String] = [:]
  private var found: Found?
  private var isShown = false

  private struct Found: Sendable {
    var conflicts: [Conflict] = []
    /// What the reviewer has made of the solutions, by key: of those not finished a blind one sees nothing.
    var states: [String: ReviewState] = [:]
    var settings: CurationSettings
  }

  private struct ConflictPlace: Hashable {
    var key: String
    var step: Int
    init(_ conflict: Conflict) {
      key = conflict.key
      step = conflict.step
    }
  }

  /// What the words about consequences depend on.
  private struct ConsequencesKey: Equatable {
    var conflict: Conflict
    var revision: Int
    var isLoading: Bool
    var isRevealed: Bool
  }

  init(_ services: Services) {
    context = services.context
    queue = services.queue
    trainingSet = services.trainingSet
    let path = services.context.session.workspace.path
    let reviewer = services.context.session.reviewer
    reading = BackgroundReading {
      let workspace = try Workspace(at: path)
      var found = Found(settings: try CurationSettings(of: workspace))
      for solution in try workspace.contestedSolutions() where solution.id != nil {
        found.conflicts += Conflict.all(in: solution, settings: found.settings)
        found.states[solution.key] = solution.state(of: reviewer)
      }
      return found
    }
  }

  // MARK: - What is selected

  var selected: Conflict? { list.selected(of: conflicts) }

  var openCount: Int { conflicts.count { $0.settled == nil } }

  /// The place of the next conflict that nobody has settled, after the cursor and then from the top.
  var nextOpen: Int? {
    let start = (list.selected ?? -1) + 1
    let places = Array(conflicts.indices.dropFirst(start)) + Array(conflicts.indices.prefix(start))
    return places.first { conflicts[$0].settled == nil && $0 != list.selected }
  }

  /// The reason written for the selected conflict.
  var note: String {
    get { selected.flatMap { notes[ConflictPlace($0)] } ?? "" }
    set {
      guard let selected else { return }
      notes[ConflictPlace(selected)] = newValue.isEmpty ? nil : newValue
    }
  }

  /// Label and critiques may be shown: a blind reviewer has judged the solution, and not only finished with it.
  func isRevealed(_ conflict: Conflict) -> Bool {
    session.mode == .audit || found?.states[conflict.key] == .complete
  }

  /// Why the list is empty; `nil` when it is not.
  var emptyReason: String? {
    guard conflicts.isEmpty else { return nil }
    if let problem { return problem }
    if !isKnown { return "Looking for conflicts…" }
    if session.mode == .blind {
      return
        "No conflicts on solutions that you have finished. In blind mode others are hidden; \(keys(.modeToggle)) switches "
        + "to audit mode."
    }
    return "No conflicts."
  }

  func show(solution id: Int64, key: String, step: Int) -> Bool {
    guard let place = conflicts.firstIndex(where: { $0.key == key && $0.step == step }) else { return false }
    list.select(place)
    return true
  }

  /// Reads the selected conflict's solution, once, and what settling it would change.
  func loadSelected() throws {
    let place = selected.map(ConflictPlace.init)
    if place != scrolled { (scroll, scrolled) = (0, place) }
    guard let conflict = selected, let id = conflict.solution else {
      (shown, consequences, consequencesOf) = (nil, nil, nil)
      return
    }
    if shown?.id != id { shown = try workspace.solution(id) }
    let key = ConsequencesKey(
      conflict: conflict, revision: trainingSet.revision, isLoading: trainingSet.isBusy,
      isRevealed: isRevealed(conflict))
    guard key != consequencesOf else { return }
    consequencesOf = key
    if !key.isRevealed {
      consequences = nil
    } else if trainingSet.state == nil {
      consequences = key.isLoading ? .deciding(glyphs) : nil
    } else {
      consequences = trainingSet.consequences(of: conflict, by: session.context)
        .map { ConsequenceLine(now: $0.now, $0.verdicts) }
    }
  }

  func layOut(_ size: Size) throws {
    list.setViewport(AdjudicationView.listHeight(size, count: conflicts.count))
    try loadSelected()
  }

  func draw(_ canvas: inout Canvas) { AdjudicationView.draw(&canvas, self) }

  // MARK: - Reading

  var isBusy: Bool { reading.isWorking || reading.hasOutcome }

  func appear() {
    isShown = true
    reading.start()
    trainingSet.load()
  }

  func disappear() { isShown = false }

  func refresh() -> Bool {
    guard let outcome = reading.take() else { return false }
    switch outcome {
    case .success(let found):
      self.found = found
      problem = nil
      isKnown = true
      arrange(fromScratch: true)
    case .failure(let error): problem = "\(error)"
    }
    return isShown
  }

  func settle() {
    reading.wait()
    _ = refresh()
  }

  func workspaceChanged() {
    shown = nil
    if isShown { reading.start() }
  }

  func modeChanged() { arrange(fromScratch: true) }

  func decided(about id: Int64, _ outcome: DecisionOutcome) throws {
    shown = nil
    guard var found else { return }
    let key = outcome.decision.solution
    let solution = try workspace.reviewedSolution(key: key)
    found.states[key] = solution.state(of: session.reviewer)
    let place = found.conflicts.firstIndex { $0.key == key } ?? found.conflicts.count
    found.conflicts.removeAll { $0.key == key }
    found.conflicts.insert(
      contentsOf: Conflict.all(in: solution, settings: found.settings), at: min(place, found.conflicts.count))
    self.found = found
    arrange(fromScratch: false)
  }

  /// Makes the list of what may be seen.
  ///
  /// - Parameter fromScratch: open ones go to the top; else those that are listed keep their places.
  private func arrange(fromScratch: Bool) {
    let current = selected.map(ConflictPlace.init)
    let all = found?.conflicts ?? []
    let visible = all.filter { session.mode == .audit || found?.states[$0.key]?.isDone == true }
    if fromScratch {
      conflicts = visible.filter { $0.settled == nil } + visible.filter { $0.settled != nil }
    } else {
      var left = Dictionary(visible.map { (ConflictPlace($0), $0) }, uniquingKeysWith: { one, _ in one })
      conflicts = conflicts.compactMap { left.removeValue(forKey: ConflictPlace($0)) }
      conflicts += visible.filter { left[ConflictPlace($0)] != nil }
    }
    list.setCount(conflicts.count)
    list.setViewport(AdjudicationView.listHeight(size, count: conflicts.count))
    if let current, let place = conflicts.firstIndex(where: { ConflictPlace($0) == current }) {
      list.select(place)
    } else if fromScratch {
      list.select(0)
    }
  }
}
