import DeepCriticCore

/// What has come, and what may be told of it.
extension LiveScreen {
  /// All that was asked for has come.
  var isOver: Bool { !snapshot.isRunning && snapshot.columns.contains { !$0.texts.isEmpty } }

  /// The labels of the solution may be told: not in a blind review of it.
  var showsLabels: Bool { session.mode == .audit || stored == nil }

  /// The first wrong step by the labels, where it is known and may be told.
  var truth: Int? { showsLabels ? solution?.firstError.boxed : nil }

  /// What the critics answered, where all of one kind are done: the merged critique's with stages.
  var answer: Int? {
    guard !snapshot.isRunning, let column = snapshot.columns.last(where: { $0.stage != nil }) ?? snapshot.columns.first
    else { return nil }
    return column.answer
  }

  /// The step that the panes are about: the chosen one, else the one that is being written about.
  var shownStep: Int {
    if let step { return step }
    let columns = snapshot.columns
    if let current = columns.compactMap(\.current).max() { return current }
    if let answer = columns.compactMap(\.answer).first(where: { $0 > 0 }) { return answer }
    return columns.flatMap(\.judgements.keys).max() ?? 0
  }

  var focusedColumn: LiveColumn? { snapshot.columns.indices.contains(focus) ? snapshot.columns[focus] : nil }

  /// The text of a column that the screen shows.
  func text(_ column: LiveColumn) -> LiveText? { column.texts[column.stage == nil ? 0 : shownStep] }

  /// The name of a column's critic, hidden where that is wished.
  func title(_ column: Int) -> String {
    if let stage = snapshot.columns[column].stage { return stage.title }
    guard request.isBlind, !isRevealed, snapshot.columns.count > 1 else {
      return ShownModelNames.short(snapshot.columns.map(\.model))[column]
    }
    return Self.alias(column)
  }

  /// "Critic A" for the first.
  static func alias(_ column: Int) -> String { "Critic \(Character(Unicode.Scalar(UInt8(65 + min(column, 25)))))" }
}
