import DeepCriticCore
import Terminal

extension QueueScreen {
  static let commands = CommandSet<QueueScreen>(
    [
      Command(
        .queueOpen, "review", "Open the selected solution", keys: ["enter", "l", "right"], hint: 1,
        unless: { $0.emptyReason }
      ) { try $0.openSelected() }
    ] + rowCommands + lists + [
      Command(.demoOpen, unless: { DemonstrationScreen.hiddenReason($0.context) }) {
        try $0.navigator?.open(.demonstration)
      }
    ])

  private static let lists: [Command<QueueScreen>] = [
    Command(
      asking: .queueFilter, "filter",
      "Show only solutions with these words or conditions (state:todo, label:wrong, …)", keys: ["/"], hint: 3,
      asks: "Filter", text: { $0.queue.filter.text }
    ) { try $0.setFilter($1) },
    Command(
      .queueFilterClear, "all", "Show all solutions again", keys: ["backspace"], hint: 6,
      unless: {
        $0.queue.filter.isEmpty && $0.queue.subset == nil ? "All solutions are shown already." : nil
      }
    ) { try $0.setFilter("") },
    Command(
      "queue.saved", "queues", "Open a saved queue, or all solutions again", keys: ["L"], hint: 5
    ) { try $0.chooseQueue() },
    Command(
      asking: .queueSave, "save queue",
      "Save this filter and order as a queue: NAME, optionally with mode=blind quota=50 overlap=2 gold=0.05 seed=1",
      keys: ["ctrl-s"], asks: "NAME, mode= quota= overlap= gold= seed=", writes: true,
      unless: {
        $0.queue.subset == nil
          ? nil : "Only a filter and an order can be saved; this list was chosen one by one."
      },
      text: { $0.queue.saved?.name ?? "" }
    ) { try $0.saveQueue($1) },
    Command(
      asking: .tag, "tag", "Tag the selected solution; -NAME removes a tag", keys: ["#"],
      asks: "Tag (-NAME removes one)",
      writes: true, unless: { $0.emptyReason }
    ) { try $0.tag($1, $0.list.selected.map { [$0] } ?? []) },
    Command(
      asking: "tag.listed", "tag all", "Tag every listed solution; -NAME removes a tag", keys: ["ctrl-t"],
      asks: "Tag all that are listed (-NAME removes one)", writes: true, unless: { $0.emptyReason }
    ) { try $0.tag($1, Array($0.queue.ids.indices)) },
    Command("queue.sort", "order", "Change the order of the queue", keys: ["t"], hint: 4) { try $0.nextSort() },
  ]

  /// Takes one decision about the solutions at some places of the list.
  private func tag(_ text: String, _ places: [Int]) throws {
    let decision = try Decision(tagging: text)
    let workspace = session.workspace
    var decisions: [ReviewDecision] = []
    for start in stride(from: 0, to: places.count, by: 500) {
      let ids = places[start..<min(start + 500, places.count)].map { queue.ids[$0] }
      decisions += try workspace.rows(ids, reviewer: session.reviewer).map {
        ReviewDecision(solution: $0.key, decision)
      }
    }
    try workspace.record(decisions, by: session.context)
    try queue.reload()
    navigator?.decidedTogether()
    say(.info, "\(Figures.count(decisions.count, "solution")) \(Decision.taggedWords(text)); u undoes this.")
  }

  /// Opens the selected solution; where others have it already, the next one that is free.
  private func openSelected() throws {
    guard let id = queue.selectedID, let navigator, try !navigator.review(id) else { return }
    var current = list.selected ?? 0
    while let position = try queue.nextTodo(from: current, direction: 1) {
      let taken = navigator.message
      if try navigator.review(queue.ids[position]) {
        if let taken {
          say(.info, taken.text.replacing(/\. .* opens the next one\./, with: "; this is the next free one."))
        }
        return
      }
      if position <= current { return }
      current = position
    }
  }

  private func nextSort() throws {
    let all = WorkspaceSchema.complete.sorts.filter {
      (session.mode == .audit || !$0.revealsLabels) && ($0 != .curation || trainingSet.state != nil)
    }
    let index = all.firstIndex(of: queue.sort) ?? 0
    try queue.reload(sort: all[(index + 1) % all.count])
    say(.info, "Order: \(queue.sort.words).")
  }

  func setFilter(_ text: String) throws {
    let filter = try QueueFilter(text)
    if session.mode == .blind && filter.revealsLabels {
      throw WorkspaceError.invalidFilter(
        "in blind mode conditions on labels, critiques and other reviewers would reveal what is hidden")
    }
    if !filter.reasons.isEmpty { trainingSet.load() }
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
}
