import Formatting
import Foundation
import JSON
import Terminal

/// Buffered standard output that notices when it cannot be written.
final class StandardOutput {
  private var buffer: [UInt8] = []

  init() { buffer.reserveCapacity(Self.limit) }

  private static let limit = 64 << 10

  func write(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.limit { try flush() }
  }

  func writeLine(_ text: String) throws {
    try write(text.utf8)
    try write(CollectionOfOne(0x0A))
  }

  /// Must be called at the end: there is no `deinit` that could report a full disk.
  func flush() throws {
    var done = 0
    while done < buffer.count {
      let count = buffer.withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let number = errno
        buffer.removeAll(keepingCapacity: true)
        if number == EPIPE { throw ClosedPipeError() }
        let reason = String(cString: strerror(number))
        throw CommandError(
          "standard output cannot be written to: \(Clause.of(reason)). Free some space, or write elsewhere.")
      }
      done += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes lines and flushes.
  static func write(lines: some Sequence<String>) throws {
    let output = StandardOutput()
    for line in lines { try output.writeLine(line) }
    try output.flush()
  }
}

/// Standard output is a pipe that is read no more.
struct ClosedPipeError: Error, CustomStringConvertible {
  var description: String { "standard output is read no more." }
}

/// The three descriptors that every process begins with.
enum StandardStreams {
  /// Makes writing to them safe: none is free for a file that is opened later, so that no message goes into a database,
  /// and a pipe that is read no more is an error of the write instead of a signal in the middle of a transaction.
  static func secure() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // Opens the lowest free one: this. What was closed for writing stays closed: output is an error, not lost.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

/// What is written to the person: one sanitized line at a time.
enum StandardError {
  /// Longest line: an error that quotes a record must not fill the screen with it.
  static let limit = 1000

  /// Writes a line.
  static func write(_ text: String) {
    draw(clip(TextSafety.line(text), to: limit) + "\n")
  }

  /// Whether what was written can be drawn over.
  static var redraws: Bool {
    let term = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return isatty(STDERR_FILENO) == 1 && !term.isEmpty && term != "dumb"
  }

  /// Writes what may move the cursor, as it is.
  ///
  /// Where it cannot be written (a closed descriptor, a full disk, a pipe that nobody reads) it is dropped: what the person is
  /// told must not end the work that it is about.
  static func draw(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes what is wrong, as a sentence.
  static func report(_ sentence: String) { write("deepcritic: " + sentence) }

  /// Writes which requests failed.
  static func report(_ failures: [(reason: String, count: Int, detail: String)]) {
    for (reason, count, detail) in failures {
      report("\(Figures.count(count, "request")) failed (\(reason)). \(detail)")
    }
  }
}

/// JSON for other programs: sorted keys, so that equal values give equal bytes.
enum JSONOutput {
  static func line(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder.sorted
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The same JSON with every character that could act on a terminal as \\uXXXX. Such characters are in strings only,
  /// where that means the same.
  static func escaped(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: actsOnTerminals) else { return json }
    var out = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if actsOnTerminals(scalar) {
        out.append(contentsOf: "\\u\(Hex.padded(scalar.value))".unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }

  /// Controls (blanks and line ends, which may stand between values, are none), line separators, and what turns the
  /// direction of writing.
  private static func actsOnTerminals(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0x2028, 0x2029: true
    default: scalar.isControl || scalar.turnsDirection
    }
  }

  /// Writes one value as a document.
  static func write(_ value: some Encodable) throws {
    try StandardOutput.write(lines: [line(value, pretty: true)])
  }
}

/// What the terminal behind a descriptor looks like.
enum Screen {
  /// Columns, when the descriptor is a terminal that says so.
  static func columns(_ descriptor: Int32) -> Int? { size(descriptor)?.columns }

  static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Cuts a sanitized line to the terminal's width; leaves it whole for a pipe or file.
  static func fit(_ text: String, _ columns: Int?) -> String {
    guard let columns else { return text }
    return clip(text, to: columns, ellipsis: TerminalChecks.localeIsUTF8 ? "…" : "...")
  }

  /// A table of texts that may come from files: as wide as the terminal, or whole for a pipe or file.
  ///
  /// - Parameter isCut: whether a line ends where the terminal does.
  static func lines(_ table: TextTable, isCut: Bool = true) -> [String] {
    let lines = table.mapCells(TextSafety.line).lines(width: DisplayWidth.of)
    return isCut ? lines.map { fit($0, columns(STDOUT_FILENO)) } : lines
  }

  /// Pads to a width in columns.
  static func pad(_ text: String, _ columns: Int, right: Bool = false) -> String {
    TextTable.pad(text, to: columns, left: right, width: DisplayWidth.of)
  }
}
