import DeepCriticCore
import Foundation
import Terminal

/// One line of a session's log.
public struct LogEntry: Codable, Sendable, Hashable {
  /// Milliseconds since the session began.
  public var at: Int
  /// What happened; exactly one of these is set.
  public var key: String?
  /// Text that was pasted.
  public var paste: String?
  /// What was done with the mouse: kind, column and row ("press 3 7").
  public var pointer: String?
  /// Columns and rows of the screen, when they changed.
  public var size: [Int]?
  /// Text that came back from the editor.
  public var edited: String?
  /// Said in the line above the hints: what the key did. Replaying looks at the screen, not at this.
  public var said: String?

  var event: InputEvent? {
    if let key { return Key(key).map(InputEvent.key) }
    if let paste { return .paste(paste) }
    if let parts = pointer?.split(separator: " "), parts.count == 3, let x = Int(parts[1]), let y = Int(parts[2]),
      (0..<Size.limit).contains(x), (0..<Size.limit).contains(y),
      let kind = PointerEvent.Kind(rawValue: String(parts[0]))
    {
      return .pointer(PointerEvent(kind, x: x, y: y))
    }
    if let size, size.count == 2 { return Size(possible: size[0], size[1]).map(InputEvent.resize) }
    return nil
  }
}

/// The first line of a log.
struct LogHead: Codable {
  /// The version of the log's format.
  var deepcriticSession: Int
  var program: String
  var reviewer: String
  var mode: String
  var workspace: String
  var size: [Int]
  var startedAt: String
}

/// A log that cannot be written or read.
public struct SessionLogError: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String
}

/// Writes all that is typed in a session, one line of JSON each, at once.
///
/// The log holds what was typed and what was answered: as evidence of how decisions came about, as a test, and as a demonstration.
public final class SessionRecorder {
  private let handle: FileHandle
  private let start = ContinuousClock.now
  private let encoder = JSONEncoder()

  /// Begins a log.
  ///
  /// - Throws: ``SessionLogError`` when there is such a file already: evidence is not written over.
  public init(path: String, session: Session, size: Size, program: String) throws {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw SessionLogError(
        description: "\(path): cannot create the log: \(Clause.of(reason)). Name a new file.")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try write(
      LogHead(
        deepcriticSession: 1, program: program, reviewer: session.reviewer, mode: session.mode.rawValue,
        workspace: session.title, size: [size.width, size.height],
        startedAt: Date().formatted(.iso8601)))
  }

  func note(_ event: InputEvent) {
    switch event {
    case .key(let key): note(LogEntry(at: now, key: key.description))
    case .paste(let text): note(LogEntry(at: now, paste: text))
    case .pointer(let pointer):
      var entry = LogEntry(at: now)
      entry.pointer = "\(pointer.kind.rawValue) \(pointer.x) \(pointer.y)"
      note(entry)
    case .resize(let size): note(LogEntry(at: now, size: [size.width, size.height]))
    default: break
    }
  }

  func note(edited text: String) { note(LogEntry(at: now, edited: text)) }
  func note(said text: String) { note(LogEntry(at: now, said: text)) }

  private var now: Int { Int((ContinuousClock.now - start) / .milliseconds(1)) }

  private func note(_ entry: LogEntry) { try? write(entry) }

  private func write(_ value: some Encodable) throws {
    try handle.write(contentsOf: encoder.encode(value) + Data([0x0A]))
  }
}

/// A log read back.
public struct SessionReplay: Sendable {
  /// The size of the screen at the beginning.
  public let size: Size
  /// The mode at the beginning.
  public let mode: ReviewMode
  /// Who reviewed.
  public let reviewer: String
  /// When it began, in seconds since 1970; nil where the log does not say it readably.
  public let startedAt: Int?
  /// What happened, in order.
  public let entries: [LogEntry]
  /// How many times as fast as it was; 0 for without pauses.
  public var speed = 1.0

  /// Reads a log.
  ///
  /// - Throws: ``SessionLogError`` naming file and line.
  public init(path: String) throws {
    func problem(_ line: Int, _ words: String) -> SessionLogError {
      SessionLogError(description: "\(path):\(line): \(words)")
    }
    let text: String
    do { text = try PlainFile.text(path) } catch { throw SessionLogError(description: error.description) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(LogHead.self, from: Data((lines.first ?? "").utf8)) else {
      throw problem(1, "this is not a log of a session: its first line has no 'deepcriticSession'.")
    }
    guard head.deepcriticSession == 1 else {
      throw problem(1, "version \(head.deepcriticSession) of the log needs a newer program.")
    }
    guard head.size.count == 2, let size = Size(possible: head.size[0], head.size[1]) else {
      throw problem(1, "the size \(head.size) is that of no screen; columns and rows go from 1 to \(Size.limit).")
    }
    self.size = size
    mode = ReviewMode(rawValue: head.mode) ?? .audit
    reviewer = head.reviewer
    startedAt = (try? Date(head.startedAt, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
    var entries: [LogEntry] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      guard let entry = try? decoder.decode(LogEntry.self, from: Data(line.utf8)) else {
        // A log that was cut off in the middle of a line is good up to there.
        if index == lines.count - 1 { break }
        throw problem(index + 1, "the line is not an entry of a log.")
      }
      // Nobody works for a year without a pause; times beyond it would overflow.
      guard (0...31_536_000_000).contains(entry.at) else {
        throw problem(index + 1, "its time \(entry.at) is not a number of milliseconds.")
      }
      if entry.size != nil || entry.pointer != nil, entry.event == nil {
        throw problem(index + 1, "its place is on no screen.")
      }
      if let key = entry.key, Key(key) == nil { throw problem(index + 1, "there is no key '\(key)'.") }
      entries.append(entry)
    }
    self.entries = entries
  }

  /// Plays it without a screen and without pauses.
  ///
  /// - Parameters:
  ///   - size: the screen's size, whatever the log says of it; nil for the log's.
  ///   - each: called at the beginning and after each entry, with its time in milliseconds.
  public func play(on navigator: Navigator, size fixed: Size? = nil, each: ((Int) -> Void)? = nil) {
    navigator.take(.resize(fixed ?? size))
    each?(0)
    for (index, entry) in entries.enumerated() {
      if let event = entry.event, entry.size == nil || fixed == nil { navigator.take(event) }
      switch navigator.takeEffect() {
      case .edit: if let text = edited(after: index) { navigator.finishEditing(text) }
      case .quit: return
      default: break
      }
      _ = navigator.tick()
      each?(entry.at)
    }
  }

  /// What the editor gave back after an entry.
  func edited(after index: Int) -> String? {
    entries[(index + 1)...].prefix { $0.key == nil }.lazy.compactMap(\.edited).first
  }
}
