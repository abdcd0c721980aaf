import Foundation
import JSON
import Processes
import ReviewStore
import Testing

@testable import Evaluation

/// Our figures beside those of an independent implementation in Python, to the last digit, on random files.
@Suite("Reference protocol")
struct ReferenceTests {
  static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Reference/reference_scores.py").path

  /// Endings of critiques, # for the number: what models write, and what they should not.
  static let endings = [
    "**Answer**: \\boxed{#}", "\\boxed{ # }", "\\boxed{\\text{#}}",
    "$\\boxed{#}$.", "\\boxed{{#}} and nothing else", "\\boxed{0#}",
    "\\boxed{+#}", "\\boxed{#}, not \\boxed{x}", "\\boxed{#",
    "I cannot say.", "", "\\boxed{\\frac{#}{2}}",
    "first \\boxed{7}, then \\boxed{#}", "\\boxed{#}} \\}", "\\boxed{\n#\n}",
    "\\boxed{ \\boxed{#} }", "\\boxed{Step #}", "\\boxed{#.}",
    "boxed{#}", "\\fbox{#}", "\\boxed{−#}",
    "\\boxed{\\textbf{#}} é √", "\\boxed{1_#}", "\\boxed{#\u{A0}}",
    "\\boxed{}",
  ]

  private func rows(_ count: Int, samples: Int, base: Int, seed: UInt64) throws -> [String] {
    var generator = Xoshiro(seed: seed)
    return try (0..<count).map { row in
      let steps = Int.random(in: 1...6, using: &generator)
      let label = Int.random(in: -1..<steps, using: &generator)
      let texts = (0..<samples).map { _ -> String in
        let isRight = Int.random(in: 0..<3, using: &generator) > 0
        let said = isRight ? label : Int.random(in: -1..<steps, using: &generator)
        let written = said < 0 ? -1 : said + base
        let usual = Int.random(in: 0..<3, using: &generator) > 0
        let ending = usual ? 0 : Int.random(in: 0..<Self.endings.count, using: &generator)
        return "The step \\(x\\) is examined {here}. " + Self.endings[ending].replacing("#", with: String(written))
      }
      return try line([
        "id": "r\(row)", "problem": "Problem \(row)", "steps": (0..<steps).map { "Step text \($0) of \(row)" },
        "final_answer_correct": label < 0, "label": label,
        "generated_critique": samples == 1 ? texts[0] as Any : texts as Any,
      ])
    }
  }

  private func python(_ arguments: [String]) async throws -> JSONView {
    let done = await ToolRun.run(["python3", Self.script] + arguments)
    try #require(done.code == 0, "\(done.errorOutput)")
    return try JSONDocument(parsing: Array(done.output.utf8)).root
  }

  @Test(arguments: [ExtractionRule.standard, .strictReference], [1, 5])
  func figuresEqualToTheLastDigit(_ rule: ExtractionRule, _ samples: Int) async throws {
    let scratch = try Scratch()
    for seed in 0..<4 {
      let base = seed % 2
      let file = try scratch.write(
        "set\(seed)_error.jsonl", try rows(120, samples: samples, base: base, seed: UInt64(seed + 10 * samples)))
      let critic = try ImportedCritic(
        files: [file], benchmarks: [], reading: ImportedCritic.Reading(rule: rule, base: IndexBase(rawValue: base)))
      let score = try #require(critic.score(name: nil, programVersion: "test", bootstrap: nil).sets.first)
      let counted = try ImportedCritic(
        files: [file], benchmarks: [], reading: ImportedCritic.Reading(rule: rule, base: IndexBase(rawValue: base)),
        keepsTexts: false)
      #expect(counted.score(name: nil, programVersion: "test", bootstrap: nil).sets.first == score)
      let expected = try await python([rule == .standard ? "standard" : "strict", String(base), file])
      #expect(score.scores.error.percent == expected["error"]?.double)
      #expect(score.scores.correct.percent == expected["correct"]?.double)
      #expect(score.scores.f1 == expected["f1"]?.double)
      let curve = Array(try #require(expected["curve"]).elements)
      #expect(score.curve.count == curve.count)
      for (point, wanted) in zip(score.curve, curve) {
        #expect(point.error == wanted["error"]?.double)
        #expect(point.correct == wanted["correct"]?.double)
        #expect(point.f1 == wanted["f1"]?.double)
        #expect(point.bestError == wanted["best_error"]?.double)
        #expect(point.bestCorrect == wanted["best_correct"]?.double)
      }
    }
  }
}

@Suite("Extraction")
struct ExtractionTests {
  @Test(arguments: [
    ("\\boxed{3}", 3), ("\\boxed{-1}", -1), ("\\boxed{−1}", -1), ("\\boxed{\\text{-1}}", -1), ("\\boxed{{2}}", 2),
    ("\\boxed{Step 4}", 4), ("\\boxed{\\text{Step } 4}", 4), ("\\boxed{paragraph_5}", 5), ("\\boxed{<paragraph_5>}", 5),
    ("$\\boxed{ 2 }$", 2), ("\\boxed{2.}", 2), ("\\boxed{2.0}", 2), ("\\boxed{+2}", 2), ("\\boxed{３}", 3),
    ("first \\boxed{1}, finally \\boxed{2}", 2), ("\\boxed{2} since \\boxed{x^2}", 2), ("\\boxed{3}.\n\nDone }", 3),
    ("\\boxed {6}", 6), ("\\fbox{6}", 6), ("boxed{6}", 6),
  ])
  func spellings(_ text: String, _ step: Int) {
    #expect(AnswerExtractor().read(text) == .step(step))
  }

  @Test(arguments: [
    "\\boxed{x}", "\\boxed{}", "no box", "\\boxed{3", "\\boxed{1/2}", "\\boxed{3, 4}", "\\boxed{\\{3\\}}",
  ])
  func noAnswer(_ text: String) {
    #expect(AnswerExtractor().read(text) == SampleReading(.unparsed))
  }

  @Test func cutOffAndEmptyTextsAreNamed() {
    #expect(AnswerExtractor().read("\\boxed{3}", isTruncated: true) == SampleReading(.truncated))
    #expect(AnswerExtractor().read(" \n\u{200B}") == SampleReading(.empty))
    #expect(AnswerExtractor(.strictReference).read("\\boxed{3}", isTruncated: true).prediction == 3)
  }

  @Test func basesAndAnswerLines() {
    #expect(AnswerExtractor(base: .zero).read("\\boxed{0}") == .step(1))
    #expect(AnswerExtractor(base: .zero).read("\\boxed{-1}") == .step(-1))
    let line = AnswerExtractor(requiresAnswerLine: true)
    #expect(line.read("\\boxed{2}").outcome == .unparsed)
    #expect(line.read("text\n\n**Answer**: \\boxed{2}") == .step(2))
    #expect(line.read("## answer: \\boxed{2}") == .step(2))
  }

  /// Ballots are what Python's `strip` leaves, predictions what its `int` makes of it.
  @Test func strictReferenceIsPythons() {
    let strict = AnswerExtractor(.strictReference)
    #expect(strict.read("\\boxed{\\text{3}}") == SampleReading(.unparsed, ballot: "\\text{3"))
    #expect(strict.read("\\boxed{ 03\u{1C}}") == SampleReading(.answered, prediction: 3, ballot: "03"))
    #expect(strict.read("\\boxed{1_0}").prediction == 10)
    #expect(strict.read("\\boxed{1__0}").prediction == nil)
    #expect(strict.read("\\boxed{٣}").prediction == 3)
    #expect(strict.read("\\boxed{−1}").prediction == nil)
    #expect(strict.read("\\boxed{99999999999999999999}").prediction == nil)
  }
}

/// Reading a text where it is in a file gives what reading the whole text gives.
@Suite("Texts in files")
struct WrittenTextTests {
  private func same(_ json: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let value = try JSONDocument(parsing: Array(json.utf8)).root
    for rule in ExtractionRule.allCases {
      for line in [false, true] {
        let extractor = AnswerExtractor(rule, base: .zero, requiresAnswerLine: line)
        #expect(
          WrittenText(value).read(extractor) == extractor.read(value.string ?? ""), "\(rule) \(json)",
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: [
    #""\\boxed{3}""#, #""\\\boxed{3}""#, #""\\\\boxed{3}""#, #""\boxed{3}""#, #""\\boxed{3\u007d""#,
    #""\\boxed{3} \u005cboxed{4}""#, #""\u005cboxed{4}""#, #""\\boxed{3}\u007d""#, #""\\boxed{ 3 }""#, #""""#, #""}""#,
    #""\\boxed{}""#, #""\\boxed{3} and a box""#, #""\\boxed{3} \fbox{4}""#, #""\\boxed{\\boxed{3}}""#,
    #""x} \\boxed{3""#,
    #""\\boxed{3}\n\"\\boxed{-1}\"""#, #""\\boxed{é}""#, #""**Answer**: \\boxed{2}""#, "null", #""boxed{7}""#,
    #""\\boxed{1}\\u0041""#, #""\\boxed{1234567890}""#,
  ])
  func escapes(_ json: String) throws { try same(json) }

  @Test func randomTexts() throws {
    let pieces = [
      "\\\\boxed{", "}", "{", "3", "-1", "\\n", "\\\\", "\\\"", "\\u007d", "\\u005c", "boxed{", "box", "\\f", "\\b",
      "oxed{",
      " ", "é", "\\\\text{", "Answer: ", "0",
    ]
    var generator = Xoshiro(seed: 77)
    for _ in 0..<4000 {
      let count = Int.random(in: 0...9, using: &generator)
      let text = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
      try same("\"" + text + "\"")
    }
  }
}
