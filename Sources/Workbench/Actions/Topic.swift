/// What an action is about, for help.
enum Topic: String, CaseIterable {
  case decide = "Decide"
  case move = "Move"
  case read = "Read"
  case write = "Write"
  case find = "Find"
  case screens = "Screens"

  /// Names of actions, or their beginnings before a dot; the longest that fits counts.
  private static let names: [Topic: [String]] = [
    .decide: [
      "verdict", "mark", "flag", "undo", "redo", "critique.unsound", "critique.unsound-why", "critique.mark",
      "sample.choose", "curation.exclude",
    ],
    .move: ["row", "step", "solution", "pane", "scroll", "back", "close", "quit", "adjudication"],
    .read: [
      "read", "source", "reference", "answer", "alternatives", "aids", "layout", "critique", "sample", "consequences",
      "mode",
    ],
    .write: ["comment", "critique.edit", "critique.write", "step.correct", "adjudication.note", "runs.note", "tag"],
    .find: ["queue", "text", "bookmark", "places", "palette", "copy"],
    .screens: [
      "generation.open", "curation.open", "statistics.open", "adjudication.open", "evaluation.open", "runs.open",
      "settings.show", "live.open", "demo.open", "help", "messages", "guide", "mouse", "theme", "redraw",
    ],
  ]

  private static let byName: [String: Topic] = Dictionary(
    names.flatMap { topic, names in names.map { ($0, topic) } }, uniquingKeysWith: { one, _ in one })

  /// `nil` for what is done on one screen only, and belongs under its name.
  init?(_ id: ActionID) {
    let name = id.rawValue
    guard let topic = Self.byName[name] ?? Self.byName[String(name.prefix { $0 != "." })] else { return nil }
    self = topic
  }
}
