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
  func closingDollar() -> Int? {
    var end = at + 1
    while end < bytes.count, bytes[end] != 0x24 {
      if bytes[end] == 0x5C { end += 1 }
      if bytes[end < bytes.count ? end : at] == 0x0A, byte(end + 1) == 0x0A { return nil }
      end += 1
    }
    guard end < bytes.count, end > at + 1 else { return nil }
    let body = bytes[(at + 1)..<end]
    let hasCommand = body.contains(0x5C)
    let first = byte(at + 1)
    let last = byte(end - 1)
    if hasCommand { return isBalanced(body) && !readsAsSentence(body) ? end : nil }
    let startsBlank = first == 0x20 || first == 0x0A
    let endsBlank = last == 0x20 || last == 0x0A
    if endsBlank, !startsBlank { return nil }
    if isDigit(byte(end + 1)) { return nil }
    if byte(end + 1) == 0x24 { return nil }
    if startsBlank || isDigit(first) || first == 0x2E {
      // $5 … $: money, unless what stands between reads as a formula.
      if hasProse(body) { return nil }
    } else if hasLongProse(body) {
      return nil
    }
    return end
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

  /// Whether a word of two letters or more stands in it.
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
