import Testing

@testable import Terminal

@Suite struct TextAreaTests {
  private func typed(_ text: String, width: Int = 20, at: Int? = nil, _ keys: String) throws -> TextArea {
    var area = TextArea(text: text)
    _ = shown(&area, width: width, height: 5)
    area.moveCursor(to: at ?? text.count)
    for name in keys.split(separator: " ") {
      let isUsed = area.handle(try #require(Key(String(name))))
      #expect(isUsed, "\(name)")
    }
    return area
  }

  private func shown(_ area: inout TextArea, width: Int, height: Int) -> (text: String, cursor: (x: Int, y: Int)?) {
    var canvas = Canvas(size: Size(width: width, height: height))
    area.draw(in: &canvas, canvas.bounds)
    return (canvas.text(), canvas.cursor)
  }

  @Test func wrapsBehindBlanksAndBreaksLongWords() {
    func rows(_ text: String, _ width: Int) -> [String] {
      let characters = Array(text)
      return TextArea.wrap(characters, width: width).map { String(characters[$0.range]) }
    }
    #expect(rows("one two three", 8) == ["one two ", "three"])
    #expect(rows("abcdefgh", 3) == ["abc", "def", "gh"])
    #expect(rows("a\n\nb\n", 3) == ["a", "", "b", ""])
    #expect(rows("a\r\nb", 3) == ["a", "b"])
    #expect(rows("", 3) == [""])
    #expect(rows("漢字漢字", 5) == ["漢字", "漢字"])
    // Blanks hang over the edge, and a width of nothing ends.
    #expect(rows("ab    cd", 3) == ["ab    ", "cd"])
    #expect(rows("漢字", 0) == ["漢", "字"])
  }

  @Test func movesByRowsAndKeepsTheColumn() throws {
    #expect(try typed("one two\nx\nfour five", at: 6, "down").cursor == 9)
    #expect(try typed("one two\nx\nfour five", at: 6, "down down").cursor == 16)
    #expect(try typed("one two\nx\nfour five", at: 6, "up").cursor == 0)
    #expect(try typed("one two three four five six", width: 11, at: 2, "down").cursor == 10)
    #expect(try typed("one two three four five six", width: 11, at: 2, "end").cursor == 7)
    #expect(try typed("one two three four five six", width: 11, at: 10, "home").cursor == 8)
    #expect(try typed("ab\ncd", at: 3, "up end down home").cursor == 3)
    #expect(try typed("a b c", at: 0, "alt-f alt-f alt-b").cursor == 2)
    #expect(try typed("a\nb\nc", at: 4, "alt-<").cursor == 0)
  }

  @Test func editsLinesAndTakesBack() throws {
    #expect(try typed("ab", at: 1, "enter").text == "a\nb")
    #expect(try typed("a\nb", at: 2, "backspace").text == "ab")
    #expect(try typed("a\nb", at: 1, "delete").text == "ab")
    #expect(try typed("ab\ncd", at: 1, "ctrl-k").text == "a\ncd")
    #expect(try typed("ab\ncd", at: 2, "ctrl-k").text == "abcd")
    #expect(try typed("ab\ncd", at: 4, "ctrl-u").text == "ab\nd")
    #expect(try typed("ab cd", at: 5, "ctrl-w ctrl-y ctrl-y").text == "ab cdcd")
    // What is typed in one go is one change.
    let area = try typed("ab", at: 2, "c d backspace alt-u alt-u")
    #expect(area.text == "ab" && area.cursor == 2)
  }

  @Test func keepsTheTextAsItIs() {
    for text in ["tab\there", "esc \u{1B}[31m", "line\r\nend", "e\u{301}\u{301}", "bidi \u{202E}x", "  indented\n"] {
      var area = TextArea(text: text)
      let shown = shown(&area, width: 30, height: 4)
      #expect(area.text == text)
      #expect(!shown.text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x202E) })
    }
  }

  @Test func aMarkJoinsItsNeighbour() {
    var area = TextArea(text: "ae")
    area.moveCursor(to: 2)
    area.insert("\u{301}")
    #expect(area.text == "ae\u{301}" && area.cursor == 2)
    area.moveCursor(to: 1)
    area.insert("\u{301}x")
    #expect(area.text == "a\u{301}xe\u{301}" && area.cursor == 2)
  }

  @Test func theCursorStaysInView() {
    var area = TextArea(text: (1...50).map(String.init).joined(separator: "\n"))
    #expect(shown(&area, width: 6, height: 3).text == "1\n2\n3")
    for _ in 0..<5 { _ = area.handle(.down) }
    let (text, cursor) = shown(&area, width: 6, height: 3)
    #expect(text == "4\n5\n6" && cursor?.y == 2)
    #expect(shown(&area, width: 6, height: 1).text == "6")
    _ = area.handle(.alt(">"))
    #expect(shown(&area, width: 6, height: 5).text == "46\n47\n48\n49\n50")
    #expect(area.position == (50, 3))
    for (width, height) in [(1, 1), (2, 1), (1, 9)] {
      #expect(shown(&area, width: width, height: height).cursor != nil)
    }
  }

  @Test func aTextThatIsTooLongIsCutAndSaidSo() {
    var area = TextArea(text: String(repeating: "x", count: TextArea.limit - 1))
    let first = area.insert("ab")
    #expect(!first && area.text.count == TextArea.limit)
    let second = area.insert("c")
    #expect(!second)
    #expect(!TextArea.fits(String(repeating: "x", count: TextArea.limit + 1)))
  }
}
