import Terminal

/// Follows what ``ScreenDifference`` writes, and nothing else.
struct ScreenInterpreter {
  private(set) var frame: Frame
  private var style = Style.plain
  private var place = Frame.Position(x: 0, y: 0)
  /// The cell that was written last, which marks are added to.
  private var last: Frame.Position?

  init(size: Size) { frame = Frame(size: size) }

  mutating func take(_ text: String) throws(ScreenInterpreterError) {
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      if scalars[index] == "\u{1B}" {
        guard index + 1 < scalars.count, scalars[index + 1] == "[" else { throw Self.unknown(scalars, index) }
        guard
          let end = scalars[(index + 2)...].firstIndex(where: { !("0"..."9" ~= $0 || $0 == ";" || $0 == "?") })
        else { throw Self.unknown(scalars, index) }
        let parameters = String(String.UnicodeScalarView(scalars[(index + 2)..<end]))
        guard try control(parameters, scalars[end]) else { throw Self.unknown(scalars, index) }
        last = nil
        index = end + 1
      } else {
        try write(scalars[index])
        index += 1
      }
    }
    try checkWideCharacters()
  }

  private static func unknown(_ scalars: [Unicode.Scalar], _ index: Int) -> ScreenInterpreterError {
    let piece = String(String.UnicodeScalarView(scalars[index...].prefix(12)))
    return ScreenInterpreterError(
      words: "the sequence that begins with '\(TextSafety.line(piece))' is not one that deepcritic writes")
  }

  private mutating func control(_ parameters: String, _ final: Unicode.Scalar) throws(ScreenInterpreterError) -> Bool {
    switch (final, parameters) {
    case ("J", "2"):
      let cursor = frame.cursor
      frame = Frame(size: frame.size)
      frame.cursor = cursor
    case ("K", ""):
      guard frame.rows.indices.contains(place.y), place.x <= frame.size.width else { return false }
      for x in place.x..<frame.size.width { frame.rows[place.y][x] = Cell(grapheme: " ", style: style, width: 1) }
    case ("h", "?25"): frame.cursor = place
    case ("l", "?25"): frame.cursor = nil
    case ("H", _):
      let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let y = numbers[0], let x = numbers[1] else { return false }
      try move(x: x - 1, y: y - 1)
    case ("G", _):
      guard let x = Int(parameters) else { return false }
      try move(x: x - 1, y: place.y)
    case ("m", _):
      guard let read = Style(sequence: parameters) else { return false }
      style = read
    default: return false
    }
    return true
  }

  private mutating func move(x: Int, y: Int) throws(ScreenInterpreterError) {
    guard x >= 0, y >= 0, x < max(frame.size.width, 1), y < max(frame.size.height, 1) else {
      throw ScreenInterpreterError(words: "it goes to a place outside of the screen")
    }
    place = Frame.Position(x: x, y: y)
    // A visible cursor moves along; it is where it is when the output ends.
    if frame.cursor != nil { frame.cursor = place }
  }

  private mutating func write(_ scalar: Unicode.Scalar) throws(ScreenInterpreterError) {
    guard TextSafety.line(String(scalar)) == String(scalar) || DisplayWidth.cells(scalar) == 0 else {
      throw ScreenInterpreterError(
        words: "it holds a character that deepcritic never shows (\(TextSafety.line(String(scalar))))")
    }
    let width = DisplayWidth.cells(scalar)
    if width == 0 {
      guard let last else { throw ScreenInterpreterError(words: "it holds a mark without a character to stand on") }
      frame.rows[last.y][last.x].grapheme.unicodeScalars.append(scalar)
      return
    }
    guard frame.rows.indices.contains(place.y), place.x + width <= frame.size.width else {
      throw ScreenInterpreterError(words: "it writes beyond the end of a line")
    }
    frame.rows[place.y][place.x] = Cell(grapheme: String(scalar), style: style, width: width)
    if width == 2 { frame.rows[place.y][place.x + 1] = Cell(grapheme: "", style: style, width: 0) }
    last = place
    place.x += width
  }

  /// Halves of wide characters show that an output was not made by comparing two screens.
  private func checkWideCharacters() throws(ScreenInterpreterError) {
    for row in frame.rows {
      for (x, cell) in row.enumerated() {
        let isFollowed = x + 1 < row.count && row[x + 1].width == 0
        guard (cell.width == 2) == isFollowed else {
          throw ScreenInterpreterError(words: "it leaves half of a wide character")
        }
      }
    }
  }
}

extension Style {
  /// Reads what ``ANSIText/sequence(_:)`` writes, without `ESC [` and `m`; nil for anything else.
  init?(sequence: String) {
    var codes = sequence.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? -1 }[...]
    guard codes.popFirst() == 0 else { return nil }
    self = .plain
    while let code = codes.popFirst() {
      switch code {
      case 1: bold = true
      case 2: dim = true
      case 3: italic = true
      case 4: underline = true
      case 7: reverse = true
      case 30...37: foreground = .indexed(UInt8(code - 30))
      case 40...47: background = .indexed(UInt8(code - 40))
      case 90...97: foreground = .indexed(UInt8(code - 90 + 8))
      case 100...107: background = .indexed(UInt8(code - 100 + 8))
      case 38, 48:
        guard codes.popFirst() == 5, let index = codes.popFirst(), let index = UInt8(exactly: index) else { return nil }
        if code == 38 { foreground = .indexed(index) } else { background = .indexed(index) }
      default: return nil
      }
    }
  }
}

/// What an output holds that this program does not write.
struct ScreenInterpreterError: Error {
  let words: String
}
