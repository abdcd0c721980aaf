import DeepCriticCore
import Foundation
import Recording
import Terminal

/// What was recorded of a screen, as an item of a talk.
final class RecordingScreen: PlayingScreen {
  static let id: ScreenID = "recording"
  static let heading = "In a recording"
  static let commands = CommandSet<RecordingScreen>(playingCommands + stageCommands)

  let context: ScreenContext
  var playback = Playback()
  private(set) var film = Film()
  private(set) var title = ""

  /// Seconds of a step forward or back.
  private static let step = 5.0

  init(_ services: Services) { context = services.context }

  func begin(_ film: Film, _ title: String) throws {
    self.film = film
    self.title = title
    restart()
    if let size = film.largest, size.width > self.size.width || size.height > self.size.height {
      say(
        .warning,
        "The recording has \(size.width)×\(size.height) cells and this screen \(self.size.width)×\(self.size.height): "
          + "make the terminal's letters smaller to see all of it.")
    }
  }

  var hiddenReason: String? { film.frames.isEmpty ? "There is no recording: an item of a talk plays one." : nil }
  var endWords: String { "This is the end; \(keys(.demoRestart)) plays it again." }
  var length: Double { Double(film.duration) / 1000 }
  var sceneName: String { "\(Figures.clock(time.rounded(.down))) of \(Figures.clock(length.rounded(.down)))" }

  func forward() { playback.time = min(time + Self.step, length) }
  func rewind() { playback.time = max(time - Self.step, 0) }
  func restart() { playback.restart() }

  func playNext(_ offset: Int) throws { throw RefusalError("No talk is given: there is no other recording.") }

  func refresh() -> Bool {
    let before = time
    playback.advance(to: length, isMoving: isMoving)
    return time != before
  }

  private var frame: Frame? {
    film.frames.isEmpty ? nil : film.frames[film.index(at: Int(time * 1000))].frame
  }

  func draw(_ canvas: inout Canvas) {
    let height = canvas.size.height - (Chrome.isClean(self) ? 0 : Chrome.footerHeight)
    if let frame {
      // In the middle where there is more room, from its first row and column where there is less.
      let x = max((canvas.size.width - frame.size.width) / 2, 0)
      let y = max((height - frame.size.height) / 2, 0)
      for (row, cells) in frame.rows.prefix(max(height, 0)).enumerated() {
        canvas.putSpans(
          cells.filter { $0.width > 0 }.map { Span($0.grapheme, style: $0.style) }, x: x, y: y + row,
          maxWidth: canvas.size.width, ellipsis: false)
      }
    }
    Chrome.footer(
      &canvas, self,
      idle: hiddenReason
        ?? playingStatus(
          over: "The end. \(keys(.demoNext)) shows the next item, \(keys(.demoRestart)) plays this again."))
  }

  /// A film has no sentences: how long it is, and how it ends.
  func describe() -> [String] {
    guard let last = film.frames.last?.frame else { return [hiddenReason ?? ""] }
    return ["Recording of \(Figures.duration(length)): \(title). It ends with:"]
      + last.lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  var spokenState: [String] { [title] }
}

extension Film {
  /// Columns and rows that hold every frame.
  fileprivate var largest: Size? {
    frames.isEmpty
      ? nil
      : Size(
        width: frames.map(\.frame.size.width).max() ?? 0, height: frames.map(\.frame.size.height).max() ?? 0)
  }
}
