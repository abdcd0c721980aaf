/// What the splitter cuts from a file.
enum Piece {
  /// The bytes of one value, with the line it starts on. `unended` marks the last line of a file that has no line end.
  case record([UInt8], line: Int, unended: Bool)
  case bad(line: Int, reason: String, remedy: String?)
}

/// Cuts a file into records without loading it.
///
/// Three layouts: a value per line (JSON Lines); one list with the records as elements; and values spread over several
/// lines one after another. The first bytes decide which.
struct RecordSplitter {
  private enum Layout {
    case lines
    case elements(ElementCutter)
  }

  private let buffer: InputBuffer
  private let limits: ReaderLimits
  private var layout = Layout.lines

  /// Reads the start of the file and decides the layout. `path` is for messages.
  init(buffer: InputBuffer, limits: ReaderLimits, path: String) throws(DatasetError) {
    self.buffer = buffer
    self.limits = limits
    while buffer.count < 32, buffer.fill() {}
    if let kind = buffer.withBytes({ FileKind(magic: $0, path: path) }) { throw kind.error }
    if buffer.count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { buffer.discard(3) }
    while true {
      let blank = buffer.trimmed(0..<buffer.count)
      buffer.discard(blank.isEmpty ? buffer.count : blank.lowerBound)
      if buffer.count > 0 { break }
      guard buffer.fill() else {
        if let failure = buffer.takeFailure() { throw failure }
        throw .empty(path: path)
      }
    }
    // One chunk is enough to tell the layouts apart.
    while buffer.count < limits.chunkBytes, buffer.fill() {}
    if buffer[0] == UInt8(ascii: "[") {
      layout = .elements(ElementCutter(.list))
    } else if buffer[0] == UInt8(ascii: "{"), !firstLineIsRecord() {
      layout = .elements(ElementCutter(.sequence))
    }
  }

  /// The next record or bad piece; `nil` at the end.
  mutating func next() -> Piece? {
    switch layout {
    case .lines: return nextLine()
    case .elements(var cutter):
      // Taken out first so that the cutter is not copied while it changes.
      layout = .lines
      defer { layout = .elements(cutter) }
      return cutter.next(buffer, limits)
    }
  }

  /// Whether the file is JSON Lines, given that it starts with `{`: the first line is a whole value or, when it is
  /// damaged, one of the next lines is. (Lines of an object that is spread out do not start with `{` unindented.)
  private func firstLineIsRecord() -> Bool {
    guard let end = buffer.newline(from: 0) else { return true }
    var scanner = ElementScanner()
    let outcome = buffer.withBytes { bytes in
      var offset = 0
      return scanner.scan(UnsafeBufferPointer(rebasing: bytes[..<end]), from: &offset)
    }
    guard case .needsMore = outcome else { return true }
    var start = end + 1
    for _ in 0..<8 where start < buffer.count {
      let lineEnd = buffer.newline(from: start) ?? buffer.count
      if buffer[start] == UInt8(ascii: "{"), isWhole(start..<lineEnd) { return true }
      start = lineEnd + 1
    }
    return false
  }

  /// Whether a line holds a whole value, or is the last one known and may continue.
  private func isWhole(_ line: Range<Int>) -> Bool {
    if line.upperBound == buffer.count, !buffer.atEnd { return true }
    return buffer.withBytes { bytes in
      var scanner = ElementScanner()
      var offset = line.lowerBound
      if case .complete = scanner.scan(UnsafeBufferPointer(rebasing: bytes[..<line.upperBound]), from: &offset) {
        return true
      }
      return false
    }
  }

  // MARK: Lines

  private mutating func nextLine() -> Piece? {
    var scanned = 0
    while true {
      if let end = buffer.newline(from: scanned) {
        let range = buffer.trimmed(0..<end)
        defer { buffer.discardLine(endingAt: end) }
        if range.count > limits.maximumRecordBytes { return tooLong(line: buffer.line) }
        if !range.isEmpty { return .record(buffer.copy(range), line: buffer.line, unended: false) }
        scanned = 0
        continue
      }
      scanned = buffer.count
      if scanned > limits.maximumRecordBytes { return skipLongLine() }
      if buffer.fill() { continue }
      let range = buffer.trimmed(0..<buffer.count)
      defer { buffer.discard(buffer.count) }
      if range.count > limits.maximumRecordBytes { return tooLong(line: buffer.line) }
      return range.isEmpty ? nil : .record(buffer.copy(range), line: buffer.line, unended: true)
    }
  }

  private func skipLongLine() -> Piece {
    let line = buffer.line
    while true {
      if let end = buffer.newline(from: 0) {
        buffer.discard(end + 1)
        break
      }
      buffer.discard(buffer.count)
      if !buffer.fill() { break }
    }
    return tooLong(line: line)
  }

  private func tooLong(line: Int) -> Piece { .tooLong(line: line, limits) }
}

extension Piece {
  static func tooLong(line: Int, _ limits: ReaderLimits) -> Piece {
    let size = limits.maximumRecordBytes
    let shown = size >= 1 << 20 ? "\(size >> 20) MiB" : "\(size) bytes"
    return .bad(
      line: line, reason: "the record is longer than the limit of \(shown)",
      remedy: "Check that the file has one record per line; if the record is right, raise the limit.")
  }
}
