import JSON

/// Reads any JSON Lines (or one JSON list of objects), also gzipped, value by value in bounded memory: for files that
/// are not a dataset, such as a batch's output.
public final class JSONRecordReader {
  /// What `next()` gives.
  public enum Item: Sendable {
    case record(JSONView, line: Int)
    case bad(BadRecord)
  }

  /// The file, as named by the caller.
  public let path: String
  private let source: ByteSource
  private let buffer: InputBuffer
  private var splitter: RecordSplitter
  private var finished = false

  /// Opens a file.
  ///
  /// - Throws: when it cannot be opened, is empty, or is of another kind.
  public init(path: String, limits: ReaderLimits = .init()) throws(DatasetError) {
    self.path = path
    source = try ByteSource(path: path)
    buffer = InputBuffer(source: source, limits: limits)
    splitter = try RecordSplitter(buffer: buffer, limits: limits, path: path)
  }

  /// The next value; `nil` at the end of the file.
  ///
  /// - Throws: when the rest of the file cannot be read.
  public func next() throws(DatasetError) -> Item? {
    guard !finished else { return nil }
    guard let piece = splitter.next() else {
      finished = true
      if let failure = buffer.takeFailure() { throw failure }
      return nil
    }
    switch piece {
    case .bad(let line, let reason, let remedy):
      return .bad(BadRecord(file: path, line: line, reason: reason, remedy: remedy))
    case .record(let raw, let line, let unended):
      do {
        return .record(try JSONDocument(parsing: raw).root, line: line)
      } catch {
        let problem = DatasetReader.explain(error, in: raw, line: line, unended: unended)
        return .bad(BadRecord(file: path, line: line, reason: problem.reason, remedy: problem.remedy))
      }
    }
  }
}
