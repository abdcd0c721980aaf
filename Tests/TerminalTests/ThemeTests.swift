import Testing

@testable import Terminal

@Suite struct ThemeTests {
  @Test func readsSpecifications() throws {
    let theme = try Theme(
      name: "t", entries: ["a": "bold bright-red on 236", "b": "default", "c": "REVERSE dim", "d": "gray on default"])
    #expect(
      theme[StyleRole(rawValue: "a")]
        == Style(foreground: .indexed(9), background: .indexed(236), bold: true))
    #expect(theme[StyleRole(rawValue: "b")] == .plain)
    #expect(theme[StyleRole(rawValue: "c")] == Style(dim: true, reverse: true))
    #expect(theme[StyleRole(rawValue: "d")] == Style(foreground: .indexed(8)))
    #expect(theme[.title] == Theme.terminal[.title])
    #expect(theme[StyleRole(rawValue: "unheard-of")] == theme[.text])
  }

  @Test(arguments: ["", "bold purple", "red on", "red on nowhere", "red blue", "256", "red on 1 on 2", "-1"])
  func namesTheBadEntry(specification: String) {
    let error = #expect(throws: ThemeError.self) {
      try Theme(name: "mine", entries: ["text": "default", "verdictIncorrect": specification])
    }
    #expect(error?.role == "verdictIncorrect")
    #expect(error?.description.hasPrefix("theme mine: verdictIncorrect = \"\(specification)\": ") == true)
  }

  @Test func writesWhatItReads() throws {
    for style in Theme.terminal.styles.values {
      let again = try Theme(name: "t", entries: ["x": style.description])
      #expect(again[StyleRole(rawValue: "x")] == style)
    }
  }

  @Test func everyGenericRoleHasAStyle() {
    for role in StyleRole.generic {
      #expect(Theme.terminal.styles[role] != nil)
      let style = Theme.monochrome.styles[role]
      #expect(style?.foreground == .default && style?.background == .default)
    }
  }

  @Test func everyGlyphTakesOneColumn() {
    for glyphs in [Glyphs.unicode, .ascii] {
      for child in Mirror(reflecting: glyphs).children {
        let texts = (child.value as? [String]) ?? (child.value as? String).map { [$0] } ?? []
        for text in texts {
          #expect(DisplayWidth.of(text) == 1, "\(child.label ?? "")")
          #expect(TextSafety.line(text) == text)
          let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
          #expect(isASCII != glyphs.isUnicode || text == " ")
        }
      }
    }
  }

  @Test func fewerColoursStayNear() {
    #expect(Presenter.nearest(196) == 9)
    #expect(Presenter.nearest(16) == 0)
    #expect(Presenter.nearest(231) == 15)
    let eight = Presenter(colorCount: 8, isUTF8: true)
    #expect(eight.palette(.indexed(9)) == (1, true))
    #expect(Presenter(colorCount: 0, isUTF8: true).palette(.indexed(9)) == (-1, false))
  }
}
