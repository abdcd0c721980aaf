import MathText
import TestSupport
import Testing

/// Random formulas, as LaTeX.
struct FormulaGenerator {
  var dice: SplitMix

  mutating func pick(_ list: [String]) -> String { list.randomElement(using: &dice) ?? "" }
  mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &dice) }

  mutating func atom() -> String {
    switch roll(5) {
    case 0: return "\(roll(2000)) "
    case 1: return pick(["3.14 ", "0.5 ", "7 ", "12 "])
    default:
      return pick(["x", "y", "n", "k", "a", "b", "q", "C", #"\alpha "#, #"\pi "#, #"\infty "#, #"\theta "#, "T"])
    }
  }

  mutating func group(_ depth: Int) -> String { "{" + row(depth - 1) + "}" }

  mutating func factor(_ depth: Int) -> String {
    if depth <= 0 { return atom() }
    switch roll(26) {
    case 0, 1: return #"\frac"# + group(depth) + group(depth)
    case 2: return factor(depth - 1).script("^", group(depth))
    case 3: return atom() + "_" + group(depth)
    case 4: return atom() + "_" + group(depth) + "^" + group(depth)
    case 5: return #"\sqrt"# + group(depth)
    case 6: return #"\sqrt["# + pick(["3", "4", "n", "n+1"]) + "]" + group(depth)
    case 7, 8: return "(" + row(depth - 1) + ")"
    case 9: return #"\left["# + row(depth - 1) + #"\right]"#
    case 10: return #"\binom"# + group(depth) + group(depth)
    case 11: return pick([#"\sin "#, #"\log_2 "#, #"\cos^2 "#, #"\ln "#]) + factor(depth - 1)
    case 12: return #"\sum_{k="# + row(depth - 1) + "}^" + group(depth) + factor(depth - 1)
    case 13: return pick([#"\overline"#, #"\widehat"#, #"\underline"#, #"\cancel"#, #"\vec"#, #"\dot"#]) + group(depth)
    case 14: return pick([#"\hat{x}"#, #"\vec{v}"#, #"\bar{z}"#, #"\overrightarrow{AB}"#, #"\overline{AB}"#])
    case 15: return atom() + pick(["'", "''", "!", #"^\circ "#, "^*"])
    case 16:
      return #"\begin{pmatrix}"# + row(depth - 1) + "&" + row(depth - 1) + #"\\"# + row(depth - 1) + #"\end{pmatrix}"#
    case 17: return #"\begin{cases}"# + row(depth - 1) + #"&\text{if }"# + row(depth - 1) + #"\end{cases}"#
    case 18: return #"\text{"# + pick([" if ", "cm", " and so ", "area", " is "]) + "}"
    case 19: return #"\left|"# + row(depth - 1) + #"\right|"#
    case 20: return #"\left."# + row(depth - 1) + #"\right|_"# + group(depth)
    case 21: return #"\boxed"# + group(depth)
    case 22: return #"\lim_{x\to "# + atom() + "}" + factor(depth - 1)
    case 23: return #"\underbrace"# + group(depth) + "_" + group(depth)
    case 24: return "{" + row(depth - 1) + "}"
    default: return pick(["f(x)", "P(A)", #"\angle ABC"#, "dx", #"\lfloor "# + atom() + #"\rfloor "#])
    }
  }

  mutating func row(_ depth: Int) -> String {
    var result = pick(["", "", "", "-"])
    for index in 0..<(1 + roll(depth > 0 ? 3 : 2)) {
      if index > 0 {
        result += pick([
          "+", "-", "=", "", "", "", #"\cdot "#, #"\times "#, "/", #"\le "#, ",", #"\,"#, #"\div "#, #"\to "#, #"\ "#,
        ])
      }
      result += factor(depth)
    }
    return result
  }
}

extension String {
  /// A script on a term that has none yet; otherwise on the term in braces.
  fileprivate func script(_ sign: String, _ body: String) -> String { "{\(self)}\(sign)\(body)" }
}

@Suite struct GeneratorTests {
  @Test func tenThousandRandomTreesReadBack() throws {
    var generator = FormulaGenerator(dice: SplitMix(seed: 20_260_101))
    var failures = 0
    for _ in 0..<10_000 {
      let source = generator.row(1 + generator.roll(20) / 9)
      let node = MathText.parse(source)
      #expect(node.isFullyRendered, "\(source)")
      let linear = MathText.linear(node)
      let back = try? MathText.parseLinear(linear)
      if back != MathText.normalized(node) {
        failures += 1
        if failures < 12 { Issue.record("\(source)\n  → \(linear)") }
      }
    }
    #expect(failures == 0)
  }
}
