import CritiqueModel
import DatasetFormats
import Foundation
import GRDB
import ReviewStore

/// The critiques of a stage for each step of a solution, to find the missing ones.
public struct SeedOutline: Sendable, Hashable {
  /// The solution's number in this workspace.
  public var id: Int64
  /// Labels by step.
  public var ratings: [Rating?]
  /// What there is, by stage and 1-based step.
  public var samples: [Stage: [Int: StageSamples]]
  /// Sample numbers taken at the stage asked about, by step: answered, or out in a batch file.
  public var taken: [Int: Set<Int>] = [:]
  /// Those of them that are out in a batch file.
  public var batched: [Int: Set<Int>] = [:]
  /// Those of them that merge other critiques than are used now.
  public var stale: [Int: Set<Int>] = [:]
  /// Steps whose critiques of this stage were imported: nothing is to be asked about them.
  public var imported: Set<Int> = []

  /// 1-based numbers of the steps that have a rating.
  public var ratedSteps: [Int] { ratings.indices.filter { ratings[$0] != nil }.map { $0 + 1 } }
}

/// The texts that prompts about a solution are made of.
public struct SeedMaterial: Sendable, Hashable {
  /// The solution's number in this workspace.
  public var id: Int64
  /// The record's own identifier, or file and line.
  public var name: String
  /// Problem, steps and labels.
  public var solution: Solution
  /// The critique used, by stage and 1-based step.
  public var used: [Stage: [Int: String]]
  /// What names the critiques used for a step, where people chose them (`DerivedTables`); only before the merged stage.
  public var sources: [Int: String] = [:]
}

extension Workspace {
  /// The critiques of a stage for some solutions, in the order of the ids; unknown ids are left out.
  public func seedOutlines(_ ids: [Int64], stage: Stage) throws -> [SeedOutline] {
    guard !ids.isEmpty else { return [] }
    let marks = databaseQuestionMarks(count: ids.count)
    return try database.read { db in
      var outlines: [Int64: SeedOutline] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT id, ratings FROM solution WHERE id IN (\(marks))", arguments: StatementArguments(ids))
      {
        outlines[row[0]] = SeedOutline(id: row[0], ratings: Signature.ratings(row[1]), samples: [:])
      }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT solution_id, stage, step, sample, judgement, fault, answer_id, standing FROM critique
          WHERE solution_id IN (\(marks)) ORDER BY solution_id, stage, step, sample
          """, arguments: StatementArguments(ids))
      var generated: [Int64: Set<Int>] = [:]
      while let row = try rows.next() {
        guard let there = Stage(rawValue: row[1]) else { continue }
        let (id, step, sample): (Int64, Int, Int) = (row[0], row[2], row[3])
        let standing = SampleStanding(rawValue: row[7])
        outlines[id]?.samples[there, default: [:]][step, default: StageSamples()].add(
          judgement: row[4], fault: row[5], standing: standing)
        guard there == stage, !standing.contains(.edited) else { continue }
        if standing.contains(.stale) {
          outlines[id]?.stale[step, default: []].insert(sample)
          outlines[id]?.taken[step, default: []].insert(sample)
          continue
        }
        outlines[id]?.taken[step, default: []].insert(sample)
        if (row[6] as Int64?) != nil {
          generated[id, default: []].insert(step)
        } else {
          outlines[id]?.imported.insert(step)
        }
      }
      for (id, steps) in generated { outlines[id]?.imported.subtract(steps) }
      for row in try Row.fetchAll(
        db, sql: "SELECT solution_id, stage, step FROM request_failure WHERE solution_id IN (\(marks))",
        arguments: StatementArguments(ids))
      {
        guard let there = Stage(rawValue: row[1]) else { continue }
        outlines[row[0]]?.samples[there, default: [:]][row[2], default: StageSamples()].failed = true
      }
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT solution_id, step, samples FROM batch_request
          WHERE written AND stage = ? AND solution_id IN (\(marks))
          """, arguments: [stage.rawValue] + StatementArguments(ids))
      {
        let numbers = Self.numbers(row[2])
        outlines[row[0]]?.batched[row[1], default: []].formUnion(numbers)
        outlines[row[0]]?.taken[row[1], default: []].formUnion(numbers)
      }
      return ids.compactMap { outlines[$0] }
    }
  }

  /// The texts of some solutions with the critiques used at the stages before `stage`.
  public func seedMaterial(_ ids: [Int64], before stage: Stage) throws -> [SeedMaterial] {
    guard !ids.isEmpty else { return [] }
    let marks = databaseQuestionMarks(count: ids.count)
    return try database.read { db in
      var found: [Int64: SeedMaterial] = [:]
      let records = try Row.fetchCursor(
        db,
        sql: """
          SELECT s.id, s.name, s.ordinal, s.ratings, r.format, r.raw FROM solution s JOIN record r ON r.id = s.record_id
          WHERE s.id IN (\(marks))
          """, arguments: StatementArguments(ids))
      while let row = try records.next() {
        let id: Int64 = row["id"]
        var solution = try Self.decodeSolution(
          row["raw"], format: DatasetFormat(rawValue: row["format"]) ?? .generic, ordinal: row["ordinal"], id: id)
        solution.ratings = Signature.ratings(row["ratings"])
        found[id] = SeedMaterial(id: id, name: row["name"], solution: solution, used: [:])
      }
      let earlier = Stage.allCases.filter { $0 < stage }
      guard !earlier.isEmpty else { return ids.compactMap { found[$0] } }
      struct Place: Hashable {
        let solution: Int64
        let stage: Stage
        let step: Int
      }
      var samples: [Place: [(row: Int64, judgement: Judgement?, standing: SampleStanding)]] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT id, solution_id, stage, step, judgement, standing FROM critique
          WHERE fault IS NULL AND solution_id IN (\(marks)) AND stage IN (\(databaseQuestionMarks(count: earlier.count)))
          ORDER BY solution_id, stage, step, sample
          """, arguments: StatementArguments(ids) + StatementArguments(earlier.map(\.rawValue)))
      while let row = try rows.next() {
        guard let there = Stage(rawValue: row[2]) else { continue }
        samples[Place(solution: row[1], stage: there, step: row[3]), default: []].append(
          (row[0], (row[4] as Int?).flatMap(Judgement.init(rawValue:)), SampleStanding(rawValue: row[5])))
      }
      let text = try db.cachedStatement(sql: "SELECT text FROM critique WHERE id = ?")
      for (place, those) in samples {
        guard let steps = found[place.solution]?.solution.steps, steps.indices.contains(place.step - 1),
          let used = CritiqueSelection.index(
            of: those.map { ($0.judgement, $0.standing) }, label: steps[place.step - 1].rating?.judgement)
        else { continue }
        if stage == .merged, those.contains(where: { !$0.standing.isEmpty }) {
          found[place.solution]?.sources[place.step] = try derived.sources(
            of: place.step, solution: place.solution, db)
        }
        found[place.solution]?.used[place.stage, default: [:]][place.step] = try String.fetchOne(
          text, arguments: [those[used].row])
      }
      return ids.compactMap { found[$0] }
    }
  }

  /// Which of some keys have an answer already.
  public func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]> {
    try database.read { try Self.known(keys, in: "answer", $0) }
  }

  /// Those of some keys that a table has.
  static func known(_ keys: [[UInt8]], in table: String, _ db: Database) throws -> Set<[UInt8]> {
    var found: Set<[UInt8]> = []
    // SQLite takes 32,766 arguments at most; a page of long solutions with 16 samples of each step may have more keys.
    for start in stride(from: 0, to: keys.count, by: 1000) {
      let part = keys[start..<min(start + 1000, keys.count)]
      let rows = try Data.fetchCursor(
        db.cachedStatement(sql: "SELECT key FROM \(table) WHERE key IN (\(databaseQuestionMarks(count: part.count)))"),
        arguments: StatementArguments(part.map { Data($0) }))
      while let key = try rows.next() { found.insert(Array(key)) }
    }
    return found
  }

  /// Where a solution stands on the way to a seed critique; `nil` before its first critique.
  public func seedStanding(of solution: Int64) throws -> SeedStanding? {
    try database.read { try Self.standing(of: solution, $0) }
  }

  /// The request that failed for a solution last, if any stands.
  public func requestFailures(of solution: Int64) throws -> [RequestFailure] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM request_failure WHERE solution_id = ? ORDER BY stage, step", arguments: [solution]
      ).compactMap { row in
        Stage(rawValue: row["stage"]).map {
          RequestFailure(
            target: GenerationTarget(solution: solution, stage: $0, step: row["step"]), reason: row["reason"],
            detail: row["detail"], attempts: row["attempts"])
        }
      }
    }
  }

  /// "0,1,2" as numbers.
  package static func numbers(_ list: String) -> Set<Int> { Set(list.split(separator: ",").compactMap { Int($0) }) }
}
