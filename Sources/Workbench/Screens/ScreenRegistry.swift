/// How a screen is made, and what can be done on it, known before any is made.
struct ScreenRegistration: Sendable {
  let id: ScreenID
  /// Heading in help and documentation.
  let heading: String
  let actions: [Action]
  /// Which of them change the workspace.
  let writing: Set<ActionID>
  /// Its name in a sentence, and the action that opens it from everywhere.
  let openedBy: (name: String, action: Action)?
  let make: @Sendable (Services) throws -> any Screen

  init<S: Screen>(_ type: S.Type, _ make: @escaping @Sendable (Services) throws -> S) {
    id = type.id
    heading = type.heading
    actions = type.commands.all.map(\.action)
    writing = Set(type.commands.all.filter(\.writes).map(\.action.id))
    openedBy = type.opening.map { (type.name, $0) }
    self.make = { try make($0) }
  }
}

/// Every screen of the workbench, in the order in which help shows them. A new screen is one line here.
enum ScreenRegistry {
  static let all: [ScreenRegistration] = [
    ScreenRegistration(QueueScreen.self) { QueueScreen($0) },
    ScreenRegistration(ReviewScreen.self) { ReviewScreen($0) },
    ScreenRegistration(GenerationScreen.self) { GenerationScreen($0) },
    ScreenRegistration(CurationScreen.self) { CurationScreen($0) },
    ScreenRegistration(StatisticsScreen.self) { StatisticsScreen($0) },
    ScreenRegistration(AdjudicationScreen.self) { AdjudicationScreen($0) },
    ScreenRegistration(EvaluationScreen.self) { EvaluationScreen($0) },
    ScreenRegistration(RunsScreen.self) { RunsScreen($0) },
    ScreenRegistration(RunFormScreen.self) { RunFormScreen($0) },
    ScreenRegistration(SettingsScreen.self) { SettingsScreen($0) },
    ScreenRegistration(LiveScreen.self) { LiveScreen($0) },
    ScreenRegistration(DemonstrationScreen.self) { DemonstrationScreen($0) },
    ScreenRegistration(RecordingScreen.self) { RecordingScreen($0) },
  ]

  static func registration(_ id: ScreenID) -> ScreenRegistration? { all.first { $0.id == id } }
}
