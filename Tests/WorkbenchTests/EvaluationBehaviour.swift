import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

extension Bench {
  /// A workspace in which critics were evaluated on the sample benchmark.
  static func evaluated(
    size: Size = Size(width: 120, height: 40), mode: ReviewMode = .audit, glyphs: Glyphs = .unicode
  ) throws -> Bench {
    let bench = try Bench(size: size, mode: mode, glyphs: glyphs, files: ["processbench.sample.json"])
    let set = try BenchmarkFile.read(
      packageRoot.appendingPathComponent("SampleData/processbench.sample.json").path, name: "sample")
    // Two critics with three answers each: the first is nearly always right, the second finds no errors.
    for (name, shift) in [("careful", 0), ("lenient", 1)] {
      let lines = set.items.enumerated().map { place, item -> String in
        let answers = (0..<3).map { sample -> String in
          let isRight = shift == 0 ? sample < 2 || place % 2 == 0 : item.gold == -1
          let said = isRight ? item.gold : -1
          return "Let me check each step.\\n\\nHowever, $2+2=4$ holds.\\n\\n**Answer**: \\\\boxed{\(said)}"
        }
        let texts = answers.map { "\"\($0)\"" }.joined(separator: ", ")
        return "{\"id\": \"\(item.id)\", \"generated_critique\": [\(texts)]}"
      }
      let file = bench.folder.path + "/\(name).jsonl"
      try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
      _ = try ImportedCritic(
        files: [file], benchmarks: [set], reading: ImportedCritic.Reading(base: .one, asked: .deepcritic)
      ).store(in: bench.workspace, name: name, programVersion: "test")
    }
    _ = try ImportedCritic(.correct, benchmarks: [set], seed: 0)
      .store(in: bench.workspace, name: nil, programVersion: "test")
    return bench
  }

  /// Opens the evaluation screen and waits until everything is read.
  func openEvaluation() throws {
    try type("f5")
    model.settle()
  }

  func drawn() -> String { model.draw(theme: .terminal).text() }
}

/// Critics on benchmarks, on the screen.
@Suite struct EvaluationBehaviour {
  static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)]

  private func row(_ bench: Bench, holding words: String) -> String? {
    bench.drawn().split(separator: "\n").map(String.init).first { $0.contains(words) }
  }

  @Test(arguments: sizes) func snapshots(size: Size) throws {
    let name = "\(size.width)x\(size.height)"
    let bench = try Bench.evaluated(size: size)
    try bench.openEvaluation()
    try expectSnapshot(bench.drawn(), "evaluation-\(name)")
    try bench.type("j enter")
    try expectSnapshot(bench.drawn(), "evaluation-rows-\(name)")
    try bench.type("enter")
    try expectSnapshot(bench.drawn(), "evaluation-row-\(name)")
  }

  @Test func theBestOfASetIsMarkedAndItsFiguresAreToldBelow() throws {
    let bench = try Bench.evaluated()
    try bench.openEvaluation()
    #expect(row(bench, holding: "careful")?.contains("100.0") == true)
    #expect(row(bench, holding: "careful")?.contains("*") == true)
    #expect(row(bench, holding: "error accuracy") != nil)
    #expect(row(bench, holding: "majority F1") != nil)
    #expect(row(bench, holding: "always correct")?.contains("baseline") == true)
  }

  @Test func fromACellToRowsToAnswersToTheReview() throws {
    let bench = try Bench.evaluated()
    try bench.openEvaluation()
    try bench.type("j enter")
    let evaluation = bench.evaluation
    #expect(evaluation.critic?.name == "lenient")
    #expect(evaluation.rows.allSatisfy { !$0.isRight })
    let count = evaluation.rows.count
    #expect(count > 0)
    // Rows in which critics differ: here those that the lenient one gets wrong.
    try bench.type("/")
    #expect(evaluation.filter == .differing)
    #expect(evaluation.rows.count == count)
    try bench.type("/ /")
    #expect(evaluation.filter == .all)
    try bench.type("/ enter")
    #expect(row(bench, holding: "Answer 1/3") != nil)
    #expect(row(bench, holding: "careful")?.contains("gold") == true)
    try bench.type("tab")
    #expect(row(bench, holding: "Answer 2/3") != nil)
    let solution = try #require(evaluation.row?.item.solution)
    try bench.type("enter")
    #expect(bench.review?.stored.id == solution)
    #expect(bench.queue.ids.count == count)
    #expect(bench.queue.subset?.contains("lenient, sample, wrong") == true)
    // And back, to where the screen was left.
    try bench.openEvaluation()
    #expect(row(bench, holding: "Evaluation › lenient › sample › ") != nil)
    try bench.type("q q q")
    #expect(bench.model.top.id == .review)
  }

  @Test func rowsAsAQueue() throws {
    let bench = try Bench.evaluated()
    try bench.openEvaluation()
    try bench.type("j L")
    #expect(bench.model.top.id == .queue)
    #expect(bench.queue.subset == "lenient, sample, wrong")
  }

  @Test func blindReviewersAreNotTold() throws {
    let bench = try Bench.evaluated(mode: .blind)
    try bench.openEvaluation()
    for key in ["enter", "L", "/"] {
      try bench.type(key)
      #expect(bench.model.message?.text.contains("would reveal labels") == true)
      #expect(bench.evaluation.level == .critics)
    }
    #expect(row(bench, holding: "careful") == nil, "scores depend on labels")
  }

  @Test func anEmptyWorkspaceSaysWhatToDo() throws {
    let bench = try Bench()
    try bench.openEvaluation()
    #expect(bench.drawn().contains("deepcritic evaluate --benchmark FILE --model NAME"))
    try bench.type("enter")
    #expect(bench.model.message?.text.contains("Nothing has been evaluated here") == true)
  }

  @Test func itCanBeDrawnWithASCIIAndInLittleRoom() throws {
    let bench = try Bench.evaluated(size: Size(width: 60, height: 12), glyphs: .ascii)
    try bench.openEvaluation()
    for keys in ["", "enter", "f f f enter"] {
      try bench.type(keys)
      #expect(bench.drawn().unicodeScalars.allSatisfy { $0.isASCII }, "\(bench.drawn())")
    }
  }

  @Test func plainTextTellsTheSame() throws {
    let bench = try Bench.evaluated()
    var lines: [String] = []
    let front = try LinearFrontEnd(session: bench.model.session, prompts: false, unicode: true) { lines.append($0) }
    var input = ["evaluation.open", "row.next", "evaluation.enter", "evaluation.enter"][...]
    front.run { _ in input.popFirst() }
    let text = lines.joined(separator: "\n")
    #expect(text.contains("careful: F1 sample 100.0"))
    #expect(text.contains("gold step"))
    #expect(text.contains("Answer 1 of 3:"))
  }
}
