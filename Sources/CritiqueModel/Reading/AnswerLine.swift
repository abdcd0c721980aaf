/// The line that says which step is wrong: "**Answer**: \boxed{3}".
package enum AnswerLine {
  private static let word = Array("answer".utf8)

  /// Whether one of a text's lines is one.
  package static func stands(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    while start < text.count {
      if begins(text[start...]) { return true }
      while start < text.count, text[start] != 0x0A { start += 1 }
      start += 1
    }
    return false
  }

  /// Whether a text begins with "Answer:", whatever marks stand around the word.
  package static func begins(_ text: some Sequence<UInt8>) -> Bool {
    var bytes = text.makeIterator()
    var byte = bytes.next()
    while let one = byte, "*#_> \t".utf8.contains(one) { byte = bytes.next() }
    for expected in word {
      guard let one = byte, one | 0x20 == expected else { return false }
      byte = bytes.next()
    }
    while let one = byte, "*_ ".utf8.contains(one) { byte = bytes.next() }
    return byte == UInt8(ascii: ":")
  }
}
