/// What the public evaluation scripts read out of a text: `re.findall(r'\\boxed\{([^}]*)\}', text)[-1].strip()`, then
/// Python's `int`.
enum ReferenceBox {
  private static let opening = Array("\\boxed{".utf8)

  /// The last match's group without white space around it; `nil` when nothing matches.
  static func last(in text: UnsafeBufferPointer<UInt8>) -> String? {
    guard var end = text.lastIndex(of: UInt8(ascii: "}")) else { return nil }
    // Matches do not overlap, and a group runs to the next "}". So the last match belongs to the last "}" that has a
    // "\boxed{" between it and the "}" before; of several there, the first one begins the match.
    while true {
      let before = text[..<end].lastIndex(of: UInt8(ascii: "}"))
      let start = before.map { $0 + 1 } ?? 0
      if let open = first(in: text, from: start, to: end) {
        return stripped(String(decoding: text[(open + opening.count)..<end], as: UTF8.self))
      }
      guard let before else { return nil }
      end = before
    }
  }

  private static func first(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var i = start
    while i + opening.count <= end {
      if text[i] == opening[0], opening.indices.allSatisfy({ text[i + $0] == opening[$0] }) { return i }
      i += 1
    }
    return nil
  }

  /// Python's `str.strip()`.
  static func stripped(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// Python's `str.isspace()`: also the four information separators.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// Python's `int(text)`: a sign, decimal digits of any script, single underscores between them. `nil` where that
  /// raises, and for numbers beyond 64 bits, which are not steps either.
  static func integer(_ text: String) -> Int? {
    var scalars = Substring(stripped(text)).unicodeScalars
    var isNegative = false
    if let sign = scalars.first, sign == "+" || sign == "-" {
      isNegative = sign == "-"
      scalars.removeFirst()
    }
    var value = 0
    var lastWasDigit = false
    for scalar in scalars {
      if scalar == "_" {
        guard lastWasDigit else { return nil }
        lastWasDigit = false
        continue
      }
      guard scalar.properties.generalCategory == .decimalNumber, let digit = scalar.properties.numericValue else {
        return nil
      }
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overAgain) = tens.addingReportingOverflow(Int(digit))
      guard !over, !overAgain else { return nil }
      value = sum
      lastWasDigit = true
    }
    guard lastWasDigit else { return nil }
    return isNegative ? -value : value
  }
}
