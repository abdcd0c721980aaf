/// Cuts the elements out of one JSON list, or out of values that follow one another over several lines.
///
/// After damage it looks for the next place that looks like the first element did: an object with the same first key,
/// at the same indentation when elements start lines, else after a comma.
struct ElementCutter {
  enum Kind { case list, sequence }

  private enum Place { case beforeList, afterComma, afterElement, first, closed }

  /// How an element starts in this file, learned from the first.
  private struct Signature {
    /// The white space before the element on its line; `nil` when elements do not start lines.
    var indentation: [UInt8]?
    /// The first key with its quotes.
    var key: [UInt8]
  }

  /// Looking for the next element again from inside one that ran to the end of the file reads that end again, so it is
  /// done only this often.
  private static let maximumRescans = 64

  private let kind: Kind
  private var place: Place
  private var signature: Signature?
  private var rescans = 0
  /// The white space since the last line end, when nothing else stood there.
  private var indentation: [UInt8]? = []

  init(_ kind: Kind) {
    self.kind = kind
    place = kind == .list ? .beforeList : .first
  }

  mutating func next(_ buffer: InputBuffer, _ limits: ReaderLimits) -> Piece? {
    if place == .beforeList {
      buffer.discard(1)
      indentation = nil
      place = .first
    }
    while true {
      guard skipSpace(buffer) else { return atEndOfFile(buffer) }
      let line = buffer.line
      let c = buffer[0]
      if place == .closed {
        while buffer.count > 0 || buffer.fill() { buffer.discard(buffer.count) }
        return .bad(
          line: line, reason: "there is more text after the end of the list",
          remedy: "Put every record inside the list.")
      }
      switch c {
      case UInt8(ascii: "]") where kind == .list:
        step(buffer)
        let dangling = place == .afterComma
        place = .closed
        if dangling { return .bad(line: line, reason: "a comma before the end of the list", remedy: nil) }
      case UInt8(ascii: ","):
        step(buffer)
        if kind == .sequence {
          return .bad(line: line, reason: "a comma between records outside a list", remedy: nil)
        }
        let missing = place != .afterElement
        place = .afterComma
        if missing { return .bad(line: line, reason: "an element is missing before this comma", remedy: nil) }
      case _ where place == .afterElement && kind == .list:
        place = .afterComma
        // The element itself may be whole, so it is read as well.
        return .bad(line: line, reason: "a comma is missing before this element", remedy: nil)
      default:
        return element(buffer, limits)
      }
    }
  }

  private mutating func step(_ buffer: InputBuffer) {
    buffer.discard(1)
    indentation = nil
  }

  /// Moves to the next byte that is not white space; false at the end of the file.
  private mutating func skipSpace(_ buffer: InputBuffer) -> Bool {
    while true {
      let rest = buffer.trimmed(0..<buffer.count)
      let space = rest.isEmpty ? buffer.count : rest.lowerBound
      for i in 0..<space {
        if buffer[i] == 0x0A { indentation = [] } else { indentation?.append(buffer[i]) }
        if let n = indentation?.count, n > 256 { indentation = nil }
      }
      buffer.discard(space)
      if buffer.count > 0 { return true }
      if !buffer.fill() { return false }
    }
  }

  private mutating func atEndOfFile(_ buffer: InputBuffer) -> Piece? {
    guard kind == .list, place != .closed else { return nil }
    place = .closed
    // A damaged gzip file says so itself.
    if buffer.failure != nil { return nil }
    return .bad(
      line: buffer.line, reason: "the list is not closed: the file is cut off after its last whole element",
      remedy: "Get the whole file again.")
  }

  private mutating func element(_ buffer: InputBuffer, _ limits: ReaderLimits) -> Piece {
    if signature == nil { learn(buffer) }
    let line = buffer.line
    var scanner = ElementScanner()
    var offset = 0
    var tooLong = false
    while true {
      switch buffer.withBytes({ scanner.scan($0, from: &offset) }) {
      case .complete(let end):
        defer {
          buffer.discard(end)
          indentation = nil
          place = .afterElement
        }
        if end == 0 {
          // A stray "}": not a value, and it has to be moved past.
          return stray(buffer, line)
        }
        if tooLong || end > limits.maximumRecordBytes { return .tooLong(line: line, limits) }
        return .record(buffer.copy(0..<end), line: line, unended: false)
      case .damaged(let reason):
        let found = resynchronise(buffer, from: tooLong ? 0 : 1)
        return .bad(line: line, reason: "\(reason)\(found ? "" : Self.lost)", remedy: nil)
      case .needsMore:
        if tooLong || buffer.count > limits.maximumRecordBytes {
          tooLong = true
          buffer.discard(buffer.count)
          offset = 0
        }
        if buffer.fill() { continue }
        return cutOff(buffer, line, tooLong: tooLong)
      }
    }
  }

  private static let lost = "; later elements cannot be separated, so the rest of the file is lost"

  private mutating func stray(_ buffer: InputBuffer, _ line: Int) -> Piece {
    let found = resynchronise(buffer, from: 1)
    return .bad(line: line, reason: "a value is expected\(found ? "" : Self.lost)", remedy: nil)
  }

  /// The file ended inside an element.
  private mutating func cutOff(_ buffer: InputBuffer, _ line: Int, tooLong: Bool) -> Piece {
    if kind == .sequence, !tooLong, rescans == 0, buffer.trimmed(0..<buffer.count).isEmpty {
      buffer.discard(buffer.count)
    }
    rescans += 1
    let found = !tooLong && rescans <= Self.maximumRescans && resynchronise(buffer, from: 1)
    if !found {
      buffer.discard(buffer.count)
      place = .closed
    }
    if tooLong {
      return .bad(line: line, reason: "the record is longer than the limit and the file ends inside it", remedy: nil)
    }
    return .bad(
      line: line,
      reason: found
        ? "the record that starts here is never closed" : "the file ends inside the record that starts here",
      remedy: found ? nil : "The file is cut off; get the whole file again.")
  }

  // MARK: Finding the next element after damage

  private mutating func learn(_ buffer: InputBuffer) {
    while buffer.count < 4096, buffer.fill() {}
    guard buffer[0] == UInt8(ascii: "{") else { return }
    var i = 1
    while i < buffer.count, isJSONSpace(buffer[i]) { i += 1 }
    guard i < buffer.count, buffer[i] == UInt8(ascii: "\"") else { return }
    var end = i + 1
    while end < min(buffer.count, i + 256), buffer[end] != UInt8(ascii: "\"") { end += 1 }
    guard end < buffer.count, buffer[end] == UInt8(ascii: "\"") else { return }
    signature = Signature(indentation: indentation, key: buffer.copy(i..<(end + 1)))
  }

  /// Moves to the next element start at or after `offset`; false (and everything discarded) when there is none.
  private mutating func resynchronise(_ buffer: InputBuffer, from offset: Int) -> Bool {
    // Damage before the first element is known: any object with a key will do.
    let signature = signature ?? Signature(indentation: indentation, key: [UInt8(ascii: "\"")])
    // Room to look back for the indentation or the comma and ahead for the key.
    let margin = 1024
    var i = offset
    while true {
      let limit = buffer.atEnd ? buffer.count : buffer.count - margin
      while i < limit {
        let bytes = buffer.withBytes { bytes in bytes[i..<limit].firstIndex(of: UInt8(ascii: "{")) }
        guard let brace = bytes else {
          i = limit
          break
        }
        if matches(signature, buffer, at: brace) {
          buffer.discard(brace)
          indentation = signature.indentation
          place = .afterComma
          return true
        }
        i = brace + 1
      }
      if buffer.atEnd {
        buffer.discard(buffer.count)
        place = .closed
        return false
      }
      let keep = max(0, i - margin)
      buffer.discard(keep)
      i -= keep
      _ = buffer.fill()
    }
  }

  private func matches(_ signature: Signature, _ buffer: InputBuffer, at brace: Int) -> Bool {
    if let indentation = signature.indentation {
      let lineStart = brace - indentation.count
      guard lineStart > 0, buffer[lineStart - 1] == 0x0A else { return false }
      for k in indentation.indices where buffer[lineStart + k] != indentation[k] { return false }
    } else {
      var k = brace - 1
      while k >= 0, isJSONSpace(buffer[k]) { k -= 1 }
      guard k >= 0, buffer[k] == UInt8(ascii: ",") else { return false }
    }
    var i = brace + 1
    while i < buffer.count, isJSONSpace(buffer[i]) { i += 1 }
    guard i + signature.key.count <= buffer.count else { return false }
    for k in signature.key.indices where buffer[i + k] != signature.key[k] { return false }
    return true
  }
}
