import Terminal

/// What a newcomer needs, on one screen.
final class GuideOverlay: Overlay {
  private let context: ScreenContext

  init(_ context: ScreenContext) { self.context = context }

  func handle(_ key: Key) -> OverlayOutcome { .closes }

  var hints: [(key: String, title: String)] { [("any key", "begins")] }

  /// Lines of keys and words; a line without a key is only words.
  private var lines: [(key: String, words: String)] {
    func keys(_ ids: ActionID...) -> String { ids.map(context.keys).joined(separator: " ") }
    return [
      ("", "You review solutions step by step, and what models wrote about them."),
      ("", ""),
      (keys(.queueOpen), "opens the selected solution; \(keys(.back)) goes back to the list"),
      (keys(.verdictCorrect, .verdictIncorrect, .verdictNeutral), "rate this step correct, incorrect, neutral"),
      (keys(.verdictFirstError, .verdictRestCorrect), "this step is the first error; the rest is correct"),
      (keys(.verdictAccept, .verdictFix), "take the merged critique's verdict, or its opposite"),
      (keys(.undo, .commentLine), "undoes the last decision; writes a comment"),
      (keys(.readOn, .stepNextTodo), "read on; next step without your verdict, then next solution"),
      (keys(.paneInitial, .paneDeep, .paneMerged), "show a critique: initial, deep, merged"),
      (keys(.modeToggle), "blind: give your verdict first, then see labels and critiques"),
      (keys(.queueFilter), "in the list: filter; in a solution: find words"),
      ("", ""),
      (keys(.palette), "finds every command by its name, \(keys(.help)) shows every key"),
      (keys(.guideShow), "shows this again"),
    ]
  }

  func draw(_ canvas: inout Canvas) {
    let lines = lines
    let width = min(canvas.size.width, 86)
    let height = min(canvas.size.height, lines.count + 4)
    guard height > 4, width > 30 else { return }
    let frame = Rect(
      x: (canvas.size.width - width) / 2, y: (canvas.size.height - height) / 2, width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: "DeepCritic: the first minute")
    for (index, line) in lines.prefix(height - 3).enumerated() {
      let y = frame.y + 1 + index
      if line.key.isEmpty {
        canvas.put(line.words, x: frame.x + 3, y: y, role: .text, maxWidth: width - 5)
      } else {
        canvas.put(line.key, x: frame.x + 3, y: y, role: .hintKey, maxWidth: 9)
        canvas.put(line.words, x: frame.x + 13, y: y, role: .text, maxWidth: width - 15)
      }
    }
    canvas.put("Any key begins.", x: frame.x + 3, y: frame.maxY - 2, role: .accent)
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] {
    lines.filter { !$0.words.isEmpty }.map { $0.key.isEmpty ? $0.words : "\($0.key) \($0.words)" }
  }
}
