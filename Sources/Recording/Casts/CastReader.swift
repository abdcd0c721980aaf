import Formatting
import Foundation
import Terminal

/// A cast that this program wrote, read back.
///
/// Casts of other programs are refused: reading them would take a terminal, and a wrong picture is worse than none.
public struct Cast: Sendable {
  /// Its first line.
  public let header: CastHeader
  /// What was shown.
  public let film: Film
  /// Markers with their times in milliseconds.
  public let markers: [(at: Int, label: String)]

  private struct Event: Decodable {
    var time: Double
    var code: String
    var data: String

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      time = try values.decode(Double.self)
      code = try values.decode(String.self)
      data = try values.decode(String.self)
    }
  }

  /// Reads a file.
  ///
  /// - Throws: ``RecordingError`` naming file and line.
  public init(path: String) throws(RecordingError) {
    let bytes: [UInt8]
    do { bytes = try PlainFile.read(path) } catch { throw RecordingError("\(error) Check its name and permissions.") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecordingError("\(path): the file is not UTF-8 text, so it is not a cast.")
    }
    try self.init(text: text, path: path)
  }

  /// Reads the text of a file; the path is for messages only.
  ///
  /// - Throws: ``RecordingError`` naming file and line.
  public init(text: String, path: String) throws(RecordingError) {
    func problem(_ line: Int, _ words: String) -> RecordingError {
      RecordingError("\(path):\(line): \(words). Only casts that deepcritic wrote are read.")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let header = CastHeader(line: String(lines.first ?? "")) else {
      throw problem(1, "this is not an asciicast of version 2 or 3 with a size")
    }
    var screen = ScreenInterpreter(size: header.size)
    var film = Film()
    var markers: [(at: Int, label: String)] = []
    var now = 0
    let decoder = JSONDecoder()
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty && !line.hasPrefix("#") {
      guard let event = try? decoder.decode(Event.self, from: Data(line.utf8)) else {
        // Cut off in the middle of its last line, a cast is good up to there.
        if index == lines.count - 1 { break }
        throw problem(index + 1, "the line is not an event of a cast")
      }
      guard event.time >= 0, event.time < 1e9 else { throw problem(index + 1, "its time is not a number of seconds") }
      let time = Int((event.time * 1000).rounded())
      now = header.version == .two ? max(now, time) : now + time
      switch event.code {
      case "o":
        if event.data == ScreenDifference.end(screen.frame.size) { continue }
        do { try screen.take(event.data) } catch { throw problem(index + 1, error.words) }
        film.add(screen.frame, at: now)
      case "r":
        let numbers = event.data.split(separator: "x").compactMap { Int($0) }
        guard numbers.count == 2, let size = Size(possible: numbers[0], numbers[1]) else {
          throw problem(index + 1, "'\(TextSafety.line(event.data))' is not a size")
        }
        screen = ScreenInterpreter(size: size)
      case "m": markers.append((now, event.data))
      case "x": break
      default: throw problem(index + 1, "there are no events '\(TextSafety.line(event.code))' in it")
      }
    }
    guard !film.frames.isEmpty else {
      throw RecordingError("\(path): the cast shows nothing: it was cut off before its first picture.")
    }
    film.end(at: now)
    self.header = header
    self.film = film
    self.markers = markers
  }
}
