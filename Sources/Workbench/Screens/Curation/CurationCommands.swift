import DeepCriticCore
import Terminal

extension CurationScreen {
  static let commands = CommandSet<CurationScreen>(own + rowCommands)

  private static let own: [Command<CurationScreen>] = [
    Command(
      .curationEnter, "open", "Show the solutions of the selected reason, or open the selected solution",
      keys: ["enter", "l", "right"], hint: 1, unless: { $0.rowReason }
    ) { try $0.enter() },
    Command(
      .curationFold, "fold", "Fold the open reason", keys: ["h", "left"], hint: 3,
      unless: { $0.emptyReason ?? ($0.open == nil ? "Nothing is unfolded." : nil) }
    ) { screen in
      if let open = screen.open { screen.toggle(open) }
    },
    Command(
      "curation.queue", "as queue", "List the solutions of the selected reason in the queue", keys: ["L"], hint: 4,
      unless: { $0.rowReason }
    ) { try $0.listInQueue() },
    Command(
      "curation.exclude", "exclude", "Exclude the selected solution, or undo the exclusion", keys: ["!"], hint: 5,
      writes: true, unless: { $0.exclusionReason }
    ) { try $0.toggleExclusion() },
    Command(
      .curationSets, "sets", "List the rows of an exported training set in the queue", keys: ["T"], hint: 6,
      unless: { $0.isHidden ? $0.emptyReason : nil }
    ) { try $0.chooseSet() },
  ]

  /// Why nothing is behind the selected row.
  private var rowReason: String? {
    emptyReason
      ?? (selected.map { id(of: $0) == nil && count(of: $0) == 0 } ?? true ? "There is no solution here." : nil)
  }

  private var exclusionReason: String? {
    emptyReason
      ?? (id(of: selected) == nil ? "Unfold a reason (\(keys(.curationEnter))) and select a solution first." : nil)
  }

  /// A reason shows its solutions; a solution is opened, with those of its reason as the queue.
  private func enter() throws {
    guard let row = selected else { return }
    guard let id = id(of: row) else { return toggle(row) }
    try listOpenRow()
    try navigator?.review(id)
  }

  private func listInQueue() throws {
    if let row = selected, id(of: row) == nil, open != row { toggle(row) }
    try listOpenRow()
  }

  private func listOpenRow() throws {
    guard let row = open else { return }
    try navigator?.showQueue { try $0.show(openIDs, title: row.words) }
  }

  /// Opens the window with the exported sets; one that is chosen becomes the queue, its rows in order.
  private func chooseSet() throws {
    let sets = try workspace.datasets()
    if sets.isEmpty { return say(.info, "No exported sets yet. 'deepcritic export sft -o DIR' writes one.") }
    let items = sets.map { set in
      ChooserOverlay.Item(
        name: "\(set.number)  \(set.hash.prefix(12))  \(set.kind) \(set.format)",
        about: "\(Figures.count(set.rows, "row")), \(Figures.date(set.at)), \(set.path)")
    }
    navigator?.overlay = ChooserOverlay(context, title: "Exported sets", items: items, width: 110, verb: "list rows") {
      [unowned self] index in
      let listed = try workspace.solutions(ofDataset: sets[index].hash)
      guard !listed.isEmpty else {
        throw RefusalError("The solutions of set \(sets[index].number) are not in this workspace.")
      }
      try navigator?.showQueue { try $0.show(listed, title: "set \(sets[index].number)") }
    }
  }

  /// Excludes the selected solution, or undoes the exclusion.
  private func toggleExclusion() throws {
    guard let id = id(of: selected), let stored = try workspace.rows([id], reviewer: session.reviewer).first
    else { return }
    let isOut = Projection.placed(try workspace.views(of: stored.key))?.value == .out
    let outcome = try workspace.record(
      ReviewDecision(solution: stored.key, .placement(isOut ? nil : .out)), by: session.context)
    try navigator?.decided(about: id, outcome)
    say(
      .good,
      isOut ? "\(stored.name) follows the rules again." : "\(stored.name) is excluded; \(keys(.undo)) undoes it."
    )
  }
}
