import DeepCriticCore
import Terminal

/// Evaluation: critics and sets, then the rows of one set, then one row with its transcripts.
final class EvaluationScreen: ListScreen {
  static let id: ScreenID = "evaluation"
  static let heading = "On the evaluation screen"
  static let opening: Action? = Action(
    "evaluation.open", "evaluate", "Open the screen that compares critics on benchmarks", keys: ["f5"], hint: 25)

  /// How deep the screen has been gone into.
  enum Level { case critics, rows, row }

  let context: ScreenContext
  private let reading: ShownReading<EvaluationKnowledge>
  private(set) var level = Level.critics
  /// Critics, the best first.
  private(set) var critics = ListState()
  private(set) var setIndex = 0
  private(set) var rows: [EvaluationKnowledge.Row] = []
  private(set) var rowList = ListState()
  private(set) var filter = EvaluationFilter.wrong
  /// Which of a row's answers is shown.
  private(set) var sample = 0
  /// The first line of the transcript that shows.
  var scroll = 0
  private(set) var knowledge: EvaluationKnowledge?
  /// The answers about the selected row, and its solution, once it was opened.
  private(set) var opened:
    (critic: Int64, target: EvaluationTarget, answers: [StoredTranscript], stored: StoredSolution)?

  init(_ services: Services) {
    context = services.context
    let path = services.context.session.workspace.path
    reading = ShownReading { try EvaluationKnowledge(Workspace(at: path)) }
  }

  /// The list that the keys move in: critics, or rows.
  var list: ListState {
    get { level == .critics ? critics : rowList }
    set { if level == .critics { critics = newValue } else { rowList = newValue } }
  }

  // MARK: - Reading

  var isLoading: Bool { reading.isWorking }
  var isBusy: Bool { reading.isBusy }
  var problem: String? { reading.problem }

  func appear() {
    fitLists(to: size)
    reading.appear()
  }

  func disappear() { reading.disappear() }
  func workspaceChanged() { reading.workspaceChanged() }

  func refresh() -> Bool {
    reading.refresh { knowledge in
      let chosen = critic?.number
      self.knowledge = knowledge
      opened = nil
      critics.setCount(knowledge.board.critics.count)
      if let chosen, let place = knowledge.board.critics.firstIndex(where: { $0.number == chosen }) {
        critics.select(place)
      }
      setIndex = min(setIndex, max(knowledge.sets.count - 1, 0))
      if level != .critics { listRows() }
    }
  }

  func settle() {
    reading.wait()
    _ = refresh()
  }

  func modeChanged() { if session.mode == .blind { level = .critics } }

  /// Reads the selected row's solution and the answers about it, once.
  func loadRow() throws {
    guard level == .row, let critic, let row else { return }
    let target = EvaluationTarget(benchmark: row.benchmark, position: row.item.position)
    if let opened, opened.critic == critic.number, opened.target == target { return }
    opened = nil
    opened = (
      critic.number, target, try workspace.transcripts(critic.number, target), try workspace.solution(row.item.solution)
    )
  }

  private func fitLists(to size: Size) {
    critics.setViewport(EvaluationView.criticsHeight(size))
    rowList.setViewport(EvaluationView.rowsHeight(size))
  }

  func layOut(_ size: Size) throws {
    fitLists(to: size)
    guard level == .row else { return }
    try loadRow()
    scroll = min(scroll, EvaluatedRowView.lastScroll(self, size))
  }

  func draw(_ canvas: inout Canvas) { EvaluationView.draw(&canvas, self) }

  // MARK: - What is selected

  /// Why there is nothing to see; `nil` when there is.
  var nothingReason: String? {
    if session.mode == .blind {
      return
        "In blind mode scores and rows of a benchmark would reveal labels; \(keys(.modeToggle)) switches to audit mode."
    }
    guard let knowledge else { return problem ?? "Loading evaluations…" }
    return knowledge.board.critics.isEmpty
      ? "Nothing has been evaluated here: 'deepcritic evaluate --benchmark FILE --model NAME' begins." : nil
  }

  var emptyReason: String? {
    nothingReason
      ?? (level != .critics && rows.isEmpty
        ? "There is no such row; \(keys(.evaluationFilter)) lists others." : nil)
  }

  var critic: CriticScore? { critics.selected(of: knowledge?.board.critics ?? []) }

  var setName: String? {
    guard let sets = knowledge?.sets, sets.indices.contains(setIndex) else { return nil }
    return sets[setIndex]
  }

  var score: SetScore? { critic?.sets.first { $0.set == setName } }

  var row: EvaluationKnowledge.Row? { rowList.selected(of: rows) }

  /// What other critics say about a row, the best critic first; `nil` for one that says nothing.
  func others(_ row: EvaluationKnowledge.Row) -> [(name: String, prediction: Int?, isAnswered: Bool)] {
    guard let knowledge, let setName else { return [] }
    let key = EvaluationKnowledge.Key(id: row.item.id, solution: row.item.solution)
    return knowledge.board.critics.filter { $0.number != critic?.number }.compactMap { other in
      knowledge.said[other.number]?[setName]?[key].map { (other.name, $0.prediction, $0.isAnswered) }
    }
  }

  // MARK: - Going in and out

  func goBack() -> Bool {
    switch level {
    case .critics: return false
    case .rows: level = .critics
    case .row: level = .rows
    }
    return true
  }

  func open(_ level: Level) {
    self.level = level
    if level == .rows { listRows() } else { selectionChanged() }
  }

  func selectSet(by columns: Int) {
    let before = setIndex
    setIndex = min(max(setIndex + columns, 0), max((knowledge?.sets.count ?? 1) - 1, 0))
    if setIndex == before { glance("This is the \(columns > 0 ? "last" : "first") set.") }
  }

  func selectNextAnswer() throws {
    try loadRow()
    sample = (sample + 1) % max(opened?.answers.count ?? 1, 1)
    scroll = 0
  }

  /// Another row is selected: its first answer shows from its beginning.
  func selectionChanged() {
    sample = 0
    scroll = 0
  }

  func nextFilter() {
    let all = EvaluationFilter.allCases
    filter = all[((all.firstIndex(of: filter) ?? 0) + 1) % all.count]
    listRows()
  }

  /// Lists the rows of the selected critic and set.
  func listRows() {
    let key = row.map { EvaluationKnowledge.Key(id: $0.item.id, solution: $0.item.solution) }
    let all = critic.flatMap { knowledge?.rows[$0.number]?[setName ?? ""] } ?? []
    rows = all.filter { row in
      switch filter {
      case .all: true
      case .wrong: row.isAnswered && !row.isRight
      case .silent: row.prediction == nil
      case .differing: others(row).contains { $0.isAnswered && $0.prediction != row.prediction }
      }
    }
    rowList.setCount(rows.count)
    if let key, let place = rows.firstIndex(where: { $0.item.id == key.id && $0.item.solution == key.solution }) {
      rowList.select(place)
    }
    selectionChanged()
  }
}
