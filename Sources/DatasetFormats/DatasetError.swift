import Formatting

/// Why a file as a whole cannot be read. Every case reads as a sentence a person can act on.
public enum DatasetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file is absent, not a regular file, or may not be read.
  case cannotOpen(path: String, reason: String)
  /// There is no record in the file.
  case empty(path: String)
  /// No format's keys fit the first record (or the review log's version is not ours).
  case unknownFormat(path: String, hint: String)
  /// Nothing at the start of the file is JSON.
  case notJSON(path: String, line: Int, reason: String)
  /// The file is Apache Parquet.
  case parquet(path: String)
  /// Another known kind of file (an archive, a web page, a Git LFS pointer …), with what to do.
  case otherKind(path: String, kind: String, remedy: String)
  /// The system could not continue reading.
  case readFailed(path: String, reason: String)
  /// Compressed data is damaged or cut off. The records before the damage were delivered.
  case gzip(path: String, reason: String)

  /// A sentence that names the file, and what to do where something can be done.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(Clause.of(reason))."
    case .empty(let path): "\(path) holds no records."
    case .unknownFormat(let path, let hint): "The format of \(path) is not known: \(hint)."
    case .notJSON(let path, let line, let reason):
      "\(path) is not JSON or JSON Lines: line \(line): \(Clause.of(reason))."
    case .parquet(let path):
      "\(path) is a Parquet file. Convert it first: " + Self.parquetCommand(path)
    case .otherKind(let path, let kind, let remedy): "\(path) is \(kind). \(remedy)"
    case .readFailed(let path, let reason): "Reading \(path) failed: \(Clause.of(reason))."
    case .gzip(let path, let reason): "\(path) is a damaged gzip file: \(Clause.of(reason))."
    }
  }

  /// A shell command that writes a Parquet file's rows as JSON Lines.
  private static func parquetCommand(_ path: String) -> String {
    let program =
      "import sys,json,pyarrow.parquet as p;"
      + "[print(json.dumps(r,default=str)) for b in p.ParquetFile(sys.argv[1]).iter_batches() for r in b.to_pylist()]"
    return "python3 -c '\(program)' \(ShellWords.quoted(path)) > converted.jsonl"
  }
}

/// A record that could not be used, with its place and the reason. The reader continues with the next one.
public struct BadRecord: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, as named when it was opened.
  public var file: String
  /// The 1-based line where the record starts.
  public var line: Int
  /// A clause that says what is wrong, naming the field ("label.steps[2].completions[0].rating is 5, not …").
  public var reason: String
  /// What to do about it, when there is something.
  public var remedy: String?

  /// `file:line: reason`, as compilers write it.
  public var description: String { "\(file):\(line): \(reason)" }

  /// A bad record with its place and reason.
  public init(file: String, line: Int, reason: String, remedy: String? = nil) {
    self.file = file
    self.line = line
    self.reason = reason
    self.remedy = remedy
  }
}

/// Why one record's content does not fit a format, in either direction.
public struct RecordError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A clause that names the field and what it should be.
  public var reason: String
  /// What to do about it, when there is something.
  public var remedy: String?

  /// The reason, with the remedy in brackets.
  public var description: String { remedy.map { "\(reason) (\($0))" } ?? reason }

  /// An error with its reason.
  public init(_ reason: String, remedy: String? = nil) {
    self.reason = reason
    self.remedy = remedy
  }
}
