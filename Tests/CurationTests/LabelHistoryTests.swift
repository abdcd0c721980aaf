import CritiqueGeneration
import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import Curation
@testable import ReviewStatistics
@testable import ReviewStore

/// Random histories of decisions: everything that speaks of labels says what a reference says that is written without the
/// projection, from the rule in the documentation.
@Suite struct LabelHistoryTests {
  private static let reviewers = ["ana", "bo", "ana", "bo", "chief"]

  @Test(arguments: 1...12) func everythingMeansTheSameLabel(seed: UInt64) async throws {
    var dice = Dice(seed)
    let bench = try Bench()
    var histories = Self.solutions(&dice)
    try bench.add(histories.map(\.line), "solutions.jsonl")
    let ids = try bench.workspace.queue(sort: .imported, reviewer: "ana")
    let rows = try bench.workspace.rows(ids, reviewer: "ana")
    #expect(rows.count == histories.count)
    for (index, row) in rows.enumerated() {
      let place = try #require(histories.firstIndex { row.excerpt == $0.problem })
      histories[place].id = row.id
      histories[place].key = row.key
      histories[place].order = index
    }
    histories.sort { $0.order < $1.order }
    var log = Log()
    for round in 0..<10 {
      for _ in 0..<10 { try Self.decide(&log, histories, bench.workspace, &dice) }
      try await Self.compare(bench, histories, log, "seed \(seed), round \(round)")
    }
    #expect(try bench.workspace.projectionDifferences() == 0)
    let before = try bench.workspace.projectionDump()
    try bench.workspace.rebuildProjections()
    #expect(try bench.workspace.projectionDump() == before)
  }

  // MARK: The reference

  private struct History {
    var problem: String
    var imported: [Int?]
    var finish: String?
    var id: Int64 = 0
    var key = ""
    var order = 0
    var line: String {
      let steps = imported.enumerated().map { index, rating in
        #"{"step_index": \#(index + 1), "text": "\#(problem) step \#(index)", "rating": \#(rating.map(String.init) ?? "null")}"#
      }
      let rated = imported.count { $0 != nil }
      func list(_ stage: String) -> String {
        "[" + (0..<rated).map { #""\#(stage) \#($0) \\boxed{1}""# }.joined(separator: ", ") + "]"
      }
      return """
        {"problem": "\(problem)", "steps": [\(steps.joined(separator: ", "))], "critiques": \(list("initial")), \
        "critique_of_critiques": \(list("deep")), "merged_critiques": \(list("merged"))}
        """
    }
  }

  private struct Entry {
    enum Kind: Equatable {
      case verdict(Int?)
      case settled(Int?)
    }
    var reviewer: String
    var solution: Int
    var step: Int
    var kind: Kind
    var stands = true
    var undoneAt = 0
  }

  private struct Log {
    var entries: [Entry] = []
    var clock = 0
    var decidedAt: [(reviewer: String, clock: Int)] = []

    /// What stands, in order.
    func standing(_ solution: Int) -> [Entry] { entries.filter { $0.solution == solution && $0.stands } }

    func labels(_ solution: Int, _ imported: [Int?]) -> [Int?] {
      var settled: [Int: Int?] = [:]
      var verdicts: [Int: [String: Int]] = [:]
      for entry in standing(solution) {
        switch entry.kind {
        case .settled(let rating): settled[entry.step] = .some(rating)
        case .verdict(let rating): verdicts[entry.step, default: [:]][entry.reviewer] = rating
        }
      }
      var labels: [Int?] = []
      for step in 1...imported.count {
        if labels.contains(-1) {
          labels.append(imported[step - 1])
          continue
        }
        if let rating = settled[step] ?? nil {
          labels.append(rating)
        } else if let those = verdicts[step], !those.isEmpty {
          if Set(those.values.map { $0 < 0 }).count > 1 {
            labels.append(nil)
          } else {
            labels.append(those.values.min())
          }
        } else {
          labels.append(imported[step - 1])
        }
      }
      if let first = labels.firstIndex(of: -1), first < imported.firstIndex(of: -1) ?? .max {
        for index in labels.indices where index > first { labels[index] = nil }
      }
      return labels
    }

    /// 1-based, −1 for none, `nil` when unknown.
    func firstError(_ solution: Int, _ imported: [Int?]) -> Int? {
      let labels = labels(solution, imported)
      let end = labels.firstIndex(of: -1) ?? labels.count
      for step in 1...imported.count where step <= end && labels[step - 1] == nil {
        let those = standing(solution).filter { $0.step == step }
        var verdicts: [String: Int] = [:]
        var isSettled = false
        for entry in those {
          switch entry.kind {
          case .verdict(let rating): verdicts[entry.reviewer] = rating
          case .settled(let rating): isSettled = rating != nil
          }
        }
        if !isSettled, Set(verdicts.values.map { $0 < 0 }).count > 1 { return nil }
      }
      if let first = labels.firstIndex(of: -1) { return first + 1 }
      return labels.contains(nil) ? nil : -1
    }
  }

  // MARK: Histories

  private static func solutions(_ dice: inout Dice) -> [History] {
    (0..<4).map { number in
      let count = Int.random(in: 1...4, using: &dice)
      var imported: [Int?] = (0..<count).map { _ in [1, 1, 0].randomElement(using: &dice) ?? 1 }
      switch Int.random(in: 0..<4, using: &dice) {
      case 0: break
      case 1: imported = imported.map { _ in nil }
      case 2: imported[Int.random(in: 0..<count, using: &dice)] = -1
      default:
        let first = Int.random(in: 0..<count, using: &dice)
        imported[first] = -1
        for index in imported.indices where index > first { imported[index] = nil }
      }
      return History(problem: "Problem \(number)", imported: imported)
    }
  }

  private static func decide(
    _ log: inout Log, _ histories: [History], _ workspace: Workspace, _ dice: inout Dice
  ) throws {
    let reviewer = reviewers.randomElement(using: &dice) ?? "ana"
    let context = ReviewContext(reviewer: reviewer)
    log.clock += 1
    switch Int.random(in: 0..<10, using: &dice) {
    case 0, 1:
      let done = try workspace.undo(by: context) != nil
      let last = log.entries.lastIndex { $0.reviewer == reviewer && $0.stands }
      #expect(done == (last != nil))
      guard let last else { return }
      log.entries[last].stands = false
      log.entries[last].undoneAt = log.clock
    case 2:
      let done = try workspace.redo(by: context) != nil
      let undone = log.entries.indices.filter { log.entries[$0].reviewer == reviewer && !log.entries[$0].stands }
      let latest = undone.max { log.entries[$0].undoneAt < log.entries[$1].undoneAt }
      // A decision that came after the undo ends what can be redone.
      let isOver = latest.map { at in
        log.decidedAt.contains { $0.reviewer == reviewer && $0.clock > log.entries[at].undoneAt }
      }
      #expect(done == (isOver == false))
      if let latest, isOver == false { log.entries[latest].stands = true }
    default:
      let place = Int.random(in: 0..<histories.count, using: &dice)
      let step = Int.random(in: 1...histories[place].imported.count, using: &dice)
      let rating = Int.random(in: 0..<6, using: &dice) == 0 ? nil : [-1, -1, 0, 1].randomElement(using: &dice)
      let settles = reviewer == "chief"
      let typed = rating.flatMap(Rating.init(rawValue:))
      let decision: Decision = settles ? .adjudication(typed) : typed.map { .verdict($0) } ?? .clearVerdict
      try workspace.record(ReviewDecision(solution: histories[place].key, step: step, decision), by: context)
      log.entries.append(
        Entry(reviewer: reviewer, solution: place, step: step, kind: settles ? .settled(rating) : .verdict(rating)))
      log.decidedAt.append((reviewer, log.clock))
    }
  }

  // MARK: What is compared

  private static func compare(_ bench: Bench, _ histories: [History], _ log: Log, _ place: String) async throws {
    let workspace = bench.workspace
    let labels = histories.indices.map { log.labels($0, histories[$0].imported) }
    let errors = histories.indices.map { log.firstError($0, histories[$0].imported) }
    let rows = try workspace.rows(histories.map(\.id), reviewer: "ana")
    #expect(rows.map { $0.ratings.map { $0?.rawValue } } == labels, "\(place): queue")
    #expect(rows.map(\.firstError.boxed) == errors, "\(place): first errors")
    for (index, history) in histories.enumerated() {
      let stored = try workspace.solution(history.id)
      #expect(stored.solution.ratings.map { $0?.rawValue } == labels[index], "\(place): show")
      #expect(stored.labels.firstError.boxed == errors[index], "\(place): show")
      #expect(stored.imported.map { $0?.rawValue } == history.imported, "\(place): imported")
    }
    func found(_ filter: String) throws -> Set<Int64> {
      Set(try workspace.queue(sort: .imported, filter: QueueFilter(filter), reviewer: "ana"))
    }
    func those(_ isOne: (Int) -> Bool) -> Set<Int64> { Set(histories.indices.filter(isOne).map { histories[$0].id }) }
    #expect(try found("label:wrong") == those { (errors[$0] ?? 0) > 0 }, "\(place)")
    #expect(try found("label:right") == those { errors[$0] == -1 }, "\(place)")
    #expect(try found("error:unknown") == those { errors[$0] == nil }, "\(place)")
    #expect(try found("error:2") == those { errors[$0] == 2 }, "\(place)")
    #expect(try found("label-changed:yes") == those { labels[$0] != histories[$0].imported }, "\(place)")
    #expect(try found("imported:2") == those { histories[$0].imported.firstIndex(of: -1) == 1 }, "\(place)")
    // Generation: what is asked is what the labels say.
    let selection = try workspace.seedSelection(SeedSelectionOptions(keepsDuplicates: true))
    #expect(Set(selection.ids) == those { errors[$0] != nil }, "\(place): generation")
    let outlines = try workspace.seedOutlines(selection.ids, stage: .initial)
    for outline in outlines {
      let index = try #require(histories.firstIndex { $0.id == outline.id })
      #expect(outline.ratings.map { $0?.rawValue } == labels[index], "\(place): plan")
    }
    // Training sets.
    let curator = try bench.curator { $0.allCorrectLimit = nil }
    try workspace.curationSnapshot { reader in
      for (index, history) in histories.enumerated() {
        let decision = try curator.decide(try reader.outline(history.id))
        #expect(decision.answer == errors[index], "\(place): curation")
        #expect(decision.resolution.ratings.map { $0?.rawValue } == labels[index], "\(place): curation")
      }
    }
    let selected = try await curator.selectRL(RLSettings())
    #expect(
      Dictionary(uniqueKeysWithValues: selected.rows.map { ($0.id, Optional($0.answer)) })
        == Dictionary(
          uniqueKeysWithValues: those { errors[$0] != nil }.map { id in
            (id, errors[histories.firstIndex { $0.id == id } ?? 0])
          }), "\(place): RL")
    let reasons = try found("reason:conflict-pending")
    #expect(reasons.isSubset(of: those { errors[$0] == nil }), "\(place)")
    // Statistics.
    let figures = try ReviewFigures(of: workspace, options: FiguresOptions())
    #expect(figures.labels.withError == errors.count { ($0 ?? 0) > 0 }, "\(place): statistics")
    #expect(figures.labels.unknown == errors.count { $0 == nil }, "\(place): statistics")
    #expect(figures.labels.relabelled == histories.indices.count { labels[$0] != histories[$0].imported }, "\(place)")
    // Exports of solutions.
    var lines: [String] = []
    _ = try workspace.exportSolutions(as: .deepcritic, converting: false) {
      lines.append(String(decoding: $0, as: UTF8.self))
    }
    #expect(Set(lines) == Set(histories.map(\.line)), "\(place): imported labels are given back")
  }
}

/// Random numbers that are the same for the same seed.
private struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SplitMix64.mixed(state)
  }
}
