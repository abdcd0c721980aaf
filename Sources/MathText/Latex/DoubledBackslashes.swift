/// LaTeX that was escaped twice on its way: `\\frac{3}{4}` for `\frac{3}{4}`.
enum DoubledBackslashes {
  /// The formula with each pair of backslashes made one; `nil` when it was not escaped twice.
  ///
  /// `\\` also ends a row. A formula counts as escaped twice when its backslashes all come in pairs and one pair stands
  /// directly before the name of a command.
  static func halved(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    var at = range.lowerBound
    var hasCommand = false
    while at < range.upperBound {
      guard bytes[at] == 0x5C else {
        at += 1
        continue
      }
      let start = at
      while at < range.upperBound, bytes[at] == 0x5C { at += 1 }
      if !(at - start).isMultiple(of: 2) { return nil }
      if !hasCommand, let name = name(bytes, at, range.upperBound), isCommand(name) { hasCommand = true }
    }
    guard hasCommand else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    at = range.lowerBound
    while at < range.upperBound {
      result.append(bytes[at])
      at += bytes[at] == 0x5C ? 2 : 1
    }
    return result
  }

  /// The letters from `start` on, two or more.
  static func name(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String? {
    var at = start
    while at < end, LatexTokenizer.isLetter(bytes[at]) { at += 1 }
    return at - start > 1 && at - start < 30 ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
  }

  static func isCommand(_ name: String) -> Bool {
    LatexParser.isMathematics(name) || LatexParser.fonts[name] != nil || LatexParser.spaces[name] != nil
      || name == "begin" || name == "end"
  }

  /// Whether a row ends here and a command follows that lost its backslash: `\\frac{3}{4}` beside other commands. A short
  /// name could be a word.
  static func startsCommand(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    guard let name = name(bytes, start, end), isCommand(name) else { return false }
    let next = start + name.utf8.count
    return name.utf8.count > 2 || next < end && bytes[next] == 0x7B
  }
}
