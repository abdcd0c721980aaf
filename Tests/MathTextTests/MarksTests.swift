import MathText
import Testing

/// Accents in the line: a mark over every letter, or brackets with a sign; never the name of a command.
@Suite struct MarksTests {
  @Test(arguments: [
    (#"\overline{AB}"#, "A\u{305}B\u{305}"), (#"\widehat{ABC}"#, "A\u{302}B\u{302}C\u{302}"),
    (#"\vec{v}"#, "v\u{20D7}"), (#"\overrightarrow{AB}"#, "A\u{20D7}B\u{20D7}"),
    (#"\overset{\frown}{AB}"#, "A\u{311}B\u{311}"), (#"\overleftrightarrow{PQ}"#, "P\u{20E1}Q\u{20E1}"),
    (#"\underline{ab}"#, "a\u{332}b\u{332}"), (#"\bar{x}"#, "x\u{304}"), (#"0.\dot{3}"#, "0.3\u{307}"),
    (#"0.1\overline{6}"#, "0.16\u{305}"), (#"\cancel{12}"#, "1\u{336}2\u{336}"), (#"\dddot{x}"#, "x\u{20DB}"),
    (#"\hat A\hat B"#, "A\u{302} B\u{302}"), (#"\widehat{a+b}"#, "(a+b)^∧"), (#"\vec{a+b}"#, "(a+b)^→"),
    (#"\underbrace{1+1}_{n}"#, "(1+1)⏟ₙ"), (#"\overset{a}{b}"#, "(a above b)"),
  ])
  func inTheLine(_ source: String, _ expected: String) throws {
    let node = MathText.parse(source)
    let linear = MathText.linear(node)
    #expect(linear.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(linear)")
    #expect(try MathText.parseLinear(linear) == MathText.normalized(node))
  }

  /// Every accent over every kind of body, alone and beside another, reads back; no name of a command shows.
  @Test(arguments: [
    "hat", "widehat", "check", "tilde", "widetilde", "acute", "grave", "dot", "ddot", "dddot", "breve", "mathring",
    "vec",
    "bar", "overline", "underline", "overarc", "overrightarrow", "overleftarrow", "overleftrightarrow",
    "underrightarrow", "underleftarrow", "cancel", "overbrace", "underbrace", "overbracket", "underbracket",
  ])
  func readsBack(_ name: String) throws {
    let bodies = [
      "x", "AB", "3", "142857", "a_1", "x^2", "a+b", "f(x)", #"\frac{a}{b}"#, #"\vec{v}"#, #"\text{max}"#, "A'",
      #"A\cup B"#, #"\sqrt{x}"#, #"\text{two words}"#, "a_{n+q}", #"\sum_k k"#, #"\hat{\bar{x}}"#, "x̂", "5!",
    ]
    for body in bodies {
      let accent = "\\\(name){\(body)}"
      for source in [
        accent, "2" + accent, accent + "3", accent + "x", accent + accent, accent + "^2", #"\frac{"# + accent + "}{2}",
        #"\frac{2}{"# + accent + "}", "(" + accent + ")_1", #"\sqrt{"# + accent + "}", "x_{" + accent + "}",
        accent + #"\text{a}"#, accent + #"\hat{y}"#, accent + "x̂", #"\bar{"# + accent + "}",
      ] {
        let node = MathText.parse(source)
        let linear = MathText.linear(node)
        #expect(try MathText.parseLinear(linear) == MathText.normalized(node), "\(source) → \(linear)")
        #expect(!linear.contains(name) && !linear.contains("‾A"), "\(linear)")
      }
    }
  }
}
