import CritiqueModel
import JSON
import Testing

@testable import DatasetFormats

@Suite("PRM800K")
struct PRM800KTests {
  /// A line with the given label steps, finish reason and question fields.
  func line(_ steps: String, finish: String = "\"solution\"", question: String = "", top: String = "") -> String {
    """
    {"labeler": "x", "generation": null, \(top)"question": {"problem": "p", "ground_truth_answer": "1"\(question)}, \
    "label": {"steps": [\(steps)], "total_time": 1, "finish_reason": \(finish)}}
    """
  }

  func solution(_ json: String) throws -> Solution {
    try #require(try content(json, .prm800k).solutions.first)
  }

  func completion(_ text: String, _ rating: String = "1") -> String {
    "{\"text\": \"\(text)\", \"rating\": \(rating), \"flagged\": false}"
  }

  func step(_ completions: [String]?, human: String = "null", chosen: String = "null") -> String {
    let list = completions.map { "[\($0.joined(separator: ", "))]" } ?? "null"
    return "{\"completions\": \(list), \"human_completion\": \(human), \"chosen_completion\": \(chosen)}"
  }

  @Test func chosenCompletionIsOnThePath() throws {
    let step = step([completion("a", "-1"), completion("b"), completion("c", "0")], chosen: "1")
    let read = try solution(line(step)).steps
    #expect(read.count == 1)
    #expect(read[0].text == "b")
    #expect(read[0].rating == .correct)
    #expect(read[0].alternatives.map(\.text) == ["a", "c"])
    #expect(read[0].alternatives.map(\.rating) == [.incorrect, .neutral])
    #expect(read[0].completion.flagged == false)
  }

  @Test func humanCompletionAsObjectAndAsText() throws {
    let human = "{\"text\": \"h\", \"rating\": null, \"source\": \"human\", \"flagged\": true}"
    let steps = try solution(line(step([completion("a", "-1")], human: human) + "," + step(nil, human: "\"t\""))).steps
    #expect(steps.map(\.text) == ["h", "t"])
    #expect(steps.map(\.completion.author) == [.human, .human])
    #expect(steps[0].completion.flagged == true)
    #expect(steps[0].rating == nil)
    #expect(steps[0].alternatives.map(\.text) == ["a"])
  }

  @Test func humanCompletionThatWasNotChosenIsAnAlternative() throws {
    let steps = try solution(line(step([completion("a"), completion("b")], human: "\"h\"", chosen: "0"))).steps
    #expect(steps[0].text == "a")
    #expect(steps[0].alternatives.map(\.text) == ["b", "h"])
    #expect(steps[0].alternatives.map(\.author) == [.model, .human])
  }

  @Test func errorStepIsTheFirstCompletion() throws {
    let read = try solution(
      line(step([completion("a", "-1"), completion("b", "null")]), finish: "\"found_error\""))
    #expect(read.steps[0].text == "a")
    #expect(read.steps[0].alternatives[0].rating == nil)
    #expect(read.firstError == .step(1))
    #expect(read.finishReason == .foundError)
  }

  @Test func emptyStepsAtTheEndAreNotSteps() throws {
    let ending = [step(nil), step([])].joined(separator: ",")
    #expect(
      try solution(line(step([completion("a")], chosen: "0") + "," + ending, finish: "\"give_up\"")).steps.count == 1)
    #expect(try solution(line(ending, finish: "\"give_up\"")).steps.isEmpty)
  }

  @Test func anEmptyStepInTheMiddleIsRefused() {
    let steps = [step([completion("a")], chosen: "0"), step(nil), step([completion("b")], chosen: "0")]
    #expect(refusal(line(steps.joined(separator: ",")), .prm800k).contains("label.steps[1] has no completion"))
  }

  @Test func phaseTwoGoesOnUnrated() throws {
    let label = step([completion("a")], chosen: "0") + "," + step([completion("b", "-1"), completion("x")])
    let question = ", \"ground_truth_solution\": \"s\", \"pre_generated_steps\": [\"a\", \"b\", \"c\", \"d\"]"
    let read = try solution(line(label, finish: "\"found_error\"", question: question))
    #expect(read.steps.map(\.text) == ["a", "b", "c", "d"])
    #expect(read.steps.map(\.rating) == [.correct, .incorrect, nil, nil])
    #expect(read.referenceSolution == "s")
  }

  @Test func anotherPathDoesNotGoOn() throws {
    let question = ", \"pre_generated_steps\": [\"z\", \"y\"]"
    #expect(try solution(line(step([completion("a")], chosen: "0"), question: question)).steps.map(\.text) == ["a"])
  }

  @Test func screening() throws {
    let one = step([completion("a")], chosen: "0")
    #expect(try !solution(line(one)).isScreening)
    #expect(try solution(line(one, top: "\"is_quality_control_question\": true, ")).isScreening)
    #expect(try solution(line(one, top: "\"is_initial_screening_question\": true, ")).isScreening)
    let text = line(one).replacing("\"generation\": null", with: "\"generation\": -1")
    #expect(try solution(text).isScreening)
  }

  @Test func keepsTextsExactly() throws {
    let read = try solution(line(step([completion(#"  é\n\n# Answer\n\n1 "#)], chosen: "0")))
    #expect(read.steps[0].text == "  é\n\n# Answer\n\n1 ")
  }

  @Test func answersMayBeNumbers() throws {
    let text = line(step([completion("a")], chosen: "0")).replacing(
      "\"ground_truth_answer\": \"1\"", with: "\"ground_truth_answer\": 1.50")
    #expect(try solution(text).referenceAnswer == "1.50")
  }

  @Test(arguments: ["2", "-2", "0.5", "\"1\"", "true", "[]"])
  func refusesOtherRatings(_ rating: String) {
    let steps =
      step([completion("a")], chosen: "0") + "," + step([completion("b"), completion("c", rating)], chosen: "0")
    #expect(refusal(line(steps), .prm800k).contains("label.steps[1].completions[1].rating must be -1, 0, 1 or null"))
  }

  @Test func namesTheFieldThatIsWrong() {
    let good = step([completion("a")], chosen: "0")
    #expect(refusal(line(good, finish: "\"bored\""), .prm800k).contains("label.finish_reason is \"bored\""))
    #expect(refusal(line(step([completion("a")], chosen: "1")), .prm800k).contains("chosen_completion is 1"))
    #expect(refusal(line(step([completion("a")], chosen: "-1")), .prm800k).contains("chosen_completion is -1"))
    #expect(refusal(line("3"), .prm800k).contains("label.steps[0] must be an object"))
    #expect(refusal(line(step(["{\"rating\": 1}"], chosen: "0")), .prm800k).contains("completions[0].text is missing"))
    #expect(
      refusal(line(step(["{\"text\": null}"], chosen: "0")), .prm800k).contains("text must be a string, not null"))
    #expect(refusal("{\"question\": {}, \"label\": {\"steps\": []}}", .prm800k).contains("question.problem is missing"))
    #expect(refusal("{\"question\": {\"problem\": \"p\"}, \"label\": {}}", .prm800k).contains("label.steps is missing"))
    #expect(refusal("{\"problem\": 1}", .prm800k).contains("needs the objects `question` and `label`"))
  }

  @Test func encodesHumanStepsAndTails() throws {
    let solution = Solution(
      problem: "p", referenceAnswer: "2", referenceSolution: "r",
      steps: [
        Step(
          completion: Completion(text: "a", rating: .correct, flagged: true),
          alternatives: [Completion(text: "b", rating: .incorrect), Completion(text: "h", author: .human)]),
        Step(
          completion: Completion(text: "mine", author: .human), alternatives: [Completion(text: "c", rating: .neutral)]),
        Step("w", rating: .incorrect),
        Step("x"), Step("y"),
      ],
      finishReason: .foundError, labeler: "me", isScreening: true)
    let raw = try RecordEncoder.encode(solution, critiques: [], as: .prm800k)
    #expect(try RecordDecoder.content(of: raw, format: .prm800k).solutions == [solution])
    #expect(RecordEncoder.losses(solution, critiques: [], as: .prm800k) == [])
    let root = try JSONDocument(parsing: raw).root
    let steps = root["label"]?["steps"].map { Array($0.elements) } ?? []
    #expect(steps.count == 3)
    #expect(steps[0]["chosen_completion"]?.int == 0)
    #expect(steps[1]["chosen_completion"]?.isNull == true)
    #expect(steps[2]["chosen_completion"]?.isNull == true)
    #expect(FormatDetector.format(of: root) == .prm800k)
  }

  @Test func saysWhatItCannotHold() {
    var solution = Solution(problem: "p", steps: [Step("a", rating: .correct)])
    solution.generator = "m"
    solution.finalAnswerCorrect = true
    solution.steps[0].alternatives = [Completion(text: "h", author: .human), Completion(text: "b")]
    let losses = RecordEncoder.losses(
      solution, critiques: [Critique(stage: .deep, step: 1, text: "c")], as: .prm800k)
    #expect(losses.count == 4)
    #expect(losses.first == "1 critique")
    #expect(throws: RecordError.self) {
      try RecordEncoder.encode(Solution(problem: "p", steps: []), critiques: [], as: .prm800k)
    }
    #expect(throws: RecordError.self) { try RecordEncoder.encode(solution, critiques: [], as: .sft) }
  }
}
