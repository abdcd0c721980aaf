import DeepCriticCore
import Terminal

extension WorkbenchModel {
  /// Takes what came from the terminal, as far as it is about what is shown.
  public func take(_ event: InputEvent) {
    switch event {
    case .key(let key): handle(key)
    case .paste(let text): handlePaste(text)
    case .pointer(let pointer): handle(pointer)
    case .resize(let size): resize(to: size)
    case .resumed, .wake, .closed: break
    }
  }

  /// Takes one key: the open line or window first, then the key map of the current place.
  public func handle(_ key: Key) {
    switch overlay {
    case .prompt(let prompt): handlePrompt(prompt, key)
    case .palette(let palette): handlePalette(palette, key)
    case .chooser(let chooser): handleChooser(chooser, key)
    case .help(let scroll, let search): handleHelp(scroll, search, key)
    case .guide: overlay = nil
    case .text(let entry): handleText(entry, key)
    case .sentences(let choice): handleSentences(choice, key)
    case .consequences(let scroll):
      overlay = scrolled(scroll, by: key, limit: OverlayScreens.consequencesScrollLimit(self))
        .map { .consequences(scroll: $0) }
    case nil:
      guard let id = keyMap.action(for: key, in: place) else {
        say(.info, "\(key.label(glyphs)) does nothing here; \(keys(.help)) shows every key.")
        return
      }
      pressed = key
      perform(id)
      pressed = nil
    }
  }

  /// Takes pasted text: it goes into an open line; otherwise it does nothing, whatever keys it looks like.
  public func handlePaste(_ text: String) {
    switch overlay {
    case .text(let entry): paste(text, into: entry)
    case .prompt(let prompt) where prompt.action == .commentLine && hasSeveralLines(text):
      widen(prompt, pasting: text)
    case .prompt(var prompt):
      prompt.editor.paste(text)
      overlay = .prompt(prompt)
    case .palette(var palette):
      palette.editor.paste(text)
      palette.update()
      overlay = .palette(palette)
    case nil where live.isOpen: takeLive(text: text)
    default:
      say(.info, "Pasted text is ignored here: no line is open to take it.")
    }
  }

  private func hasSeveralLines(_ text: String) -> Bool {
    text.trimmingCharacters(in: .newlines).contains(where: \.isNewline)
  }

  /// Goes on with a comment in the window for several lines, at the cursor's place.
  private func widen(_ prompt: PromptModel, pasting text: String) {
    let stored = review?.view.comments.last { $0.step == review?.step }?.text ?? ""
    let entry = TextEntry(
      .comment, title: "Comment on step \(review?.step ?? 0)", text: prompt.editor.text, original: stored)
    entry.area.moveCursor(to: prompt.editor.cursor)
    overlay = .text(entry)
    paste(text, into: entry)
  }

  private func handlePrompt(_ prompt: PromptModel, _ key: Key) {
    switch key {
    case .enter: finishPrompt(prompt.action, text: prompt.editor.text)
    case .escape, .control("c"), .control("g"):
      overlay = nil
      say(.info, "Nothing changed.")
    case .alt("\r") where prompt.action == .commentLine: widen(prompt, pasting: "\n")
    case .tab where prompt.action == .queueFilter:
      var prompt = prompt
      prompt.editor = LineEditor(text: WorkspaceSchema.complete.filterFields.completed(prompt.editor.text))
      overlay = .prompt(prompt)
    default:
      var prompt = prompt
      let before = prompt.editor.text
      _ = prompt.editor.handle(key)
      // What was wrong with another text is no longer of interest.
      if prompt.editor.text != before { message = nil }
      overlay = .prompt(prompt)
    }
  }

  private func handlePalette(_ palette: PaletteModel, _ key: Key) {
    var palette = palette
    switch key {
    case .escape, .control("c"), .control("g"): overlay = nil
    case .enter:
      overlay = nil
      if let action = palette.selected { perform(action.id) }
    case .up, .control("p"):
      palette.list.move(by: -1)
      overlay = .palette(palette)
    case .down, .control("n"):
      palette.list.move(by: 1)
      overlay = .palette(palette)
    case .pageUp, .pageDown:
      palette.list.page(by: key == .pageUp ? -1 : 1)
      overlay = .palette(palette)
    default:
      let before = palette.editor.text
      _ = palette.editor.handle(key)
      if palette.editor.text != before { palette.update() }
      overlay = .palette(palette)
    }
  }

  /// "/" begins a search; what is typed then narrows the list.
  private func handleHelp(_ scroll: Int, _ search: String?, _ key: Key) {
    if let search {
      switch key {
      case .escape: overlay = .help(scroll: 0, search: nil)
      case .backspace: overlay = .help(scroll: 0, search: search.isEmpty ? nil : String(search.dropLast()))
      case .character(let character): overlay = .help(scroll: 0, search: search + String(character))
      case .enter: break
      default:
        let limit = OverlayScreens.helpScrollLimit(self)
        if let to = scrolled(scroll, by: key, limit: limit) { overlay = .help(scroll: to, search: search) }
      }
    } else if key == .character("/") {
      overlay = .help(scroll: 0, search: "")
    } else {
      overlay = scrolled(scroll, by: key, limit: OverlayScreens.helpScrollLimit(self))
        .map { .help(scroll: $0, search: nil) }
    }
  }

  /// Where a window scrolls to by a key; `nil` when the key closes it.
  private func scrolled(_ scroll: Int, by key: Key, limit: Int) -> Int? {
    let page = max(size.height - 6, 1)
    switch key {
    case .up, .character("k"): return max(scroll - 1, 0)
    case .down, .character("j"): return min(scroll + 1, limit)
    case .pageUp: return max(scroll - page, 0)
    case .pageDown, .character(" "): return min(scroll + page, limit)
    case .home: return 0
    case .end: return limit
    default: return nil
    }
  }
}
