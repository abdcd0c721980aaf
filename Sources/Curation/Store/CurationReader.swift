import CritiqueGeneration
import CritiqueModel
import DatasetFormats
import Foundation
import GRDB
import ReviewStore
import StepLabeling

/// Reads what curation needs, all from one state of the workspace.
///
/// Valid only inside `Workspace.curationSnapshot(_:_:)`.
public final class CurationReader {
  private let db: Database
  private let solutions: BulkQuery
  private let critiques: BulkQuery
  private let record: BulkQuery
  private let text: BulkQuery
  private let origin: BulkQuery
  private let standings: BulkQuery
  /// Solutions with events; most have none, and need no look at the log. Read when many are asked for.
  private var decided: Set<String>?
  private var failed: Set<Int64>?
  private var estimates: [Int64: StepEstimate]?
  /// What counts as a benchmark.
  public let benchmarks: BenchmarkProblems

  init(_ db: Database, benchmarks: BenchmarkProblems) throws {
    self.db = db
    self.benchmarks = benchmarks
    solutions = try BulkQuery(
      db,
      """
      SELECT id, key, name, format, coalesce(imported, ratings),
        iif(imported IS NULL, finish_reason, imported_finish), excerpt = '', problem, prompt_size, import_id
      FROM solution WHERE id > ?1 AND id <= ?2 AND steps > 0 ORDER BY id
      """)
    critiques = try BulkQuery(
      db,
      """
      SELECT solution_id, id, stage, step, judgement, fault,
        coalesce(size, (SELECT length(trim(t.text, char(32,9,10,13))) FROM critique t WHERE t.id = c.id))
      FROM critique c INDEXED BY critique_outline WHERE solution_id > ?1 AND solution_id <= ?2
      ORDER BY solution_id, stage, step, sample
      """)
    record = try BulkQuery(
      db, "SELECT r.format, s.ordinal, r.raw FROM solution s JOIN record r ON r.id = s.record_id WHERE s.id = ?")
    text = try BulkQuery(db, "SELECT text, answer_id FROM critique WHERE id = ?")
    standings = try BulkQuery(
      db, "SELECT id, standing FROM critique WHERE solution_id = ? AND standing != 0")
    origin = try BulkQuery(
      db,
      """
      SELECT g.model, lower(hex(g.prompt)) FROM answer a JOIN generation g ON g.id = a.generation_id WHERE a.id = ?
      """)
  }

  /// The highest number of a solution; 0 in an empty workspace.
  public func lastID() throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT max(id) FROM solution") ?? 0 }

  /// Calls `body` for every solution with steps whose number is above `after` and at most `last`, in order.
  public func outlines(after: Int64 = 0, through last: Int64, _ body: (CurationOutline) throws -> Void) throws {
    if last - after > 100 {
      estimates = try estimates ?? Workspace.estimates(db)
      decided = try decided ?? Set(String.fetchAll(db, sql: "SELECT DISTINCT solution FROM event"))
      failed = try failed ?? Set(Int64.fetchAll(db, sql: "SELECT DISTINCT solution_id FROM request_failure"))
    }
    solutions.bind(after, last)
    critiques.bind(after, last)
    var more = try critiques.next()
    while try solutions.next() {
      var outline = try row()
      while more, critiques.int(0) <= outline.id {
        if critiques.int(0) == outline.id { outline.critiques.append(critique()) }
        more = try critiques.next()
      }
      // The index has the stages in the order of the alphabet: deep critiques come first.
      let deep = outline.critiques.prefix { $0.stage == .deep }
      if !deep.isEmpty, deep.count < outline.critiques.count, outline.critiques[deep.count].stage == .initial {
        let merged = outline.critiques.firstIndex { $0.stage == .merged } ?? outline.critiques.count
        outline.critiques = Array(outline.critiques[deep.count..<merged] + deep + outline.critiques[merged...])
      }
      outline.estimate = try estimates.map { $0[outline.id] } ?? Workspace.estimate(of: outline.id, db)
      if failed?.contains(outline.id) ?? true { outline.failures = try failures(of: outline.id) }
      if decided?.contains(outline.key) ?? true {
        let events = try Workspace.fetchEvents(db, of: outline.key)
        if !events.isEmpty {
          outline.events = events
          try findJudgedCritiques(&outline)
          try findStandings(&outline)
        }
      }
      try body(outline)
    }
  }

  /// One solution's outline.
  ///
  /// - Throws: `WorkspaceError.noSuchSolution`, also for a problem without steps.
  public func outline(_ id: Int64) throws -> CurationOutline {
    var found: CurationOutline?
    try outlines(after: id - 1, through: id) { found = $0 }
    guard let found else { throw WorkspaceError.noSuchSolution(String(id)) }
    return found
  }

  private func row() throws -> CurationOutline {
    let id = solutions.int(0)
    let format = DatasetFormat(rawValue: solutions.text(3))
    var problem = solutions.optionalInt(7)
    var size = solutions.optionalInt(8).map { Int($0) }
    if problem == nil || size == nil {
      let solution = try Workspace.decode(id, db)
      problem = ProblemText.hash(solution.problem)
      size = SolutionText.size(solution)
    }
    var outline = CurationOutline(
      id: id, key: solutions.text(1), name: solutions.text(2), format: format,
      ratings: Signature.ratings(solutions.text(4)),
      finishReason: solutions.optionalText(5).flatMap(FinishReason.init(rawValue:)), problem: problem ?? 0,
      promptSize: size ?? 0)
    outline.isProblemBlank = solutions.int(6) != 0
    outline.isBenchmark = (format?.isBenchmark ?? false) || benchmarks.imports.contains(solutions.int(9))
    outline.benchmarkItem = benchmarks.items[outline.problem]
    return outline
  }

  private func critique() -> CritiqueOutline {
    CritiqueOutline(
      id: critiques.int(1), stage: critiques.stage(2), step: Int(critiques.int(3)),
      judgement: critiques.optionalInt(4).flatMap { Judgement(rawValue: Int($0)) },
      fault: critiques.optionalText(5).map { SeedReason(rawValue: $0) ?? .empty }, size: Int(critiques.int(6)))
  }

  private func failures(of id: Int64) throws -> [GenerationTarget] {
    try Row.fetchAll(
      db, sql: "SELECT stage, step FROM request_failure WHERE solution_id = ? ORDER BY stage, step", arguments: [id]
    ).compactMap { row in
      Stage(rawValue: row[0]).map { GenerationTarget(solution: id, stage: $0, step: row[1]) }
    }
  }

  /// Only people's decisions give critiques a standing, so that most solutions are not asked about it.
  private func findStandings(_ outline: inout CurationOutline) throws {
    standings.bind(outline.id)
    while try standings.next() {
      let id = standings.int(0)
      guard let at = outline.critiques.firstIndex(where: { $0.id == id }) else { continue }
      outline.critiques[at].standing = SampleStanding(rawValue: Int(standings.int(1)))
    }
  }

  /// Judgements of soundness name critiques by content; only then are texts hashed.
  private func findJudgedCritiques(_ outline: inout CurationOutline) throws {
    let judged = outline.events.lazy.filter { $0.kind == .soundness }
      .compactMap { $0.basis.flatMap(CritiqueReference.init) }
    let places = Set(judged.map { [id = outline.id] in GenerationTarget(solution: id, stage: $0.stage, step: $0.step) })
    let id = outline.id
    for critique in outline.critiques
    where places.contains(GenerationTarget(solution: id, stage: critique.stage, step: critique.step)) {
      text.bind(critique.id)
      guard try text.next() else { continue }
      outline.judgedCritiques[critique.id] = CritiqueKey(
        stage: critique.stage, step: critique.step, text: text.text(0))
    }
  }

  /// The record and some critiques' texts of a solution.
  ///
  /// - Parameter textsOnly: only problem and steps are needed of the record, nothing else that it says.
  public func material(_ id: Int64, critiques ids: [Int64], textsOnly: Bool = false) throws -> CurationMaterial {
    record.bind(id)
    guard try record.next() else { throw WorkspaceError.noSuchSolution(String(id)) }
    let format = DatasetFormat(rawValue: record.text(0)) ?? .generic
    let head = textsOnly ? record.withBlob(2) { RecordHead.cut($0, format: format) } : nil
    var material = CurationMaterial(
      id: id, raw: head ?? record.blob(2), format: format,
      ordinal: Int(record.int(1)), texts: [:], origins: [:])
    material.texts.reserveCapacity(ids.count)
    for critique in ids {
      text.bind(critique)
      guard try text.next() else { continue }
      material.texts[critique] = text.text(0)
      if let answer = text.optionalInt(1) { material.origins[critique] = try origin(ofAnswer: answer) }
    }
    return material
  }

  private func origin(ofAnswer answer: Int64) throws -> CritiqueOrigin? {
    origin.bind(answer)
    guard try origin.next() else { return nil }
    return CritiqueOrigin(model: origin.text(0), template: origin.text(1))
  }
}

extension Workspace {
  /// Runs `body` on one state of the workspace, whatever others write meanwhile.
  public func curationSnapshot<T>(_ benchmarks: BenchmarkProblems, _ body: (CurationReader) throws -> T) throws -> T {
    try database.read { db in try body(try CurationReader(db, benchmarks: benchmarks)) }
  }

  /// The same, finding the benchmarks in that very state.
  ///
  /// - Parameter benchmarks: parts of paths; files whose path holds one are benchmarks whatever their format.
  public func curationSnapshot<T>(
    benchmarks: [String] = [], _ body: (CurationReader) throws -> T
  ) throws -> T {
    try database.read { db in
      try body(try CurationReader(db, benchmarks: try benchmarkProblems(db, paths: benchmarks)))
    }
  }

  /// Works out once what curation needs of each solution and critique and earlier versions did not store. A workspace that
  /// cannot be written to is left as it is: reading works it out each time.
  public func prepareCuration() throws {
    if isReadOnly { return }
    try measureSolutions()
    while try writeDerived({ db in
      try db.execute(
        sql: """
          UPDATE critique SET size = length(trim(text, char(32,9,10,13)))
          WHERE id IN (SELECT id FROM critique INDEXED BY critique_unsized WHERE size IS NULL LIMIT 2000)
          """)
      return db.changesCount > 0
    }) {}
  }
}
