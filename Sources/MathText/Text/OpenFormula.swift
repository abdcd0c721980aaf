extension MathText {
  /// Where a formula or a fence begins that has no end yet, in a text that is still being written; `nil` when all are
  /// closed.
  ///
  /// Everything before that place can be laid out for good. A single dollar sign counts only where what follows looks like
  /// mathematics, for it may be an amount.
  public static func openFormula(in text: String) -> String.Index? {
    var text = text
    let offset = text.withUTF8 { OpenFormulaFinder(bytes: $0).find() }
    return offset.map { text.utf8.index(text.startIndex, offsetBy: $0) }
  }
}

/// Walks over closed formulas to the first that is not.
private struct OpenFormulaFinder {
  let bytes: UnsafeBufferPointer<UInt8>

  func find() -> Int? {
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"):
        guard at + 1 < bytes.count else { return at }
        switch bytes[at + 1] {
        case UInt8(ascii: "("):
          guard let end = end(of: "\\)", from: at + 2) else { return at }
          at = end
        case UInt8(ascii: "["):
          guard let end = end(of: "\\]", from: at + 2) else { return at }
          at = end
        case UInt8(ascii: "b") where bytes.matches("\\begin{", at):
          guard let end = environmentEnd(at) else { return at }
          at = end
        default: at += 2
        }
      case UInt8(ascii: "`") where bytes.matches("```", at):
        guard let end = end(of: "```", from: at + 3) else { return at }
        at = end
      case UInt8(ascii: "$"):
        if at + 1 == bytes.count { return at }
        if bytes[at + 1] == UInt8(ascii: "$") {
          guard let end = end(of: "$$", from: at + 2) else { return at }
          at = end
        } else if let end = dollarEnd(at + 1) {
          at = end
        } else if looksLikeMathematics(at + 1) {
          return at
        } else {
          at += 1
        }
      default: at += 1
      }
    }
    return nil
  }

  private func end(of text: StaticString, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes.matches(text, index) { return index + text.utf8CodeUnitCount }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// Behind the `\end` that belongs to a `\begin`.
  private func environmentEnd(_ start: Int) -> Int? {
    var depth = 0
    var index = start
    while index < bytes.count {
      if bytes.matches("\\begin{", index) { depth += 1 }
      if bytes.matches("\\end{", index) {
        depth -= 1
        if depth == 0 {
          guard let brace = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
          return brace + 1
        }
      }
      index += 1
    }
    return nil
  }

  /// Behind the dollar sign that closes, in the same paragraph.
  private func dollarEnd(_ start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "$"): return index + 1
      case UInt8(ascii: "\n") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n"): return nil
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The longest unclosed formula that is still expected to end, in bytes.
  private static let maximumLength = 400

  private func looksLikeMathematics(_ start: Int) -> Bool {
    let rest = bytes[start...].prefix(Self.maximumLength + 1)
    guard rest.count <= Self.maximumLength, let first = rest.first else { return false }
    var previous: UInt8 = 0
    for byte in rest {
      if byte == UInt8(ascii: "\n"), previous == byte { return false }
      previous = byte
    }
    if rest.contains(where: { "\\^_={}".utf8.contains($0) }) { return true }
    return first > 0x20 && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }
}
