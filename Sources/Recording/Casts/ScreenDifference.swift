import Terminal

/// What a terminal must be sent to show a frame: cursor moves, styles and text.
///
/// Every output begins and ends in the terminal's own style, so that one may be read without the others. Only these
/// sequences are used, and ``ScreenInterpreter`` reads exactly these: `CUP` and `CHA` to move, `SGR`, `EL 0` to blank the
/// rest of a line, `ED 2` to blank the screen, and `?25` for the cursor.
enum ScreenDifference {
  static let clear = "\u{1B}[0m\u{1B}[2J"
  static let showCursor = "\u{1B}[?25h"
  static let hideCursor = "\u{1B}[?25l"
  static let eraseLine = "\u{1B}[K"

  /// Unchanged cells between two changed ones are sent again up to this number: a move takes more bytes.
  private static let bridge = 4
  /// The rest of a line is blanked by a sequence from this number of cells on.
  private static let shortest = 4

  static func move(_ position: Frame.Position) -> String { "\u{1B}[\(position.y + 1);\(position.x + 1)H" }

  /// The whole frame, on a screen of its size that may show anything.
  static func whole(_ frame: Frame) -> String {
    clear + cells(from: Frame(size: frame.size), to: frame) + cursor(frame.cursor)
  }

  /// What changes; "" when nothing does. Both frames have the same size.
  static func between(_ old: Frame, _ new: Frame) -> String {
    let cells = cells(from: old, to: new)
    // Drawing moves the cursor, so that a visible one has to be put back.
    if old.cursor == new.cursor, cells.isEmpty || new.cursor == nil { return cells }
    return cells + cursor(new.cursor)
  }

  /// What is sent last: the cursor below what was shown, where a shell may continue.
  static func end(_ size: Size) -> String {
    "\u{1B}[0m" + move(Frame.Position(x: 0, y: max(size.height - 1, 0))) + showCursor
  }

  private static func cursor(_ position: Frame.Position?) -> String {
    position.map { move($0) + showCursor } ?? hideCursor
  }

  private static func cells(from old: Frame, to new: Frame) -> String {
    var out = ""
    var style = Style.plain
    for y in new.rows.indices where old.rows[y] != new.rows[y] {
      let before = old.rows[y]
      let row = new.rows[y]
      // From here on the line is blank in the terminal's own style.
      let blank = (row.lastIndex { $0 != Frame.blank } ?? -1) + 1
      var x = 0
      while let start = row.indices[x...].first(where: { row[$0] != before[$0] }) {
        var end = start + 1
        var same = 0
        for index in row.indices[end...] {
          same = row[index] == before[index] ? same + 1 : 0
          if same > bridge { break }
          if same == 0 { end = index + 1 }
        }
        // A wide character is sent whole, even if only one of its cells changed.
        let first = row[start].width == 0 && start > 0 ? start - 1 : start
        if end < row.count, row[end].width == 0 { end += 1 }
        out += move(Frame.Position(x: first, y: y))
        let erases = row.count - blank >= shortest && end > blank
        text(row, first..<(erases ? max(first, blank) : end), &style, &out)
        if erases {
          if style != .plain { out += ANSIText.sequence(.plain) }
          style = .plain
          out += eraseLine
          break
        }
        x = end
      }
    }
    return style == .plain ? out : out + ANSIText.sequence(.plain)
  }

  private static func text(_ row: [Cell], _ columns: Range<Int>, _ style: inout Style, _ out: inout String) {
    var isDoubtful = false
    for x in columns where row[x].width > 0 {
      let cell = row[x]
      // Terminals disagree about how wide some characters are: the next one is put where it belongs.
      if isDoubtful { out += "\u{1B}[\(x + 1)G" }
      if cell.style != style { out += ANSIText.sequence(cell.style) }
      style = cell.style
      out += cell.grapheme
      isDoubtful = cell.width > 1 || cell.grapheme.unicodeScalars.count > 1
    }
  }
}
