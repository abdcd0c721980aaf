/// Brackets that grow with what they hold.
extension BoxBuilder {
  func bracket(_ sign: String, height: Int, baseline: Int) -> MathBox {
    if sign.isEmpty { return .empty }
    if height <= 1 { return text(sign, .op) }
    let parts = ascii ? Self.asciiParts(sign) : Self.parts(sign)
    guard let parts else {
      // No tall form: the sign on the baseline.
      let single = text(sign, .op)
      var rows = [[MathRun]](repeating: [MathBox.blankRun(single.width)], count: height)
      rows[min(baseline, height - 1)] = single.rows[0]
      return MathBox(rows: rows, width: single.width, baseline: baseline)
    }
    var rows: [[MathRun]] = []
    let middle = (height - 1) / 2
    for index in 0..<height {
      var piece = parts.fill
      if index == 0 { piece = height == 2 ? parts.two.0 : parts.top }
      if index == height - 1 { piece = height == 2 ? parts.two.1 : parts.bottom }
      if index == middle, height > 2, let sign = parts.middle { piece = sign }
      rows.append([MathRun(text: piece, role: .op)])
    }
    return MathBox(rows: rows, width: 1, baseline: baseline)
  }

  struct Parts {
    var top: String
    var fill: String
    var bottom: String
    var middle: String?
    var two: (String, String)

    init(_ top: String, _ fill: String, _ bottom: String, middle: String? = nil, two: (String, String)? = nil) {
      self.top = top
      self.fill = fill
      self.bottom = bottom
      self.middle = middle
      self.two = two ?? (top, bottom)
    }
  }

  private static func parts(_ sign: String) -> Parts? {
    switch sign {
    case "(": return Parts("⎛", "⎜", "⎝")
    case ")": return Parts("⎞", "⎟", "⎠")
    case "[", "⟦": return Parts("⎡", "⎢", "⎣")
    case "]", "⟧": return Parts("⎤", "⎥", "⎦")
    case "{": return Parts("⎧", "⎪", "⎩", middle: "⎨", two: ("⎰", "⎱"))
    case "}": return Parts("⎫", "⎪", "⎭", middle: "⎬", two: ("⎱", "⎰"))
    case "|", "│": return Parts("│", "│", "│")
    case "‖": return Parts("║", "║", "║")
    case "⌊": return Parts("⎢", "⎢", "⎣")
    case "⌋": return Parts("⎥", "⎥", "⎦")
    case "⌈": return Parts("⎡", "⎢", "⎢")
    case "⌉": return Parts("⎤", "⎥", "⎥")
    case "⟨": return Parts("╱", "│", "╲", middle: "⟨")
    case "⟩": return Parts("╲", "│", "╱", middle: "⟩")
    default: return nil
    }
  }

  private static func asciiParts(_ sign: String) -> Parts? {
    switch sign {
    case "(": return Parts("/", "|", "\\")
    case ")": return Parts("\\", "|", "/")
    case "[", "⟦": return Parts("[", "[", "[")
    case "]", "⟧": return Parts("]", "]", "]")
    case "{": return Parts("/", "|", "\\", middle: "<")
    case "}": return Parts("\\", "|", "/", middle: ">")
    case "|": return Parts("|", "|", "|")
    case "⌊": return Parts("|", "|", "L")
    case "⌋": return Parts("|", "|", "J")
    case "⌈": return Parts("r", "|", "|")
    case "⌉": return Parts("7", "|", "|")
    case "⟨": return Parts("/", "|", "\\", middle: "<")
    case "⟩": return Parts("\\", "|", "/", middle: ">")
    default: return nil
    }
  }

  func fenced(_ left: String, _ body: MathBox, _ right: String) -> MathBox {
    MathBox.beside([
      bracket(left, height: body.height, baseline: body.baseline), body,
      bracket(right, height: body.height, baseline: body.baseline),
    ])
  }
}
