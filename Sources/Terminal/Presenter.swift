import CTerminal

/// Sends the difference between two canvases to ncurses, in the colours and characters the terminal has.
struct Presenter {
  let colorCount: Int
  let isUTF8: Bool
  /// The canvas on the screen; nil when every cell must be sent.
  private(set) var last: Canvas?
  private var isComplete = false
  /// The style converted last; neighbours mostly share it.
  private var lastStyle = UInt32.max
  private var lastCell = ct_cell()

  init(colorCount: Int, isUTF8: Bool) {
    self.colorCount = colorCount
    self.isUTF8 = isUTF8
  }

  /// Makes the next canvas go out whole.
  mutating func forget() { isComplete = false }

  /// Draws what differs; returns whether anything does.
  mutating func draw(_ canvas: Canvas, size: Size) -> Bool {
    let previous = isComplete && last?.size == canvas.size ? last : nil
    let width = min(canvas.size.width, size.width)
    var changed = false
    var run: [ct_cell] = []
    run.reserveCapacity(width)
    for y in 0..<min(canvas.size.height, size.height) {
      var x = 0
      while x < width {
        let index = y * canvas.size.width + x
        let cell = canvas.cells[index]
        if let previous, same(cell, canvas, previous.cells[index], previous) {
          x += 1
          continue
        }
        // A run of changed cells. It begins at a character, even if only its second half changed.
        var start = x
        if cell.width == 0, start > 0 { start -= 1 }
        run.removeAll(keepingCapacity: true)
        x = start
        while x < width {
          let index = y * canvas.size.width + x
          let cell = canvas.cells[index]
          if x > start, cell.width != 0, let previous, same(cell, canvas, previous.cells[index], previous) { break }
          if cell.width == 2, x + 1 >= width {
            append(&run, base: 0x20, marks: [], width: 1, style: cell.style)
          } else if cell.isCluster {
            let scalars = canvas.grapheme(cell).unicodeScalars.map(\.value)
            append(&run, base: scalars.first ?? 0x20, marks: scalars.dropFirst(), width: cell.width, style: cell.style)
          } else if cell.width > 0 {
            append(&run, base: cell.code, marks: [], width: cell.width, style: cell.style)
          }
          x += max(1, cell.width)
        }
        changed = true
        ct_draw(Int32(y), Int32(start), run, Int32(run.count))
      }
    }
    last = canvas
    isComplete = true
    return changed
  }

  private func same(_ a: PackedCell, _ canvasA: Canvas, _ b: PackedCell, _ canvasB: Canvas) -> Bool {
    if a.isCluster || b.isCluster {
      return a.style == b.style && a.width == b.width && canvasA.grapheme(a) == canvasB.grapheme(b)
    }
    return a == b
  }

  private mutating func append(
    _ run: inout [ct_cell], base: UInt32, marks: ArraySlice<UInt32>, width: Int, style: UInt32
  ) {
    if style != lastStyle {
      lastStyle = style
      lastCell = look(of: Style(packed: style))
    }
    var cell = lastCell
    cell.scalars.0 = base
    cell.count = 1
    cell.width = UInt8(width)
    if base > 0x7E {
      if !isUTF8 {
        cell.width = 1
        for character in Transliteration.ascii(base, width: width) {
          cell.scalars.0 = character
          run.append(cell)
        }
        return
      }
      // ncurses places characters by the C library's width; where that differs, geometry is worth more than the sign.
      if Int(ct_libc_width(base)) != width {
        cell.scalars.0 = 0xFFFD
        cell.width = 1
        run += Array(repeating: cell, count: width)
        return
      }
    }
    if isUTF8, !marks.isEmpty {
      let kept = marks.filter { ct_libc_width($0) == 0 }.prefix(Int(CT_SCALARS) - 1)
      withUnsafeMutableBytes(of: &cell.scalars) { bytes in
        bytes.withMemoryRebound(to: UInt32.self) { slots in
          for (index, scalar) in kept.enumerated() { slots[index + 1] = scalar }
        }
      }
      cell.count += UInt8(kept.count)
    }
    run.append(cell)
  }

  /// A cell with a style's attributes and colours, and no text yet.
  private func look(of style: Style) -> ct_cell {
    var cell = ct_cell()
    let (foreground, isBright) = palette(style.foreground)
    cell.foreground = foreground
    cell.background = palette(style.background).0
    var attributes: UInt16 = 0
    if style.bold || isBright { attributes |= UInt16(CT_BOLD) }
    if style.dim { attributes |= UInt16(CT_DIM) }
    if style.underline { attributes |= UInt16(CT_UNDERLINE) }
    if style.reverse { attributes |= UInt16(CT_REVERSE) }
    if style.italic { attributes |= UInt16(CT_ITALIC) }
    cell.attributes = attributes
    return cell
  }

  /// The nearest colour the terminal has, and whether it must be made bright by bold.
  func palette(_ color: Color) -> (Int16, Bool) {
    guard colorCount > 0, case .indexed(let index) = color else { return (-1, false) }
    var value = Int(index)
    if value >= 16, colorCount < 256 { value = Self.nearest(value) }
    if value >= 8, colorCount < 16 { return (Int16(value - 8), true) }
    return (Int16(value), false)
  }

  /// The entry of the first sixteen nearest to one of the 256, by the usual values of both.
  static func nearest(_ index: Int) -> Int {
    let target: (Int, Int, Int)
    if index >= 232 {
      let level = 8 + 10 * (index - 232)
      target = (level, level, level)
    } else {
      let steps = [0, 95, 135, 175, 215, 255]
      let cube = index - 16
      target = (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    }
    let base: [(Int, Int, Int)] = [
      (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
      (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
      (255, 255, 255),
    ]
    var best = 0
    var bestDistance = Int.max
    for (candidate, color) in base.enumerated() {
      let (r, g, b) = (color.0 - target.0, color.1 - target.1, color.2 - target.2)
      let distance = 2 * r * r + 4 * g * g + 3 * b * b
      if distance < bestDistance { (best, bestDistance) = (candidate, distance) }
    }
    return best
  }
}

/// ASCII for the signs that mathematics and our own frames use, where the locale has nothing better.
enum Transliteration {
  private static let table: [UInt32: Character] = {
    var result: [UInt32: Character] = [:]
    let pairs: [(String, String)] = [
      ("─━┄┈╌═", "------"), ("│┃┆┊╎║", "||::||"), ("┌┐└┘├┤┬┴┼╭╮╰╯", "+++++++++++++"), ("‐‑‒–—−", "------"),
      ("‘’‚‹›", "'''<>"), ("“”„«»", "\"\"\"\"\""), ("…×÷·∙•", "~x/.**"), ("≤≥≠≈≡", "<>#~="), ("→←↑↓⇒⇐", "><^v><"),
      ("✓✗○●▸▾⚑", "+xo*>v?"), ("█▉▊▋▌▍▎▏▕", "########|"), ("′″∕⁄", "'\"//"), ("∗∘", "*o"),
      ("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"), ("₀₁₂₃₄₅₆₇₈₉", "0123456789"),
    ]
    for (from, to) in pairs {
      for (scalar, character) in zip(from.unicodeScalars, to) { result[scalar.value] = character }
    }
    return result
  }()

  /// As many ASCII codes as the character has columns; `?` where there is none.
  static func ascii(_ scalar: UInt32, width: Int) -> [UInt32] {
    let code = table[scalar].flatMap { $0.asciiValue }.map(UInt32.init) ?? 0x3F
    return Array(repeating: code, count: max(1, width))
  }
}
