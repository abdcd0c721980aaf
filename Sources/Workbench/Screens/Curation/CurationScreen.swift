import DeepCriticCore
import Terminal

/// Curation: what is in the training set, and by which reasons solutions are out, as a tree.
final class CurationScreen: ListScreen {
  static let id: ScreenID = "curation"
  static let heading = "On the curation screen"
  static let opening: Action? = Action(
    "curation.open", "curate", "Open the screen that shows what is in the training set and why", keys: ["f3"], hint: 22)

  enum Row: Hashable {
    case included
    case reason(CurationReason)
    /// A solution below the open row, by its place there.
    case item(Int)

    var words: String {
      switch self {
      case .included: "in the set"
      case .reason(let reason): reason.words
      case .item: ""
      }
    }
  }

  let context: ScreenContext
  let trainingSet: TrainingSetService
  var list = ListState()
  /// The row whose solutions are shown below it.
  private(set) var open: Row?
  private(set) var openIDs: [Int64] = []
  /// The solutions in view.
  private(set) var shown: [Int64: QueueRow] = [:]
  /// The revision of the training set that the rows show.
  private var revision = -1

  init(_ services: Services) {
    context = services.context
    trainingSet = services.trainingSet
  }

  func appear() {
    trainingSet.isShown = true
    trainingSet.load()
    list.setViewport(CurationView.listHeight(size))
    _ = refresh()
  }

  func disappear() { trainingSet.isShown = false }

  func refresh() -> Bool {
    guard revision != trainingSet.revision else { return false }
    revision = trainingSet.revision
    rowsChanged()
    return true
  }

  func settle() { _ = refresh() }
  func decided(about id: Int64, _ outcome: DecisionOutcome) { _ = refresh() }
  func workspaceChanged() { shown = [:] }

  func show(solution id: Int64, key: String, step: Int) -> Bool {
    guard !isHidden, let open, let at = topRows.firstIndex(of: open), let place = openIDs.firstIndex(of: id) else {
      return false
    }
    list.select(at + 1 + place)
    return true
  }

  func layOut(_ size: Size) throws {
    _ = refresh()
    list.setViewport(CurationView.listHeight(size))
    let ids = isHidden ? [] : list.visible.compactMap { id(of: row($0)) }
    guard ids.contains(where: { shown[$0] == nil }) else { return }
    shown = Dictionary(
      try workspace.rows(ids, reviewer: session.reviewer).map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
  }

  func draw(_ canvas: inout Canvas) { CurationView.draw(&canvas, self) }

  // MARK: - The tree

  /// What is in the set and why reveals labels and critiques.
  var isHidden: Bool { session.mode == .blind }

  /// Why there is nothing to see; `nil` when there is.
  var emptyReason: String? {
    if isHidden {
      return "In blind mode what is in the set, and why, would reveal what is hidden; \(keys(.modeToggle)) switches to "
        + "audit mode."
    }
    if trainingSet.state != nil { return nil }
    return trainingSet.problem ?? "Computing the training set…"
  }

  /// Those in the set, then the reasons that any solution has, the most frequent first; the open one's solutions below it.
  var topRows: [Row] {
    guard let balance = trainingSet.state?.index.balance else { return [] }
    let reasons = CurationReason.allCases.filter { balance.count($0) > 0 }
      .sorted { (balance.count($1), $0.rawValue) < (balance.count($0), $1.rawValue) }
    return [.included] + reasons.map(Row.reason)
  }

  var rowCount: Int { topRows.count + openIDs.count }

  func row(_ place: Int) -> Row? {
    let top = topRows
    guard let open, let at = top.firstIndex(of: open) else { return top.indices.contains(place) ? top[place] : nil }
    if place <= at { return top.indices.contains(place) ? top[place] : nil }
    if place <= at + openIDs.count { return .item(place - at - 1) }
    let rest = place - openIDs.count
    return top.indices.contains(rest) ? top[rest] : nil
  }

  var selected: Row? { list.selected.flatMap(row) }

  func id(of row: Row?) -> Int64? {
    guard case .item(let place) = row, openIDs.indices.contains(place) else { return nil }
    return openIDs[place]
  }

  private func ids(of row: Row) -> [Int64] {
    switch row {
    case .included: trainingSet.state?.index.included ?? []
    case .reason(let reason): trainingSet.state?.index.ids(with: reason) ?? []
    case .item: []
    }
  }

  func count(of row: Row) -> Int {
    guard let balance = trainingSet.state?.index.balance else { return 0 }
    switch row {
    case .included: return balance.included
    case .reason(let reason): return balance.count(reason)
    case .item: return 0
    }
  }

  /// Shows the solutions of a row below it, or hides them.
  func toggle(_ row: Row) {
    open = open == row ? nil : row
    openIDs = open.map(ids) ?? []
    list.setCount(rowCount)
    if let place = topRows.firstIndex(of: row) { list.select(place) }
  }

  private func rowsChanged() {
    let selectedID = id(of: selected)
    let selectedRow = selected
    if let row = open {
      openIDs = ids(of: row)
      if openIDs.isEmpty { open = nil }
    }
    list.setCount(rowCount)
    let top = topRows
    if let selectedID, let open, let at = top.firstIndex(of: open),
      let place = openIDs.firstIndex(of: selectedID)
    {
      list.select(at + 1 + place)
    } else if let selectedRow, let place = top.firstIndex(of: selectedRow) {
      list.select(place + (open.flatMap { top.firstIndex(of: $0) }.map { place > $0 ? openIDs.count : 0 } ?? 0))
    }
  }
}
