/// Several lines of editable text, by characters as a reader counts them.
///
/// The text is kept as it is, whatever characters it holds; hostile ones are made visible where it is drawn. A text that is
/// opened and not changed is given back the same.
public struct TextArea: Sendable {
  /// Longest text, in characters. A longer one is for an editor of its own.
  public static let limit = 200_000

  /// A row of the screen: the characters in it, without the line end.
  struct Row: Equatable {
    var range: Range<Int>
    /// The line continues in the next row.
    var isWrapped: Bool
  }

  private var characters: [Character]
  /// Changes with the text.
  public private(set) var revision = 0
  /// The cursor: characters before it.
  public private(set) var cursor: Int
  /// The column that going up and down keeps to.
  private var goal: Int?
  private var killed = ""
  private var history: [(text: String, cursor: Int, isTyping: Bool)] = []
  private var firstRow = 0
  /// The width that the text was drawn in last, for keys that go up and down.
  private var width = 80
  private var rows: [Row] = []

  /// An area with a text and the cursor at its beginning.
  ///
  /// What is beyond `limit` is cut; ask `fits(_:)` before.
  public init(text: String = "") {
    characters = Array(text.prefix(Self.limit))
    cursor = 0
    rows = Self.wrap(characters, width: width)
  }

  /// Whether a text is short enough.
  public static func fits(_ text: String) -> Bool { text.utf8.count <= limit || text.count <= limit }

  /// The text.
  public var text: String { String(characters) }

  /// How many characters it has.
  public var count: Int { characters.count }

  /// The line and the column of the cursor in the text, from 1, whatever the width.
  public var position: (line: Int, column: Int) {
    let before = characters[..<cursor]
    let start = before.lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0
    return (before.count(where: \.isNewline) + 1, cursor - start + 1)
  }

  /// How many lines the text has, whatever the width.
  public var lineCount: Int { characters.count(where: \.isNewline) + 1 }

  /// Puts the cursor before a character; a number outside becomes the nearest.
  public mutating func moveCursor(to position: Int) {
    cursor = min(max(0, position), characters.count)
    goal = nil
  }

  /// Inserts at the cursor.
  ///
  /// - Returns: whether all of it had room.
  @discardableResult
  public mutating func insert(_ new: String) -> Bool {
    let isTyping = new.count == 1 && new.first?.isNewline == false
    let room = max(0, Self.limit - characters.count)
    let fitting = new.utf8.count <= room ? new[...] : new.prefix(room)
    guard !fitting.isEmpty else { return new.isEmpty }
    replace(cursor..<cursor, with: String(fitting), isTyping: isTyping)
    return fitting.endIndex == new.endIndex
  }

  /// Undoes the last change.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  public mutating func undo() -> Bool {
    guard let last = history.popLast() else { return false }
    revision += 1
    characters = Array(last.text)
    moveCursor(to: last.cursor)
    rows = Self.wrap(characters, width: width)
    return true
  }

  /// Handles an editing key.
  ///
  /// Cursor keys, home and end (of the row), page up and down, enter, backspace and delete; ctrl-a (home), -b -f (characters),
  /// -n -p (rows), alt-b -f (words), alt-< alt-> (the ends of the text), ctrl-d (delete), ctrl-k -u -w alt-d (remove to the end or the
  /// beginning of the line, a word back, a word on), ctrl-y (bring back), alt-u and ctrl-_ (undo the last change).
  /// - Parameter page: rows that a page moves.
  /// - Returns: whether the key was used. Escape and tab never are.
  public mutating func handle(_ key: Key, page: Int = 10) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .enter: insert("\n")
    case .left, .control("b"): moveCursor(to: cursor - 1)
    case .right, .control("f"): moveCursor(to: cursor + 1)
    case .up, .control("p"): moveRows(-1)
    case .down, .control("n"): moveRows(1)
    case .pageUp: moveRows(-max(page, 1))
    case .pageDown: moveRows(max(page, 1))
    case .home, .control("a"): moveCursor(to: rows[row(of: cursor)].range.lowerBound)
    case .end: moveCursor(to: rowEnd())
    case .alt("<"): moveCursor(to: 0)
    case .alt(">"): moveCursor(to: characters.count)
    case .alt("b"): moveCursor(to: characters.wordStart(before: cursor))
    case .alt("f"): moveCursor(to: characters.wordEnd(after: cursor))
    case .backspace: if cursor > 0 { replace(cursor - 1..<cursor, with: "") }
    case .delete, .control("d"): if cursor < characters.count { replace(cursor..<cursor + 1, with: "") }
    case .control("k"):
      // At the end of a line: the line end itself.
      let end = characters[cursor...].firstIndex(where: \.isNewline) ?? characters.count
      kill(cursor..<(end == cursor ? min(cursor + 1, characters.count) : end))
    case .control("u"): kill((characters[..<cursor].lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0)..<cursor)
    case .control("w"): kill(characters.blankWordStart(before: cursor, isBlank: \.isWhitespace)..<cursor)
    case .alt("d"): kill(cursor..<characters.wordEnd(after: cursor))
    case .control("y"): insert(killed)
    case .alt("u"), .control("_"): undo()
    default: return false
    }
    return true
  }

  // MARK: - Changing

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    killed = String(characters[range])
    replace(range, with: "")
  }

  /// Replaces a range. A new combining mark may join its neighbours, so these are read again together with what is new.
  private mutating func replace(_ range: Range<Int>, with new: String, isTyping: Bool = false) {
    revision += 1
    // What is typed in one go is undone in one go.
    if !(isTyping && history.last?.isTyping == true && cursor == range.lowerBound && lastTyped == cursor) {
      history.append((text, cursor, isTyping))
      // Long texts are kept less often: a few megabytes in all.
      let most = max(10, min(200, 4_000_000 / (characters.count + 1)))
      if history.count > most { history.removeFirst(history.count - most) }
    }
    let low = max(range.lowerBound - 1, 0)
    let high = min(range.upperBound + 1, characters.count)
    let before = String(characters[low..<range.lowerBound])
    let after = String(characters[range.upperBound..<high])
    let joined = Array(before + new + after)
    let behind = characters.count - high
    characters.replaceSubrange(low..<high, with: joined)
    let rest = (before + new).count == joined.count ? behind : behind + after.count
    moveCursor(to: characters.count - rest)
    lastTyped = isTyping ? cursor : nil
    rows = Self.wrap(characters, width: width)
  }

  /// Where typing continues.
  private var lastTyped: Int?

  // MARK: - Moving

  private func row(of position: Int) -> Int {
    var low = 0
    var high = rows.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if rows[middle].range.lowerBound <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The last place of the cursor in its row: before the character at which the row is broken.
  private func rowEnd() -> Int {
    let row = rows[row(of: cursor)]
    return row.isWrapped ? max(row.range.upperBound - 1, row.range.lowerBound) : row.range.upperBound
  }

  private mutating func moveRows(_ delta: Int) {
    let now = row(of: cursor)
    let column = goal ?? Self.width(of: characters[rows[now].range.lowerBound..<cursor])
    let target = min(max(now + delta, 0), rows.count - 1)
    guard target != now else {
      moveCursor(to: delta < 0 ? 0 : characters.count)
      return
    }
    let row = rows[target]
    let last = row.isWrapped ? max(row.range.upperBound - 1, row.range.lowerBound) : row.range.upperBound
    var position = row.range.lowerBound
    var used = 0
    while position < last {
      let next = used + Self.width(of: characters[position])
      if next > column { break }
      used = next
      position += 1
    }
    cursor = position
    goal = column
  }

  // MARK: - Rows

  private static func shown(_ character: Character) -> String {
    character.isASCII && (character.asciiValue ?? 0) >= 0x20 && character.asciiValue != 0x7F
      ? String(character) : TextSafety.block(String(character))
  }

  private static func width(of character: Character) -> Int {
    if let code = character.asciiValue, code >= 0x20, code < 0x7F { return 1 }
    return shown(character).reduce(0) { $0 + DisplayWidth.of($1) }
  }

  private static func width(of characters: ArraySlice<Character>) -> Int {
    characters.reduce(0) { $0 + width(of: $1) }
  }

  /// Rows of at most this many columns, broken behind blanks; a word that is longer is broken anywhere. Blanks hang over the edge.
  static func wrap(_ characters: [Character], width: Int) -> [Row] {
    let width = max(width, 1)
    var rows: [Row] = []
    var start = 0
    var used = 0
    var breakAt: Int?
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character.isNewline {
        rows.append(Row(range: start..<index, isWrapped: false))
        index += 1
        (start, used, breakAt) = (index, 0, nil)
        continue
      }
      let wide = Self.width(of: character)
      if character != " ", used + wide > width, index > start {
        let end = breakAt ?? index
        rows.append(Row(range: start..<end, isWrapped: true))
        (start, index, used, breakAt) = (end, end, 0, nil)
        continue
      }
      used += wide
      index += 1
      if character == " " { breakAt = index }
    }
    rows.append(Row(range: start..<characters.count, isWrapped: false))
    return rows
  }

  // MARK: - Drawing

  /// Draws the rows around the cursor and places the canvas's cursor.
  public mutating func draw(in canvas: inout Canvas, _ area: Rect, role: StyleRole = .text) {
    guard area.width > 0, area.height > 0 else { return }
    // One column stays free for the cursor behind a full row.
    if width != max(area.width - 1, 1) {
      width = max(area.width - 1, 1)
      rows = Self.wrap(characters, width: width)
    }
    let cursorRow = row(of: cursor)
    firstRow = min(firstRow, cursorRow)
    firstRow = max(firstRow, cursorRow - area.height + 1)
    // After a shrink show as much as fits.
    firstRow = max(0, min(firstRow, rows.count - area.height))
    for (line, row) in rows[firstRow...].prefix(area.height).enumerated() {
      let text = characters[row.range].map(Self.shown).joined()
      canvas.put(text, x: area.x, y: area.y + line, role: role, maxWidth: area.width, ellipsis: false)
    }
    let column = Self.width(of: characters[rows[cursorRow].range.lowerBound..<cursor])
    canvas.cursor = (area.x + min(column, area.width - 1), area.y + cursorRow - firstRow)
  }
}
