import DeepCriticCore
import Terminal

/// What all screens share: who works on what, how keys and texts look, and a way to say something.
final class ScreenContext {
  let session: Session
  let keyMap: KeyMap
  let glyphs: Glyphs
  internal(set) var size: Size
  let texts: TextCache
  let reading = ReadingChoice()
  let messages = MessageLog()
  /// Who performs what applies everywhere, and shows other screens.
  weak var navigator: Navigator?
  /// Set by an action for the front end, which takes it.
  var effect: Effect?
  /// The key that was pressed last: what it says counts where several keys mean one action.
  var pressed: Key?
  /// A recorded session is played for its pictures: nothing is begun that has effects outside of the workspace.
  var isRehearsal = false
  /// Screens before an audience show nothing that is only for the speaker.
  var isClean = false
  /// The last decision could not be written.
  var saveFailed = false
  /// The key of the last verdict, which may be held down.
  var heldKey = HeldKeyGuard()

  init(session: Session, keyMap: KeyMap, glyphs: Glyphs, size: Size) {
    self.session = session
    self.keyMap = keyMap
    self.glyphs = glyphs
    self.size = size
    texts = TextCache(isASCII: !glyphs.isUnicode)
  }

  /// The first key of an action, as the hint line writes it.
  func keys(_ id: ActionID) -> String { keyMap.keys(for: id).first?.label(glyphs) ?? id.rawValue }

  func say(_ kind: Message.Kind, _ text: String) { messages.say(Message(kind: kind, text: text)) }

  /// Why nothing is decided in a workspace that cannot be written to.
  var readOnlyReason: String {
    "\(session.workspace.refusal ?? .readOnly(session.workspace.path))"
  }

  /// The beginning of a text on one line, for lists.
  func oneLine(_ text: String) -> String { texts.oneLine(start: text, source: reading.isSource(.steps)) }

  /// A text of a pane as lines of at most `width` columns, sanitized; mathematics readable unless the source is asked for.
  func lines(_ text: String, width: Int, in pane: Pane, _ annotations: [Annotation] = []) -> [TextLine] {
    texts.lines(text, width: width, source: reading.isSource(pane), annotations)
  }

  /// A text in sentences: one line per paragraph, since the terminal or the screen reader breaks lines itself.
  func spoken(_ text: String) -> String {
    if reading.isSource(.step) { return TextSafety.block(text) }
    return ReadableText.plain(text, width: 1000, mode: .linear, ascii: !glyphs.isUnicode).joined(separator: "\n")
  }
}

/// How texts are shown, on every screen.
final class ReadingChoice {
  /// Panes that show the raw source instead of readable mathematics.
  var sourcePanes: Set<Pane> = []
  /// The step under review is shown both ways.
  var showsBoth = false
  /// Turning points, quotations and origins of sentences are marked.
  var showsAids = true
  /// What models thought before they answered is shown in full.
  var showsThoughts = false

  func isSource(_ pane: Pane) -> Bool { sourcePanes.contains(pane) }

  /// Switches some panes together.
  func toggleSource(_ panes: Set<Pane>) {
    if sourcePanes.isSuperset(of: panes) { sourcePanes.subtract(panes) } else { sourcePanes.formUnion(panes) }
  }
}

/// Tells a verdict's key that is held down from one that is pressed again.
struct HeldKeyGuard {
  /// The same verdict sooner than this after the last is a key held down, not a decision.
  var interval: Duration = .zero
  /// When the input was last seen empty, if the key was there before the program waited for it: while the program is busy,
  /// a key may have been pressed at any time since then.
  var waitingSince: ContinuousClock.Instant?
  private var last: (action: ActionID, pressed: ContinuousClock.Instant, handled: ContinuousClock.Instant)?

  /// Whether this is the key of the last verdict, repeating because it is held down. Any other key in between shows that
  /// none is.
  mutating func isHeldDown(_ id: ActionID, now: ContinuousClock.Instant = .now) -> Bool {
    guard ActionID.verdicts.contains(id) else {
      last = nil
      return false
    }
    defer { last = (id, waitingSince ?? now, now) }
    guard interval > .zero, let last, last.action == id else { return false }
    return now - (waitingSince == nil ? last.pressed : last.handled) < interval
  }
}
