import Terminal

/// The stable name of something a person can intend. Settings, the palette, `--linear` and tests use these names.
public struct ActionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The name: lowercase words with dots and hyphens.
  public let rawValue: String
  /// Any name, also one that no action has.
  public init(rawValue: String) { self.rawValue = rawValue }
  init(_ name: String) { rawValue = name }
  /// The name.
  public var description: String { rawValue }
}

/// Where an action applies. Keys are looked up in the current place first, then everywhere.
public enum Place: String, Sendable, Hashable, CaseIterable {
  case queue
  case review
  case generation
  case curation
  case statistics
  case adjudication
  case evaluation
  case runs
  case runForm
  case live
  case demo
  case everywhere

  /// Heading in the help screen and in the documentation of keys.
  public var title: String {
    switch self {
    case .queue: "In the queue"
    case .review: "In a review"
    case .generation: "On the generation screen"
    case .curation: "On the curation screen"
    case .statistics: "On the statistics screen"
    case .adjudication: "On the adjudication screen"
    case .evaluation: "On the evaluation screen"
    case .runs: "On the runs screen"
    case .runForm: "In the form of a new run"
    case .live: "On the live screen"
    case .demo: "In a demonstration"
    case .everywhere: "Everywhere"
    }
  }
}

/// One row of the action table: the only place where a name, its words, its keys and its place in the hint line are said.
public struct Action: Sendable {
  /// The stable name.
  public let id: ActionID
  /// A word or two, for the hint line.
  public let title: String
  /// A sentence without its full stop, for help, palette and documentation.
  public let summary: String
  /// Where it applies.
  public let places: [Place]
  /// Default keys as ``Terminal/Key`` specifications, the one to show first.
  public let keys: [String]
  /// Order in the hint line; `nil` keeps it out of there.
  public let hint: Int?
  /// Opens a line to type into; the words asked for (used by `--linear` too).
  public let asks: String?

  init(
    _ id: ActionID, _ title: String, _ summary: String, _ places: [Place], keys: [String], hint: Int? = nil,
    asks: String? = nil
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.places = places
    self.keys = keys
    self.hint = hint
    self.asks = asks
  }
}
