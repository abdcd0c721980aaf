import Foundation
import MathText
import TestSupport
import Testing

@Suite struct CorpusTests {
  /// Every fully rendered formula reads back from its line as the tree it came from.
  @Test(arguments: DataFolder.available) func everyFormulaReadsBack(data: DataFolder) throws {
    let texts = try Corpus.all(in: data)
    var count = 0
    for text in texts {
      for formula in MathText.formulas(in: text) {
        let node = MathText.parse(formula.body)
        guard node.isFullyRendered else { continue }
        count += 1
        let linear = MathText.linear(node)
        if try MathText.parseLinear(linear) != MathText.normalized(node) {
          Issue.record("\(formula.body) → \(linear)")
        }
      }
    }
    #expect(count > (data == .real ? 20_000 : 10_000))
  }

  @Test(arguments: DataFolder.available, ["gsm8k", "math"]) func coverage(data: DataFolder, name: String) throws {
    var report = MathReport()
    for text in try Corpus.processBench(name, in: data) { report.add(text) }
    print(
      "\(name) (\(data.rawValue)): \(report.fullyRendered) of \(report.formulas) formulas fully rendered, left as source:",
      report.leftAsSource)
    #expect(report.share >= 0.995)
    #expect(report.readBack == report.fullyRendered)
  }

  /// Every digit of the source shows, and every letter outside commands; in the line and in two dimensions.
  @Test(arguments: DataFolder.available) func digitsAndLettersNeverVanish(data: DataFolder) throws {
    let texts = try Corpus.all(in: data)
    for text in texts {
      for formula in MathText.formulas(in: text) {
        let wanted = Self.visible(formula.body)
        let node = MathText.parse(formula.body)
        let linear = Self.count(Self.plain(MathText.linear(node)))
        let box = Self.count(Self.plain(MathText.box(node).lines.joined()))
        for (character, number) in wanted {
          if linear[character, default: 0] < number { Issue.record("\(character) in \(formula.body)") }
          if box[character, default: 0] < number { Issue.record("\(character) in two dimensions: \(formula.body)") }
        }
      }
    }
  }

  @Test(arguments: DataFolder.available, [20, 40, 60, 100]) func everyLineFits(data: DataFolder, width: Int) throws {
    let texts = try Corpus.all(in: data)
    for mode in [MathMode.rendered, .linear, .source] {
      for text in texts.prefix(mode == .rendered ? 6_000 : 2_000) {
        for line in MathText.render(text, MathOptions(width: width, mode: mode)) {
          let columns = line.text.reduce(0) { $0 + MathText.defaultColumns($1) }
          if columns > width { Issue.record("\(columns) columns: \(line.text)") }
          if line.text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            Issue.record("control character")
          }
        }
      }
    }
  }

  /// Digits and the letters that no command owns, from the source alone.
  static func visible(_ source: String) -> [Character: Int] {
    var result: [Character: Int] = [:]
    let text = Array(source)
    var at = 0
    let dropping: Set<String> = [
      "begin", "end", "phantom", "hphantom", "vphantom", "label", "hspace", "vspace", "color", "textcolor", "cline",
      "renewcommand", "multicolumn", "arraystretch",
    ]
    while at < text.count {
      if text[at] == "\\" {
        var name = ""
        at += 1
        while at < text.count, text[at].isASCII, text[at].isLetter {
          name.append(text[at])
          at += 1
        }
        if name.isEmpty {
          // \\[2pt]
          if at < text.count, text[at] == "\\", at + 1 < text.count, text[at + 1] == "[" {
            let end = text[at...].firstIndex(of: "]") ?? at
            if end - at < 10 { at = end }
          }
          at += 1
        }
        if name == "frac" || name == "sqrt" { continue }
        if dropping.contains(name) {
          let groups = ["renewcommand": 2, "multicolumn": 2][name] ?? 1
          for _ in 0..<groups { skipGroup(text, &at) }
          if name == "begin" { skipColumns(text, &at) }
        }
        continue
      }
      if text[at].isASCII, text[at].isNumber || text[at].isLetter { result[text[at], default: 0] += 1 }
      at += 1
    }
    return result
  }

  private static func skipGroup(_ text: [Character], _ at: inout Int) {
    guard at < text.count, text[at] == "{" else { return }
    var level = 0
    while at < text.count {
      if text[at] == "{" { level += 1 }
      if text[at] == "}" { level -= 1 }
      at += 1
      if level == 0 { return }
    }
  }

  /// The column specification of an array.
  private static func skipColumns(_ text: [Character], _ at: inout Int) {
    var end = at
    skipGroup(text, &end)
    if text[at..<end].allSatisfy({ "lcr|@ {};\\".contains($0) }) { at = end }
  }

  static func count(_ text: String) -> [Character: Int] {
    var result: [Character: Int] = [:]
    for c in text { result[c, default: 0] += 1 }
    return result
  }

  /// Scripts and marked letters as plain ones; the root signs that stand for an index as the index.
  static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
      switch scalar.value {
      case 0x221B: result += "3"
      case 0x221C: result += "4"
      case 0x300...0x36F, 0x20D0...0x20FF: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
