import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Samples and versions of critiques on the screen.
@Suite struct VersionBehaviour {
  /// The sample data, with two further deep critiques of every step.
  private func bench(mode: ReviewMode = .audit) throws -> Bench {
    let bench = try Bench(mode: mode)
    let file = packageRoot.appendingPathComponent("SampleData/critiques.deep.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    for (number, verdict) in [1, -1].enumerated() {
      let more = try lines.map { line -> String in
        var row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let texts = try #require(row["critique_of_critiques"] as? [String])
        row["critique_of_critiques"] = texts.indices.map {
          "Sample \(number + 2) of step \($0 + 1): \\boxed{\(verdict)}"
        }
        return String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self)
      }
      let path = bench.folder.path + "/more\(number).jsonl"
      try more.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      _ = try bench.workspace.importFile(path)
    }
    return bench
  }

  private func title(_ bench: Bench, _ pane: String) -> String {
    bench.screen().split(separator: "\n").map(String.init).first { $0.contains("│ \(pane)") || $0.contains("▸\(pane)") }
      ?? ""
  }

  @Test func samplesAreReadOneByOneAndAnotherIsChosen() throws {
    let bench = try bench()
    try bench.type("enter 2")
    #expect(title(bench, "Deep").contains("says ✓ correct 2/3"))
    try bench.type(".")
    #expect(title(bench, "Deep").contains("2 of 3 says ✓ correct"))
    #expect(bench.screen().contains("Sample 2 of step 1"))
    #expect(bench.model.message?.text.contains("of 3 samples 2 say correct, 1 incorrect. d uses it.") == true)
    try bench.type(".")
    #expect(title(bench, "Deep").contains("3 of 3 says ✗ incorrect"))
    try bench.type("d")
    #expect(
      bench.model.message?.text.contains("The merged critique is of another one now: F2 generates it again.") == true)
    #expect(title(bench, "Deep").contains("✗ incorrect 1/3"))
    #expect(title(bench, "Deep").contains("chosen"))
    try bench.type("|")
    try bench.type("|")
    try bench.type("3")
    #expect(bench.screen().contains("▸Merged ✓ correct, turns back, stale"))
    try bench.type("|")
    // The training set loses the solution at once, and says why.
    #expect(bench.screen().contains("deep misses the label at step 1"))
    try bench.type("u")
    #expect(!bench.screen().contains("deep misses the label at step 1"))
    try bench.type("ctrl-r 2 d")
    #expect(bench.model.message?.text.contains("The rule chooses the deep critique of step 1 again.") == true)
    #expect(title(bench, "Deep").contains("2/3"))
  }

  @Test func aCritiqueIsEditedInTheEditorAndComparedWithItsOriginal() throws {
    let bench = try bench()
    try bench.type("enter 3 e ctrl-e")
    guard case .edit(let original) = bench.model.takeEffect() else {
      Issue.record("no editor")
      return
    }
    bench.model.finishEditing(original + "\nQuite improved. \\boxed{1}")
    #expect(bench.model.message?.text == "Your version is used; the original is kept.")
    #expect(bench.screen().contains("edited"))
    #expect(bench.model.review?.critiques(.merged).count == 2)
    let row = try #require(bench.model.services.trainingSet.state?.index)
    #expect(row.contains(try #require(bench.model.review?.stored.id)))
    // Every comparison of two stages comes first, then that with the original.
    for _ in 0..<4 { try bench.type("=") }
    #expect(bench.model.message?.text.contains("what this merged critique says and the original does not") == true)
    let marks = try #require(bench.model.review.map { bench.reviewScreen.marks(.merged, $0) })
    #expect(marks.contains { $0.mark == .changed })
    // Unchanged text is not a version.
    try bench.type("e ctrl-e")
    guard case .edit(let again) = bench.model.takeEffect() else {
      Issue.record("no editor")
      return
    }
    bench.model.finishEditing(again)
    #expect(bench.model.message?.text == "The critique is as it was.")
    try bench.type("u")
    #expect(bench.model.review?.critiques(.merged).count == 1)
  }

  @Test func onesOwnCritiqueWithoutJudgementIsTakenWithAWarning() throws {
    let bench = try bench()
    try bench.type("enter 1 E")
    #expect(bench.screen().contains("Your own initial critique of step 1"))
    bench.write("I think it is fine.")
    try bench.type("ctrl-s")
    #expect(bench.model.message?.kind == .warning)
    #expect(bench.model.message?.text.contains("It has no judgement: end it with \\boxed{1} or \\boxed{-1}.") == true)
    #expect(bench.model.review?.stored.critique(.initial, step: 1)?.author == "rt")
  }

  @Test func whatAStepShouldSayStandsBelowIt() throws {
    let bench = try bench()
    try bench.type("enter i ctrl-e")
    guard case .edit(let text) = bench.model.takeEffect() else {
      Issue.record("no editor")
      return
    }
    bench.model.finishEditing(text.replacingOccurrences(of: "14", with: "15"))
    #expect(bench.screen().contains("should say"))
    try bench.type("u")
    #expect(!bench.screen().contains("should say"))
  }

  @Test func blindReviewersSeeNoSamplesBeforeTheirVerdict() throws {
    let bench = try bench(mode: .blind)
    try bench.type("enter 2 .")
    #expect(
      bench.model.message?.text.contains("In blind mode critiques are shown when you have finished the solution")
        == true)
    try bench.type("d")
    #expect(
      bench.model.message?.text.contains("In blind mode critiques are shown when you have finished the solution")
        == true)
    try bench.type("e")
    #expect(bench.model.overlay == nil)
  }

  @Test func aTextThatCannotBeSavedIsKept() throws {
    let bench = try bench()
    try bench.type("enter 3 e ctrl-e")
    _ = bench.model.takeEffect()
    try FileManager.default.removeItem(atPath: bench.workspace.databasePath)
    bench.model.finishEditing("Mine \\boxed{1}")
    #expect(bench.model.message?.kind == .error)
    // It stays open, and also when it was left.
    #expect(bench.screen().contains("Mine \\boxed{1}"))
    try bench.type("escape escape")
    #expect(!bench.screen().contains("Mine \\boxed{1}"))
    try bench.type("e")
    #expect(bench.screen().contains("Mine \\boxed{1}"))
  }
}
