import CritiqueModel
import Foundation
import ReviewStore
import TestSupport
import Testing

@testable import Evaluation

/// Benchmarks and predictions from files.
@Suite("Evaluation files")
struct EvaluationFileTests {
  /// Rows, and those without an error, as the files' descriptions say.
  @Test(
    arguments: DataFolder.available,
    [
      ("processbench/gsm8k.json", "gsm8k", 400, 193), ("processbench/math.json", "math", 1000, 406),
      ("mr-gsm8k/processed_test.json", "mr-gsm8k", 1418, 693),
    ])
  func benchmarks(_ data: DataFolder, _ told: (file: String, name: String, rows: Int, correct: Int)) throws {
    let set = try BenchmarkFile.read(data.path(told.file))
    #expect(set.name == told.name)
    #expect(set.items.count == told.rows)
    #expect(set.items.count { $0.gold == -1 } == told.correct)
    #expect(set.bad.isEmpty && set.leftOut.isEmpty)
    #expect(set.items.allSatisfy { $0.gold == -1 || $0.rightSteps.indices.contains($0.gold - 1) })
    #expect(Set(set.items.map(\.id)).count == told.rows)
  }

  @Test(arguments: DataFolder.available) func prm800k(_ data: DataFolder) throws {
    let set = try BenchmarkFile.read(data.path("prm800k/samples.jsonl"))
    #expect(set.items.count + set.leftOut.values.reduce(0, +) == 6)
    #expect(set.bad.isEmpty)
  }

  @Test func sampleBenchmark() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../SampleData/processbench.sample.json"
    ).standardized.path
    let set = try BenchmarkFile.read(path)
    #expect(set.name == "processbench.sample")
    #expect(set.items.map(\.gold) == [-1, 2, 2, 4])
    let majority = Baseline.majority.predictions(set.items)
    #expect(majority.allSatisfy { $0.prediction == 2 })
  }

  private func problem(_ lines: [String], benchmark: [String], base: IndexBase? = .zero) throws -> String {
    let scratch = try Scratch()
    let file = try scratch.write("p.jsonl", lines)
    let set = try BenchmarkFile.read(try scratch.write("b.jsonl", benchmark))
    do {
      _ = try ImportedCritic(files: [file], benchmarks: [set], reading: ImportedCritic.Reading(base: base))
      return ""
    } catch {
      return "\(error)"
    }
  }

  private let rows = [
    #"{"id": "a", "problem": "P", "steps": ["x", "y"], "label": 1, "final_answer_correct": false}"#,
    #"{"id": "b", "problem": "Q", "steps": ["x", "y"], "label": -1, "final_answer_correct": true}"#,
  ]

  @Test func whatIsWrongIsNamedWithItsLine() throws {
    #expect(try problem([#"{"id": "a", "prediction": 1}"#], benchmark: rows) == "")
    #expect(
      try problem([#"{"id": "a", "prediction": 1}"#, #"{"id": "a", "prediction": 0}"#], benchmark: rows)
        .contains("p.jsonl:2: 'a' has a prediction already"))
    #expect(try problem([#"{"id": "z", "prediction": 1}"#], benchmark: rows).contains("no prediction belongs to a row"))
    #expect(
      try problem([#"{"id": "a", "label": 0, "prediction": 1}"#], benchmark: rows).contains("the label of 'a' is 0"))
    #expect(try problem([#"{"id": "a", "prediction": 1}"#], benchmark: rows, base: nil).contains("--index-base"))
    #expect(
      try problem([#"{"id": "a", "prediction": 1}"#], benchmark: [rows[0], rows[0].replacing("P", with: "R")])
        .contains("'a' is the identifier of 2 rows of b"))
  }

  /// The way of counting is found from rows that matched, or from numbers that only one way has.
  @Test func wherePredictionsBeginToCount() throws {
    func base(_ lines: [String]) throws -> IndexBase? {
      let scratch = try Scratch()
      return PredictionFile.base(
        of: [try PredictionFile(try scratch.write("p.jsonl", lines))], extractor: AnswerExtractor())
    }
    #expect(try base([#"{"id": "a", "label": 1, "prediction": 1, "match": true}"#]) == .zero)
    #expect(try base([#"{"id": "a", "label": 1, "prediction": 2, "match": true}"#]) == .one)
    #expect(try base([#"{"id": "a", "label": 1, "generated_critique": "\\boxed{2}", "match": true}"#]) == .one)
    #expect(try base([#"{"id": "a", "prediction": 0}"#]) == .zero)
    #expect(try base([#"{"id": "a", "steps": ["x", "y"], "prediction": 2}"#]) == .one)
    #expect(try base([#"{"id": "a", "prediction": 1}"#]) == nil)
  }

  /// Every shape of a file of predictions means the same.
  @Test func shapesOfPredictions() throws {
    let scratch = try Scratch()
    let set = try BenchmarkFile.read(try scratch.write("b.jsonl", rows))
    let shapes: [[String]] = [
      [#"{"id": "a", "prediction": 1}"#, #"{"id": "b", "prediction": -1}"#],
      [#"{"a": 1, "b": -1}"#],
      [#"{"a": {"prediction": 1}, "b": {"prediction": "-1"}}"#],
      [#"{"id": "a", "generated_critique": "\\boxed{1}"}"#, #"{"id": "b", "generated_critique": ["\\boxed{-1}"]}"#],
      [#"{"problem": "P", "steps": ["x", "y"], "prediction": 1}"#, #"{"id": "b", "prediction": [-1, -1]}"#],
      ["[", #"{"id": "a", "prediction": 1}"#, ",", #"{"id": "b", "prediction": -1}"#, "]"],
      [#"{"id": "a", "scores": [0.9, 0.1]}"#, #"{"id": "b", "scores": [0.9, 0.8]}"#],
      [
        #"{"idx": "a", "scores": {"step_level_validity_labels": [true, false]}}"#,
        #"{"idx": "b", "scores": {"step_level_validity_labels": [true, true]}}"#,
      ],
      [#"{"id": "a", "predicted_error_steps": [2]}"#, #"{"id": "b", "predicted_error_steps": []}"#],
    ]
    for (number, shape) in shapes.enumerated() {
      let critic = try ImportedCritic(
        files: [try scratch.write("p\(number).jsonl", shape)], benchmarks: [set],
        reading: ImportedCritic.Reading(base: .zero))
      let scores = critic.score(name: nil, programVersion: "t", bootstrap: nil).sets[0].scores
      #expect(scores.error == Accuracy(right: 1, rows: 1), "\(shape)")
      #expect(scores.correct == Accuracy(right: 1, rows: 1), "\(shape)")
    }
  }

  @Test func scopesGrowWithTheLimit() {
    let few = EvaluationScope.positions(count: 100, limit: 10, seed: 3)
    let more = EvaluationScope.positions(count: 100, limit: 30, seed: 3)
    #expect(few.count == 10 && Set(few).isSubset(of: more))
    #expect(EvaluationScope.positions(count: 5, limit: 9) == [0, 1, 2, 3, 4])
  }
}
