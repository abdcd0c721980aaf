import JSON

/// Reads a dataset file record by record, whatever its format, layout (JSON Lines, a list, objects over several lines)
/// or compression (gzip), in bounded memory.
///
/// A record that cannot be used comes as `Item.bad` with its line and reason, and reading continues; an error is thrown
/// only when the file as a whole cannot be read further, after everything before it has been delivered.
public final class DatasetReader {
  /// What `next()` gives.
  public enum Item: Sendable {
    case record(SourceRecord)
    case bad(BadRecord)
  }

  /// The file, as named by the caller.
  public let path: String
  /// The format of the records: asked for, or found from the first valid record.
  public let format: DatasetFormat
  /// The header line of a review log export, as it is; `nil` for other formats.
  public let header: [UInt8]?

  private let source: ByteSource
  private let buffer: InputBuffer
  private var splitter: RecordSplitter
  private var document: JSONDocument
  /// What the search for the format has read already, last first.
  private var pending: [Piece]
  private var finished = false

  /// Opens a file and finds its format.
  ///
  /// - Parameters:
  ///   - asked: `nil` to tell the format from the keys of the first valid record. When given, records of another shape are
  ///     bad.
  /// - Throws: when the file cannot be opened, is empty, is of another kind, or its format is not known.
  public init(path: String, format asked: DatasetFormat? = nil, limits: ReaderLimits = .init()) throws(DatasetError) {
    self.path = path
    let source = try ByteSource(path: path)
    let buffer = InputBuffer(source: source, limits: limits)
    var splitter = try RecordSplitter(buffer: buffer, limits: limits, path: path)
    var document = JSONDocument()
    var found = asked
    var header: [UInt8]?
    var read: [Piece] = []
    if asked == nil || asked == .generic, let text = try WrittenText.record(in: buffer, path: path) {
      // A text is one record, and there is nothing after it.
      read = [text]
      found = .generic
    } else if asked == nil || asked == .reviews {
      (found, header) = try FormatDetector.search(&splitter, buffer, &document, &read, path, limits, asked)
    } else {
      guard let first = splitter.next() else {
        if let failure = buffer.takeFailure() { throw failure }
        throw .empty(path: path)
      }
      read = [first]
    }
    guard let found else { throw .empty(path: path) }
    self.format = found
    self.header = header
    self.source = source
    self.buffer = buffer
    self.splitter = splitter
    self.document = document
    pending = read.reversed()
  }

  /// Bytes of the file on disk used so far: for progress.
  public var bytesRead: Int64 { source.bytesRead }

  /// The size of the file on disk, compressed or not: for progress.
  public var totalBytes: Int64 { source.totalBytes }

  /// The next record or bad record; `nil` at the end of the file.
  public func next() throws(DatasetError) -> Item? {
    if let piece = pending.popLast() { return item(piece) }
    guard !finished else { return nil }
    if let piece = splitter.next() { return item(piece) }
    finished = true
    if let failure = buffer.takeFailure() { throw failure }
    return nil
  }

  private func item(_ piece: Piece) -> Item {
    switch piece {
    case .bad(let line, let reason, let remedy):
      return .bad(BadRecord(file: path, line: line, reason: reason, remedy: remedy))
    case .record(let raw, let line, let unended):
      do throws(RecordError) {
        do {
          try document.parse(raw)
        } catch {
          throw Self.explain(error, in: raw, line: line, unended: unended)
        }
        let content = try RecordDecoder.content(of: document.root, format: format)
        return .record(
          SourceRecord(raw: raw, line: line, format: format, hash: document.canonicalHash, content: content))
      } catch {
        return .bad(BadRecord(file: path, line: line, reason: error.reason, remedy: error.remedy))
      }
    }
  }

  /// Puts a parser's error into words, with the file's own line for a record of several lines.
  static func explain(_ error: JSONError, in raw: [UInt8], line: Int, unended: Bool) -> RecordError {
    let before = raw.prefix(error.offset)
    let lines = before.count { $0 == 0x0A }
    let column = error.offset - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    let place = lines > 0 ? "line \(line + lines), byte \(column)" : "byte \(column)"
    // Only an error at the very end, or a text that never closes, comes from a missing rest.
    let cut = unended && (error.offset >= raw.count || error.reason.hasSuffix("never closed"))
    return RecordError(
      cut ? "the last line is cut off: \(error.reason) (\(place))" : "not valid JSON: \(error.reason) (\(place))",
      remedy: cut ? "The file is incomplete; get the whole file again." : nil)
  }
}
