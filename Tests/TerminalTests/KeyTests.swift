import TestSupport
import Testing

@testable import Terminal

@Suite struct KeyTests {
  @Test(arguments: [
    "y", "Y", "?", "-", "é", "space", "enter", "tab", "shift-tab", "escape", "backspace", "delete", "insert", "up",
    "down", "left", "right", "home", "end", "page-up", "page-down", "shift-up", "shift-down", "f1", "f12", "ctrl-r",
    "ctrl-space", "ctrl-\\", "alt-x", "alt-X", "alt-enter", "alt-space", "alt--",
  ])
  func roundTrip(name: String) throws {
    let key = try #require(Key(name))
    #expect(key.description == name)
    #expect(Key(key.description) == key)
    #expect(key.label(.ascii).allSatisfy { $0.isASCII } || name == "é")
  }

  @Test func readsOtherNames() {
    #expect(Key("Ctrl-R") == .control("r"))
    #expect(Key("C-r") == .control("r"))
    #expect(Key("Return") == .enter)
    #expect(Key("ctrl-i") == .tab)
    #expect(Key("ctrl-m") == .enter)
    #expect(Key("ctrl-[") == .escape)
    #expect(Key("PgDn") == .pageDown)
    for bad in ["", " ", "ctrl-", "alt-", "ctrl-ab", "f0", "f99", "hyper-x", "\u{1B}", "alt-\u{1B}", "ctrl-é", "spcae"]
    {
      #expect(Key(bad) == nil, "\(bad)")
    }
  }

  @Test func labels() {
    #expect(Key.enter.label() == "⏎")
    #expect(Key.control("r").label() == "^R")
    #expect(Key.up.label() == "↑")
    #expect(Key.up.label(.ascii) == "up")
    #expect(Key.character("?").label() == "?")
    #expect(Key.function(1).label() == "F1")
  }

  private func keys(_ text: String) -> [InputEvent] {
    var decoder = KeyDecoder()
    return decoder.feed(Array(text.utf8)) + decoder.timeout()
  }

  @Test(arguments: [
    ("a", [Key.character("a")]), ("é漢", [.character("é"), .character("漢")]), ("\r", [.enter]), ("\u{1B}", [.escape]),
    ("\u{1B}x", [.alt("x")]), ("\u{1B}[A\u{1B}OB", [.up, .down]), ("\u{1B}[1;2A", [.shiftUp]),
    ("\u{1B}[1;5C", [.alt("f")]), ("\u{1B}[3~\u{1B}[5~", [.delete, .pageUp]), ("\u{1B}[Z", [.backTab]),
    ("\u{1B}OP\u{1B}[15~\u{1B}[24~\u{1B}[[B", [.function(1), .function(5), .function(12), .function(2)]),
    ("\u{3}\u{1A}\u{0}\u{1C}", [.control("c"), .control("z"), .control(" "), .control("\\")]),
    ("\u{7F}\u{8}", [.backspace, .backspace]), ("\u{1B}\u{1B}", [.escape, .escape]),
    ("\u{1B}[121;5u", [.control("y")]), ("\u{1B}[27;5;121~", [.control("y")]),
    // Nothing unknown may fall apart into keys.
    ("\u{1B}[?2026;2$y", []), ("\u{1B}[99;99X", []), ("\u{1B}]11;rgb:00/00/00\u{07}y", [.character("y")]),
    ("\u{1B}P1$r0m\u{1B}\\n", [.character("n")]), ("\u{1B}[I\u{1B}[O", []), ("\u{1B}[<0;3;4M", []),
    ("\u{1B}[", [.alt("[")]),
    ("\u{1B}[1;", []), ("\u{9B}", []),
  ])
  func decodes(text: String, expected: [Key]) {
    #expect(keys(text) == expected.map { .key($0) })
    // The same in single bytes.
    var decoder = KeyDecoder()
    var events: [InputEvent] = []
    for byte in text.utf8 { events += decoder.feed([byte]) }
    #expect(events + decoder.timeout() == expected.map { .key($0) })
  }

  @Test func invalidBytesAreNoKeys() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0xFF, 0xC3, 0x28, 0x80, 0x61]) == [.key(.character("(")), .key(.character("a"))])
    #expect(decoder.feed([0xE2, 0x82]).isEmpty)
    #expect(decoder.feed([0xAC]) == [.key(.character("€"))])
    #expect(decoder.feed([0xE2, 0x82]).isEmpty)
    #expect(decoder.timeout().isEmpty)
    #expect(decoder.waiting == .nothing)
  }

  @Test func pasteIsOneEvent() {
    let paste = "\u{1B}[200~yn\u{1B}[A\u{3}\r\n\u{1B}[201~q"
    #expect(keys(paste) == [.paste("yn\u{1B}[A\u{3}\r\n"), .key(.character("q"))])
    for cut in 1..<paste.utf8.count {
      var decoder = KeyDecoder()
      let bytes = Array(paste.utf8)
      let tail = Array(bytes[cut...])
      // A lone Ctrl-C in a read of its own ends a paste; that is not this case.
      if tail == [0x03] { continue }
      let events = decoder.feed(bytes[..<cut]) + decoder.feed(tail)
      #expect(events == [.paste("yn\u{1B}[A\u{3}\r\n"), .key(.character("q"))], "\(cut)")
    }
  }

  @Test func pasteIsCappedAndCanBeLeft() {
    var decoder = KeyDecoder()
    var events = decoder.feed(Array("\u{1B}[200~".utf8))
    for _ in 0..<20 { events += decoder.feed([UInt8](repeating: 0x61, count: 100_000)) }
    #expect(events.isEmpty)
    #expect(decoder.timeout().isEmpty)
    events = decoder.feed(Array("\u{1B}[201~b".utf8))
    guard case .paste(let text) = events.first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == KeyDecoder.pasteLimit)
    #expect(events.last == .key(.character("b")))
    _ = decoder.feed(Array("\u{1B}[200~xy".utf8))
    #expect(decoder.feed([0x03]) == [.paste("xy")])
  }

  /// On a slow line the escape that ends a paste may come by itself; an Escape that was pressed has nothing after it.
  @Test func anEscapeInAPasteIsItsEndOrTheWayOut() {
    var decoder = KeyDecoder()
    #expect(
      Array("\u{1B}[200~xy\u{1B}[201~q".utf8).flatMap { decoder.feed([$0]) } == [.paste("xy"), .key(.character("q"))])
    #expect(
      (decoder.feed(Array("\u{1B}[200~xy".utf8)) + decoder.feed([0x1B])).isEmpty && decoder.waiting == .escapeInPaste)
    #expect(decoder.timeout() == [.paste("xy")] && decoder.waiting == .nothing)
  }

  /// Found by fuzzing: numbers of a mouse report that are not digits overflowed.
  @Test func reportsOfTheMouseThatAreNoNumbersAreSwallowed() {
    var decoder = KeyDecoder()
    decoder.reportsPointer = true
    let report = "\u{1B}[<" + String(repeating: "!", count: 40) + ";1;1Mq"
    #expect(decoder.feed(Array(report.utf8)) == [.key(.character("q"))])
  }

  @Test func neverHangsOnNoise() {
    var random = SplitMix(seed: 11)
    for _ in 0..<2000 {
      var decoder = KeyDecoder()
      for _ in 0..<4 {
        let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
          Bool.random(using: &random)
            ? [0x1B, 0x5B, 0x4F, 0x3B, 0x7E, 0x32, 0x5D][Int.random(in: 0..<7, using: &random)]
            : UInt8.random(in: 0...255, using: &random)
        }
        _ = decoder.feed(bytes)
      }
      _ = decoder.timeout()
      #expect(decoder.waiting == .nothing || decoder.waiting == .paste)
    }
  }
}
