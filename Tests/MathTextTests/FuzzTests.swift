import MathText
import TestSupport
import Testing

@Suite struct FuzzTests {
  private func survives(_ text: String, width: Int = 40) {
    for mode in [MathMode.rendered, .linear, .source] {
      for line in MathText.render(text, MathOptions(width: width, mode: mode)) {
        if line.text.reduce(0, { $0 + MathText.defaultColumns($1) }) > max(width, 2) {
          Issue.record("too wide at \(width): \(line.text) from \(text.prefix(300))")
        }
        if line.text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
          Issue.record("control character")
        }
      }
    }
    let node = MathText.parse(text)
    let linear = MathText.linear(node)
    _ = try? MathText.parseLinear(linear)
    _ = MathText.linear(node, ascii: true)
    _ = MathText.normalized(node)
    _ = MathText.oneLine(text)
  }

  @Test func randomBytes() {
    var dice = SplitMix(seed: 7)
    for _ in 0..<600 {
      let bytes = (0..<Int.random(in: 1..<300, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
      survives(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func randomCommands() {
    let words = [
      "\\frac", "{", "}", "^", "_", "\\left(", "\\right)", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "$", "$$",
      "\\(", "\\)", "\\[", "\\]", "x", "1", "\\sqrt", "[", "]", "\\text{", "\\foo", "**", "*", "`", "```", "\n", "\n\n",
      "'",
      "\\over", "\\limits", "|", "(", ")", "- ", "# ", "|a|\n|-|\n", "\\boxed{", "\\not", "\\binom", " ", "²", "√",
      "<<",
      "\\\\", "\\\\frac", "\\\\(", "\\\\)", "``", "+ 17\n", "----\n", "  25\n", "\\cline{1-2}", "\\hline", "&",
      "\\begin{array}{|c|r|}", "\\end{array}", "\\hat{", "\\overline{", "\\cancel{", "x\u{302}", "\\int_", "\\sum^",
      "**2",
      "\\text{a_b}", "\\sqrt[3]{", "_", "^", "∛(",
      "\\overbrace", "\\middle", "\\tag", "\\begin{cases}", "\\end{cases}", "\\substack", "é", "\u{202E}", "\u{1B}[31m",
    ]
    var dice = SplitMix(seed: 11)
    for _ in 0..<1_200 {
      let text = (0..<Int.random(in: 1..<40, using: &dice)).map { _ in words.randomElement(using: &dice) ?? "" }
      survives(text.joined(), width: Int.random(in: 1..<90, using: &dice))
    }
  }

  @Test func truncatedFormulas() throws {
    for item in try MathCase.load() {
      let characters = Array(item.input)
      for end in characters.indices where end % 3 == 0 { survives("so \\(" + String(characters[..<end]) + "\\) and") }
    }
  }

  @Test(arguments: [
    ("{", "}"), ("\\frac{1}{", "}"), ("\\sqrt{", "}"), ("x^{", "}"), ("(", ")"), ("\\left(", "\\right)"),
    ("\\begin{pmatrix}", "\\end{pmatrix}"), ("\\text{", "}"), ("\\sqrt", ""), ("\\boxed{", "}"), ("x^2", ""),
    ("\\frac", ""), ("\\hat", ""), ("{a\\over ", "}"), ("\\not", ""), ("\\begin{aligned}", ""), ("\\left(", ""),
    ("\\hat{", "}"), ("\\cancel{", "}"), ("\\overline{x", "}"), ("\\sqrt[3]{", "}"), ("\\int\\frac{1}{", "}"),
    ("\\text{$", "$}"), ("\\overset{a}{", "}"), ("\\underbrace{", "}_n"),
  ])
  func deepNesting(_ opening: String, _ closing: String) {
    for depth in [100, 150, 5_000] {
      survives(String(repeating: opening, count: depth) + "x" + String(repeating: closing, count: depth), width: 60)
      survives(
        "\\(" + String(repeating: opening, count: depth) + "x" + String(repeating: closing, count: depth) + "\\)")
    }
  }

  /// Eight times the text may take about eight times the time; a machine in use gets a generous factor.
  @Test(arguments: [
    "Let \\(x^2 + \\frac{1}{2}\\) be **bold** and $5 each.\n", "\\(", "$", "$$x", "\\begin{align}x ", "*a", "**a ", "`",
    "\\frac{", "{", "(", "\\left(", "a ", "a", "| a ", "\\begin{align}\\end{x}", "[asy] ", "\\[ x", "\\boxed{", "x_",
    "\\sqrt[",
    "$a$", "$a$$b$ ", "$a$$ b", "`` a", "```` a ", "5\n", "5\n\n+ 3\n", "\\\\( x", "\\\\frac{1}{2}", "*a* ", "2 *a ",
    "\\hat{",
    "\\hat{\\bar{x}}", "\\int ", "\\sum \\frac{1}{2} ", "x\u{302}", "**a**", "\\cancel{x+y}",
    "- a\n", "}\\left(", "\\text{a$", "\\ {",
  ])
  func timeIsLinear(_ unit: String) {
    func time(_ bytes: Int) -> Duration {
      let text = String(repeating: unit, count: bytes / unit.utf8.count)
      return ContinuousClock().measure { _ = MathText.render(text, MathOptions(width: 60)) }
    }
    _ = time(10_000)
    let small = time(25_000)
    let large = time(200_000)
    #expect(large < max(small * 32, .milliseconds(400)), "\(unit): \(small) for 25 kB, \(large) for 200 kB")
  }

  @Test func aMegabyteOfText() {
    let unit = "Step: $\\frac{a+b}{c} = \\sum_{k=1}^n k^2$ and so on, \\[ x = \\sqrt{\\frac{1}{2}} \\] done.\n"
    let lines = MathText.render(String(repeating: unit, count: 1_000_000 / unit.utf8.count), MathOptions(width: 60))
    #expect(lines.count > 10_000)
  }
}
