import DeepCriticCore
import Terminal

/// A text of several lines that is being written in a window over the screen.
public final class TextEntry {
  /// What the text is.
  let edited: EditedText
  /// The window's title.
  let title: String
  /// What has been written.
  var area: TextArea
  /// The text at the beginning.
  let original: String
  /// Escape was pressed once; again it throws the changes away.
  var isLeaving = false

  init(_ edited: EditedText, title: String, text: String, original: String? = nil) {
    self.edited = edited
    self.title = title
    area = TextArea(text: text)
    self.original = original ?? text
    if case .comment = edited { area.moveCursor(to: text.count) }
  }

  /// Whether there is something to lose.
  var isChanged: Bool { area.text != original }
}

extension WorkbenchModel {
  /// Opens a text for writing; one that is too long for the window opens in `$EDITOR`.
  ///
  /// - Parameter original: the text as it is stored, where another is opened.
  func write(_ what: EditedText, _ text: String, original: String? = nil) {
    guard TextArea.fits(text) else {
      edit(what, text)
      return
    }
    overlay = .text(TextEntry(what, title: title(of: what), text: text, original: original))
  }

  private func title(of what: EditedText) -> String {
    let step = review?.step ?? 0
    switch what {
    case .comment: return step == 0 ? "Comment" : "Comment on step \(step)"
    case .critique(let place, let parent):
      return
        "\(parent == nil ? "Your own" : "Your version of the") \(place.stage.rawValue) critique of step \(place.step)"
    case .correction: return "What step \(step) should say"
    case .live: return "What is criticized"
    }
  }

  /// Takes a key while a text is written.
  func handleText(_ entry: TextEntry, _ key: Key) {
    let wasLeaving = entry.isLeaving
    entry.isLeaving = false
    if message?.kind != .error { message = nil }
    switch key {
    case .control("s"), .alt("\r"): save(entry)
    case .control("e"):
      // The window stays open below the editor: nothing is lost when that fails.
      edited = entry.edited
      effect = .edit(entry.area.text)
    case .escape, .control("c"), .control("g"):
      if entry.isChanged, !wasLeaving {
        entry.isLeaving = true
        say(.warning, "This is not saved: \(Key.control("s").label(glyphs)) saves it, escape again throws it away.")
      } else {
        overlay = nil
        say(.info, "Nothing changed.")
      }
    case .tab: insert("\t", entry)
    case .character(let character): insert(String(character), entry)
    default: _ = entry.area.handle(key, page: OverlayScreens.textRect(self).height - 3)
    }
  }

  /// Puts pasted text at the cursor, line ends and tabs as they are, hostile characters made visible: nothing hidden is saved.
  func paste(_ text: String, into entry: TextEntry) {
    entry.isLeaving = false
    insert(
      text.split(separator: "\t", omittingEmptySubsequences: false).map { TextSafety.block(String($0)) }
        .joined(separator: "\t"), entry)
  }

  private func insert(_ text: String, _ entry: TextEntry) {
    if !entry.area.insert(text) {
      say(
        .warning,
        "The text is as long as this window takes, \(TextArea.limit) characters; the rest was left out. "
          + "\(Key.control("e").label(glyphs)) goes on in $EDITOR.")
    }
  }

  private func save(_ entry: TextEntry) {
    edited = entry.edited
    if keep(entry.area.text) { overlay = nil }
  }
}
