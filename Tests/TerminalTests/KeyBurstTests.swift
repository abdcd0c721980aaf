import Testing

@testable import Terminal

/// Text that is pasted without being marked as a paste.
@Suite struct KeyBurstTests {
  private func keys(_ text: String) -> [InputEvent] { text.map { .key(.character($0)) } }

  @Test func aFewKeysAtOnceAreKeys() {
    #expect(KeyBurst.found(in: keys("jjjyenno")) == keys("jjjyenno"))
    let arrows = [InputEvent](repeating: .key(.down), count: 100)
    #expect(KeyBurst.found(in: arrows) == arrows)
  }

  @Test func manyAreABurstAndWhatElseCameStays() {
    let size = InputEvent.resize(Size(width: 3, height: 4))
    let found = KeyBurst.found(in: keys("yes, it ") + [size] + keys("is"))
    #expect(found == [.burst("yes, it is".map { .character($0) }), size])
  }
}
