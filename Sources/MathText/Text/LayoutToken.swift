/// A piece of a line: a word of prose, or a piece of a formula.
struct LayoutToken {
  var text: String
  var role: MathRole
  var width: Int
  var blank: Bool
  /// How willingly a line breaks before it, 0 for not at all; prose breaks at every blank.
  var breakCost: Int
  var source: Range<Int>

  static let proseBreak = 1
}

/// Fills lines with tokens.
struct LineFiller {
  let width: Int
  let columns: @Sendable (Character) -> Int
  /// Blanks before the first line and before the others.
  var firstIndent: [MathRun] = []
  var firstIndentWidth = 0
  var hanging = 0
  private(set) var lines: [MathLine] = []
  private var row: [MathRun] = []
  private var used = 0
  private var isEmpty = true
  private var source: Range<Int>?

  init(width: Int, columns: @escaping @Sendable (Character) -> Int) {
    self.width = max(1, width)
    self.columns = columns
  }

  private mutating func start() {
    row = lines.isEmpty ? firstIndent : hanging > 0 ? [MathBox.blankRun(hanging)] : []
    used = lines.isEmpty ? firstIndentWidth : hanging
    isEmpty = true
  }

  private mutating func flush() {
    lines.append(MathLine(runs: row, source: source))
    source = nil
    start()
  }

  private mutating func put(_ token: LayoutToken, blank: Bool) {
    if blank {
      MathBox.append([MathRun(text: " ", role: row.last?.role == token.role ? token.role : .text)], to: &row)
      used += 1
    }
    MathBox.append([MathRun(text: token.text, role: token.role)], to: &row)
    used += token.width
    isEmpty = false
    if let known = source {
      source = min(known.lowerBound, token.source.lowerBound)..<max(known.upperBound, token.source.upperBound)
    } else {
      source = token.source
    }
  }

  mutating func fill(_ tokens: [LayoutToken]) -> [MathLine] {
    start()
    var at = 0
    while at < tokens.count {
      // A chunk: what no prose blank divides.
      var end = at + 1
      var chunk = tokens[at].width
      while end < tokens.count, tokens[end].breakCost != LayoutToken.proseBreak {
        chunk += tokens[end].width + (tokens[end].blank ? 1 : 0)
        end += 1
      }
      place(tokens[at..<end], chunk)
      at = end
    }
    if !isEmpty || lines.isEmpty { flush() }
    return lines
  }

  private mutating func place(_ chunk: ArraySlice<LayoutToken>, _ chunkWidth: Int) {
    guard let first = chunk.first else { return }
    let lead = isEmpty || !first.blank ? 0 : 1
    if used + lead + chunkWidth <= width {
      emit(chunk)
      return
    }
    let room = width - hanging
    let fitsAlone = chunkWidth <= room
    let isNearlyFull = used * 5 > width * 3
    if !isEmpty, fitsAlone, chunkWidth * 5 <= room * 2 || isNearlyFull || !chunk.contains(where: { $0.breakCost > 1 }) {
      flush()
      place(chunk, chunkWidth)
      return
    }
    breakInside(chunk)
  }

  /// Breaks a chunk where it costs least; never inside a number or name that fits a line of its own.
  private mutating func breakInside(_ chunk: ArraySlice<LayoutToken>) {
    var rest = chunk
    while let first = rest.first {
      var position = used + (isEmpty || !first.blank ? 0 : 1)
      var best: (index: Int, cost: Int)?
      var index = rest.startIndex
      var fitsAll = true
      while index < rest.endIndex {
        let token = rest[index]
        if index > rest.startIndex {
          if token.breakCost > 0 {
            let waste = (width - position) * 10 / width
            let cost = token.breakCost * 4 + waste
            if position <= width, cost <= (best?.cost ?? Int.max) { best = (index, cost) }
          }
          position += token.blank ? 1 : 0
        }
        position += token.width
        if position > width {
          fitsAll = false
          break
        }
        index += 1
      }
      if fitsAll {
        emit(rest)
        return
      }
      if let best, !isEmpty, rest[best.index].breakCost > 5 {
        // Rather a new line than a break inside brackets.
        flush()
        continue
      }
      if let best {
        emit(rest[rest.startIndex..<best.index])
        flush()
        rest = rest[best.index...]
        continue
      }
      if !isEmpty {
        flush()
        continue
      }
      // No break fits: fill the line token by token, then cut.
      if index > rest.startIndex {
        emit(rest[rest.startIndex..<index])
        flush()
        rest = rest[index...]
        continue
      }
      cut(first)
      rest = rest.dropFirst()
    }
  }

  private mutating func emit(_ tokens: ArraySlice<LayoutToken>) {
    for token in tokens { put(token, blank: token.blank && !isEmpty) }
  }

  /// A token wider than a line.
  private mutating func cut(_ token: LayoutToken) {
    var part = ""
    var partWidth = 0
    for c in token.text {
      let w = columns(c)
      if used + partWidth + w > width, partWidth > 0 {
        var piece = token
        piece.text = part
        piece.width = partWidth
        put(piece, blank: false)
        flush()
        part = ""
        partWidth = 0
      }
      part.append(c)
      partWidth += w
    }
    var piece = token
    piece.text = part
    piece.width = partWidth
    put(piece, blank: false)
  }
}
