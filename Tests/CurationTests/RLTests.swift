import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import Curation
@testable import ReviewStore

/// Sets for reinforcement learning.
@Suite struct RLTests {
  private func lines(_ data: Data?) -> [[String: Any]] {
    String(decoding: data ?? Data(), as: UTF8.self).split(separator: "\n").compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
    }
  }

  private func rules(_ change: (inout RLSettings) -> Void = { _ in }) -> RLSettings {
    var rules = RLSettings()
    change(&rules)
    return rules
  }

  private func row(_ problem: String, _ ratings: [Int?], filler: String = "because") throws -> String {
    try stageRow(problem, ratings, filler: filler)
  }

  /// A solution without labels, as rollouts make them.
  private func sampled(_ problem: String, _ steps: [String]) -> String {
    let list = steps.map { "\"\($0)\"" }.joined(separator: ", ")
    return #"{"prompt": "\#(problem)", "answer": "1", "correct_solutions": [], "incorrect_solutions": [[\#(list)]]}"#
  }

  private func id(_ bench: Bench, _ problem: String) throws -> Int64 {
    try #require(try bench.workspace.queue(sort: .imported, filter: QueueFilter("\"\(problem)\""), reviewer: "").first)
  }

  private func estimate(_ bench: Bench, _ id: Int64, _ firstError: Int?, _ reason: EstimateReason = .labelled) throws {
    try bench.workspace.recordEstimates(
      [id: StepEstimate(counts: [], firstError: firstError, reason: reason)], generation: nil, grader: nil, rule: "")
  }

  @Test func promptAndGroundTruthAreThoseOfTheSupervisedSet() async throws {
    let bench = try Bench.samples()
    let supervised = lines(try await bench.export()["train.jsonl"])
    var answers: [String: Int] = [:]
    for row in supervised {
      let turns = try #require(row["messages"] as? [[String: String]])
      let answer = try #require(JudgementParser.boxedContents(in: turns[2]["content"] ?? "").last.flatMap { Int($0) })
      answers[turns[1]["content"] ?? ""] = answer
    }
    let rows = lines(try await bench.export(.rl(.trl, rules()))["train.jsonl"])
    #expect(rows.count > supervised.count)
    var found = 0
    for row in rows {
      let prompt = try #require(row["prompt"] as? [[String: String]])
      #expect(prompt.map { $0["role"] } == ["system", "user"])
      #expect(row["data_source"] as? String == "deepcritic/human")
      guard let answer = answers[prompt[1]["content"] ?? ""] else { continue }
      found += 1
      #expect(row["ground_truth"] as? Int == answer)
    }
    #expect(found == supervised.count)
  }

  @Test(arguments: RLFormat.allCases) func theSameStateGivesTheSameBytes(format: RLFormat) async throws {
    let bench = try Bench.samples()
    let kind = DatasetKind.rl(format, rules { $0.errorShare = 0.5 })
    let one = try await bench.export(kind)
    #expect(try await bench.export(kind, to: "again") == one)
    let other = try Bench.samples()
    #expect(try await other.export(kind) == one)
    let file = try #require(one["manifest.json"])
    let manifest = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    #expect(manifest["kind"] as? String == "rl")
    #expect(manifest["row_format"] as? String == format.rawValue)
    let counts = try #require(manifest["counts"] as? [String: Any])
    #expect(counts["in"] as? Int == lines(one["train.jsonl"]).count)
    #expect((counts["reasons"] as? [String: Int])?["over-balance"] ?? 0 > 0)
    #expect((manifest["settings"] as? [String: String])?["rl_error_share"] == "0.5")
    // Lineage: the set is known, with each row's solution.
    let hash = try #require(manifest["content_hash"] as? String)
    #expect(try bench.workspace.rows(ofDataset: hash).count == counts["in"] as? Int)
  }

  @Test func verlRowsHaveItsColumnsWithUniformTypes() async throws {
    let bench = try Bench.samples()
    let rows = lines(try await bench.export(.rl(.verl, rules()))["train.jsonl"])
    for (index, row) in rows.enumerated() {
      #expect(Set(row.keys) == ["data_source", "prompt", "ability", "reward_model", "extra_info"])
      let reward = try #require(row["reward_model"] as? [String: String])
      #expect(reward["style"] == "rule")
      #expect(reward["ground_truth"].flatMap { Int($0) } != nil)
      let extra = try #require(row["extra_info"] as? [String: Any])
      #expect(extra["index"] as? Int == index && extra["split"] as? String == "train")
    }
  }

  @Test func everyFilterHasItsNamedReason() async throws {
    let bench = try Bench()
    try bench.add([
      try row("finished", [1, -1]), try row("tail", [1, nil]), try row("nothing", [nil, nil]),
      try row("long " + String(repeating: "x", count: 3000), [1, -1]), try row("bad", [1, -1]),
      try row("kept", [1, -1]), try row("flagged", [1, -1]), try row("fight", [1, -1]),
    ])
    try bench.add([sampled("rolled", ["a", "b", "c"]), sampled("unclear", ["a", "b"])], "rollouts.jsonl")
    try bench.decide(try id(bench, "bad"), .mark, "bad_problem")
    try bench.decide(try id(bench, "kept"), .placement, "out")
    try bench.decide(try id(bench, "flagged"), step: 1, .flag, "1")
    try bench.decide(try id(bench, "fight"), step: 1, .verdict, "-1", by: "a")
    try bench.decide(try id(bench, "fight"), step: 1, .verdict, "1", by: "b")
    try estimate(bench, try id(bench, "rolled"), 2)
    try estimate(bench, try id(bench, "unclear"), nil, .ambiguous)
    let selection = try await bench.curator().selectRL(rules { $0.maxCharacters = 3000 })
    var reasons: [String: [RLReason]] = [:]
    for item in selection.items {
      let row = try #require(try bench.workspace.rows([item.id], reviewer: "").first)
      reasons[String(row.excerpt.prefix { $0 != " " })] = item.reasons
    }
    #expect(reasons["finished"] == [])
    #expect(reasons["rolled"] == [])
    #expect(reasons["tail"] == [.labelUnfinished])
    #expect(reasons["nothing"] == [.unrated])
    #expect(reasons["unclear"] == [.noEstimate])
    #expect(reasons["long"] == [.tooLong])
    #expect(reasons["bad"] == [.badProblem])
    #expect(reasons["kept"] == [.excluded])
    #expect(reasons["flagged"] == [.flagged])
    #expect(reasons["fight"] == [.conflictPending])
    #expect(selection.count == 2)
    for reason in RLReason.allCases { #expect(!reason.words.isEmpty && !reason.remedy.isEmpty) }
  }

  @Test func aReviewersVerdictOverridesAnEstimate() async throws {
    let bench = try Bench()
    try bench.add([sampled("rolled", ["a", "b", "c"])], "rollouts.jsonl")
    let id = try id(bench, "rolled")
    try estimate(bench, id, 2)
    func only() async throws -> [String: Any] {
      try #require(lines(try await bench.export(.rl(.jsonl, rules { $0.agreement = false }))["train.jsonl"]).first)
    }
    #expect(try await only()["first_error"] as? Int == 2)
    #expect(try await only()["data_source"] as? String == "deepcritic/monte-carlo")
    try bench.decide(id, step: 1, .verdict, "-1")
    #expect(try await only()["first_error"] as? Int == 1)
    #expect(try await only()["data_source"] as? String == "deepcritic/human")
    // Asked to agree, the two do not.
    #expect(try await bench.curator().selectRL(rules()).items.map(\.reasons) == [[.disagreesWithEstimate]])
  }

  @Test func estimatesAndPeopleMustAgreeWhereAsked() async throws {
    let bench = try Bench()
    try bench.add([try row("one", [1, -1]), try row("two", [1, -1])])
    try estimate(bench, 1, 2)
    try estimate(bench, 2, -1)
    let selection = try await bench.curator().selectRL(rules())
    #expect(selection.items.map(\.reasons) == [[], [.disagreesWithEstimate]])
    #expect(try await bench.curator().selectRL(rules { $0.agreement = false }).count == 2)
    #expect(try await bench.curator().selectRL(rules { $0.sources = [.monteCarlo] }).items[0].reasons == [.source])
  }

  @Test func contaminatedAndBenchmarkProblemsStayOut() async throws {
    let bench = try Bench()
    try bench.add([try row("shared", [1, -1]), try row("own", [1, -1])])
    try bench.add(
      [
        #"{"id": "g-1", "generator": "m", "problem": "Shared", "steps": ["x"], "final_answer_correct": true, "label": -1}"#
      ], "bench.jsonl")
    let selection = try await bench.curator().selectRL(rules())
    #expect(selection.items.map(\.reasons) == [[.contaminated], [], [.benchmark]])
  }

  @Test func theSamePromptCountsOnceAndNeverWithTwoLabels() async throws {
    let bench = try Bench()
    // A neutral and a right step are different labels of the same prompt with the same answer.
    try bench.add([
      try row("same", [1, -1]), try row("same", [0, -1]), try row("other", [1, -1]), try row("other", [-1, nil]),
    ])
    let selection = try await bench.curator().selectRL(rules())
    #expect(selection.items.map(\.reasons) == [[], [.duplicatePrompt], [.labelsDisagree], [.labelsDisagree]])
  }

  @Test func balanceLimitsAndSplitGoByProblem() async throws {
    let bench = try Bench()
    try bench.add(
      try (0..<60).map { try row("p\($0 % 30)", $0 % 3 == 0 ? [1, -1] : [1, 1], filler: "because \($0)") })
    let half = try await bench.curator().selectRL(rules { $0.errorShare = 0.5 })
    #expect(half.withError[.human] == 20 && half.withoutError[.human] == 20)
    #expect(half.counts == [.balance: 20])
    let most = try await bench.curator().selectRL(rules { $0.errorShare = 0.8 })
    #expect(most.withError[.human] == 20 && most.withoutError[.human] == 5)
    let each = try await bench.curator().selectRL(rules { $0.perProblem = 1 })
    #expect(each.count == 30 && each.counts == [.perProblem: 30])
    let few = try await bench.curator().selectRL(rules { $0.limit = 7 })
    #expect(few.count == 7 && few.counts == [.limit: 53])
    let files = try await bench.export(.rl(.jsonl, rules()), try bench.curator { $0.validation = 0.3 })
    let problems = ["train.jsonl", "validation.jsonl"].map {
      Set(lines(files[$0]).compactMap { $0["problem"] as? String })
    }
    #expect(problems[0].isDisjoint(with: problems[1]))
    #expect(problems[0].count + problems[1].count == 30 && !problems[1].isEmpty)
  }

  @Test func badSettingsNameTheKey() throws {
    let bench = try Bench()
    let file = bench.path + "/deepcritic.toml"
    for (text, words) in [
      ("[label.rl]\nerror_share = 2", "label.rl.error_share"), ("[label.rl]\nsources = [\"model\"]", "monte-carlo"),
      ("[label.rl]\nshare = 1", "unknown"), ("[label.rl]\nlimit = 0", "label.rl.limit"),
    ] {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let problem = #expect(throws: SettingsError.self) { try RLSettings(path: file) }
      #expect(problem?.description.contains(words) ?? false, "\(problem?.description ?? "")")
    }
  }
}
