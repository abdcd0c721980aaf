/// Everything a person can intend, in the order in which help shows it: what the screens and the navigator declare.
public enum ActionTable {
  /// Where an action applies: a screen, or everywhere.
  public struct Place: Sendable {
    /// The screen; `nil` for everywhere.
    public let screen: ScreenID?
    /// Heading in help and documentation.
    public let heading: String
    /// Its actions.
    public let actions: [Action]
  }

  /// The screens as registered, then what applies everywhere.
  public static let places: [Place] =
    ScreenRegistry.all.map { Place(screen: $0.id, heading: $0.heading, actions: $0.actions) }
    + [Place(screen: nil, heading: "Everywhere", actions: Navigator.commands.all.map(\.action))]

  /// Every action once.
  public static let all: [Action] = {
    var seen: Set<ActionID> = []
    return places.flatMap(\.actions).filter { seen.insert($0.id).inserted }
  }()

  /// The action with a name.
  public static func action(_ id: ActionID) -> Action? { byID[id] }

  static func places(of id: ActionID) -> [Place] { places.filter { $0.actions.contains { $0.id == id } } }

  private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
