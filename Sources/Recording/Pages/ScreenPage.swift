import Formatting
import Foundation
import Terminal

/// Screens as a page that any browser shows: one file that loads nothing, neither from the network nor from elsewhere.
///
/// The content security policy forbids every connection, and every script but the player's own, which it names by its
/// hash. All text of the screen is data: it reaches the page escaped, or as JSON that is only ever set as text.
public struct ScreenPage: Sendable {
  /// The colours.
  public let palette: Palette
  /// The page's name.
  public let title: String

  /// A page in some colours.
  public init(palette: Palette, title: String) {
    self.palette = palette
    self.title = title
  }

  /// SHA-256 of `Player/player.js` in base 64; a test compares it with the file.
  static let scriptHash = "v5BcN9glcmyfCVt/LhKzgPvaftmNuZiVW63rHN7B9ZY="

  /// A page with one frame, without a script.
  public func still(_ frame: Frame) -> String {
    var sheet = StyleSheet(palette)
    let rows = frame.rows.map { row in
      RowRuns.runs(row, palette: palette).map { run -> String in
        let text = Markup.escaped(run.text)
        var classes = sheet.number(run.style).map { ["s\($0)"] } ?? []
        if run.box > 0 { classes.append(run.box == 1 ? "b" : "w") }
        return classes.isEmpty ? text : "<span class=\"\(classes.joined(separator: " "))\">\(text)</span>"
      }.joined()
    }
    let size = frame.size
    return page(
      policy: "", style: sheet.css,
      body: """
        <div class="screen" style="width:\(size.width)ch"><pre id="screen">\(rows.joined(separator: "\n"))</pre>\
        \(frame.cursor.map { "<span id=\"cursor\" style=\"left:\($0.x)ch;top:calc(\($0.y) * var(--line))\"></span>" } ?? "")</div>
        """)
  }

  /// A page that plays a film: space plays and pauses, arrows step and seek, `<` and `>` change the speed.
  public func player(_ film: Film) -> String {
    var sheet = StyleSheet(palette)
    let data = FilmData(film, palette: palette, sheet: &sheet)
    let script = String(decoding: PackageResources.player_js, as: UTF8.self)
    return page(
      policy: "; script-src 'sha256-\(Self.scriptHash)'", style: sheet.css,
      body: """
        <div class="screen"><pre id="screen" tabindex="0"></pre><span id="cursor" hidden></span></div>
        <div class="bar"><button id="play" type="button" aria-label="Play or pause">▶</button>\
        <input id="position" type="range" min="0" value="0" step="1" aria-label="Position">\
        <span id="time"></span><button id="speed" type="button" aria-label="Speed">1×</button></div>
        <p class="keys">space plays and pauses · ← → five seconds · , . one frame · &lt; &gt; speed · home end</p>
        <noscript><p>This page plays a recording and needs JavaScript. It loads nothing from anywhere.</p></noscript>
        <script type="application/json" id="film">\(HTML.script(CastJSON.line(data)))</script>
        <script>\(script)</script>
        """)
  }

  private func page(policy: String, style: String, body: String) -> String {
    let css = String(decoding: PackageResources.player_css, as: UTF8.self)
    let faint = palette.foreground.mixed(with: palette.background, percent: 35)
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'\(policy); \
      base-uri 'none'; form-action 'none'">
      <meta name="generator" content="deepcritic">
      <title>\(Markup.escaped(TextSafety.line(title)))</title>
      <style>:root{--ink:\(palette.foreground.hex);--page:\(palette.background.hex);--faint:\(faint.hex);\
      --fonts:\(Markup.fontStack);--line:1.16em;color-scheme:\(palette.background.isLight ? "light" : "dark")}
      \(css)\(style)</style></head><body>
      \(body)
      </body></html>

      """
  }
}

/// A film as the player reads it: every row once, frames as the rows that change.
private struct FilmData: Encodable {
  /// A piece of a row: class number (or −1), text, and columns of its box (0 for none).
  struct Piece: Encodable {
    var style: Int
    var text: String
    var box: Int

    func encode(to encoder: any Encoder) throws {
      var values = encoder.unkeyedContainer()
      try values.encode(style)
      try values.encode(text)
      if box > 0 { try values.encode(box) }
    }
  }

  struct FrameData: Encodable {
    /// Milliseconds.
    var t: Int
    /// Columns and rows, when they change.
    var s: [Int]?
    /// Row and number of its content, for those that change.
    var r: [[Int]]
    /// Column and row of the cursor; absent when it is hidden.
    var c: [Int]?
  }

  var duration: Int
  var rows: [[Piece]] = []
  var frames: [FrameData] = []

  init(_ film: Film, palette: Palette, sheet: inout StyleSheet) {
    duration = film.duration
    var numbers: [[Cell]: Int] = [:]
    var last: Frame?
    for entry in film.frames {
      let isResized = last?.size != entry.frame.size
      var changed: [[Int]] = []
      for (y, row) in entry.frame.rows.enumerated() where isResized || last?.rows[y] != row {
        if numbers[row] == nil {
          numbers[row] = rows.count
          rows.append(
            RowRuns.runs(row, palette: palette).map {
              Piece(style: sheet.number($0.style) ?? -1, text: $0.text, box: $0.box)
            })
        }
        changed.append([y, numbers[row] ?? 0])
      }
      let size = entry.frame.size
      frames.append(
        FrameData(
          t: entry.at, s: isResized ? [size.width, size.height] : nil, r: changed,
          c: entry.frame.cursor.map { [$0.x, $0.y] }))
      last = entry.frame
    }
  }
}
