/// A key as the terminal reports it.
///
/// A terminal cannot tell some keys apart: ctrl-i is tab, ctrl-m and ctrl-j are enter, ctrl-[ is escape, ctrl-h is
/// backspace. `init(_:)` reads those names as the key they arrive as.
public enum Key: Hashable, Sendable {
  /// A printable character; blank is `" "`.
  case character(Character)
  /// Control with a character, in lower case.
  case control(Character)
  /// Alt (Meta) with a character; `"\r"` for alt-enter.
  case alt(Character)
  /// Named keys.
  case enter, tab, backTab, escape, backspace, delete, insert
  /// Cursor keys.
  case up, down, left, right, home, end, pageUp, pageDown
  /// Cursor keys with shift, where the terminal tells.
  case shiftUp, shiftDown
  /// F1 is 1.
  case function(Int)

  private static let names: [(Key, String, String)] = [
    // key, name in key maps, label in hints
    (.enter, "enter", "⏎"), (.tab, "tab", "tab"), (.backTab, "shift-tab", "⇧tab"), (.escape, "escape", "esc"),
    (.backspace, "backspace", "bksp"), (.delete, "delete", "del"), (.insert, "insert", "ins"), (.up, "up", "↑"),
    (.down, "down", "↓"), (.left, "left", "←"), (.right, "right", "→"), (.home, "home", "home"), (.end, "end", "end"),
    (.pageUp, "page-up", "pgup"), (.pageDown, "page-down", "pgdn"), (.shiftUp, "shift-up", "⇧↑"),
    (.shiftDown, "shift-down", "⇧↓"), (.character(" "), "space", "space"), (.control(" "), "ctrl-space", "^space"),
    (.alt(" "), "alt-space", "alt-space"), (.alt("\r"), "alt-enter", "alt-⏎"),
  ]

  private static let synonyms: [String: Key] = [
    "return": .enter, "esc": .escape, "del": .delete, "ins": .insert, "pgup": .pageUp, "pageup": .pageUp,
    "pgdn": .pageDown, "pagedown": .pageDown, "backtab": .backTab, "back-tab": .backTab,
  ]

  /// Reads a key's name in a key map: `y`, `?`, `ctrl-r`, `alt-x`, `space`, `enter`, `shift-tab`, `f1`, `page-down`.
  /// Names ignore case; a single character does not.
  public init?(_ spec: String) {
    if spec.count == 1, let character = spec.first {
      guard character != " ", TextSafety.line(spec) == spec else { return nil }
      self = .character(character)
      return
    }
    let name = spec.lowercased()
    if let known = Self.names.first(where: { $0.1 == name }) {
      self = known.0
      return
    }
    if let known = Self.synonyms[name] {
      self = known
      return
    }
    if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number) {
      self = .function(number)
      return
    }
    for (prefix, isControl) in [("ctrl-", true), ("c-", true), ("alt-", false), ("meta-", false), ("m-", false)]
    where name.hasPrefix(prefix) {
      let rest = spec.dropFirst(prefix.count)
      guard rest.count == 1, let character = rest.first, TextSafety.line(String(rest)) == rest, character != " " else {
        return nil
      }
      if !isControl {
        self = .alt(character)
        return
      }
      switch Character(character.lowercased()) {
      case "i": self = .tab
      case "m", "j": self = .enter
      case "[": self = .escape
      case "h": self = .backspace
      case "@": self = .control(" ")
      case let lower where lower.isASCII && (lower.isLetter || "\\]^_".contains(lower)): self = .control(lower)
      default: return nil
      }
      return
    }
    return nil
  }

  /// A short label for the hint line: `⏎`, `tab`, `^R`, `↑`. In ASCII where the glyphs are.
  public func label(_ glyphs: Glyphs = .unicode) -> String {
    if let known = Self.names.first(where: { $0.0 == self }) {
      let isASCII = known.2.utf8.allSatisfy { $0 < 0x80 }
      return glyphs.isUnicode || isASCII ? known.2 : known.1
    }
    switch self {
    case .control(let character): return "^" + character.uppercased()
    case .alt(let character): return "alt-\(character)"
    case .function(let number): return "F\(number)"
    case .character(let character): return String(character)
    default: return description
    }
  }
}

extension Key: CustomStringConvertible {
  /// The key's name in a key map; `init(_:)` reads it back.
  public var description: String {
    if let known = Self.names.first(where: { $0.0 == self }) { return known.1 }
    switch self {
    case .control(let character): return "ctrl-\(character)"
    case .alt(let character): return "alt-\(character)"
    case .function(let number): return "f\(number)"
    case .character(let character): return String(character)
    default: return ""
    }
  }
}

/// What was done with the mouse, at which cell.
public struct PointerEvent: Hashable, Sendable {
  /// What was done.
  public enum Kind: String, Hashable, Sendable {
    /// The first button went down.
    case press
    /// The pointer moved with the button down.
    case drag
    /// The button came up.
    case release
    /// The wheel turned away from the user.
    case wheelUp
    /// The wheel turned towards the user.
    case wheelDown
  }

  /// What was done.
  public var kind: Kind
  /// Column, from 0.
  public var x: Int
  /// Row, from 0.
  public var y: Int

  /// An event from its parts.
  public init(_ kind: Kind, x: Int, y: Int) {
    self.kind = kind
    self.x = x
    self.y = y
  }
}

/// What the terminal has to say.
public enum InputEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// Text was pasted, as it came: make it safe before showing it. Never also reported as keys.
  case paste(String)
  /// Keys that came faster than anybody presses them: a paste that the terminal did not mark as one, or a key held down
  /// while nothing was read.
  case burst([Key])
  /// The mouse was used; only when that was asked for.
  case pointer(PointerEvent)
  /// The terminal has a new size.
  case resize(Size)
  /// The terminal is gone. Nothing more will come; end the program.
  case closed
  /// The program was stopped and continues; draw again, perhaps at a new size.
  case resumed
}
