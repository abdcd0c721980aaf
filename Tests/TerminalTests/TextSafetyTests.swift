import TestSupport
import Testing

@testable import Terminal

@Suite struct TextSafetyTests {
  @Test(arguments: [
    ("\u{1B}[31mred", "␛[31mred"),
    ("a\u{0}b\u{7}", "a␀b␇"),
    ("\u{7F}", "␡"),
    ("\u{9B}31m", "‹009B›31m"),
    ("a\u{202E}b\u{2066}\u{200E}\u{61C}", "a‹202E›b‹2066›‹200E›‹061C›"),
    ("a\u{200B}b\u{FEFF}\u{2060}\u{AD}", "a‹200B›b‹FEFF›‹2060›‹00AD›"),
    ("\u{E0041}", "‹E0041›"),
    ("\u{E000}\u{FFFF}\u{10FFFE}", "‹E000›‹FFFF›‹10FFFE›"),
    ("a\u{A0}b\u{2009}c\u{3000}d", "a b c  d"),
    ("a\nb\r\nc\rd\u{2028}e\u{85}f", "a⏎ b⏎ c⏎ d⏎ e⏎ f"),
    ("a\tb\u{C}c\u{B}", "a b␌c␋"),
    ("👩‍🚀❤️1️⃣", "👩‍🚀❤️1️⃣"),
    ("a\u{200D}b", "a‹200D›b"),
    ("a\u{FE0F}", "a‹FE0F›"),
    ("\u{301}x", "◌\u{301}x"),
    ("Σ ≤ é – “quoted” 漢字", "Σ ≤ é – “quoted” 漢字"),
  ])
  func line(hostile: String, safe: String) {
    #expect(TextSafety.line(hostile) == safe)
    #expect(TextSafety.line(safe) == safe)
  }

  @Test func blockKeepsLines() {
    #expect(TextSafety.block("a\r\nb\rc\u{C}d\u{2029}e\tf") == "a\nb\nc\nd\ne    f")
    #expect(TextSafety.block("plain\ntext") == "plain\ntext")
  }

  @Test func towersOfMarksAreCut() {
    let tower = "a" + String(repeating: "\u{301}", count: 50) + "b"
    let safe = TextSafety.line(tower)
    #expect(safe == "a\u{301}\u{301}\u{301}\u{301}…b")
    #expect(TextSafety.line(safe) == safe)
  }

  @Test func fuzz() {
    var random = SplitMix(seed: 7)
    for _ in 0..<3000 {
      let text = random.text(length: 24)
      for safe in [TextSafety.line(text), TextSafety.block(text)] {
        for scalar in safe.unicodeScalars {
          #expect(isHarmless(scalar) || scalar == "\n", "U+\(String(scalar.value, radix: 16))")
        }
      }
      let line = TextSafety.line(text)
      #expect(!line.unicodeScalars.contains("\n"))
      #expect(TextSafety.line(line) == line)
      // What a canvas draws is as wide as the width says, and never overruns.
      var canvas = Canvas(size: Size(width: 300, height: 1))
      let columns = canvas.put(text, x: 0, y: 0)
      #expect(columns == min(300, DisplayWidth.of(text)))
      let clipped = clip(text, to: 9)
      #expect(DisplayWidth.of(clipped) <= 9)
      #expect(TextLayout.wrap(text, width: 7).allSatisfy { DisplayWidth.of($0) <= 7 || $0.count == 1 })
    }
  }

  private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200C, 0x200E...0x200F, 0x202A...0x202E, 0x2028...0x2029, 0x2060...0x206F,
      0x61C, 0xFEFF, 0xE000...0xF8FF, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF:
      false
    default: true
    }
  }
}

extension SplitMix {
  /// Scalars from where trouble lives, mixed with ordinary ones.
  mutating func text(length: Int) -> String {
    let ranges: [ClosedRange<UInt32>] = [
      0...0x7F, 0x20...0x7E, 0x80...0x2FF, 0x300...0x36F, 0x590...0x6FF, 0x900...0x97F, 0x1100...0x11FF,
      0x2000...0x206F, 0x20D0...0x20FF, 0x2190...0x27BF, 0x3000...0x30FF, 0xAC00...0xAD00, 0xFE00...0xFEFF,
      0xFFF0...0xFFFF, 0x1F1E6...0x1F1FF, 0x1F300...0x1F6FF, 0xE0000...0xE01FF, 0...0x10FFFF,
    ]
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      let range = ranges[Int.random(in: 0..<ranges.count, using: &self)]
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { scalars.append(scalar) }
    }
    return String(scalars)
  }
}
