import CritiqueModel
import DeepCriticCore
import Testing

@testable import ReviewStore

/// The filter language, the orders and the search in critiques.
@Suite struct FilterTests {
  private func bench() throws -> TemporaryWorkspace {
    try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"])
  }

  private func ids(_ bench: TemporaryWorkspace, _ text: String, sort: QueueSort = .imported) throws -> [Int64] {
    try bench.workspace.queue(sort: sort, filter: QueueFilter(text), reviewer: "rt")
  }

  @Test func everyConditionWithEveryValueRuns() throws {
    let bench = try bench()
    let all = try ids(bench, "")
    for field in WorkspaceSchema.complete.filterFields.all {
      let values = field.values.isEmpty ? [field.isNumber ? "3" : "croissant"] : field.values
      for value in values {
        let filter = try QueueFilter("\(field.name):\(value)")
        if !filter.reasons.isEmpty { continue }
        let fitting = try bench.workspace.queue(sort: .imported, filter: filter, reviewer: "rt")
        #expect(Set(fitting).isSubset(of: all), "\(field.name):\(value)")
        if case .condition = field.kind {
          let rest = try ids(bench, "-\(field.name):\(value)")
          #expect(Set(fitting).union(rest) == Set(all) && Set(fitting).isDisjoint(with: rest), "\(field.name):\(value)")
        }
      }
    }
  }

  @Test func numbersAreComparedInBothWaysOfWriting() throws {
    let bench = try bench()
    #expect(try ids(bench, "steps>8") == ids(bench, "steps:>8"))
    #expect(Set(try ids(bench, "steps>=5 steps<=5")) == Set(try ids(bench, "steps:5")))
    #expect(try ids(bench, "error:>4").count < ids(bench, "label:wrong").count)
    #expect(try ids(bench, "label:-1") == ids(bench, "label:wrong"))
    #expect(try ids(bench, "reviewer:none").count == ids(bench, "").count)
    #expect(try ids(bench, "reviewers:0").count == ids(bench, "").count)
  }

  /// A file that brought records of solutions known already, as one of critiques does, is a source of these.
  @Test func aFurtherFileOfKnownSolutionsIsASourceOfThem() throws {
    let bench = try bench()
    let critiqued = try ids(bench, "has:deep")
    #expect(!critiqued.isEmpty)
    #expect(try ids(bench, "source:critiques.deep") == critiqued)
    #expect(try ids(bench, "source:solutions.prm800k").count == ids(bench, "").count)
    #expect(Set(try ids(bench, "source:deepcritic")).isSuperset(of: critiqued))
    #expect(try ids(bench, "source:nowhere.jsonl").isEmpty)
  }

  @Test func anExampleWithManyConditionsIsRead() throws {
    let filter = try QueueFilter(
      #"label:-1 deep:disagrees reviewer:none source:prm800k steps>8 reason:merged-contradicts text:"modular inverse" own"#
    )
    #expect(filter.conditions.count == 5)
    #expect(filter.reasons.map(\.name) == ["merged-contradicts-label"])
    #expect(filter.textWords == [SearchedText("modular", .whole), SearchedText("inverse", .whole)])
    #expect(filter.words == [SearchedText("own", .beginning)])
    #expect(filter.revealsLabels)
    #expect(try QueueFilter("reason:over").reasons.map(\.name) == ["over-cap"])
    #expect(try QueueFilter("-reason:flag").reasons.map(\.isNegated) == [true])
  }

  @Test(arguments: [
    ("lable:wrong", "Did you mean 'label'?"), ("label:maybe", "after 'label:' comes wrong, right, unknown, -1, 0 or 1"),
    ("steps>many", "after 'steps:' comes a number"), ("reason:zz", "after 'reason:' comes"),
    ("state:>3", "after 'state:' comes"), ("-text:word", "after 'text:' comes a word"),
  ])
  func whatCannotBeReadIsSaid(text: String, words: String) throws {
    let error = try #require(throws: WorkspaceError.self) { try QueueFilter(text) }
    #expect("\(error)".contains(words), "\(error)")
  }

  @Test func wordsAreFoundInCritiquesAndComments() throws {
    let bench = try bench()
    let (id, word) = (try #require(try ids(bench, "").first), "zeppelin")
    #expect(try ids(bench, word).isEmpty)
    let key = try #require(try bench.workspace.rows([id], reviewer: "rt").first).key
    let rt = ReviewContext(reviewer: "rt")
    try bench.workspace.record(ReviewDecision(solution: key, step: 1, .comment("What a Zeppelin!")), by: rt)
    #expect(try ids(bench, word) == [id])
    _ = try bench.workspace.undo(by: rt)
    #expect(try ids(bench, word).isEmpty)
    // Critiques that come after the index was filled are found too.
    try bench.workspace.record(
      ReviewDecision(solution: key, step: 1, .edit("a Zeppelin \\boxed{1}", at: CritiquePlace(.deep, 1))), by: rt)
    #expect(try ids(bench, word) == [id])
    #expect(try ids(bench, "critique:zepp") == [id])
    #expect(try ids(bench, "text:zepp").isEmpty)
    // A blind reviewer's words are looked for in what may be seen.
    var blind = Workspace.QueueContext(reviewer: "rt")
    blind.searchesCritiques = false
    #expect(try bench.workspace.queue(sort: .imported, filter: QueueFilter(word), blind).isEmpty)
  }

  @Test func quotedAndVeryShortWordsAreWholeOnes() throws {
    let bench = try bench()
    let id = try #require(try ids(bench, "").first)
    let key = try #require(try bench.workspace.rows([id], reviewer: "rt").first).key
    try bench.workspace.record(
      ReviewDecision(solution: key, step: 1, .comment("Zeppelins: zq is wrong")),
      by: ReviewContext(reviewer: "rt"))
    for found in ["zeppel", "ZEPPELINS", "\"zeppelins\"", "zq", "\"zeppelins\" zq"] {
      #expect(try ids(bench, found) == [id], "\(found)")
    }
    for missed in ["\"zeppelin\"", "ze", "eppelins"] { #expect(try ids(bench, missed).isEmpty, "\(missed)") }
    let some = try ids(bench, "text:pric")
    #expect(!some.isEmpty)
    #expect(try ids(bench, "text:\"pric\"").isEmpty)
  }

  @Test(arguments: [
    ("the", SearchedText.Extent.beginning, ["the", "The"]), ("the", .whole, ["the"]),
    ("the", .anywhere, ["the", "the", "The"]), ("c", .whole, ["c"]), ("", .anywhere, []),
  ])
  func textsAreFoundByTheirBorders(text: String, extent: SearchedText.Extent, found: [String]) {
    let other = "the c + k bathe; Theorem 2c: c²"
    #expect(SearchedText(text, extent).ranges(in: other).map { String(other[$0]) } == found)
  }

  @Test func everyOrderListsEverythingOnce() throws {
    let bench = try bench()
    let all = try ids(bench, "")
    for sort in WorkspaceSchema.complete.sorts where sort != .curation {
      #expect(try ids(bench, "", sort: sort).sorted() == all, "\(sort)")
    }
    var context = Workspace.QueueContext(reviewer: "rt")
    let first = try bench.workspace.queue(sort: .random, context)
    #expect(try bench.workspace.queue(sort: .random, context) == first && first != all)
    context.seed = 1
    #expect(try bench.workspace.queue(sort: .random, context) != first)
    context.knowledge = QueueKnowledge(order: { _ in [all[3]] })
    #expect(try bench.workspace.queue(sort: .curation, context).prefix(2) == [all[3], all[0]])
  }

  @Test func dividedVotesComeFirstAndSayHow() throws {
    let bench = try bench()
    let id = try #require(try ids(bench, "has:deep").last)
    let stored = try bench.workspace.solution(id)
    try bench.workspace.database.write { db in
      for sample in 1...3 {
        try db.execute(
          sql: """
            INSERT INTO critique(solution_id, stage, step, sample, judgement, text, size) VALUES (?,'deep',1,?,?,'x',1)
            """, arguments: [id, sample, sample == 1 ? 1 : -1])
      }
    }
    #expect(!stored.solution.steps.isEmpty)
    #expect(try ids(bench, "", sort: .votes).first == id)
    #expect(try bench.workspace.reasons([id], sort: .votes)[id] == "step 1: 2/4 say wrong")
  }

  @Test(arguments: [
    ("st", ["state:", "steps"]), ("state:d", ["state:done"]), ("label:wrong -has:d", ["label:wrong -has:deep"]),
    ("zz", []),
  ])
  func termsAreCompleted(text: String, ways: [String]) {
    #expect(WorkspaceSchema.complete.filterFields.completions(of: text) == ways)
  }

  @Test func aTermIsCompletedAsFarAsThereIsOneWay() {
    #expect(WorkspaceSchema.complete.filterFields.completed("lab") == "label:")
    #expect(WorkspaceSchema.complete.filterFields.completed("state:sk") == "state:skipped ")
    #expect(WorkspaceSchema.complete.filterFields.completed("s") == "s")
    #expect(WorkspaceSchema.complete.filterFields.completed("nothing") == "nothing")
  }
}
