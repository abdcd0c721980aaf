import Terminal

extension Navigator {
  /// Takes what came from the terminal and is about what is shown.
  public func take(_ event: InputEvent) {
    switch event {
    case .key(let key): handle(key)
    case .paste(let text): handlePaste(text)
    case .pointer(let pointer): handle(pointer)
    case .burst(let keys): for event in events(ofBurst: keys) { take(event) }
    case .resize(let size):
      context.size = size
      layOut()
    case .resumed, .closed: break
    }
    talk?.publish()
  }

  /// Takes one key: what lies over the screen first, then the key map of the screen.
  public func handle(_ key: Key) {
    if let overlay {
      let outcome = overlay.handle(key)
      // What a key did may have put another overlay in its place.
      if outcome != .stays, self.overlay === overlay { self.overlay = nil }
      if outcome != .passes { return }
    }
    guard let id = context.keyMap.action(for: key, in: top.id) else {
      top.willPerform(nil)
      return say(.info, "\(key.label(glyphs)) does nothing here; \(keys(.help)) shows every key.")
    }
    context.pressed = key
    perform(id)
    context.pressed = nil
  }

  /// What keys mean that came faster than anybody presses them: a text for an open line; keys that only move, as from a key
  /// held down; otherwise a paste that the terminal did not mark, which decides nothing.
  public func events(ofBurst keys: [Key]) -> [InputEvent] {
    let isMoving = keys.allSatisfy { key in
      context.keyMap.action(for: key, in: top.id).map(ActionID.moving.contains) ?? false
    }
    if overlay == nil, isMoving || (keys.allSatisfy { $0 == keys.first } && keys.first != .enter) {
      return keys.map { .key($0) }
    }
    let text = keys.compactMap { key -> Character? in
      switch key {
      case .character(let character): character
      case .enter: "\n"
      case .tab: "\t"
      default: nil
      }
    }
    return [.paste(String(text))]
  }

  /// Takes pasted text: it goes into an open line; otherwise it does nothing, whatever keys it looks like.
  public func handlePaste(_ text: String) {
    // Terminals send a carriage return for each line end.
    let text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    if overlay?.paste(text) ?? top.paste(text) { return }
    say(
      .info,
      "Pasted text is ignored here: no line is open to take it. Open one first, or press keys one at a time.")
  }

  /// Takes what was done with the mouse. Nothing is decided by a click: verdicts need their keys, so that a slip of the hand
  /// costs nothing.
  public func handle(_ pointer: PointerEvent) {
    if let overlay {
      switch pointer.kind {
      case .wheelUp, .wheelDown: turn(pointer)
      case .press where pointer.y == 0 || pointer.y >= size.height - Chrome.footerHeight:
        if overlay.clickOutside() != .stays, self.overlay === overlay { self.overlay = nil }
      default: break
      }
    } else if pointer.kind == .press, pointer.y == size.height - 1 {
      // A hint is the key that it names, but for verdicts.
      if let id = Chrome.hint(at: pointer.x, self), !ActionID.verdicts.contains(id) { perform(id) }
    } else if !top.point(pointer) {
      turn(pointer)
    }
  }

  /// The wheel is three times an arrow key.
  private func turn(_ pointer: PointerEvent) {
    guard pointer.kind == .wheelUp || pointer.kind == .wheelDown else { return }
    for _ in 0..<3 { handle(pointer.kind == .wheelUp ? .up : .down) }
  }
}
