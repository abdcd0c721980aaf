/// One line of editable text, by characters as a reader counts them.
public struct LineEditor: Hashable, Sendable {
  /// Longest text, in characters.
  public static let limit = 10_000

  /// The text. Setting it puts the cursor at its end.
  public var text: String {
    get { String(characters) }
    set {
      characters = Array(TextSafety.line(newValue).prefix(Self.limit))
      cursor = characters.count
    }
  }
  /// The cursor: characters before it.
  public private(set) var cursor = 0

  private var characters: [Character] = []
  private var firstVisible = 0
  private var killed = ""

  /// An editor with a text and the cursor at its end.
  public init(text: String = "") { self.text = text }

  /// Puts the cursor before a character; a number outside becomes the nearest.
  public mutating func moveCursor(to position: Int) { cursor = min(max(0, position), characters.count) }

  /// Inserts at the cursor. Line ends become blanks and hostile characters visible, so nothing hidden is saved.
  public mutating func insert(_ new: String) {
    replace(cursor..<cursor, with: String(new.map { $0.isNewline ? " " : $0 }))
  }

  /// A paste: as `insert`, without line ends at either end.
  public mutating func paste(_ new: String) {
    insert(String(new.drop(while: \.isNewline).reversed().drop(while: \.isNewline).reversed()))
  }

  /// Removes the character before the cursor.
  public mutating func backspace() { if cursor > 0 { replace(cursor - 1..<cursor, with: "") } }

  /// Removes the character after the cursor.
  public mutating func delete() { if cursor < characters.count { replace(cursor..<cursor + 1, with: "") } }

  /// Handles an editing key.
  ///
  /// Cursor keys, home and end, backspace and delete; ctrl-a -e (ends), -b -f (characters), alt-b -f (words), ctrl-d
  /// (delete), ctrl-k -u -w alt-d (remove to the end, to the beginning, a word back, a word on), ctrl-y (bring back).
  /// - Returns: whether the key was used. Enter, escape, tab and vertical keys never are.
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .left, .control("b"): moveCursor(to: cursor - 1)
    case .right, .control("f"): moveCursor(to: cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .alt("b"): cursor = characters.wordStart(before: cursor)
    case .alt("f"): cursor = characters.wordEnd(after: cursor)
    case .backspace: backspace()
    case .delete, .control("d"): delete()
    case .control("k"): kill(cursor..<characters.count)
    case .control("u"): kill(0..<cursor)
    case .control("w"): kill(characters.blankWordStart(before: cursor, isBlank: { $0 == " " })..<cursor)
    case .alt("d"): kill(cursor..<characters.wordEnd(after: cursor))
    case .control("y"): insert(killed)
    default: return false
    }
    return true
  }

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    killed = String(characters[range])
    replace(range, with: "")
  }

  /// Replaces a range through the whole string, because a new combining mark may join its neighbour.
  private mutating func replace(_ range: Range<Int>, with new: String) {
    let room = Self.limit - (characters.count - range.count)
    let head = String(characters[..<range.lowerBound]) + new.prefix(max(0, room))
    let tail = String(characters[range.upperBound...])
    let all = Array(TextSafety.line(head + tail).prefix(Self.limit))
    cursor = min(all.count, max(0, all.count - tail.count))
    characters = all
  }

  /// Draws the text in one row, scrolled so that the cursor shows, and places the canvas's cursor when focused.
  public mutating func draw(
    in canvas: inout Canvas, x: Int, y: Int, width: Int, role: StyleRole = .input, placeholder: String = "",
    isFocused: Bool = true
  ) {
    guard width > 0 else { return }
    canvas.fill(Rect(x: x, y: y, width: width, height: 1), role: role)
    if characters.isEmpty {
      canvas.put(placeholder, x: x, y: y, style: Style(dim: true).over(canvas.theme[role]), maxWidth: width)
    }
    firstVisible = min(firstVisible, cursor)
    // One column stays free for the cursor behind the text.
    var column = characters[firstVisible..<cursor].reduce(0) { $0 + DisplayWidth.of($1) }
    while column > width - 1, firstVisible < cursor {
      column -= DisplayWidth.of(characters[firstVisible])
      firstVisible += 1
    }
    // After a shrink or a deletion, show as much of the beginning as fits.
    var total = characters[firstVisible...].reduce(0) { $0 + DisplayWidth.of($1) }
    while firstVisible > 0, total + DisplayWidth.of(characters[firstVisible - 1]) <= width - 1 {
      firstVisible -= 1
      total += DisplayWidth.of(characters[firstVisible])
      column += DisplayWidth.of(characters[firstVisible])
    }
    var end = firstVisible
    var used = 0
    while end < characters.count, used + DisplayWidth.of(characters[end]) <= width {
      used += DisplayWidth.of(characters[end])
      end += 1
    }
    canvas.put(
      String(characters[firstVisible..<end]), x: x, y: y, role: role, maxWidth: width, ellipsis: false)
    if firstVisible > 0 { canvas.put(canvas.glyphs.arrowLeft, x: x, y: y, role: role, maxWidth: 1, ellipsis: false) }
    if end < characters.count, column < width - 1 {
      canvas.put(canvas.glyphs.arrowRight, x: x + width - 1, y: y, role: role, maxWidth: 1, ellipsis: false)
    }
    if isFocused { canvas.cursor = (x + min(column, width - 1), y) }
  }
}
