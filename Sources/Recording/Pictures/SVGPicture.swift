import Terminal

/// A frame as a picture that grows without getting coarse, with its text as text.
///
/// Text is placed run by run and fitted to its columns (`textLength`), so that any fixed-width font keeps the grid. Frames,
/// bars, brackets and dots are drawn as shapes. The same frame gives the same bytes.
public struct SVGPicture: Sendable {
  /// What is drawn.
  public let frame: Frame
  /// The colours.
  public let palette: Palette
  /// The picture's name, for readers who cannot see it.
  public let title: String

  /// Pixels of a cell. The width is six tenths of the font's size, as in most fixed-width fonts.
  private static let cell = Size(width: 9, height: 19)
  private static let fontSize = 15
  private static let baseline = 14
  private static let margin = 12

  /// A picture of a frame.
  public init(_ frame: Frame, palette: Palette, title: String) {
    self.frame = frame
    self.palette = palette
    self.title = title
  }

  /// The picture as a document.
  public var document: String {
    let width = frame.size.width * Self.cell.width + 2 * Self.margin
    let height = frame.size.height * Self.cell.height + 2 * Self.margin
    let name = Markup.escaped(TextSafety.line(title))
    var out = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      role="img" aria-label="\(name)" font-family="\(Markup.fontStack)" font-size="\(Self.fontSize)">
      <title>\(name)</title>
      <rect width="\(width)" height="\(height)" rx="6" fill="\(palette.background.hex)"/>

      """
    for (color, path) in grounds { out += "<path fill=\"\(color.hex)\" d=\"\(path)\"/>\n" }
    let (shapes, texts) = layers
    out += shapes + texts
    if let cursor = frame.cursor {
      let (x, y) = place(cursor.x, cursor.y)
      out += """
        <rect x="\(x)" y="\(y)" width="\(Self.cell.width)" height="\(Self.cell.height)" fill="\(palette.foreground.hex)" \
        opacity=".5"/>

        """
    }
    return out + "</svg>\n"
  }

  private func place(_ x: Int, _ y: Int) -> (Int, Int) {
    (Self.margin + x * Self.cell.width, Self.margin + y * Self.cell.height)
  }

  /// Backgrounds that differ from the screen's, one path per colour.
  private var grounds: [(RGB, String)] {
    var paths = Ordered<RGB, String>()
    for (y, row) in frame.rows.enumerated() {
      var x = 0
      while x < row.count {
        let ground = palette.colors(row[x].style).ground
        let end = row[x...].firstIndex { palette.colors($0.style).ground != ground } ?? row.count
        if ground != palette.background {
          let (left, top) = place(x, y)
          let width = (end - x) * Self.cell.width
          paths[ground, default: ""] += "M\(left) \(top)h\(width)v\(Self.cell.height)h-\(width)z"
        }
        x = end
      }
    }
    return paths.entries
  }

  private struct Pen: Hashable {
    var color: RGB
    var width: String
    var isRound = false
  }

  /// How some text looks.
  private struct Face: Hashable {
    var color: RGB
    var bold: Bool
    var italic: Bool
  }

  private var layers: (shapes: String, texts: String) {
    var strokes = Ordered<Pen, String>()
    var areas = Ordered<RGB, String>()
    var texts = Ordered<Face, String>()
    for (y, row) in frame.rows.enumerated() {
      var x = 0
      while x < row.count {
        let style = row[x].style
        let end = row[x...].firstIndex { $0.style != style } ?? row.count
        let color = palette.colors(style).text
        if style.underline {
          let (left, top) = place(x, y)
          let width = (end - x) * Self.cell.width
          strokes[Pen(color: color, width: "1"), default: ""] += "M\(left) \(top + Self.baseline + 2).5h\(width)"
        }
        let face = Face(color: color, bold: style.bold, italic: style.italic)
        for piece in pieces(row, x..<end) {
          let (left, top) = place(piece.columns.lowerBound, y)
          let width = piece.columns.count * Self.cell.width
          if let scalar = piece.shape {
            let box = BoxDrawing.Box(x: left, y: top, width: Self.cell.width, height: Self.cell.height)
            draw(scalar, box, piece.columns.count, color, &strokes, &areas)
            continue
          }
          let length = piece.columns.count > 1 ? " textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\"" : ""
          texts[face, default: ""] +=
            "<text x=\"\(left)\" y=\"\(top + Self.baseline)\"\(length)>\(Markup.escaped(piece.text))</text>"
        }
        x = end
      }
    }
    var shapes = ""
    for (color, path) in areas.entries { shapes += "<path fill=\"\(color.hex)\" d=\"\(path)\"/>\n" }
    for (pen, path) in strokes.entries {
      let cap = pen.isRound ? " stroke-linecap=\"round\"" : ""
      shapes += "<path fill=\"none\" stroke=\"\(pen.color.hex)\" stroke-width=\"\(pen.width)\"\(cap) d=\"\(path)\"/>\n"
    }
    var words = ""
    for (face, elements) in texts.entries {
      let look = (face.bold ? " font-weight=\"bold\"" : "") + (face.italic ? " font-style=\"italic\"" : "")
      words += "<g fill=\"\(face.color.hex)\"\(look)>\(elements)</g>\n"
    }
    return (shapes, words)
  }

  private func draw(
    _ scalar: Unicode.Scalar, _ box: BoxDrawing.Box, _ count: Int, _ color: RGB, _ strokes: inout Ordered<Pen, String>,
    _ areas: inout Ordered<RGB, String>
  ) {
    var box = box
    // A row of one horizontal line is one line.
    let isLong = scalar == "─" || scalar == "━"
    if isLong { box.width *= count }
    for _ in 0..<(isLong ? 1 : count) {
      if let shape = BoxDrawing.shape(scalar, box) {
        let pen = Pen(color: color, width: BoxDrawing.isHeavy(scalar) ? "2.5" : "1.2")
        if !shape.lines.isEmpty { strokes[pen, default: ""] += shape.lines }
        if !shape.dots.isEmpty { strokes[Pen(color: color, width: "2", isRound: true), default: ""] += shape.dots }
        if !shape.areas.isEmpty { areas[color, default: ""] += shape.areas }
      }
      box.x += Self.cell.width
    }
  }

  /// Cells that are drawn in one go.
  private struct Piece {
    var columns: Range<Int>
    var text: String
    var shape: Unicode.Scalar?
  }

  /// Runs of ASCII without two blanks in a row, runs of one shape, and every other character by itself: only then does
  /// a font that lacks some signs, or has other widths, keep the columns.
  private func pieces(_ row: [Cell], _ columns: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    var words = Piece(columns: 0..<0, text: "")
    func finish() {
      let text = String(words.text.reversed().drop { $0 == " " }.reversed())
      let start = words.columns.lowerBound
      if !text.isEmpty { pieces.append(Piece(columns: start..<(start + text.count), text: text)) }
      words = Piece(columns: 0..<0, text: "")
    }
    for x in columns where row[x].width > 0 {
      let scalars = row[x].grapheme.unicodeScalars
      guard let scalar = scalars.first else { continue }
      if scalars.count == 1, scalar.isASCII {
        if scalar == " ", words.text.isEmpty || words.text.hasSuffix(" ") {
          finish()
          continue
        }
        if words.text.isEmpty { words.columns = x..<x }
        words.text.unicodeScalars.append(scalar)
        continue
      }
      finish()
      let cells = x..<(x + row[x].width)
      if scalars.count == 1, BoxDrawing.shape(scalar, BoxDrawing.Box(x: 0, y: 0, width: 8, height: 16)) != nil {
        if let last = pieces.last, last.shape == scalar, last.columns.upperBound == x {
          pieces[pieces.count - 1].columns = last.columns.lowerBound..<cells.upperBound
        } else {
          pieces.append(Piece(columns: cells, text: "", shape: scalar))
        }
      } else {
        pieces.append(Piece(columns: cells, text: row[x].grapheme))
      }
    }
    finish()
    return pieces
  }
}

/// A dictionary that keeps the order in which keys came, so that equal frames give equal bytes.
struct Ordered<Key: Hashable, Value> {
  private var places: [Key: Int] = [:]
  private(set) var entries: [(Key, Value)] = []

  subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
    get { places[key].map { entries[$0].1 } ?? value() }
    set {
      if let place = places[key] {
        entries[place].1 = newValue
      } else {
        places[key] = entries.count
        entries.append((key, newValue))
      }
    }
  }
}
