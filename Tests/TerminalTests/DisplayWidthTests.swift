import Testing

@testable import Terminal

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("e\u{301}", 1), ("漢字", 4), ("👩‍🚀", 2), ("👍🏽", 2), ("🇫🇷", 2), ("❤️", 1), ("1️⃣", 1),
    ("\u{A0}", 1), ("\u{3000}", 2), ("\u{1B}", 1), ("\u{202E}", 6), ("한글", 4), ("한", 2), ("ﬁ∑≤", 3), ("\u{C}", 1),
    ("…–·", 3), ("\u{301}", 1), ("क्ष", 2),
  ])
  func width(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
    #expect(text.reduce(0) { $0 + DisplayWidth.of($1) } == columns)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("abc", -1, ""),
    ("漢字漢字", 5, "漢字…"), ("漢字漢字", 4, "漢…"), ("漢", 1, "…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ("👩‍🚀👩‍🚀", 3, "👩‍🚀…"),
  ])
  func clips(text: String, columns: Int, result: String) {
    #expect(clip(text, to: columns) == result)
  }

  @Test func wrapsWords() {
    #expect(TextLayout.wrap("the quick brown fox", width: 10) == ["the quick", "brown fox"])
    #expect(TextLayout.wrap("abcdefghij", width: 4) == ["abcd", "efgh", "ij"])
    #expect(TextLayout.wrap("a\n\nb", width: 10) == ["a", "", "b"])
    #expect(TextLayout.wrap("", width: 10) == [""])
    #expect(TextLayout.wrap("a bc", width: 1) == ["a", "b", "c"])
    #expect(TextLayout.wrap("漢字", width: 1) == ["漢", "字"])
    #expect(TextLayout.wrap("漢字漢字", width: 5) == ["漢字", "漢字"])
    #expect(TextLayout.wrap("one  two", width: 3) == ["one", "two"])
    #expect(TextLayout.wrap("exactly ten", width: 11) == ["exactly ten"])
    #expect(TextLayout.wrap("hello world  ", width: 5) == ["hello", "world"])
  }

  @Test func keepsIndentation() {
    #expect(TextLayout.wrap("  one two three", width: 9) == ["  one two", "  three"])
    #expect(TextLayout.wrap("        x y z", width: 4) == ["x y", "z"])
  }

  @Test func wrapsSpans() {
    let bold = Style(bold: true)
    let lines = TextLayout.wrap([Span("one "), Span("two three", style: bold)], width: 8)
    #expect(lines == [[Span("one "), Span("two", style: bold)], [Span("three", style: bold)]])
  }
}
