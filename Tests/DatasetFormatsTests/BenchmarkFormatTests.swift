import CritiqueModel
import JSON
import Testing

@testable import DatasetFormats

@Suite("ProcessBench, MR-GSM8K, PRMBench and generic rows")
struct BenchmarkFormatTests {
  func ratings(_ json: String, _ format: DatasetFormat) throws -> [Int?] {
    try #require(try content(json, format).solutions.first).steps.map { $0.rating?.rawValue }
  }

  // MARK: ProcessBench

  func processBench(_ label: String, extra: String = "") -> String {
    "{\"id\": \"math-1\", \"generator\": \"m\", \"problem\": \"p\", \"steps\": [\"a\", \"b\\u000c\", \" c\\n\"], "
      + "\"final_answer_correct\": true, \"label\": \(label)\(extra)}"
  }

  @Test func processBenchCountsFromZero() throws {
    #expect(try ratings(processBench("0"), .processbench) == [-1, nil, nil])
    #expect(try ratings(processBench("2"), .processbench) == [1, 1, -1])
    #expect(try ratings(processBench("-1"), .processbench) == [1, 1, 1])
    #expect(try ratings(processBench("1.0"), .processbench) == [1, -1, nil])
  }

  @Test func processBenchKeepsTheRest() throws {
    let solution = try #require(try content(processBench("1"), .processbench).solutions.first)
    #expect(solution.steps.map(\.text) == ["a", "b\u{C}", " c\n"])
    #expect(solution.sourceID == "math-1")
    #expect(solution.generator == "m")
    // A right answer by a wrong process.
    #expect(solution.finalAnswerCorrect == true)
    #expect(solution.firstError == .step(2))
  }

  @Test func processBenchRefuses() {
    #expect(refusal(processBench("3"), .processbench).contains("label is 3, but the solution has 3 steps"))
    #expect(refusal(processBench("-2"), .processbench).contains("label is -2"))
    #expect(refusal(processBench("null"), .processbench).contains("label"))
    #expect(refusal(processBench("\"1\""), .processbench).contains("label must be a whole number"))
    #expect(refusal("{\"problem\": \"p\", \"steps\": [], \"label\": -1}", .processbench).contains("steps is empty"))
    #expect(
      refusal("{\"problem\": \"p\", \"steps\": [1], \"label\": -1}", .processbench).contains(
        "steps[0] must be a string"))
    #expect(refusal("{\"problem\": \"p\"}", .processbench).contains("has the keys `problem`"))
  }

  @Test func processBenchRoundTrip() throws {
    for label in ["-1", "0", "2"] {
      let solution = try #require(
        try content(processBench(label, extra: ", \"answer\": \"7\""), .processbench).solutions.first)
      let raw = try RecordEncoder.encode(solution, critiques: [], as: .processbench)
      #expect(try RecordDecoder.content(of: raw, format: .processbench).solutions == [solution])
      #expect(RecordEncoder.losses(solution, critiques: [], as: .processbench) == [])
      #expect(FormatDetector.format(of: try JSONDocument(parsing: raw).root) == .processbench)
    }
  }

  @Test func processBenchNeedsAKnownFirstError() {
    let unknown = Solution(problem: "p", steps: [Step("a", rating: .correct), Step("b")])
    #expect(throws: RecordError.self) { try RecordEncoder.encode(unknown, critiques: [], as: .processbench) }
    let mixed = Solution(
      problem: "p", steps: [Step("a", rating: .neutral), Step("b", rating: .incorrect), Step("c", rating: .correct)])
    #expect(
      RecordEncoder.losses(mixed, critiques: [], as: .processbench)
        == ["1 rating of 0 (it becomes +1)", "1 rating after the first error"])
  }

  // MARK: MR-GSM8K

  @Test func processedMRGSM8KIsToldByItsIdentifier() throws {
    let row =
      #"[{"id": 0, "generator": "", "problem": "p", "steps": ["Step 1:  a\u00a0"], "final_answer_correct": true, "label": -1}]"#
    let reading = try read(row)
    #expect(reading.format == .mrgsm8k)
    #expect(reading.solutions.first?.sourceID == "0")
    #expect(reading.solutions.first?.generator == nil)
    #expect(reading.solutions.first?.steps.first?.text == "Step 1:  a\u{A0}")
  }

  func original(_ solution: String, _ step: String, steps: String = #"["Step 1: a", "b", "c"]"#) -> String {
    """
    {"uuid": "u", "question": "q", "ground_truth_solution": "s", "ground_truth_answer": 18, \
    "model_output_steps": \(steps), "model_output_answer_correctness": "wrong", \
    "model_output_solution_correctness": \(solution), "model_output_solution_first_error_step": \(step), \
    "model_output_solution_first_error_reason": "r", "question_type": "original"}
    """
  }

  @Test func originalCountsFromOne() throws {
    #expect(try ratings(original("\"wrong\"", "1"), .mrgsm8kOriginal) == [-1, nil, nil])
    #expect(try ratings(original("\"wrong\"", "\"3\""), .mrgsm8kOriginal) == [1, 1, -1])
    #expect(try ratings(original("\"correct\"", "\"N/A\""), .mrgsm8kOriginal) == [1, 1, 1])
    #expect(try ratings(original("null", "null"), .mrgsm8kOriginal) == [nil, nil, nil])
    let solution = try #require(try content(original("\"correct\"", "\"N/A\""), .mrgsm8kOriginal).solutions.first)
    #expect(solution.referenceAnswer == "18")
    #expect(solution.finalAnswerCorrect == false)
    #expect(solution.steps[0].text == "Step 1: a")
    #expect(solution.sourceID == "u")
    #expect(try read(original("\"wrong\"", "1")).format == .mrgsm8kOriginal)
  }

  @Test func originalStepsAsText() throws {
    func texts(_ steps: String) throws -> [String] {
      try content(original("\"correct\"", "\"N/A\"", steps: steps), .mrgsm8kOriginal).solutions[0].steps.map(\.text)
    }
    #expect(try texts(#""Step 1: a\n\nStep 2: b\n""#) == ["Step 1: a", "Step 2: b"])
    #expect(try texts(#""['it\\'s', \"b\\nc\", 'd\\xe9\\\\']""#) == ["it's", "b\nc", "dé\\"])
    #expect(try texts(#""[not a list]""#) == ["[not a list]"])
    #expect(try texts(#""['a' 'b']""#) == ["['a' 'b']"])
  }

  @Test func originalRefusesContradictions() {
    #expect(refusal(original("\"correct\"", "2"), .mrgsm8kOriginal).contains("said to be correct"))
    #expect(refusal(original("\"wrong\"", "\"N/A\""), .mrgsm8kOriginal).contains("gives no step"))
    #expect(refusal(original("\"wrong\"", "0"), .mrgsm8kOriginal).contains("first_error_step is 0"))
    #expect(refusal(original("\"wrong\"", "4"), .mrgsm8kOriginal).contains("has 3 steps"))
    #expect(refusal(original("\"maybe\"", "1"), .mrgsm8kOriginal).contains("must be \"correct\" or \"wrong\""))
    #expect(refusal(original("\"wrong\"", "1", steps: "[]"), .mrgsm8kOriginal).contains("model_output_steps is empty"))
  }

  // MARK: PRMBench

  func prmBench(_ errors: String) -> String {
    """
    {"idx": "i", "question": "q", "modified_question": "mq", "original_process": ["o"], \
    "modified_process": ["a", "b", "c", "d"], "error_steps": \(errors), "classification": "circular"}
    """
  }

  @Test func prmBench() throws {
    #expect(try ratings(prmBench("[2, 4]"), .prmbench) == [1, -1, nil, -1])
    #expect(try ratings(prmBench("[4, 2]"), .prmbench) == [1, -1, nil, -1])
    #expect(try ratings(prmBench("[]"), .prmbench) == [1, 1, 1, 1])
    #expect(refusal(prmBench("[0]"), .prmbench).contains("error_steps[0] is 0"))
    #expect(refusal(prmBench("[1, 5]"), .prmbench).contains("error_steps[1] is 5"))
    let reading = try read(prmBench("[1]"))
    #expect(reading.format == .prmbench)
    #expect(reading.solutions.first?.problem == "mq")
  }

  // MARK: Generic

  @Test func genericRows() throws {
    func row(_ label: String) -> String { "{\"problem\": \"p\", \"steps\": [\"a\", \"b\", \"c\"]\(label)}" }
    #expect(try ratings(row(", \"label\": 1"), .generic) == [1, -1, nil])
    #expect(try ratings(row(", \"label\": [true, false, null]"), .generic) == [1, -1, nil])
    #expect(try ratings(row(", \"labels\": [1, 0, -1]"), .generic) == [1, 0, -1])
    #expect(try ratings(row(""), .generic) == [nil, nil, nil])
    #expect(refusal(row(", \"label\": [1, 0, 1]"), .generic).contains("0 may mean wrong or neutral"))
    #expect(refusal(row(", \"label\": [1, 1, 1, 1]"), .generic).contains("4 entries"))
    #expect(refusal(row(", \"label\": 3"), .generic).contains("label is 3"))
    #expect(refusal(row(", \"label\": \"x\""), .generic).contains("label must be"))
    #expect(try read(row(", \"label\": 1")).format == .generic)
    #expect(
      try read("{\"question\": \"q\", \"steps\": [{\"text\": \"a\", \"rating\": 1}], \"labels\": null}").format
        == .generic)
  }
}
