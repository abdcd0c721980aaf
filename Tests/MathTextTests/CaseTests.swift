import Foundation
import MathText
import Testing

@Suite struct CaseTests {
  @Test func handCheckedCases() throws {
    var cases = try MathCase.load()
    if ProcessInfo.processInfo.environment["RECORD_MATH_CASES"] != nil {
      for index in cases.indices {
        let node = MathText.parse(cases[index].input)
        cases[index].linear = MathText.linear(node)
        cases[index].rows = MathText.box(node).lines
      }
      try MathCase.write(cases)
    }
    #expect(cases.count >= 200)
    for item in cases {
      let node = MathText.parse(item.input)
      #expect(MathText.linear(node) == item.linear, "linear form of \(item.input)")
      #expect(MathText.box(node).lines == item.rows, "two-dimensional form of \(item.input)")
      if node.isFullyRendered {
        #expect(try MathText.parseLinear(MathText.linear(node)) == MathText.normalized(node), "\(item.input)")
      }
    }
  }
}
