import ArgumentParser
import Formatting
import Foundation
import Recording
import Terminal

/// What `share` writes.
enum ShareKind: String, CaseIterable, ExpressibleByArgument {
  case cast, html, gif, mp4, svg, txt, ans

  /// By the ending of a file's name.
  init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// Whether it can hold more than one frame.
  var isFilm: Bool { self == .html || isWhole }

  /// Whether it holds the whole recording.
  var isWhole: Bool { self == .cast || isVideo }

  /// Whether other programs draw it.
  var isVideo: Bool { self == .gif || self == .mp4 }

  /// What it is called in a sentence.
  var name: String { isVideo ? rawValue.uppercased() : rawValue }

  static let list = allCases.map { "." + $0.rawValue }.joined(separator: ", ")
}

/// A recording ready to be written.
struct SharedFilm {
  var film: Film
  var palette: Palette
  var title: String
  var timestamp: Int?
  var terminal = "xterm-256color"
}

/// Which of a film's frames is wanted.
enum ShareMoment {
  case last
  case number(Int)
  /// Milliseconds.
  case time(Int)

  /// The frame.
  func frame(of film: Film) throws -> Frame {
    let count = film.frames.count
    switch self {
    case .last: return film.frames[count - 1].frame
    case .number(let number):
      guard (1...count).contains(number) else {
        throw CommandError("there is no picture \(number): the recording has \(Figures.count(count, "picture")).")
      }
      return film.frames[number - 1].frame
    case .time(let time):
      guard time <= film.duration else {
        throw CommandError(
          "there is nothing at \(Figures.seconds(Double(time) / 1000)): the recording ends after "
            + "\(Figures.seconds(Double(film.duration) / 1000)).")
      }
      return film.frames[film.index(at: time)].frame
    }
  }
}

extension ShareKind {
  /// The bytes: of one frame, or of the whole film where no moment is named and the kind can hold it.
  func text(_ shared: SharedFilm, moment: ShareMoment?, version: CastVersion) throws -> String {
    if moment == nil, isFilm {
      if self == .html { return ScreenPage(palette: shared.palette, title: shared.title).player(shared.film) }
      let size = shared.film.frames[0].frame.size
      return shared.film.cast(
        CastHeader(
          version: version, size: size, timestamp: shared.timestamp, title: shared.title, command: "deepcritic",
          terminal: shared.terminal, palette: shared.palette))
    }
    let frame = try (moment ?? .last).frame(of: shared.film)
    switch self {
    case .cast, .html, .gif, .mp4: return ScreenPage(palette: shared.palette, title: shared.title).still(frame)
    case .svg: return SVGPicture(frame, palette: shared.palette, title: shared.title).document
    case .txt: return frame.lines.joined(separator: "\n") + "\n"
    case .ans: return frame.ansiLines.joined(separator: "\n") + "\n"
    }
  }
}
