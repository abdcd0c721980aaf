import Foundation
import Terminal
import TestSupport
import Testing

@testable import Recording

/// Frames written as casts and read back.
@Suite struct CastTests {
  /// Texts with all that makes cells differ: wide characters, marks, emoji, hostile sequences.
  private static let words = [
    "x² + 1", "漢字かな", "e\u{301}\u{302}n", "∫ sin x dx", "👍🏽 ok", "🇩🇪 flag", "a\u{1B}[31mred", "\u{202E}abc", "─┼│▌",
    "plain words of some length", "क्षत्रिय", "\u{301}", "<b>&\"'", "⠿⡇", "\u{0}\u{7}\t", "1234567890", "👩‍👩‍👧",
  ]

  private static func style(_ random: inout SplitMix) -> Style {
    func color(_ random: inout SplitMix) -> Color {
      Bool.random(using: &random) ? .default : .indexed(UInt8.random(in: 0...255, using: &random))
    }
    if Int.random(in: 0..<3, using: &random) == 0 { return .plain }
    return Style(
      foreground: color(&random), background: color(&random), bold: .random(using: &random),
      dim: .random(using: &random),
      underline: .random(using: &random), reverse: .random(using: &random), italic: .random(using: &random))
  }

  /// Canvases that change a little, a lot, or in size.
  private static func canvases(seed: UInt64, count: Int) -> [Canvas] {
    var random = SplitMix(seed: seed)
    var canvas = Canvas(size: Size(width: 30, height: 8))
    return (0..<count).map { _ in
      if Int.random(in: 0..<8, using: &random) == 0 {
        canvas = Canvas(
          size: Size(width: .random(in: 1...40, using: &random), height: .random(in: 1...12, using: &random)))
      }
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        let x = Int.random(in: -3..<canvas.size.width, using: &random)
        let y = Int.random(in: 0..<canvas.size.height, using: &random)
        let style = style(&random)
        if Int.random(in: 0..<4, using: &random) == 0 {
          canvas.fill(Rect(x: x, y: y, width: .random(in: 0...20, using: &random), height: 2), style: style)
        } else {
          canvas.put(words[.random(in: 0..<words.count, using: &random)], x: x, y: y, style: style)
        }
      }
      canvas.cursor =
        Bool.random(using: &random)
        ? (.random(in: 0..<canvas.size.width, using: &random), .random(in: 0..<canvas.size.height, using: &random))
        : nil
      return canvas
    }
  }

  private static func film(_ canvases: [Canvas], every milliseconds: Int = 137) -> Film {
    var film = Film()
    for (index, canvas) in canvases.enumerated() { film.add(Frame(canvas), at: index * milliseconds) }
    return film
  }

  @Test(arguments: CastVersion.allCases)
  func whatIsReadBackIsWhatWasWritten(version: CastVersion) throws {
    for seed in 1...60 {
      let film = Self.film(Self.canvases(seed: UInt64(seed), count: 25))
      let header = CastHeader(
        version: version, size: Size(width: 1, height: 1), timestamp: 1_700_000_000, title: "a \"title\"",
        palette: .light)
      let cast = try Cast(text: film.cast(header), path: "x.cast")
      #expect(cast.film == film, "seed \(seed)")
      #expect(cast.header.size == film.frames[0].frame.size)
      #expect(cast.header.palette == .light)
      #expect(cast.header.title == "a \"title\"")
    }
  }

  @Test func aFileWrittenFrameByFrameHoldsTheSame() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/live.cast"
    let canvases = Self.canvases(seed: 7, count: 30)
    let writer = try CastWriter(
      path: path, header: CastHeader(size: canvases[0].size, palette: .dark))
    for (index, canvas) in canvases.enumerated() {
      try writer.show(Frame(canvas), at: index * 137)
      // What a crash would leave behind is a cast at any time.
      #expect(try Cast(path: path).film.frames.last?.frame == Frame(canvas))
    }
    try writer.mark("chapter\u{1B} two", at: 5000)
    try writer.end(at: 6000)
    let cast = try Cast(path: path)
    #expect(cast.film.frames == Self.film(canvases).frames)
    #expect(cast.film.duration == 6000)
    #expect(cast.markers.map(\.label) == ["chapter␛ two"])
    #expect(cast.markers.map(\.at) == [5000])
    #expect(throws: RecordingError.self) {
      try CastWriter(path: path, header: CastHeader(size: canvases[0].size, palette: .dark))
    }
  }

  @Test func aChangeOfOneCellIsAFewBytes() throws {
    var canvas = Canvas(size: Size(width: 120, height: 40))
    for y in 0..<40 { canvas.put(String(repeating: "words ", count: 20), x: 0, y: y) }
    let before = Frame(canvas)
    canvas.put("X", x: 50, y: 20)
    #expect(ScreenDifference.between(before, Frame(canvas)) == "\u{1B}[21;51HX")
    #expect(ScreenDifference.between(before, before).isEmpty)
    canvas.fill(Rect(x: 10, y: 20, width: 110, height: 1), style: .plain)
    #expect(ScreenDifference.between(before, Frame(canvas)).hasSuffix("\u{1B}[21;11H\u{1B}[K"))
  }

  @Test func versionThreeCountsFromTheEventBefore() throws {
    var film = Film()
    var canvas = Canvas(size: Size(width: 5, height: 2))
    for (at, text) in [(0, "a"), (1500, "b"), (1750, "c")] {
      canvas.put(text, x: 0, y: 0)
      film.add(Frame(canvas), at: at)
    }
    film.end(at: 3000)
    func times(_ version: CastVersion) -> [Substring] {
      film.cast(CastHeader(version: version, size: canvas.size, palette: .dark)).split(separator: "\n").dropFirst()
        .map { $0.dropFirst().prefix { $0 != "," } }
    }
    #expect(times(.two) == ["0.000", "1.500", "1.750", "3.000"])
    #expect(times(.three) == ["0.000", "1.500", "0.250", "1.250", "0.000"])
  }

  @Test func pausesAreCutAndSpeedCounts() throws {
    var film = Film()
    for (index, at) in [0, 1000, 61_000, 62_000].enumerated() {
      var canvas = Canvas(size: Size(width: 5, height: 2))
      canvas.put(String(index), x: 0, y: 0)
      film.add(Frame(canvas), at: at)
    }
    film.end(at: 100_000)
    let cut = film.timed(speed: 2, idleLimit: 3000)
    #expect(cut.frames.map(\.at) == [0, 500, 2000, 2500])
    #expect(cut.duration == 4000)
    #expect(film.timed() == film)
    #expect(film.index(at: 60_999) == 1)
    #expect(film.index(at: 61_000) == 2)
  }

  @Test func onlyOwnCastsAreRead() throws {
    func problem(_ lines: String...) -> String {
      do {
        _ = try Cast(text: lines.joined(separator: "\n") + "\n", path: "f.cast")
        return ""
      } catch { return "\(error)" }
    }
    let head = "{\"version\": 3, \"term\": {\"cols\": 10, \"rows\": 3}}"
    #expect(problem("{}").hasPrefix("f.cast:1: this is not an asciicast"))
    #expect(problem("{\"version\": 2, \"width\": 999999, \"height\": 3}").contains("f.cast:1:"))
    #expect(problem(head, "nonsense", "[0.1, \"o\", \"a\"]").hasPrefix("f.cast:2: the line is not an event"))
    #expect(
      problem(head, "[0.1, \"o\", \"\\u001b[?1049h\"]").contains("f.cast:2: the sequence that begins with '␛[?1049h'"))
    #expect(problem(head, "[0.1, \"o\", \"a\\r\\nb\"]").contains("f.cast:2:"))
    #expect(problem(head, "# note", "[0.1, \"o\", \"12345678901\"]").contains("f.cast:3: it writes beyond"))
    #expect(problem(head, "[0.1, \"o\", \"\\u001b[9;1H\"]").contains("outside of the screen"))
    #expect(problem(head, "[0.1, \"o\", \"\\u001b[1m\"]").contains("Only casts that deepcritic wrote"))
    #expect(problem(head, "[0.1, \"o\", \"漢\\u001b[1;1Hx\"]").contains("half of a wide character"))
    #expect(problem(head, "[-1, \"o\", \"a\"]").contains("is not a number of seconds"))
    #expect(problem(head, "[0, \"r\", \"0x0\"]").contains("is not a size"))
    #expect(problem(head, "[0, \"i\", \"typed\"]").contains("no events 'i'"))
    #expect(problem(head).contains("cut off before its first picture"))
    #expect(problem(head, "# note", "[0.1, \"o\", \"abc\"]").isEmpty)
    // Cut off in its last line.
    let cast = try Cast(text: head + "\n[0.1, \"o\", \"abc\"]\n[0.2, \"o\", \"de", path: "f.cast")
    #expect(cast.film.frames.last?.frame.lines == ["abc", "", ""])
  }
}
