/// The text as it was written, wrapped.
enum SourceLayout {
  static func lines(_ text: String, _ options: MathOptions) -> [MathLine] {
    let bytes = Array(text.utf8)
    let width = max(1, options.width)
    var roles: [(range: Range<Int>, role: MathRole)] = []
    for piece in TextScanner.pieces(of: bytes) {
      switch piece.kind {
      case .prose: roles.append((piece.range, .text))
      case .code, .codeBlock: roles.append((piece.range, .code))
      default: roles.append((piece.range, .source))
      }
    }
    var result: [MathLine] = []
    var part = 0
    var at = 0
    repeat {
      var end = at
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      var tokens: [LayoutToken] = []
      var start = at
      var blanks = 0
      func add(_ stop: Int) {
        while part < roles.count, roles[part].range.upperBound <= start { part += 1 }
        let role = part < roles.count ? roles[part].role : .text
        let text =
          String(repeating: " ", count: blanks > 1 ? min(blanks - 1, width) : 0)
          + MathString.clean(String(decoding: bytes[start..<stop], as: UTF8.self))
        tokens.append(
          LayoutToken(
            text: text, role: role, width: text.reduce(0) { $0 + options.columns($1) }, blank: blanks > 0,
            breakCost: blanks > 0 ? 1 : 0,
            source: start..<stop))
        blanks = 0
      }
      var index = at
      while index <= end {
        let isEnd = index == end
        let isBlank = !isEnd && (bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D)
        let isBorder = !isEnd && part < roles.count && index == roles[part].range.upperBound && index > start
        if isEnd || isBlank || isBorder {
          if index > start { add(index) }
          start = index
          if isEnd { break }
          if isBlank {
            blanks += 1
            start = index + 1
          } else {
            part += 1
          }
        }
        index += 1
      }
      var filler = LineFiller(width: width, columns: options.columns)
      if let first = tokens.first, first.blank {
        tokens[0].text = " " + first.text; tokens[0].width += 1; tokens[0].blank = false
      }
      result.append(contentsOf: filler.fill(tokens))
      at = end + 1
    } while at < bytes.count
    return result
  }
}
