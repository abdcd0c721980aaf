import CritiqueModel
import JSON
import Testing

@testable import DatasetFormats

@Suite("DeepCritic stages, SFT messages, rollouts, problem sets, review logs")
struct DeepCriticFormatTests {
  // MARK: Stages

  func stage(_ extra: String = "") -> String {
    """
    {"problem": "p", "steps": [{"step_index": 1, "text": "a", "rating": 1}, {"step_index": 2, "text": "b", \
    "rating": null}, {"step_index": 3, "text": "c", "rating": -1}], "gt_answer": "5", \
    "contain_erroneous_step": true\(extra)}
    """
  }

  @Test func processedInput() throws {
    let reading = try read(stage())
    #expect(reading.format == .deepcritic)
    let solution = try #require(reading.solutions.first)
    #expect(solution.steps.map { $0.rating?.rawValue } == [1, nil, -1])
    #expect(solution.referenceAnswer == "5")
    #expect(reading.records[0].content.critiques == [])
  }

  @Test func listsAreParallelToTheRatedSteps() throws {
    let row = stage(
      #", "critic_solutions": ["s", "s"], "critic_labels": [1, -1], "critiques": ["i1", "i3"], "#
        + #""critique_correctness": [true, false], "critique_of_critiques": ["", "d3 \\boxed{-1}"], "#
        + #""critique_of_critique_correctness": [false, true], "merged_critiques": ["m1", "m3"]"#)
    let critiques = try content(row, .deepcritic).critiques
    #expect(
      critiques == [
        Critique(stage: .initial, step: 1, text: "i1"), Critique(stage: .initial, step: 3, text: "i3"),
        Critique(stage: .deep, step: 3, text: "d3 \\boxed{-1}"),
        Critique(stage: .merged, step: 1, text: "m1"), Critique(stage: .merged, step: 3, text: "m3"),
      ])
  }

  @Test func lengthsMustMatch() {
    #expect(
      refusal(stage(", \"critiques\": [\"a\"]"), .deepcritic)
        .contains("critiques has 1 entries, but the solution has 2 rated steps"))
    #expect(
      refusal(stage(", \"merged_critiques\": [\"a\", \"b\", \"c\"]"), .deepcritic).contains("merged_critiques has 3"))
    #expect(refusal(stage(", \"critic_labels\": [1]"), .deepcritic).contains("critic_labels has 1"))
    #expect(refusal(stage(", \"critic_labels\": [1, 1]"), .deepcritic).contains("step 3 is rated -1"))
    #expect(refusal(stage(", \"critiques\": [1, \"b\"]"), .deepcritic).contains("critiques[0] must be a string"))
  }

  @Test func stageRoundTrip() throws {
    let solution = Solution(
      problem: "p", referenceAnswer: "5",
      steps: [Step("a", rating: .neutral), Step("b"), Step("c", rating: .incorrect)])
    let critiques = [
      Critique(stage: .initial, step: 1, text: "x \\boxed{1}"),
      Critique(stage: .initial, step: 3, text: "y \\boxed{1}"),
      Critique(stage: .deep, step: 3, text: "z \\boxed{-1}"), Critique(stage: .merged, step: 3, text: "m"),
    ]
    let raw = try RecordEncoder.encode(solution, critiques: critiques, as: .deepcritic)
    let back = try RecordDecoder.content(of: raw, format: .deepcritic)
    #expect(back.solutions == [solution])
    #expect(back.critiques == critiques)
    #expect(RecordEncoder.losses(solution, critiques: critiques, as: .deepcritic) == [])
    let root = try JSONDocument(parsing: raw).root
    #expect(FormatDetector.format(of: root) == .deepcritic)
    #expect(root["critique_correctness"]?.elements.map(\.bool) == [true, false])
    #expect(root["critique_of_critique_correctness"]?.elements.map(\.bool) == [false, true])
    #expect(root["critic_labels"]?.elements.map(\.int) == [0, -1])
    #expect(root["contain_erroneous_step"]?.bool == true)
    #expect(root["critic_solutions"]?.elements.first?.string == "Step 1: a\n\nStep 2: b\n\nStep 3: c")
    let plain = try JSONDocument(parsing: RecordEncoder.encode(solution, critiques: [], as: .deepcritic)).root
    #expect(plain.keys == ["problem", "steps", "gt_answer", "contain_erroneous_step"])
  }

  @Test func saysWhatAStageFileCannotHold() {
    let solution = Solution(problem: "p", steps: [Step("a", rating: .correct), Step("b")], generator: "g")
    let critiques = [
      Critique(stage: .initial, step: 1, text: "kept"), Critique(stage: .initial, step: 1, text: "again"),
      Critique(stage: .initial, step: 1, sample: 1, text: "sample"),
      Critique(stage: .initial, step: 2, text: "unrated"),
      Critique(stage: .merged, step: 0, text: "whole"),
    ]
    let losses = RecordEncoder.losses(solution, critiques: critiques, as: .deepcritic)
    #expect(losses.count == 2)
    #expect(losses.first?.hasPrefix("4 critiques") == true)
    #expect(losses.last == "the generator")
  }

  // MARK: SFT

  func messages(_ user: String, _ assistant: String) throws -> SourceRecord.Content {
    var json = JSONWriter()
    json.object { json in
      json.key("messages")
      json.array { json in
        for (role, text) in [("system", "s"), ("user", user), ("assistant", assistant)] {
          json.object { json in
            json.key("role")
            json.string(role)
            json.key("content")
            json.string(text)
          }
        }
      }
    }
    #expect(FormatDetector.format(of: try JSONDocument(parsing: json.bytes).root) == .sft)
    return try RecordDecoder.content(of: json.bytes, format: .sft)
  }

  func user(_ solution: String) -> String {
    "Read this. \"Step i:\" marks a step.\n\n<Problem>\nWhat is 1+1?\n</Problem>\n\n<Solution>\n\(solution)\n</Solution>\n\nNow \\boxed{}."
  }

  @Test func sftExamples() throws {
    let text = user("Step 1: one\n\nStep 2: as Step 1: said,\nStep 9: no mark, and Step 3: neither\n\nStep 3: three")
    let read = try messages(text, "Fine.\n\n**Answer**: \\boxed{2}")
    let solution = try #require(read.solutions.first)
    #expect(solution.problem == "What is 1+1?")
    #expect(
      solution.steps.map(\.text) == ["one", "as Step 1: said,\nStep 9: no mark, and Step 3: neither", "three"])
    #expect(solution.steps.map { $0.rating?.rawValue } == [1, -1, nil])
    #expect(read.critiques == [Critique(stage: .merged, step: 0, text: "Fine.\n\n**Answer**: \\boxed{2}")])
    #expect(try messages(text, "\\boxed{1} then \\boxed{-1}").solutions[0].firstError == .none)
    #expect(try messages(text, "no box").solutions[0].firstError == .unknown)
    #expect(throws: RecordError.self) { try messages(text, "\\boxed{4}") }
    #expect(throws: RecordError.self) { try messages(text, "\\boxed{0}") }
  }

  /// A hostile answer must not take quadratic time.
  @Test(.timeLimit(.minutes(1))) func manyUnclosedBoxes() throws {
    let unclosed = String(repeating: "\\boxed{", count: 200_000)
    let read = try messages(user("Step 1: a\n\nStep 2: b"), unclosed + "\\boxed{2}")
    #expect(read.solutions[0].firstError == .step(2))
  }

  @Test func otherPromptsAreProblems() throws {
    guard case .problem(let solution) = try messages("Just a question", "answer") else {
      Issue.record("not a problem")
      return
    }
    #expect(solution.problem == "Just a question")
    guard case .problem = try messages(user("no marks here"), "x") else {
      Issue.record("not a problem")
      return
    }
    #expect(refusal("{\"messages\": []}", .sft).contains("no user turn"))
    #expect(refusal("{\"messages\": [{\"role\": \"user\"}]}", .sft).contains("messages[0].content is missing"))
  }

  // MARK: Rollouts

  @Test func rolloutInput() throws {
    let reading = try read(#"{"prompt": "p", "answer": "1"}"#)
    #expect(reading.format == .rollout)
    guard case .problem(let problem) = reading.records.first?.content else {
      Issue.record("not a problem")
      return
    }
    #expect(problem.referenceAnswer == "1")
    #expect(refusal(#"{"prompt": "p", "answer": ""}"#, .rollout).contains("no answer could be read"))
  }

  @Test func sampledSolutions() throws {
    let row =
      #"{"prompt": "p", "answer": "1", "solutions": ["Step 1: a\n\nStep 2: b", "no marks"], "#
      + #""pred_answers": ["1", ""], "pred_correctness": [true, false], "model": "m", "valid": true}"#
    let solutions = try content(row, .rollout).solutions
    #expect(solutions.map { $0.steps.map(\.text) } == [["a", "b"], ["no marks"]])
    #expect(solutions.map(\.finalAnswerCorrect) == [true, false])
    #expect(solutions[0].generator == "m")
    #expect(solutions[0].steps[0].rating == nil)
    #expect(refusal(row.replacing("[true, false]", with: "[true]"), .rollout).contains("pred_correctness has 1"))
  }

  @Test func processedSolutions() throws {
    let row =
      #"{"prompt": "p", "answer": "1", "correct_solutions": [["Step 1: a"]], "#
      + #""incorrect_solutions": [null, ["Step 1: b", "Step 2: c"]], "source": "numina", "#
      + #""wrong_solution_rollout_correct_numbers": [[], [3]]}"#
    guard case .solutions(let solutions) = try content(row, .rollout) else {
      Issue.record("not several solutions")
      return
    }
    #expect(solutions.map { $0.steps.map(\.text) } == [["Step 1: a"], ["Step 1: b", "Step 2: c"]])
    #expect(solutions.map(\.finalAnswerCorrect) == [true, false])
    #expect(
      refusal(#"{"prompt": "p", "answer": "1", "correct_solutions": ["x"]}"#, .rollout).contains("correct_solutions[0]")
    )
  }

  // MARK: Problem sets

  @Test func problemSets() throws {
    func answer(_ row: String) throws -> String? {
      let reading = try read(row)
      #expect(reading.format == .problems)
      return reading.solutions.first?.referenceAnswer
    }
    #expect(
      try answer(#"{"problem": "p", "solution": "s", "answer": "\\frac12", "level": 1, "unique_id": "u"}"#)
        == "\\frac12")
    #expect(try answer(#"{"question": "q", "answer": "long\n#### 1,234"}"#) == "1234")
    #expect(
      try answer(#"{"source": "s", "problem": "p", "solution": "\\boxed{1} so \\boxed{\\frac{1}{2}}", "messages": []}"#)
        == "\\frac{1}{2}")
    #expect(refusal(#"{"problem": "p", "solution": "proof"}"#, .problems).contains("no answer could be read"))
    #expect(refusal(#"{"problem": "p", "answer": " "}"#, .problems).contains("no answer could be read"))
    #expect(refusal(#"{"question": "q", "answer": "12"}"#, .problems).contains("####"))
    #expect(refusal(#"{"question": "q"}"#, .problems).contains("needs"))
  }

  // MARK: Review logs

  @Test func reviewLogs() throws {
    let header = #"{"format":"deepcritic-reviews","version":1,"workspace":"w"}"#
    let folder = try TemporaryFolder()
    let path = try folder.file(Array("\(header)\n{\"event\": 1}\n[1]\n{\"event\": 2}\n".utf8))
    let reader = try DatasetReader(path: path)
    #expect(reader.format == .reviews)
    #expect(reader.header == Array(header.utf8))
    let reading = read(path: path, .reviews)
    #expect(reading.records.map(\.line) == [2, 4])
    #expect(reading.records.map(\.raw) == [Array("{\"event\": 1}".utf8), Array("{\"event\": 2}".utf8)])
    #expect(reading.bad.map(\.line) == [3])
    #expect(try read(header.replacing("1", with: "2")).error?.description.contains("version is 2") == true)
    #expect(try read("{\"event\": 1}", .reviews).error != nil)
    // A log without events is a whole log.
    #expect(try read(header).error == nil)
  }

  /// The beginning of a record says the same about problem and steps as the whole, or is not used.
  @Test(arguments: [
    (#"{"problem": "P \"q\" {", "steps": [{"text": "s, ]}", "rating": 1}], "critiques": ["c"]}"#, true),
    (#" { "steps" : [{"text":"\\","rating":-1},{"text":"b","rating":null}] , "problem":"P","x":[{}]}"#, true),
    (#"{"n": -1.5e3, "b": [true, {"k": "v"}], "problem": "P", "steps": [{"text": "s", "rating": 0}]}"#, true),
    (#"{"problem": "P", "steps": [{"text": "s", "rating": 1}], "problem": "Q"}"#, false),
    (#"{"problem": "P", "steps": [{"text": "s", "rating": 1}], "probl\u0065m": "Q"}"#, false),
    (#"{"problem": "P", "steps": [{"text": "s", "rating": 1}], "steps": [{"text": "t", "rating": 1}]}"#, false),
  ])
  func theHeadOfARecordSaysTheSame(text: String, isCut: Bool) throws {
    let raw = Array(text.utf8)
    let head = raw.withUnsafeBufferPointer { RecordHead.cut($0, format: .deepcritic) }
    #expect((head != nil) == isCut)
    let whole = try #require(try RecordDecoder.solution(of: raw, format: .deepcritic, ordinal: 0))
    let read = try #require(try RecordDecoder.solution(of: head ?? raw, format: .deepcritic, ordinal: 0))
    #expect(read.problem == whole.problem)
    #expect(read.steps == whole.steps)
  }
}
