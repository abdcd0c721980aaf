import DeepCriticCore
import Foundation
import Recording
import Terminal

/// What was recorded of a screen, as an item of a talk.
final class RecordingScreen: PlayingScreen {
  static let id: ScreenID = "recording"
  static let heading = "In a recording"
  static let commands = CommandSet<RecordingScreen>(
    playingCommands(
      forward: Action(
        "recording.forward", "5 s forward", "Go 5 seconds forward", keys: ["right", "l", "enter"], hint: 2),
      back: Action("recording.back", "back", "Go 5 seconds back", keys: ["left", "h"], hint: 3)) + stageCommands)

  let context: ScreenContext
  var playback = Playback()
  private(set) var film = Film()
  private(set) var title = ""

  /// Rows above the recording.
  static let header = 1
  /// Seconds of a step forward or back.
  private static let step = 5.0

  init(_ services: Services) { context = services.context }

  func begin(_ film: Film, _ title: String) throws {
    self.film = film
    self.title = title
    restart()
    if let needed = film.terminalSize, !context.isClean, needed.width > size.width || needed.height > size.height {
      say(
        .warning,
        "The recording needs a terminal of \(needed.width)×\(needed.height) and this one has "
          + "\(size.width)×\(size.height): make the terminal's letters smaller to see all of it.")
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

  /// What of a frame has no room is said in its last row.
  private func drawMark(_ canvas: inout Canvas, _ size: Size, _ room: Size) {
    guard size.width > room.width || size.height > room.height, room.height > 1 else { return }
    let all = canvas.size
    let isSmall = size.width > all.width || size.height > all.height
    let words =
      " \(glyphs.ellipsis) \(size.width)×\(size.height) recording; "
      + (isSmall ? "the terminal has \(all.width)×\(all.height) " : "room for \(room.width)×\(room.height) ")
    canvas.put(
      words, x: max(all.width - DisplayWidth.of(words), 0), y: Self.header + room.height - 1, role: .warning,
      maxWidth: all.width)
  }

  func draw(_ canvas: inout Canvas) {
    let rows = canvas.size.height - RecordingScreen.header - (Chrome.isClean(self) ? 0 : Chrome.footerHeight)
    let room = Size(width: canvas.size.width, height: max(rows, 0))
    PresentationView.drawHeader(&canvas, title: itemTitle ?? TextSafety.line(title), facts: "recording")
    if let frame {
      // In the middle where there is more room, from its first row and column where there is less.
      let x = max((room.width - frame.size.width) / 2, 0)
      let y = Self.header + max((room.height - frame.size.height) / 2, 0)
      for (row, cells) in frame.rows.prefix(room.height).enumerated() {
        canvas.putSpans(
          cells.filter { $0.width > 0 }.map { Span($0.grapheme, style: $0.style) }, x: x, y: y + row,
          maxWidth: canvas.size.width, ellipsis: frame.size.width > room.width)
      }
      drawMark(&canvas, frame.size, room)
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
  /// The size of a terminal that shows all of it, with the rows above and below.
  var terminalSize: Size? {
    guard let width = frames.map(\.frame.size.width).max(), let height = frames.map(\.frame.size.height).max() else {
      return nil
    }
    return Size(width: width, height: height + RecordingScreen.header + Chrome.footerHeight)
  }
}
