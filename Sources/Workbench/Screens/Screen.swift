import DeepCriticCore
import Terminal

/// The stable name of a screen.
public struct ScreenID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
  /// The name: one lowercase word.
  public let rawValue: String
  /// Any name, also one that no screen has.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The name as it is written.
  public init(stringLiteral name: String) { rawValue = name }

  // Those that code speaks of; the others stand with their screens only.
  static let queue: ScreenID = "queue"
  static let review: ScreenID = "review"
  static let generation: ScreenID = "generation"
  static let runForm: ScreenID = "runForm"
  static let live: ScreenID = "live"
  static let demonstration: ScreenID = "demo"
}

/// One screen: its state, what can be done on it, and how it looks and reads.
///
/// A screen lives in a folder of its own and is made known by one line in ``ScreenRegistry``. It gets the services that it
/// needs from ``Services`` and keeps no others. It never decides about leaving: the ``Navigator`` does, and asks
/// ``goBack()`` first whether there is a level inside to leave.
protocol Screen: CommandTarget {
  static var id: ScreenID { get }
  /// Its name in a sentence: "the curation screen".
  static var name: String { get }
  /// Heading in help and documentation: "On the curation screen".
  static var heading: String { get }
  /// What can be done on it.
  static var commands: CommandSet<Self> { get }
  /// The action, available everywhere, that opens it; `nil` for a screen that is reached in other ways.
  static var opening: Action? { get }
  /// Nothing is decided on it: actions that apply everywhere are left to the palette.
  static var isForAudience: Bool { get }

  /// Why it cannot be opened now, as a sentence.
  var openingReason: String? { get }
  /// It has come to the top of the stack, from below or newly opened: loads what it shows.
  func appear() throws
  /// Another screen covers it, or it was left.
  func disappear()
  /// Takes over what was worked out beside it.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() throws -> Bool
  /// Waits until all is known that is worked out beside it: for plain text and pictures, which are not drawn again later.
  func settle()
  /// Something is running that the screen follows.
  var isBusy: Bool { get }
  /// It moves by itself, and is drawn as often as a film.
  var isMoving: Bool { get }
  /// Another process has changed the workspace.
  func workspaceChanged() throws
  /// A decision about a solution was made, undone or redone.
  func decided(about id: Int64, _ outcome: DecisionOutcome) throws
  /// Blind became audit, or the other way round.
  func modeChanged() throws
  /// Goes to where a decision was made.
  ///
  /// - Returns: `false` where it does not show single decisions.
  func show(solution id: Int64, key: String, step: Int) throws -> Bool
  /// An action is about to be performed, this screen's or another.
  func willPerform(_ id: ActionID?)
  /// Forgets what is searched for on the screen, and its marks.
  ///
  /// - Returns: whether anything was.
  func clearSearch() -> Bool
  /// Leaves a level inside of the screen.
  ///
  /// - Returns: `false` when there is none: the navigator leaves the screen.
  func goBack() throws -> Bool
  /// The first screen of the session and nothing to leave: what escape does then.
  ///
  /// - Returns: whether it did anything.
  func escape() throws -> Bool

  /// Fits lists to a size and reads what comes into view. Called before each ``draw(_:)``.
  func layOut(_ size: Size) throws
  /// Draws what is loaded; reads nothing and changes nothing.
  func draw(_ canvas: inout Canvas)
  /// The solution's place in a list, for the header: "3/24".
  var position: String? { get }
  /// Whether an action is worth a hint in this state, even dim.
  func showsHint(_ id: ActionID) -> Bool
  /// Words of a hint that depend on the state; `nil` for the action's title.
  func hintTitle(_ id: ActionID) -> String?
  /// Takes pasted text.
  ///
  /// - Returns: `false` when there is nothing here to paste into.
  func paste(_ text: String) -> Bool
  /// Takes what was done with the mouse above the last row.
  ///
  /// - Returns: `false` when the wheel is to move like the arrow keys.
  func point(_ pointer: PointerEvent) -> Bool

  /// The prompt of the plain-text front end, without its sign.
  var prompt: String { get }
  /// The screen in sentences.
  func describe() -> [String]
  /// The selected thing in sentences, when nothing else has changed.
  func describeSelection() -> [String]
  /// What decides whether to describe the screen again.
  var spokenState: [String] { get }
  /// What decides whether to describe the selection again.
  var spokenSelection: [String] { get }
  /// A number typed alone.
  ///
  /// - Returns: sentences; `nil` where numbers mean keys.
  func take(number: Int) -> [String]?
  /// What can be named after an action that asks for some text, before it is typed.
  func choices(for id: ActionID) -> [String]
}

extension Screen {
  static var name: String { id.rawValue }
  static var opening: Action? { nil }
  static var isForAudience: Bool { false }
  var openingReason: String? { nil }
  func appear() throws {}
  func disappear() {}
  func refresh() throws -> Bool { false }
  func settle() {}
  var isBusy: Bool { false }
  var isMoving: Bool { false }
  func workspaceChanged() throws {}
  func decided(about id: Int64, _ outcome: DecisionOutcome) throws {}
  func modeChanged() throws {}
  func show(solution id: Int64, key: String, step: Int) throws -> Bool { false }
  func willPerform(_ id: ActionID?) {}
  func clearSearch() -> Bool { false }
  func goBack() throws -> Bool { false }
  func escape() throws -> Bool { false }
  func layOut(_ size: Size) throws {}
  var position: String? { nil }
  func showsHint(_ id: ActionID) -> Bool { true }
  func hintTitle(_ id: ActionID) -> String? { nil }
  func paste(_ text: String) -> Bool { false }
  func point(_ pointer: PointerEvent) -> Bool { false }
  var prompt: String { Self.id.rawValue }
  func describeSelection() -> [String] { describe() }
  var spokenState: [String] { [] }
  var spokenSelection: [String] { [] }
  func take(number: Int) -> [String]? { nil }
  func choices(for id: ActionID) -> [String] { [] }

  /// Its name, also of one whose type is not known.
  var id: ScreenID { Self.id }
  var isForAudience: Bool { Self.isForAudience }

  func command(_ id: ActionID) -> BoundCommand? { Self.commands[id].map { BoundCommand($0, on: self) } }
  var actions: [Action] { Self.commands.all.map(\.action) }
}

/// What every screen may use.
extension CommandTarget {
  var session: Session { context.session }
  var workspace: Workspace { context.session.workspace }
  var glyphs: Glyphs { context.glyphs }
  var size: Size { context.size }
  var navigator: Navigator? { context.navigator }
  /// The first key of an action, as the hint line writes it.
  func keys(_ id: ActionID) -> String { context.keys(id) }
  /// Says something in the status line.
  func say(_ kind: Message.Kind, _ text: String) { context.say(kind, text) }
  /// Says something that is not worth keeping: why a key that moves has not moved anything.
  func glance(_ text: String) { context.messages.glance(Message(kind: .info, text: text)) }
}

/// A screen with a list of rows.
protocol ListScreen: Screen {
  var list: ListState { get set }
  /// Why there is no row to go to.
  var emptyReason: String? { get }
  /// Another row was selected.
  func selectionChanged()
}

extension ListScreen {
  var emptyReason: String? { nil }
  func selectionChanged() {}

  /// Moves through the rows; at an end that is said.
  func move(_ body: (inout ListState) -> Void) {
    let before = list.selected
    body(&list)
    if list.selected != before {
      selectionChanged()
    } else {
      glance("This is the \(list.count == 1 ? "only" : list.selected == 0 ? "first" : "last") row.")
    }
  }

  static var rowCommands: [Command<Self>] {
    [
      Command(.rowNext, unless: { $0.emptyReason }) { $0.move { $0.move(by: 1) } },
      Command(.rowPrevious, unless: { $0.emptyReason }) { $0.move { $0.move(by: -1) } },
      Command(.rowPageDown, unless: { $0.emptyReason }) { $0.move { $0.page(by: 1) } },
      Command(.rowPageUp, unless: { $0.emptyReason }) { $0.move { $0.page(by: -1) } },
      Command(.rowHalfDown, unless: { $0.emptyReason }) { $0.move { $0.move(by: max($0.viewport / 2, 1)) } },
      Command(.rowHalfUp, unless: { $0.emptyReason }) { $0.move { $0.move(by: -max($0.viewport / 2, 1)) } },
      Command(.rowFirst, unless: { $0.emptyReason }) { $0.move { $0.home() } },
      Command(.rowLast, unless: { $0.emptyReason }) { $0.move { $0.end() } },
    ]
  }
}
