import CritiqueModel
import Foundation
import TestSupport
import Testing

@testable import Curation
@testable import ReviewStore

/// The set as a whole: choices among solutions, and what one change moves.
@Suite struct IndexTests {
  /// A random entry: few problems, so that groups are large; few reasons, so that many are in.
  private func entry(_ id: Int64, _ dice: inout SplitMix) -> CurationIndex.Entry {
    let ratings: [Rating?] = Bool.random(using: &dice) ? [.correct] : [.incorrect]
    let key = String(format: "%032x", UInt64.random(in: .min ... .max, using: &dice) >> 1)
    let outline = CurationOutline(
      id: id, key: key, name: "\(id)", format: .prm800k, ratings: ratings,
      problem: Int64.random(in: 1...25, using: &dice), promptSize: 1)
    var decision = ItemRules(settings: CurationSettings(), overhead: 0).decide(outline)
    decision.reasons = Int.random(in: 0..<3, using: &dice) == 0 ? [ItemReason(.flagged)] : []
    decision.isCorrected = Int.random(in: 0..<5, using: &dice) == 0
    if Int.random(in: 0..<12, using: &dice) == 0 {
      decision.placement = StandingPlacement(
        value: .in, note: nil, reviewer: "rt", event: "e", at: 1, order: EventOrder(1, "e"))
    }
    return CurationIndex.Entry(outline, decision, seed: 42)
  }

  /// Any sequence of changes: what is predicted is what a new look at everything finds, and nothing else changes.
  @Test(arguments: 1...40) func aChangeMovesExactlyWhatIsPredicted(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    var settings = CurationSettings()
    settings.allCorrectLimit = [0, 1, 3, 7, 1000, nil][Int(seed % 6)]
    if seed % 5 == 0 { settings.ignored = [.duplicateProblem] }
    var entries = (1...120).map { entry(Int64($0), &dice) }
    var index = CurationIndex(entries, settings: settings)
    for _ in 0..<60 {
      let at = Int.random(in: 0..<entries.count, using: &dice)
      var changed = entry(entries[at].id, &dice)
      changed.problem = entries[at].problem
      if !changed.isPreferred, !entries[at].isPreferred {
        changed.problemRank = entries[at].problemRank
        changed.capRank = entries[at].capRank
      }
      let changes = index.changes(replacing: at, with: changed)
      let predicted = index.balance(after: changes)
      let moves = index.moves(changes)
      entries[at] = changed
      let again = CurationIndex(entries, settings: settings)
      let really = zip(index.states, again.states).filter { $0.reasons.isEmpty != $1.reasons.isEmpty }
        .map { Move(id: $1.entry.id, isIn: $1.reasons.isEmpty) }
      #expect(moves == really)
      // The change itself, its problem's next, and two at the border of the cap.
      #expect(moves.count <= 6)
      #expect(predicted == again.balance)
      index.apply(changes)
      #expect(index.states == again.states)
      #expect(index.balance == again.balance)
    }
  }

  @Test func theCapIsStableWhenOtherSolutionsCome() throws {
    var dice = SplitMix(seed: 7)
    let entries = (1...2000).map { id -> CurationIndex.Entry in
      var one = entry(Int64(id), &dice)
      one.problem = Int64(id)
      one.reasons = ReasonSet()
      one.answer = -1
      one.isCorrected = false
      one.isPreferred = false
      return one
    }
    let few = CurationIndex(Array(entries.prefix(1000)), settings: CurationSettings())
    let many = CurationIndex(entries, settings: CurationSettings())
    #expect(few.included.count == 250)
    #expect(many.included.count == 250)
    // Nobody who was left out comes in because more came; who is still in was in before.
    #expect(Set(many.included.filter { $0 <= 1000 }).isSubset(of: Set(few.included)))
    // One more solution takes the place of one at most.
    let more = CurationIndex(Array(entries.prefix(1001)), settings: CurationSettings())
    #expect(Set(few.included).subtracting(more.included).count <= 1)
    var other = CurationSettings()
    other.seed = 43
    let reseeded = CurationIndex(
      (1...1000).map { id in
        var one = entries[id - 1]
        one.capRank = Workspace.rank(String(format: "%032x", id), seed: 43)
        return one
      }, settings: other)
    #expect(reseeded.included != few.included)
  }

  @Test func aSolutionIsInIfAndOnlyIfItHasNoReason() async throws {
    let bench = try Bench.samples()
    let index = try await bench.curator().index()
    let included = Set(index.included)
    for row in try bench.workspace.rows(try bench.workspace.queue(sort: .imported, reviewer: ""), reviewer: "") {
      #expect(included.contains(row.id) == (index.reasons(of: row.id)?.isEmpty ?? false))
    }
    let counted = CurationReason.allCases.allSatisfy { index.balance.count($0) == index.ids(with: $0).count }
    #expect(counted)
    #expect(index.balance.included == included.count)
  }

  @Test func aProblemOfALoadedBenchmarkIsContaminated() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("What is $1+1$?", [1, -1]), try stageRow("Other", [1, -1])])
    #expect(try await bench.curator().index().included == [1, 2])
    try bench.add(
      [
        #"{"id": "gsm8k-0", "generator": "g", "problem": "what is 1 + 1", "steps": ["2"], "final_answer_correct": true, "label": -1}"#
      ], "bench.jsonl")
    let curator = try bench.curator()
    let index = try await curator.index()
    #expect(index.reasons(of: 1) == [.contaminated])
    let item = try curator.item(1, benchmarks: bench.workspace.benchmarkProblems(paths: curator.settings.benchmarks))
    let words = try #require(try curator.explain(item, in: index).reasons.first).words
    #expect(words.hasPrefix("problem occurs in a benchmark (") && words.contains(", number 3)"))
    #expect(index.included == [2])
    #expect(index.reasons(of: 3)?.contains(.benchmark) == true)
    // A file of your own counts as a benchmark when the settings say so.
    let own = try await bench.curator { $0.benchmarks = ["more.jsonl"] }.index()
    #expect(own.reasons(of: 2)?.contains(.benchmark) == true)
  }
}
