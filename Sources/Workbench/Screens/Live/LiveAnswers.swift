import DeepCriticCore

/// What has come, and what may be shown of it.
extension LiveScreen {
  /// All that was asked for has come.
  var isOver: Bool { !snapshot.isRunning && snapshot.columns.contains { !$0.texts.isEmpty } }

  /// The labels of the solution may be shown: not in a blind review of it.
  var showsLabels: Bool { session.mode == .audit || stored == nil }

  /// The first error by the labels, as far as it may be shown.
  var truth: LiveTruth {
    guard let known = solution?.firstError.boxed else { return .unknown }
    return showsLabels ? .known(known) : .hidden
  }

  /// The critics that name a first error.
  var voices: [LiveVoice] { LiveVoice.all(in: snapshot.columns, hidesNames: hidesNames) }

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

  /// The critics' names are kept back now.
  var hidesNames: Bool { request.isBlind && !isRevealed && snapshot.columns.filter { $0.stage == nil }.count > 1 }

  /// The name of a column's critic, hidden where that is wished.
  func title(_ column: Int) -> String {
    if let stage = snapshot.columns[column].stage { return stage.title }
    return hidesNames ? LiveVoice.alias(column) : LiveVoice.names(of: snapshot.columns)[column]
  }
}
