import TestSupport
import Testing

@testable import Terminal

@Suite struct WidgetTests {
  @Test func listKeepsItsSelectionVisible() {
    var list = ListState(count: 100, viewport: 10, margin: 2)
    list.move(by: 8)
    #expect(list.selected == 8 && list.offset == 1)
    list.end()
    #expect(list.visible == 90..<100)
    var moved = list.move(by: 1)
    #expect(!moved)
    list.page(by: -1)
    #expect(list.selected == 90)
    list.move(by: .min)
    #expect(list.selected == 0 && list.offset == 0)
    list.select(50)
    list.setViewport(1)
    #expect(list.visible == 50..<51)
    list.setViewport(0)
    #expect(list.visible.isEmpty && list.selected == 50)
    list.setViewport(10)
    list.setCount(1)
    #expect(list.selected == 0 && list.offset == 0)
    list.setCount(0)
    #expect(list.selected == nil && list.visible.isEmpty && list.positionText.isEmpty)
    moved = list.move(by: 1)
    #expect(!moved)
    list.setCount(3)
    #expect(list.selected == 0 && list.positionText == "1/3")
  }

  private func edited(_ text: String, _ keys: [String]) -> LineEditor {
    var editor = LineEditor(text: text)
    for key in keys {
      let isUsed = Key(key).map { editor.handle($0) }
      #expect(isUsed == true, "\(key)")
    }
    return editor
  }

  @Test func editsByCharacter() {
    #expect(edited("abc", ["left", "backspace"]).text == "ac")
    #expect(edited("abc", ["home", "delete", "X"]).text == "Xbc")
    #expect(edited("one two three", ["ctrl-w"]).text == "one two ")
    #expect(edited("one two three", ["alt-b", "alt-b", "ctrl-k"]).text == "one ")
    #expect(edited("one two", ["alt-b", "ctrl-u"]).text == "two")
    #expect(edited("one two", ["ctrl-u", "x", "ctrl-y"]).text == "xone two")
    #expect(edited("one two", ["ctrl-a", "alt-f", "alt-d"]).text == "one")
    #expect(edited("漢👩‍🚀e\u{301}", ["backspace"]).text == "漢👩‍🚀")
    #expect(edited("漢👩‍🚀", ["backspace"]).text == "漢")
    #expect(edited("", ["backspace", "delete", "left", "right", "ctrl-w", "ctrl-k"]).text == "")
  }

  @Test func aMarkJoinsItsNeighbour() {
    var editor = LineEditor(text: "ex")
    editor.moveCursor(to: 1)
    editor.insert("\u{301}")
    #expect(editor.text == "e\u{301}x")
    #expect(editor.cursor == 1)
    editor.insert("y")
    #expect(editor.text == "e\u{301}yx")
  }

  @Test func aPasteIsOneSafeLine() {
    var editor = LineEditor(text: "a")
    editor.paste("b\r\nc\td\u{1B}[31m\u{202E}\n")
    #expect(editor.text == "ab c d␛[31m‹202E›")
    for key in [Key.enter, .escape, .tab, .up] {
      let isUsed = editor.handle(key)
      #expect(!isUsed)
    }
    editor.text = ""
    editor.insert(String(repeating: "x", count: 20_000))
    #expect(editor.text.count == LineEditor.limit)
  }

  @Test func showsTheCursor() {
    var editor = LineEditor(text: "0123456789")
    for width in [1, 2, 3, 5, 11, 20] {
      for position in 0...10 {
        var canvas = Canvas(size: Size(width: 20, height: 1))
        editor.moveCursor(to: position)
        editor.draw(in: &canvas, x: 0, y: 0, width: width)
        let x = canvas.cursor?.x ?? -1
        #expect(x >= 0 && x < width)
        if position < 10, x > 0, x < width - 1 { #expect(canvas[x, 0].grapheme == "\(position)") }
      }
    }
  }

  @Test func fuzzyPrefersBeginnings() throws {
    func order(_ query: String, _ candidates: [String]) -> [String] {
      candidates.compactMap { candidate in FuzzyMatcher.score(query, candidate).map { (candidate, $0.score) } }
        .sorted { $0.1 > $1.1 }.map(\.0)
    }
    #expect(order("va", ["evaluate all", "verdict.accept", "nothing"]).first == "verdict.accept")
    #expect(order("step", ["stop the experiment", "Next step"]).first == "Next step")
    #expect(order("xyz", ["abc"]).isEmpty)
    #expect(FuzzyMatcher.score("", "anything")?.positions == [])
    #expect(FuzzyMatcher.score("ns", "Next Step")?.positions == [0, 5])
    #expect(FuzzyMatcher.score("NS", "next step") == nil)
    #expect(FuzzyMatcher.score("next step", "Next Step")?.positions == [0, 1, 2, 3, 5, 6, 7, 8])
    var random = SplitMix(seed: 3)
    for _ in 0..<300 {
      let candidate = random.text(length: 30)
      let query = random.text(length: 4)
      if let hit = FuzzyMatcher.score(query, candidate) {
        #expect(hit.positions == hit.positions.sorted() && Set(hit.positions).count == hit.positions.count)
        let isInside = hit.positions.allSatisfy { candidate.count > $0 }
        #expect(isInside)
      }
    }
  }

  @Test func splitsEditorCommands() throws {
    #expect(try ExternalEditor.words("code --wait") == ["code", "--wait"])
    #expect(try ExternalEditor.words("'/my apps/ed' \"a b\" c\\ d '' ") == ["/my apps/ed", "a b", "c d", ""])
    #expect(throws: ExternalEditorError.self) { try ExternalEditor.words("vi 'x") }
    #expect(throws: ExternalEditorError.self) { try ExternalEditor.words("  ") }
  }

  @Test func editsWithoutAScreen() throws {
    func edit(_ text: String, _ command: String) throws -> String {
      try ExternalEditor.edit(text: text, suffix: ".md", command: command) { $0() }
    }
    #expect(try edit("one", "true") == "one")
    #expect(try edit("one\n", "true") == "one\n")
    #expect(try edit("one\r\ntwo", "true") == "one\r\ntwo")
    #expect(try edit("$(touch x) `y`", "sed -i s/y/z/") == "$(touch x) `z`")
    #expect(throws: ExternalEditorError.failed("false", 1)) { try edit("one", "false") }
    #expect(throws: ExternalEditorError.notFound("no-such-editor")) { try edit("one", "no-such-editor") }
    #expect(throws: ExternalEditorError.self) { try edit("one", "rm") }
    #expect(throws: ExternalEditorError.notText) { try edit("one", #"sh -c 'printf "\377" > "$1"' sh"#) }
  }

  @Test func clipboardIsBase64() {
    #expect(Clipboard.base64(Array("".utf8)) == "")
    #expect(Clipboard.base64(Array("f".utf8)) == "Zg==")
    #expect(Clipboard.base64(Array("fo".utf8)) == "Zm8=")
    #expect(Clipboard.base64(Array("foo".utf8)) == "Zm9v")
    #expect(Clipboard.base64([0xFB, 0xFF, 0xFE]) == "+//+")
    #expect(Clipboard.sequence("f", isTmux: false, isScreen: false) == "\u{1B}]52;c;Zg==\u{07}")
    let wrapped = Clipboard.sequence("f", isTmux: true, isScreen: false)
    #expect(wrapped.hasSuffix("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zg==\u{07}\u{1B}\\"))
  }
}
