import Foundation
import JSON
import Terminal

/// A version of the asciicast format (docs.asciinema.org/manual/asciicast).
public enum CastVersion: Int, Sendable, CaseIterable {
  /// Times count from the beginning. Every asciinema from 2.0 on plays it.
  case two = 2
  /// Times count from the event before. asciinema 3.0 and later play it.
  case three = 3
}

/// The first line of a cast.
public struct CastHeader: Hashable, Sendable {
  /// The format's version.
  public var version: CastVersion
  /// Columns and rows at the beginning.
  public var size: Size
  /// When it was recorded, in seconds since 1970.
  public var timestamp: Int?
  /// What players show as its name.
  public var title: String?
  /// The command that was recorded.
  public var command: String?
  /// The terminal's name, as in TERM.
  public var terminal: String
  /// The colours behind the palette's numbers.
  public var palette: Palette

  /// A header from its parts.
  public init(
    version: CastVersion = .three, size: Size, timestamp: Int? = nil, title: String? = nil, command: String? = nil,
    terminal: String = "xterm-256color", palette: Palette
  ) {
    self.version = version
    self.size = size
    self.timestamp = timestamp
    self.title = title
    self.command = command
    self.terminal = terminal
    self.palette = palette
  }

  private struct Colors: Codable {
    var fg: String
    var bg: String
    var palette: String
  }

  private struct Terminal3: Codable {
    var cols: Int
    var rows: Int
    var type: String?
    var theme: Colors?
  }

  private struct Line: Codable {
    var version: Int
    var width: Int?
    var height: Int?
    var term: Terminal3?
    var timestamp: Int?
    var title: String?
    var command: String?
    var env: [String: String]?
    var theme: Colors?
  }

  /// The line, without its end.
  var line: String {
    let colors = Colors(
      fg: palette.foreground.hex, bg: palette.background.hex, palette: palette.base.map(\.hex).joined(separator: ":"))
    var line = Line(version: version.rawValue, timestamp: timestamp, title: title, command: command)
    switch version {
    case .two:
      line.width = size.width
      line.height = size.height
      line.env = ["TERM": terminal]
      line.theme = colors
    case .three:
      line.term = Terminal3(cols: size.width, rows: size.height, type: terminal, theme: colors)
    }
    return CastJSON.line(line)
  }

  /// Reads a first line; nil when it is none.
  init?(line: String) {
    guard let read = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)),
      let version = CastVersion(rawValue: read.version), let width = read.term?.cols ?? read.width,
      let height = read.term?.rows ?? read.height, let size = Size(possible: width, height)
    else { return nil }
    let colors = read.term?.theme ?? read.theme
    self.init(
      version: version, size: size, timestamp: read.timestamp, title: read.title,
      command: read.command, terminal: read.term?.type ?? read.env?["TERM"] ?? "xterm-256color",
      palette: colors.flatMap { Palette(foreground: $0.fg, background: $0.bg, base: $0.palette) } ?? .dark)
  }
}

/// JSON as casts have it: one value a line, controls escaped.
enum CastJSON {
  static func line(_ value: some Encodable) -> String {
    return (try? JSONEncoder.sorted.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  /// Seconds with three decimals.
  static func seconds(_ milliseconds: Int) -> String {
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
