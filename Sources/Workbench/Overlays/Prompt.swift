import DeepCriticCore
import Terminal

/// A line being typed for an action, in the status line.
final class PromptOverlay: Overlay {
  let action: ActionID
  let question: String
  private(set) var editor: LineEditor
  private let context: ScreenContext
  private let original: String
  /// Writes down what is typed, where that is worth keeping.
  var draft: DraftKeeper?

  init(_ context: ScreenContext, action: ActionID, question: String, text: String) {
    self.context = context
    self.action = action
    self.question = question
    original = text
    editor = LineEditor(text: text)
  }

  func handle(_ key: Key) -> OverlayOutcome {
    switch key {
    case .enter:
      let isDone = context.navigator?.submit(action, text: editor.text) ?? true
      if isDone { draft?.discard() }
      return isDone ? .closes : .stays
    case .escape, .control("c"), .control("g"):
      let isWorthKeeping = draft != nil && editor.text != original && !editor.text.isEmpty
      if isWorthKeeping { draft?.keep(editor.text) } else { draft?.discard() }
      context.say(
        .info,
        isWorthKeeping ? "Kept as a draft; \(context.keys(action)) continues or discards it." : "Nothing changed.")
      return .closes
    case .alt("\r") where action == .commentLine: widen(pasting: "\n")
    case .tab where action == .queueFilter:
      editor = LineEditor(text: WorkspaceSchema.complete.filterFields.completed(editor.text))
    default:
      let before = editor.text
      _ = editor.handle(key)
      // What was wrong with another text is no longer of interest.
      if editor.text != before {
        context.messages.current = nil
        draft?.changed()
      }
    }
    return .stays
  }

  func paste(_ text: String) -> Bool {
    let hasSeveralLines = text.trimmingCharacters(in: .newlines).contains(where: \.isNewline)
    if action == .commentLine, hasSeveralLines {
      widen(pasting: text)
    } else {
      editor.paste(text)
      draft?.changed()
    }
    return true
  }

  /// Continues a comment in the window for several lines, at the cursor's place.
  private func widen(pasting text: String) {
    guard let navigator = context.navigator, let review = navigator.top as? ReviewScreen else { return }
    let entry = review.commentEntry(text: editor.text)
    entry.area.moveCursor(to: editor.cursor)
    navigator.overlay = entry
    _ = entry.paste(text)
  }

  func refresh() -> Bool {
    draft?.refresh { editor.text }
    return false
  }

  var isBusy: Bool { draft?.isDue == true }

  func release() { if draft?.isDue == true { draft?.keep(editor.text) } }

  // What is written is not lost by a click.
  func clickOutside() -> OverlayOutcome { .stays }

  var isInStatusLine: Bool { true }

  var hints: [(key: String, title: String)] {
    let words = [("enter", "keep"), ("esc", "cancel")]
    return action == .commentLine ? words + [(Key.alt("\r").label(context.glyphs), "several lines")] : words
  }

  /// Draws question and line in a row; above it how a filter may continue.
  func draw(_ canvas: inout Canvas) {
    let y = canvas.size.height - Chrome.footerHeight
    guard y > 0 else { return }
    let room = max(canvas.size.width / 2 - 3, 1)
    let question = clip(question, to: room, ellipsis: context.glyphs.ellipsis)
    canvas.fill(Rect(x: 0, y: y, width: canvas.size.width, height: 1), role: .text)
    let used = canvas.put(" \(question): ", x: 0, y: y, role: .accent, maxWidth: canvas.size.width / 2)
    var editor = editor
    editor.draw(in: &canvas, x: used, y: y, width: canvas.size.width - used - 1)
    if action == .queueFilter, context.messages.current == nil { drawCompletions(&canvas, y: y - 1) }
  }

  /// How the last term of a filter may continue; tab completes it.
  private func drawCompletions(_ canvas: inout Canvas, y: Int) {
    let ways = WorkspaceSchema.complete.filterFields.completions(of: editor.text).map { way in
      String(way[(way.lastIndex(of: " ").map { way.index(after: $0) } ?? way.startIndex)...])
    }
    guard !ways.isEmpty, y > 0 else { return }
    canvas.fill(Rect(x: 0, y: y, width: canvas.size.width, height: 1), role: .text)
    var x = 1
    x += canvas.put("tab ", x: x, y: y, role: .hintKey)
    for way in ways {
      let shown = way.contains(":") && !way.hasSuffix(":") ? String(way.drop { $0 != ":" }.dropFirst()) : way
      guard x + DisplayWidth.of(shown) < canvas.size.width else { break }
      x += canvas.put(shown, x: x, y: y, role: .hint) + 2
    }
  }
}
