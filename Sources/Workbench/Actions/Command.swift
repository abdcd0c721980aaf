import DeepCriticCore
import Terminal

/// What commands are performed on: a screen, or the navigator.
protocol CommandTarget: AnyObject {
  var context: ScreenContext { get }
}

/// An action together with what performs it on a target, and why it cannot be performed now.
///
/// ```swift
/// Command(.curationFold, "fold", "Fold the open reason", keys: ["h", "left"], hint: 3,
///   unless: { $0.open == nil ? "Nothing is unfolded." : nil }) { $0.closeOpenRow() }
/// ```
struct Command<Target: CommandTarget>: Sendable {
  /// The reason why it cannot be performed now, as a sentence; `nil` when it can.
  typealias Reason = @Sendable (Target) -> String?

  /// Name, words and keys.
  let action: Action
  let writes: Bool
  let reason: Reason
  let perform: @Sendable (Target) throws -> Void
  let submit: (@Sendable (Target, String) throws -> Void)?

  /// - Parameters:
  ///   - writes: it changes the workspace: refused, with the reason, where that is read-only.
  ///   - unless: why it cannot be performed now.
  ///   - submit: takes what was typed, for actions that ask; a thrown error keeps the line open.
  init(
    _ action: Action, writes: Bool = false, unless reason: @escaping Reason = { _ in nil },
    submit: (@Sendable (Target, String) throws -> Void)? = nil, perform: @escaping @Sendable (Target) throws -> Void
  ) {
    self.action = action
    self.writes = writes
    self.reason = reason
    self.perform = perform
    self.submit = submit
  }

  /// Declares the action in place.
  init(
    _ id: ActionID, _ title: String, _ summary: String, keys: [String], hint: Int? = nil, asks: String? = nil,
    reachesOut: Bool = false, writes: Bool = false, unless reason: @escaping Reason = { _ in nil },
    submit: (@Sendable (Target, String) throws -> Void)? = nil, perform: @escaping @Sendable (Target) throws -> Void
  ) {
    self.init(
      Action(id, title, summary, keys: keys, hint: hint, asks: asks, reachesOut: reachesOut), writes: writes,
      unless: reason, submit: submit, perform: perform)
  }

  /// An action that opens a line to type into.
  ///
  /// - Parameter text: what the line begins with.
  init(
    asking id: ActionID, _ title: String, _ summary: String, keys: [String], hint: Int? = nil, asks: String,
    writes: Bool = false, unless reason: @escaping Reason = { _ in nil },
    text: @escaping @Sendable (Target) -> String = { _ in "" },
    submit: @escaping @Sendable (Target, String) throws -> Void
  ) {
    self.init(
      Action(id, title, summary, keys: keys, hint: hint, asks: asks), writes: writes, unless: reason, submit: submit
    ) { $0.context.navigator?.ask(id, text: text($0)) }
  }
}

/// The commands of a target in the order in which help shows them, found by name at once.
struct CommandSet<Target: CommandTarget>: Sendable {
  let all: [Command<Target>]
  private let places: [ActionID: Int]

  init(_ all: [Command<Target>]) {
    self.all = all
    places = Dictionary(
      all.enumerated().map { ($0.element.action.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(id: ActionID) -> Command<Target>? { places[id].map { all[$0] } }
}

/// A command with the target that it is performed on.
struct BoundCommand {
  /// Why it cannot be performed now.
  let disabledReason: () -> String?
  let perform: () throws -> Void
  let submit: ((String) throws -> Void)?

  init<Target: CommandTarget>(_ command: Command<Target>, on target: Target) {
    disabledReason = { [unowned target] in
      let context = target.context
      if command.writes, context.session.workspace.isReadOnly { return context.readOnlyReason }
      if context.isRehearsal, command.action.reachesOut { return "This is not done while a session is only shown." }
      return command.reason(target)
    }
    perform = { [unowned target] in try command.perform(target) }
    submit = command.submit.map { submit in { [unowned target] text in try submit(target, text) } }
  }
}

/// A reason why something typed or asked for is not done, told as a warning.
struct RefusalError: Error, CustomStringConvertible {
  /// A sentence with its remedy.
  let description: String
  init(_ description: String) { self.description = description }
}
