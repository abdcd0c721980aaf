import Terminal

/// Frames, blocks, brackets and dots as shapes, so that they meet at every font and line height.
enum BoxDrawing {
  /// The shapes of one cell as pieces of SVG paths.
  struct Shape {
    var lines = ""
    var areas = ""
    /// Dots, drawn as lines without length by a round pen.
    var dots = ""
  }

  /// The cell in which a shape is drawn, in pixels.
  struct Box {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var middleX: String { Self.half(2 * x + width) }
    var middleY: String { Self.half(2 * y + height) }
    private static func half(_ twice: Int) -> String { twice % 2 == 0 ? "\(twice / 2)" : "\(twice / 2).5" }
  }

  /// Which sides of its cell a line goes to: left, right, up, down.
  private static let sides: [Unicode.Scalar: (Bool, Bool, Bool, Bool)] = [
    "─": (true, true, false, false), "━": (true, true, false, false), "│": (false, false, true, true),
    "┃": (false, false, true, true), "┌": (false, true, false, true), "┐": (true, false, false, true),
    "└": (false, true, true, false), "┘": (true, false, true, false), "├": (false, true, true, true),
    "┤": (true, false, true, true), "┬": (true, true, false, true), "┴": (true, true, true, false),
    "┼": (true, true, true, true), "╷": (false, false, false, true), "╵": (false, false, true, false),
    "╴": (true, false, false, false), "╶": (false, true, false, false), "⎜": (false, false, true, true),
    "⎟": (false, false, true, true), "⎢": (false, false, true, true), "⎥": (false, false, true, true),
    "⎪": (false, false, true, true), "⎡": (false, true, false, true), "⎣": (false, true, true, false),
    "⎤": (true, false, false, true), "⎦": (true, false, true, false),
  ]

  /// Whether lines of a character are drawn twice as thick.
  static func isHeavy(_ scalar: Unicode.Scalar) -> Bool { scalar == "━" || scalar == "┃" }

  /// The shape of a character; nil for those that are text.
  static func shape(_ scalar: Unicode.Scalar, _ box: Box) -> Shape? {
    var shape = Shape()
    if let sides = sides[scalar] {
      shape.lines = lines(scalar, sides, box)
      return shape
    }
    let code = Int(scalar.value)
    switch scalar {
    case "┆", "┊", "╎":
      let third = box.height / 3
      shape.lines = (0..<3).map { "M\(box.middleX) \(box.y + $0 * third + 1)v\(third - 3)" }.joined()
    case "█"..."▏":
      shape.areas = rectangle(box.x, box.y, box.width * (0x2590 - code), box.height * 8)
    case "▁"..."▇":
      let height = box.height * (code - 0x2580)
      shape.areas = rectangle(box.x, box.y, box.width * 8, height, down: box.height * 8 - height)
    case "▀": shape.areas = rectangle(box.x, box.y, box.width * 8, box.height * 4)
    case "▔": shape.areas = rectangle(box.x, box.y, box.width * 8, box.height)
    case "▐": shape.areas = rectangle(box.x, box.y, box.width * 4, box.height * 8, right: box.width * 4)
    case "▕": shape.areas = rectangle(box.x, box.y, box.width, box.height * 8, right: box.width * 7)
    case "\u{2801}"..."\u{28FF}": shape.dots = braille(code - 0x2800, box)
    default: return nil
    }
    return shape
  }

  private static func lines(
    _ scalar: Unicode.Scalar, _ sides: (left: Bool, right: Bool, up: Bool, down: Bool), _ box: Box
  ) -> String {
    var path = ""
    let (x, y) = (box.middleX, box.middleY)
    // Corners of brackets lie at the edge of their line, those of frames in its middle.
    let isTop = scalar == "⎡" || scalar == "⎤"
    let isBottom = scalar == "⎣" || scalar == "⎦"
    let bar = isTop ? "\(box.y + 2)" : isBottom ? "\(box.y + box.height - 2)" : y
    if sides.left || sides.right {
      path += "M\(sides.left ? "\(box.x)" : x) \(bar)H\(sides.right ? "\(box.x + box.width)" : x)"
    }
    if sides.up || sides.down {
      path += "M\(x) \(sides.up ? "\(box.y)" : bar)V\(sides.down ? "\(box.y + box.height)" : bar)"
    }
    return path
  }

  /// A rectangle whose extents are given in eighths of a pixel.
  private static func rectangle(
    _ x: Int, _ y: Int, _ width: Int, _ height: Int, right: Int = 0, down: Int = 0
  ) -> String {
    "M\(eighths(8 * x + right)) \(eighths(8 * y + down))h\(eighths(width))v\(eighths(height))h-\(eighths(width))z"
  }

  private static func eighths(_ value: Int) -> String {
    let thousandths = value % 8 * 125
    guard thousandths > 0 else { return "\(value / 8)" }
    var rest = String(thousandths)
    rest = String(repeating: "0", count: 3 - rest.count) + rest
    while rest.hasSuffix("0") { rest.removeLast() }
    return "\(value / 8).\(rest)"
  }

  private static func braille(_ dots: Int, _ box: Box) -> String {
    // The bits of the code go down the left column, then the right one; the last row came later.
    let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    var path = ""
    for (bit, place) in places.enumerated() where dots >> bit & 1 == 1 {
      let x = 8 * box.x + box.width * 8 * (2 * place.0 + 1) / 4
      let y = 8 * box.y + box.height * 8 * (2 * place.1 + 1) / 8
      path += "M\(eighths(x)) \(eighths(y))h0"
    }
    return path
  }
}
