import MathText
import Testing

/// What is raised or lowered is never read with what stands on its left.
@Suite struct RaisedTests {
  private static let lefts = [
    "2", "x", "12", "x^2", "x_1", "f'", "(a)", #"\frac{1}{2}"#, "n!", #"\alpha"#, #"\sqrt{2}"#, #"\hat{x}"#,
    #"\text{cm}"#, #"x^{\frac{a}{b}}"#, #"\left(\frac{a}{b}\right)^2"#,
  ]
  private static let raised = [
    #"\sqrt[3]{x+y}"#, #"\sqrt[3]{\frac{a}{b}}"#, #"\sqrt[3]{5}"#, #"\sqrt[4]{x}"#, #"\sqrt[n]{x+y}"#,
    #"\sqrt[10]{\frac{a}{b}}"#, "{}^{n}C_r", "{}^{n+q}C", #"\prescript{14}{6}C"#, #"\sum_{k=1}^{n} k"#,
    #"\sum_{k=1}^{n}\frac{1}{k}"#, #"\prod_{k=1}^{n} k"#, #"\int_0^1 x"#, #"\int_0^1\frac{1}{x}"#,
    #"\lim_{n\to\infty} x"#, #"\overset{a}{\to}"#, #"\underbrace{a+b}_{n}"#, #"\overbrace{a+b}^{n}"#,
  ]

  /// In two dimensions some column between the two is blank from top to bottom.
  @Test(arguments: lefts) func twoDimensions(left: String) {
    for raised in Self.raised {
      for ascii in [false, true] {
        let first = MathText.box(MathText.parse(left), ascii: ascii).width
        let lines = MathText.box(MathText.parse(left + " " + raised), ascii: ascii).lines.map(Array.init)
        let isApart = lines.allSatisfy { line in line.count <= first || line[first] == " " }
        #expect(isApart, "\(left) \(raised)\n\(lines.map { String($0) }.joined(separator: "\n"))")
      }
    }
  }

  /// On the line a blank stands between the two, so that 2∛x is not 2³√x.
  @Test(arguments: lefts) func line(left: String) throws {
    for raised in Self.raised {
      let node = MathText.parse(left + " " + raised)
      let linear = MathText.linear(node)
      let second = MathText.linear(MathText.parse(raised))
      let isApart = linear.hasSuffix(" " + second) || second.hasPrefix("(") || linear.hasSuffix(" " + second + " ")
      #expect(isApart, "\(left) \(raised): \(linear)")
      #expect(try MathText.parseLinear(linear) == MathText.normalized(node), "\(linear)")
    }
  }

  @Test func anExponentIsNotReadWithTheNumeratorBesideIt() {
    #expect(MathText.box(MathText.parse(#"x^{\frac{a}{b}}\frac{c}{d}"#)).lines == [" a/b c", "x    ─", "     d"])
  }

  /// A fraction has a blank beside it, whatever that is.
  @Test(arguments: [
    "x", "2", "(x+1)", #"\left(\frac{a}{b}\right)"#, "!", "/c", #"\frac{c}{d}"#, #"\sqrt{\frac{a}{b}}"#, "[x]", "|x|",
    #"\sin x"#, #"\binom{n}{k}"#, #"\begin{pmatrix}1\\2\end{pmatrix}"#, #"\pi"#, #"\vec{v}"#, #"\int_0^1 x"#,
  ])
  func fractionsStandApart(_ neighbour: String) {
    for ascii in [false, true] {
      let after = MathText.box(MathText.parse(#"\frac{1}{2}"# + neighbour), ascii: ascii).lines
      #expect(after.allSatisfy { Array($0).count < 2 || Array($0)[1] == " " }, "\(after.joined(separator: "\n"))")
      guard neighbour != "!", neighbour != "/c" else { continue }
      let width = MathText.box(MathText.parse(neighbour), ascii: ascii).width
      let before = MathText.box(MathText.parse(neighbour + #"\frac{1}{2}"#), ascii: ascii).lines
      #expect(
        before.allSatisfy { Array($0).count <= width || Array($0)[width] == " " }, "\(before.joined(separator: "\n"))")
    }
  }

  @Test(arguments: [
    #"\left|\frac{a}{b}\right|"#, #"\left\|\frac{a}{b}\right\|"#, #"\sqrt{\frac{a}{b}}"#, #"\boxed{\frac{a}{b}}"#,
  ])
  func aFractionDoesNotRunIntoTheBarAroundIt(_ source: String) {
    let line = MathText.box(MathText.parse(source)).lines.first { $0.contains(" ─") }
    #expect(line?.contains("│─") == false && line?.contains("║─") == false)
  }
}
