import CritiqueModel

/// A word that people put on solutions, to find them again and for rules of training sets.
public struct Tag: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// Lowercase letters, digits, "-" and "_", the first a letter or digit; 40 characters at most.
  public let name: String

  /// Reads a name; `nil` for one that cannot be a tag.
  public init?(_ name: String) {
    func isPlain(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
    guard let first = name.utf8.first, isPlain(first), name.utf8.count <= 40,
      name.utf8.allSatisfy({ isPlain($0) || $0 == 0x2D || $0 == 0x5F })
    else { return nil }
    self.name = name
  }

  /// What names may be made of, for messages.
  public static let rule = "lowercase letters, digits, '-' and '_', 40 at most, the first a letter or digit"

  /// The name.
  public var description: String { name }
  /// In alphabetical order.
  public static func < (a: Tag, b: Tag) -> Bool { a.name < b.name }
}

/// What somebody last decided about a tag of a solution.
public struct StandingTag: Sendable, Hashable, StandingDecision {
  /// Whether the solution has it.
  public var isOn: Bool
  /// Who decided.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
}

extension Projection {
  /// The tags of a solution: of several reviewers' decisions about one the latest stands.
  public static func tags(_ views: [String: ReviewerView]) -> [Tag: StandingTag] {
    latest(views, \.tags).filter(\.value.isOn)
  }
}
