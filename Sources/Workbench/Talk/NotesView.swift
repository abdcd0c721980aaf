import DeepCriticCore
import Foundation
import Terminal

/// Draws the speaker's notes.
enum NotesView {
  /// The widest that notes are read in.
  private static let measure = 100

  /// - Parameter scroll: the first row of the notes.
  static func draw(_ canvas: inout Canvas, _ news: TalkNews, now: Date, scroll: inout Int) {
    let size = canvas.size
    guard size.width > 0, size.height > 0 else { return }
    let width = max(min(size.width - 2, measure), 1)
    switch news {
    case .absent(let last):
      canvas.put(" deepcritic", x: 0, y: 0, role: .title)
      canvas.put("notes", x: 13, y: 0, role: .mode)
      canvas.wrap(absence(last, now), x: 1, y: 2, width: width, most: size.height - 3, role: .text)
    case .running(let state): draw(&canvas, state, now, width, &scroll)
    }
    hints(&canvas, news)
  }

  static func absence(_ last: TalkState?, _ now: Date) -> String {
    guard let last else { return "The talk is not running. It appears here when 'deepcritic stage' begins." }
    let ago = Figures.duration(max(now.timeIntervalSince(last.beat), 0))
    return "The talk is not running. It was last seen \(ago) ago, in item \(last.index + 1): "
      + "\(TextSafety.line(last.item.title))."
  }

  private static func draw(
    _ canvas: inout Canvas, _ state: TalkState, _ now: Date, _ width: Int, _ scroll: inout Int
  ) {
    let size = canvas.size
    pair(
      &canvas, y: 0, " " + TextSafety.line(state.title), .mode,
      time(state.elapsed(now), state.minutes), late(state.elapsed(now), state.minutes))
    pair(
      &canvas, y: 2, " \(state.index + 1)/\(state.items.count)  \(TextSafety.line(state.item.title))", .title,
      time(state.itemElapsed(now), state.item.minutes), late(state.itemElapsed(now), state.item.minutes))
    let scene = (state.isBlack ? ["The screen is black"] : []) + (state.scene.isEmpty ? [] : [state.scene])
    canvas.put(
      " " + TextSafety.line(scene.joined(separator: " \(canvas.glyphs.separator) ")), x: 0, y: 3,
      role: state.isBlack ? .warning : .dim, maxWidth: size.width)
    var bottom = size.height - 1
    let below = footer(state).map { TextLayout.wrap($0.text, width: max(width, 8)).map { $0 } }
    let roles = footer(state).map(\.role)
    for (index, lines) in below.enumerated().reversed() where bottom - lines.count > 6 {
      bottom -= lines.count
      for (row, line) in lines.enumerated() { canvas.put(line, x: 1, y: bottom + row, role: roles[index]) }
    }
    if bottom < size.height - 1, bottom > 6 {
      bottom -= 1
      canvas.hline(x: 0, y: bottom, width: size.width)
    }
    canvas.hline(x: 0, y: 4, width: size.width)
    let area = max(bottom - 5, 0)
    let notes = lines(state.item.notes, width: width)
    scroll = min(max(scroll, 0), max(notes.count - area, 0))
    for (row, line) in notes.dropFirst(scroll).prefix(area).enumerated() {
      canvas.put(line, x: 1, y: 5 + row, role: .text, maxWidth: width)
    }
    if notes.count > area, area > 0 {
      let place = " \(scroll + 1)\(canvas.glyphs.rangeDash)\(scroll + area)/\(notes.count) "
      canvas.put(place, x: size.width - DisplayWidth.of(place) - 1, y: 4, role: .dim)
    }
  }

  private static func lines(_ notes: String, width: Int) -> [String] {
    if notes.isEmpty { return ["No notes for this item."] }
    return notes.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      $0.isEmpty ? [""] : TextLayout.wrap(TextSafety.line(String($0)), width: max(width, 8))
    }
  }

  /// Votes and the next item, as sentences.
  static func footer(_ state: TalkState) -> [(text: String, role: StyleRole)] {
    let next =
      state.next.map { next in
        "Next: \(TextSafety.line(next.title))" + (next.minutes.map { " (\(TalkState.planned($0)))" } ?? "")
      } ?? "This is the last item."
    return (state.votes.total > 0 ? [(state.votes.words, .accent)] : []) + [(next, .text)]
  }

  /// "3:12 of 4:00"
  static func time(_ seconds: Double, _ minutes: Double?) -> String {
    let elapsed = Figures.clock(seconds.rounded(.down))
    return minutes.map { "\(elapsed) of \(Figures.clock($0 * 60))" } ?? elapsed
  }

  private static func late(_ seconds: Double, _ minutes: Double?) -> StyleRole {
    minutes.map { seconds > $0 * 60 } == true ? .warning : .text
  }

  /// Words left, and a time right that is never cut.
  private static func pair(
    _ canvas: inout Canvas, y: Int, _ words: String, _ role: StyleRole, _ time: String, _ timeRole: StyleRole
  ) {
    guard y < canvas.size.height else { return }
    // What takes too long is marked by a sign too.
    let time = timeRole == .warning ? "! " + time : time
    let x = max(canvas.size.width - DisplayWidth.of(time) - 1, 0)
    canvas.put(words, x: 0, y: y, role: role, maxWidth: max(x - 2, 0))
    canvas.put(time, x: x, y: y, role: timeRole, maxWidth: canvas.size.width - x)
  }

  private static func hints(_ canvas: inout Canvas, _ news: TalkNews) {
    var entries = [("q", "close")]
    if case .running = news { entries.insert((canvas.glyphs.arrowKeys, "scroll"), at: 0) }
    var x = 1
    for entry in entries { x += Chrome.hint(&canvas, entry, x: x, y: canvas.size.height - 1, enabled: true) }
  }

  // MARK: - In sentences

  /// What has changed since the news before.
  static func sentences(_ news: TalkNews, after before: TalkNews?, now: Date) -> [String] {
    guard case .running(let state) = news else {
      if case .absent(let last) = news { return before == nil ? [absence(last, now)] : ["The talk has ended."] }
      return []
    }
    var known: TalkState?
    if case .running(let state) = before { known = state }
    var words: [String] = []
    if known?.index != state.index {
      if known == nil { words.append("\(state.title): \(time(state.elapsed(now), state.minutes)).") }
      words.append(
        "Item \(state.index + 1) of \(state.items.count): \(state.item.title), "
          + "\(time(state.itemElapsed(now), state.item.minutes)).")
      words += state.item.notes.isEmpty ? ["No notes for this item."] : lines(state.item.notes, width: 100_000)
      words.append(footer(state).last?.text ?? "")
    }
    if known?.votes != state.votes, state.votes.total > 0 { words.append(state.votes.words) }
    if known?.isBlack != state.isBlack, known != nil || state.isBlack {
      words.append(state.isBlack ? "The screen is black." : "The screen is back.")
    }
    return words.map { TextSafety.line($0) }
  }
}
