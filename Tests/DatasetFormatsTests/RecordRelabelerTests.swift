import CritiqueModel
import Testing

@testable import DatasetFormats

struct RecordRelabelerTests {
  private func solution(_ record: String, _ format: DatasetFormat) throws -> Solution {
    try #require(try RecordDecoder.solution(of: Array(record.utf8), format: format, ordinal: 0))
  }

  /// The record with other ratings, as text; reading it gives these ratings again.
  private func relabelled(_ record: String, _ format: DatasetFormat, _ ratings: [Int?]) throws -> String {
    var solution = try solution(record, format)
    solution.ratings = ratings.map { $0.flatMap(Rating.init(rawValue:)) }
    solution.finishReason = nil
    let bytes = try RecordRelabeler.relabel(Array(record.utf8), as: format, solution)
    let again = try #require(try RecordDecoder.solution(of: bytes, format: format, ordinal: 0))
    #expect(again.firstError == solution.firstError)
    return String(decoding: bytes, as: UTF8.self).replacing(": ", with: ":").replacing(", ", with: ",")
  }

  @Test(arguments: [DatasetFormat.processbench, .mrgsm8k]) func onlyTheLabelOfAProcessBenchRowChanges(
    format: DatasetFormat
  ) throws {
    let id = format == .mrgsm8k ? "7" : #""gsm8k-7""#
    let record =
      #"{"id": \#(id), "generator": "g", "problem": "p", "steps": ["a", "b", "c"], "#
      + #""final_answer_correct": true, "label": 2, "mine": [1, 2.50]}"#
    let changed = try relabelled(record, format, [1, -1, nil])
    #expect(changed.contains(#""label":1"#) && changed.contains(#""mine":[1,2.50]"#))
    #expect(try relabelled(record, format, [1, 1, 1]).contains(#""label":-1"#))
    #expect(throws: RecordError.self) { try relabelled(record, format, [1, nil, nil]) }
  }

  @Test func aPRM800KLineKeepsItsAlternativesAndUnknownKeys() throws {
    let record = """
      {"labeler": "x", "question": {"problem": "p", "pre_generated_steps": ["a", "b", "c"], "ground_truth_answer": "1"}, \
      "label": {"steps": [{"completions": [{"text": "z", "rating": -1, "k": 1}, {"text": "a", "rating": 1, "k": 2}], \
      "human_completion": null, "chosen_completion": 1}, {"completions": [{"text": "b", "rating": -1, "flagged": false}], \
      "human_completion": null, "chosen_completion": null}], "total_time": 5, "finish_reason": "found_error"}, "own": true}
      """
    let forward = try relabelled(record, .prm800k, [-1, nil, nil])
    #expect(
      forward.contains(#"{"text":"a","rating":-1,"k":2}"#) && forward.contains(#"{"text":"z","rating":-1,"k":1}"#))
    #expect(forward.contains(#""own":true"#) && forward.contains(#""total_time":5"#))
    // Labels that continue: the third step comes from the pre-generated ones.
    let onward = try relabelled(record, .prm800k, [1, 1, -1])
    #expect(onward.contains(#""text":"c""#) && onward.contains(#""finish_reason":"found_error""#))
    let right = try relabelled(record, .prm800k, [1, 1, 1])
    #expect(right.contains(#""finish_reason":"solution""#))
  }

  @Test func otherBenchmarksAreCorrectedToo() throws {
    let prmbench =
      #"{"idx": "q", "question": "p", "modified_process": ["a", "b", "c"], "error_steps": [2, 3], "classification": "x"}"#
    let changed = try relabelled(prmbench, .prmbench, [1, 1, -1])
    #expect(changed.contains(#""error_steps":[3]"#) && changed.contains(#""classification":"x""#))
    let original =
      #"{"uuid": "u", "question": "p", "model_output_steps": ["Step 1: a", "Step 2: b"], "#
      + #""model_output_solution_correctness": "wrong", "model_output_solution_first_error_step": 2}"#
    #expect(
      try relabelled(original, .mrgsm8kOriginal, [1, 1]).contains(#""model_output_solution_correctness":"correct""#))
    #expect(
      try relabelled(original, .mrgsm8kOriginal, [-1, nil]).contains(#""model_output_solution_first_error_step":1"#))
    #expect(throws: RecordError.self) {
      try RecordRelabeler.relabel(Array("{}".utf8), as: .rollout, Solution(problem: "p", steps: [Step("a")]))
    }
  }
}
