import DeepCriticCore
import Terminal

/// The list of solutions: the screen that a session begins with.
final class QueueScreen: ListScreen {
  static let id = ScreenID.queue
  static let heading = "In the queue"

  let context: ScreenContext
  /// What is listed; other screens walk through it too.
  let queue: SolutionQueue
  let trainingSet: TrainingSetService
  /// The rows in view.
  private(set) var rows: [QueueRow] = []
  /// Columns of which some row of the list has shown something: the others leave their room to the problem.
  private(set) var columns: QueueView.Filled = []
  private var columnsOf: (ids: Int, sort: QueueSort, filter: QueueFilter, mode: ReviewMode)?

  init(_ services: Services) {
    context = services.context
    queue = services.queue
    trainingSet = services.trainingSet
  }

  var list: ListState {
    get { queue.list }
    set { queue.list = newValue }
  }

  var emptyReason: String? {
    guard queue.ids.isEmpty else { return nil }
    if let subset = queue.subset { return "No solution is left of '\(subset)'." }
    return queue.filter.isEmpty
      ? "There are no solutions yet: import some with 'deepcritic import FILE'."
      : "Nothing fits the filter '\(queue.filter.text)'."
  }

  func layOut(_ size: Size) throws {
    list.setViewport(QueueView.listHeight(size))
    rows = try queue.rows(list.offset..<(list.offset + QueueView.listHeight(size)))
    if session.mode == .audit { for row in rows { session.showedLabels(of: row.key) } }
    let now = (queue.ids.count, queue.sort, queue.filter, session.mode)
    if columnsOf.map({ $0 != now }) ?? true { (columns, columnsOf) = ([], now) }
    columns.formUnion(QueueView.filled(rows, self))
  }

  func draw(_ canvas: inout Canvas) { QueueView.draw(&canvas, self) }

  /// Removes the filter.
  func escape() throws -> Bool {
    guard !queue.filter.isEmpty || queue.subset != nil else { return false }
    try setFilter("")
    return true
  }

  func show(solution id: Int64, key: String, step: Int) -> Bool {
    guard let index = queue.index(of: id) else { return false }
    list.select(index)
    return true
  }

  func point(_ pointer: PointerEvent) -> Bool {
    guard pointer.kind == .press else { return false }
    if let index = QueueView.index(at: pointer.y, self) {
      // A second click on the selected row opens it.
      if list.selected == index { navigator?.perform(.queueOpen) } else { list.select(index) }
    }
    return true
  }

  // MARK: - In sentences

  func describe() -> [String] {
    let progress = queue.progress
    let filter = queue.filter.isEmpty ? "" : ", filter \(queue.filter.text)"
    var lines = [
      "Queue: \(queue.ids.count) \(queue.ids.count == 1 ? "solution" : "solutions"), order \(queue.sort.words)\(filter). "
        + "\(progress.done) of \(progress.total) done."
    ]
    if let emptyReason { lines.append(emptyReason) }
    let first = max(list.selected ?? 0, 0)
    do {
      lines += try queue.rows(first..<(first + 10)).map(words)
    } catch {
      lines.append("\(error)")
    }
    if queue.ids.count > first + 10 { lines.append("and \(queue.ids.count - first - 10) more.") }
    return lines
  }

  func describeSelection() -> [String] {
    guard let selected = list.selected, let row = try? queue.rows(selected..<(selected + 1)).first else { return [] }
    return [words(of: row)]
  }

  var spokenState: [String] { queue.ids.prefix(50).map(String.init) }
  var spokenSelection: [String] { ["\(list.selected ?? -1)"] }

  /// Opens the solution with a number.
  func take(number: Int) -> [String]? {
    var lines: [String] = []
    navigator?.attempt {
      if try navigator?.review(workspace.solutionID(matching: "#\(number)")) == true {
        lines = navigator?.top.describe() ?? []
      }
    }
    return lines
  }

  private func words(of row: QueueRow) -> String {
    var parts = ["\(row.id). \(row.name)", "\(row.stepCount) steps"]
    if !row.hidesLabels(in: session.mode) {
      switch row.firstError {
      case .step(let step): parts.append("first error \(step)")
      case .none: parts.append("no error")
      case .unknown: parts.append("error unknown")
      }
    }
    parts.append(row.state.words)
    if !row.tags.isEmpty { parts.append("tagged " + row.tags.joined(separator: " and ")) }
    return parts.joined(separator: ", ") + ": " + row.excerpt
  }
}
