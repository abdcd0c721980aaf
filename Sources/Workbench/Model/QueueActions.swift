import DeepCriticCore
import Terminal

extension WorkbenchModel {
  func performInQueue(_ id: ActionID) throws {
    switch id {
    case .rowNext: queue.list.move(by: 1)
    case .rowPrevious: queue.list.move(by: -1)
    case .rowPageDown: queue.list.page(by: 1)
    case .rowPageUp: queue.list.page(by: -1)
    case .rowFirst: queue.list.select(0)
    case .rowLast: queue.list.select(max(queue.ids.count - 1, 0))
    case .queueOpen: try openSelected()
    case .queueSort: try nextSort()
    case .queueFilter: ask(.queueFilter, text: queue.filter.text)
    case .queueFilterClear: try setFilter("")
    case .queueSaved: try chooseQueue()
    case .queueSave: ask(.queueSave, text: queue.saved?.name ?? "")
    default: break
    }
  }

  /// Opens the selected solution; where others have it already, the next one that is free.
  private func openSelected() throws {
    guard let id = queue.selectedID else { return }
    try open(id)
    var current = queue.list.selected ?? 0
    while review == nil, let position = try queue.nextTodo(from: current, direction: 1) {
      let taken = message
      try open(queue.ids[position])
      if review != nil, let taken {
        say(.info, taken.text.replacing(/\. .* goes on\./, with: "; this is the next free one."))
      }
      if position <= current { break }
      current = position
    }
  }

  private func nextSort() throws {
    let all = WorkspaceSchema.complete.sorts.filter {
      (session.mode == .audit || !$0.revealsLabels) && ($0 != .curation || curation.state != nil)
    }
    let index = all.firstIndex(of: queue.sort) ?? 0
    try queue.reload(sort: all[(index + 1) % all.count])
    say(.info, "Order: \(queue.sort.words).")
  }

  func setFilter(_ text: String) throws {
    let filter = try QueueFilter(text)
    if session.mode == .blind && filter.revealsLabels {
      throw WorkspaceError.invalidFilter("in blind mode conditions on labels and critics would tell what is hidden")
    }
    if !filter.reasons.isEmpty { curation.load() }
    try queue.reload(filter: filter)
    if queue.ids.isEmpty, !queue.filter.isEmpty {
      say(.warning, "Nothing fits '\(queue.filter.text)'. \(keys(.queueFilterClear)) shows all solutions again.")
    } else if !queue.filter.isEmpty {
      say(
        .info,
        (queue.ids.count == 1 ? "1 solution fits." : "\(queue.ids.count) solutions fit.")
          + (queue.isIndexing
            ? " Critiques are still being read for searching; the filter again looks into them too." : ""))
    }
  }

  /// Why the solution under review stands where it stands in the queue, where the order says so and it may be told.
  func whyHere(_ review: ReviewModel) -> String? {
    guard session.mode == .audit || review.view.state(count: review.stepCount).isDone else { return nil }
    if let why = queue.why(review.stored.id) { return why }
    guard queue.sort == .disagreement, let position = review.position,
      let row = try? queue.rows(position..<(position + 1)).first
    else { return nil }
    return QueueScreen.reason(row).0
  }

  /// Opens the line to type into.
  func ask(_ id: ActionID, text: String = "") {
    guard let question = ActionTable.action(id)?.asks else { return }
    overlay = .prompt(PromptModel(action: id, question: question, editor: LineEditor(text: text)))
  }
}
