import Terminal

/// The command palette: what is typed, and the actions that fit.
public struct PaletteModel {
  /// What has been typed.
  public var editor = LineEditor()
  /// Which of the matches is selected.
  public var list = ListState()
  /// The actions that fit, the best first.
  public private(set) var matches: [Action]
  private let choices: [Action]

  init(place: Place) {
    choices = ActionTable.all.filter { $0.places.contains(place) || $0.places.contains(.everywhere) }
      .filter { $0.id != .palette }
    matches = choices
    list.setCount(matches.count)
  }

  /// Finds the actions again after typing.
  mutating func update() {
    let query = editor.text
    if query.isEmpty {
      matches = choices
    } else {
      matches =
        choices.compactMap { action -> (Action, Int)? in
          let names = [action.title, action.summary, action.id.rawValue]
          guard let best = names.compactMap({ FuzzyMatcher.score(query, $0)?.score }).max() else { return nil }
          // A name typed from its beginning is what was meant, however well a sentence fits.
          let isNamed = [action.title, action.id.rawValue].contains { $0.lowercased().hasPrefix(query.lowercased()) }
          return (action, isNamed ? best + 10_000 : best)
        }
        .sorted { $0.1 > $1.1 }.map(\.0)
    }
    list.setCount(matches.count)
    list.select(0)
  }

  var selected: Action? { list.selected.flatMap { matches.indices.contains($0) ? matches[$0] : nil } }
}
