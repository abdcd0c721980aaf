import DeepCriticCore
import Terminal

/// What a model thought before it answered: kept apart from the answer, and folded until it is asked for.
enum Thoughts {
  /// Longest text that is laid out: the store has all of it.
  private static let limit = 20_000

  /// One line while folded, else the thoughts with that line above them; none where there are none.
  static func lines(_ text: String?, width: Int, _ context: ScreenContext, key: String) -> [TextLine] {
    guard let text, !text.isEmpty else { return [] }
    let count = Figures.count(text.unicodeScalars.count, "character")
    guard context.reading.showsThoughts else {
      return [[TextRun(text: "Thought before: \(count) (\(key) shows them)", role: .dim)]]
    }
    var lines: [TextLine] = [[TextRun(text: "Thought before: \(count) (\(key) folds them)", role: .dim)]]
    for paragraph in text.prefix(limit).split(separator: "\n", omittingEmptySubsequences: false) {
      lines += TextLayout.wrap(TextSafety.line(String(paragraph)), width: max(width, 8)).map {
        [TextRun(text: $0, role: .dim)]
      }
    }
    if text.count > limit { lines.append([TextRun(text: "(and more)", role: .dim)]) }
    return lines + [[]]
  }

  /// The command that folds and unfolds them, for a screen that shows a model's text.
  static func command<S: Screen>(_ id: ActionID) -> Command<S> {
    Command(id, "thoughts", "Show or fold the model's reasoning", keys: ["I"]) { screen in
      let reading = screen.context.reading
      reading.showsThoughts.toggle()
      screen.context.say(.info, reading.showsThoughts ? "Thoughts are shown." : "Thoughts are folded.")
    }
  }
}
