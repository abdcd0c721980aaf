/// The logical clock of a workspace: gives decisions an order that no wrong wall clock can break.
///
/// A hybrid logical clock (Kulkarni et al., 2014), in milliseconds since 1970: it follows the wall clock, and advances by one
/// where that stands still, goes back, or lags behind what was seen of others. Hence an undo is always later than what it
/// undoes, in every workspace that holds both, and what was decided in full knowledge of an event is later than the event.
public struct HybridClock: Sendable, Hashable {
  /// The latest time that was given or seen.
  public private(set) var latest: Int64

  /// The latest time that a file may bring in: no wall clock and no number of decisions gets there, and every reader of JSON
  /// can still hold it exactly.
  public static let limit: Int64 = 1 << 53

  /// A clock that has seen nothing later than `latest`.
  public init(latest: Int64 = 0) { self.latest = latest }

  /// The time of the next event, later than all before; at the limit, where only a file written by hand leads, it stands still,
  /// since what is recorded must be accepted everywhere.
  public mutating func next(wall: Int64) -> Int64 {
    latest = min(max(wall, min(latest, Self.limit - 1) + 1), Self.limit)
    return latest
  }

  /// Takes notice of an event made elsewhere.
  public mutating func merge(_ other: Int64) { latest = max(latest, other) }
}

/// The place of an event in the order in which events take effect: by logical clock, then by UUID.
public struct EventOrder: Sendable, Hashable, Comparable {
  /// The logical clock (``ReviewEvent/clock``).
  public var clock: Int64
  /// The event's UUID.
  public var uuid: String

  /// A place from its parts.
  public init(_ clock: Int64, _ uuid: String) {
    self.clock = clock
    self.uuid = uuid
  }

  /// UUIDs compare by their bytes, as they do in SQL.
  public static func < (a: EventOrder, b: EventOrder) -> Bool {
    a.clock == b.clock ? a.uuid.utf8.lexicographicallyPrecedes(b.uuid.utf8) : a.clock < b.clock
  }
}
