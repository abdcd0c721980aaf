import Formatting
import Foundation
import Terminal

/// A file of a recording that cannot be written or read, as a sentence with its remedy.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String

  /// A problem from its sentence.
  public init(_ description: String) { self.description = description }
}

/// Turns frames into the lines of a cast.
struct CastLines {
  private let version: CastVersion
  private var last: Frame?
  private var size: Size
  private var before = 0

  init(_ header: CastHeader) {
    version = header.version
    size = header.size
  }

  /// The lines for a frame: none when nothing differs.
  mutating func lines(_ frame: Frame, at time: Int) -> [String] {
    var lines: [String] = []
    if frame.size != size {
      size = frame.size
      last = nil
      lines.append(event("r", "\(size.width)x\(size.height)", time))
    }
    let output = last.map { ScreenDifference.between($0, frame) } ?? ScreenDifference.whole(frame)
    last = frame
    if !output.isEmpty { lines.append(event("o", output, time)) }
    return lines
  }

  mutating func mark(_ label: String, at time: Int) -> String { event("m", TextSafety.line(label), time) }

  /// The last lines. The exit status is part of version 3 only.
  mutating func end(at time: Int, status: Int) -> [String] {
    let lines = [event("o", ScreenDifference.end(size), time)]
    return version == .two ? lines : lines + [event("x", String(status), time)]
  }

  private mutating func event(_ code: String, _ data: String, _ time: Int) -> String {
    let time = max(time, before)
    defer { before = time }
    let shown = version == .two ? time : time - before
    return "[\(CastJSON.seconds(shown)), \"\(code)\", \(CastJSON.line(data))]"
  }
}

extension Film {
  /// The film as a cast, as text.
  public func cast(_ header: CastHeader) -> String {
    var header = header
    if let first = frames.first { header.size = first.frame.size }
    var lines = CastLines(header)
    var out = [header.line]
    for entry in frames { out += lines.lines(entry.frame, at: entry.at) }
    out += lines.end(at: duration, status: 0)
    return out.joined(separator: "\n") + "\n"
  }
}

/// Writes a cast while the screen is shown, each line at once: what a crash leaves behind is a cast.
public final class CastWriter {
  /// The file.
  public let path: String
  private let descriptor: Int32
  private var lines: CastLines
  private var isOpen = true

  /// Begins a file.
  ///
  /// - Throws: ``RecordingError`` when it cannot be made, or already exists: a recording is never overwritten.
  public init(path: String, header: CastHeader) throws(RecordingError) {
    self.path = path
    lines = CastLines(header)
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST {
        throw RecordingError("\(path): there is such a file already. Name one that is not there yet.")
      }
      throw RecordingError(
        "\(path): the recording cannot be begun: \(String(cString: strerror(errno))). Name a file in a folder that you "
          + "may write to.")
    }
    try write([header.line])
  }

  deinit { if isOpen { close(descriptor) } }

  /// Adds a frame, if it differs from the one before.
  public func show(_ frame: Frame, at milliseconds: Int) throws(RecordingError) {
    try write(lines.lines(frame, at: milliseconds))
  }

  /// Adds a marker, which players offer as a chapter.
  public func mark(_ label: String, at milliseconds: Int) throws(RecordingError) {
    try write([lines.mark(label, at: milliseconds)])
  }

  /// Ends the file.
  public func end(at milliseconds: Int, status: Int = 0) throws(RecordingError) {
    guard isOpen else { return }
    defer {
      isOpen = false
      close(descriptor)
    }
    try write(lines.end(at: milliseconds, status: status))
  }

  private func write(_ lines: [String]) throws(RecordingError) {
    guard isOpen, !lines.isEmpty else { return }
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        let reason = String(cString: strerror(errno))
        throw RecordingError(
          "\(path): the recording ends here: \(Clause.of(reason)). What was written so far can be played.")
      }
      done += count
    }
  }
}

/// Records what a screen shows, as time goes by.
public final class ScreenRecorder {
  private let writer: CastWriter
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: Frame?
  /// Why nothing is recorded any more.
  public private(set) var problem: RecordingError?

  /// Begins a file; see ``CastWriter``.
  public init(path: String, header: CastHeader) throws(RecordingError) {
    writer = try CastWriter(path: path, header: header)
    start = clock.now
  }

  /// Takes what is shown now. A file that cannot be written any more ends the recording, not the session.
  public func show(_ canvas: Canvas) {
    let frame = Frame(canvas, after: last)
    last = frame
    attempt { () throws(RecordingError) in try writer.show(frame, at: now) }
  }

  /// Ends the file.
  public func end(status: Int = 0) {
    attempt { () throws(RecordingError) in try writer.end(at: now, status: status) }
  }

  private var now: Int { Int((clock.now - start) / .milliseconds(1)) }

  private func attempt(_ body: () throws(RecordingError) -> Void) {
    guard problem == nil else { return }
    do { try body() } catch { problem = error }
  }
}
