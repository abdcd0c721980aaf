import Testing

@testable import Terminal

@Suite struct CanvasTests {
  private func canvas(_ width: Int, _ height: Int = 1) -> Canvas { Canvas(size: Size(width: width, height: height)) }

  @Test func clipsAtTheEdges() {
    var columns = 0
    var c = canvas(5)
    columns = c.put("abcdefgh", x: 0, y: 0)
    #expect(columns == 5)
    #expect(c.text() == "abcd…")
    columns = c.put("xyz", x: -2, y: 0)
    #expect(columns == 3)
    #expect(c.text() == "zbcd…")
    columns = c.put("x", x: 5, y: 0)
    #expect(columns == 0)
    columns = c.put("x", x: 0, y: 7)
    #expect(columns == 1)
    columns = c.put("x", x: 0, y: -1)
    #expect(columns == 1)
    #expect(c.text() == "zbcd…")
  }

  @Test func neverSplitsAWideCharacter() {
    var c = canvas(5)
    c.put("漢字漢", x: 0, y: 0, ellipsis: false)
    #expect(c.text() == "漢字")
    c = canvas(5)
    c.put("漢字漢", x: 0, y: 0)
    #expect(c.text() == "漢字…")
    c = canvas(4)
    c.put("漢字", x: -1, y: 0)
    #expect(c.text() == " 字")
    c.put("x", x: 2, y: 0)
    #expect(c.text() == "  x")
    #expect(c[1, 0].width == 1)
    c.put("漢", x: 0, y: 0)
    c.put("y", x: 0, y: 0)
    #expect(c.text() == "y x")
  }

  @Test func sanitises() {
    var c = canvas(20)
    c.put("\u{1B}[2J\u{202E}\n", x: 0, y: 0)
    #expect(c.text() == "␛[2J‹202E›⏎")
  }

  @Test func drawsSequencesOnce() {
    var columns = 0
    var c = canvas(10)
    columns = c.put("👩‍🚀🇫🇷e\u{301}", x: 0, y: 0)
    #expect(columns == 5)
    #expect(c.text() == "👩FRe\u{301}")
    #expect(c[0, 0] == Cell(grapheme: "👩", style: .plain, width: 2))
    #expect(c[1, 0].width == 0)
  }

  @Test func drawsFrames() {
    var c = Canvas(size: Size(width: 12, height: 3))
    c.box(c.bounds, title: "Help")
    #expect(c.text() == "┌─ Help ───┐\n│          │\n└──────────┘")
    c = Canvas(size: Size(width: 3, height: 2), glyphs: .ascii)
    c.box(c.bounds, title: "Help")
    #expect(c.text() == "+-+\n+-+")
  }

  @Test func survivesAnySize() {
    for width in 0...6 {
      for height in 0...4 {
        var c = canvas(width, height)
        c.box(Rect(x: -1, y: -1, width: 9, height: 9), title: "title")
        c.put("漢字 text", x: -1, y: 0)
        c.fill(Rect(x: 1, y: 0, width: 3, height: 9), role: .selection)
        ProgressBar.draw(in: &c, x: 0, y: 0, width: width, fraction: 0.5)
        var editor = LineEditor(text: "漢字 long text")
        editor.draw(in: &c, x: 0, y: 0, width: width)
        _ = c.text()
      }
    }
  }

  @Test func stylesAsSequences() {
    let style = Style(foreground: .indexed(9), background: .indexed(236), bold: true)
    #expect(ANSIText.sequence(style) == "\u{1B}[0;1;91;48;5;236m")
  }

  @Test func stylesSurvivePacking() {
    for color in [Color.default, .indexed(0), .indexed(255)] {
      for bits in 0..<32 {
        let style = Style(
          foreground: color, background: .indexed(7), bold: bits & 1 > 0, dim: bits & 2 > 0,
          underline: bits & 4 > 0, reverse: bits & 8 > 0, italic: bits & 16 > 0)
        #expect(Style(packed: style.packed) == style)
      }
    }
  }

  @Test func spansEndInAnEllipsis() {
    var columns = 0
    var c = canvas(6)
    columns = c.putSpans([Span("abc"), Span("def"), Span("g")], x: 0, y: 0)
    #expect(columns == 6)
    #expect(c.text() == "abcde…")
    c = canvas(6)
    columns = c.putSpans([Span("abc"), Span("def")], x: 0, y: 0)
    #expect(columns == 6)
    #expect(c.text() == "abcdef")
  }

  @Test func progressIsHonestAtTheEnds() {
    var c = canvas(6)
    ProgressBar.draw(in: &c, x: 0, y: 0, width: 6, fraction: 0.001)
    #expect(c.text() == "▕▏   ▏")
    ProgressBar.draw(in: &c, x: 0, y: 0, width: 6, fraction: 0.9999)
    #expect(c.text() == "▕███▉▏")
    ProgressBar.draw(in: &c, x: 0, y: 0, width: 6, fraction: 1)
    #expect(c.text() == "▕████▏")
    ProgressBar.draw(in: &c, x: 0, y: 0, width: 6, fraction: .nan)
    #expect(c.text() == "▕    ▏")
  }
}
