extension TextScanner {
  // MARK: Dollars

  mutating func dollar() {
    if byte(at + 1) == 0x24 {
      if !noDoubleDollar, let end = find("$$", from: at + 2) {
        if end > at + 2 { add(.display, at..<(end + 2), (at + 2)..<end) } else { at += 4 }
      } else {
        noDoubleDollar = true
        at += 2
      }
      at = min(at, bytes.count)
      return
    }
    guard let end = closingDollar() else {
      at += 1
      return
    }
    add(.inline, at..<(end + 1), (at + 1)..<end)
  }

  /// The dollar that closes the one at `at`, unless the two are amounts of money.
  mutating func closingDollar() -> Int? {
    guard let end = nextDollar(at + 1), end > at + 1 else { return nil }
    let body = bytes[(at + 1)..<end]
    let hasCommand = body.contains(0x5C)
    let first = byte(at + 1)
    let last = byte(end - 1)
    if hasCommand { return isBalanced(body) && !readsAsSentence(body) ? end : nil }
    let startsBlank = first == 0x20 || first == 0x0A
    let endsBlank = last == 0x20 || last == 0x0A
    if endsBlank, !startsBlank { return nil }
    if isDigit(byte(end + 1)) { return nil }
    if byte(end + 1) == 0x24, startsBlank || !hasNeighbour(end + 1) { return nil }
    if startsBlank || isDigit(first) || first == 0x2E {
      // $5 … $: money, unless what stands between reads as a formula.
      if hasProse(body) { return nil }
    } else if hasLongProse(body) {
      return nil
    }
    return end
  }

  /// The next dollar in the same paragraph.
  private func nextDollar(_ start: Int) -> Int? {
    var end = start
    while end < bytes.count, bytes[end] != 0x24 {
      if bytes[end] == 0x5C { end += 1 }
      if bytes[end < bytes.count ? end : start - 1] == 0x0A, byte(end + 1) == 0x0A { return nil }
      end += 1
    }
    return end < bytes.count ? end : nil
  }

  /// Whether at `start`, directly behind a formula, another begins and ends ($p=2$$q=3$), or a display.
  private mutating func hasNeighbour(_ start: Int) -> Bool {
    if byte(start + 1) == 0x24 { return true }
    if start < neighboursEnd { return areNeighbours }
    var opening = start
    while true {
      guard let end = nextDollar(opening + 1), end > opening + 1, byte(opening + 1) > 0x20, byte(end - 1) > 0x20,
        !hasLongProse(bytes[(opening + 1)..<end])
      else {
        areNeighbours = false
        break
      }
      guard byte(end + 1) == 0x24 else {
        areNeighbours = !isDigit(byte(end + 1))
        break
      }
      opening = end + 1
    }
    neighboursEnd = opening + 1
    return areNeighbours
  }

  /// Whether its braces pair and no other formula begins or ends in it.
  func isBalanced(_ body: ArraySlice<UInt8>) -> Bool {
    var level = 0
    var index = body.startIndex
    while index < body.endIndex {
      switch body[index] {
      case 0x5C:
        index += 1
        if index < body.endIndex, [0x28, 0x29, 0x5B, 0x5D].contains(body[index]) { return false }
      case 0x7B: level += 1
      case 0x7D:
        level -= 1
        if level < 0 { return false }
      default: break
      }
      index += 1
    }
    return level == 0
  }

  /// Whether more than four words stand outside all braces, as between two amounts of money.
  func readsAsSentence(_ body: ArraySlice<UInt8>) -> Bool {
    var level = 0
    var words = 0
    var run = 0
    var isCommand = false
    for byte in body {
      if LatexTokenizer.isLetter(byte) {
        run += 1
        continue
      }
      if run > 2, level == 0, !isCommand { words += 1 }
      run = 0
      isCommand = byte == 0x5C
      if byte == 0x7B { level += 1 }
      if byte == 0x7D { level -= 1 }
    }
    return words > 4
  }

  func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Whether it has a word of two letters or more.
  func hasProse(_ body: ArraySlice<UInt8>) -> Bool { longestWords(body, 2) > 0 }

  /// Whether it reads as a sentence: three words of three letters or more.
  func hasLongProse(_ body: ArraySlice<UInt8>) -> Bool { longestWords(body, 3) > 2 }

  func longestWords(_ body: ArraySlice<UInt8>, _ length: Int) -> Int {
    var count = 0
    var run = 0
    for byte in body {
      if LatexTokenizer.isLetter(byte) {
        run += 1
      } else {
        if run >= length { count += 1 }
        run = 0
      }
    }
    if run >= length { count += 1 }
    return count
  }
}
