import Terminal

/// The stable name of something a person can intend. Settings, the palette, `--linear` and tests use these names.
public struct ActionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name: lowercase words with dots and hyphens.
  public let rawValue: String
  /// Any name, also one that no action has.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The name as it is written.
  public init(stringLiteral name: String) { rawValue = name }
  /// The name.
  public var description: String { rawValue }
}

/// What an action is: its name, words, keys and place in the hint line, said here and nowhere else.
///
/// What it does is beside it in a ``Command``.
public struct Action: Sendable {
  /// The stable name.
  public let id: ActionID
  /// A word or two, for the hint line.
  public let title: String
  /// A sentence without its full stop, for help, palette and documentation.
  public let summary: String
  /// Default keys as ``Terminal/Key`` specifications, the one to show first.
  public let keys: [String]
  /// Order in the hint line; `nil` keeps it out of there.
  public let hint: Int?
  /// Opens a line to type into; the words asked for (used by `--linear` too).
  public let asks: String?
  /// Asks servers or starts programs: not done while a recorded session is only shown.
  public let reachesOut: Bool

  init(
    _ id: ActionID, _ title: String, _ summary: String, keys: [String], hint: Int? = nil, asks: String? = nil,
    reachesOut: Bool = false
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.keys = keys
    self.hint = hint
    self.asks = asks
    self.reachesOut = reachesOut
  }
}
