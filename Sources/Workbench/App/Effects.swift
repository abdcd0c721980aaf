import Foundation
import Terminal

/// Something only the front end can do; it is asked for by an action and done after it.
public enum Effect: Sendable, Hashable {
  case quit
  case redraw
  case copy(String)
  /// Write a text in `$EDITOR` and hand it to ``Navigator/finishEditing(_:)``.
  case edit(String)
}

/// A line to the user. It stays until the next action.
public struct Message: Sendable, Hashable {
  /// How the message is marked and coloured.
  public enum Kind: Sendable { case info, good, warning, error }
  /// How serious it is.
  public var kind: Kind
  /// One or two sentences, the remedy included.
  public var text: String
}

/// What was said in a session.
final class MessageLog {
  /// What was said last; `nil` once something else has been done.
  var current: Message?
  /// The latest last; some hundreds at most.
  private(set) var all: [(at: Date, message: Message)] = []

  func say(_ message: Message) {
    glance(message)
    all.append((Date(), message))
    if all.count > 500 { all.removeFirst(100) }
  }

  /// Says something that is not worth keeping.
  func glance(_ message: Message) { current = message }
}
