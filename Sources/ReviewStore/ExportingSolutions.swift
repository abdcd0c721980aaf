import CritiqueModel
import DatasetFormats
import Foundation
import GRDB

/// What an export of solutions wrote, and what the target format cannot hold.
public struct SolutionExport: Sendable, Hashable {
  /// Records given back exactly as imported.
  public var native = 0
  /// Records given back with other labels.
  public var relabelled = 0
  /// Solutions converted from another format.
  public var converted = 0
  /// Solutions that the format cannot hold, with the reason.
  public var refused: [String] = []
  /// Solutions of other formats that were not asked to be converted.
  public var leftOut = 0
  /// What conversion had to leave out, and of how many solutions.
  public var losses: [String: Int] = [:]
  /// Solutions whose label was changed here, of those written: with it where labels are resolved, without it otherwise.
  public var changes: [LabelChange] = []
}

/// A solution whose label is not the imported one.
public struct LabelChange: Sendable, Hashable, Encodable {
  /// Number in this workspace.
  public var number: Int64
  /// The record's own identifier, or file and line.
  public var name: String
  /// The label by step.
  public var labels: [Int?]
  /// The labels that came with the data.
  public var imported: [Int?]
  /// The first error, −1 for none; `nil` when unknown.
  public var firstError: Int?
  /// The same by the labels that came with the data.
  public var importedFirstError: Int?
  /// 1-based steps whose label changed.
  public var steps: [Int]
  /// "4, imported 2, settled by chief, 12 Nov 2026".
  public var words: String

  init(_ stored: StoredSolution) {
    number = stored.id
    name = stored.name
    labels = stored.labels.ratings.map { $0?.rawValue }
    imported = stored.imported.map { $0?.rawValue }
    firstError = stored.labels.firstError.boxed
    importedFirstError = FirstError(ratings: stored.imported).boxed
    steps = stored.imported.indices.filter { stored.imported[$0] != stored.labels.ratings[$0] }.map { $0 + 1 }
    words = stored.firstErrorWords
  }
}

/// Which labels are meant where both have a use.
public enum LabelChoice: String, Sendable, Hashable, Codable, CaseIterable {
  /// Those that came with the data.
  case imported
  /// Those that stand after every decision.
  case resolved
}

extension Workspace {
  /// Writes solutions in a format, in the order of import.
  ///
  /// Records that came in this format are given back as they were, byte for byte, including keys this program knows
  /// nothing about; of those whose label was changed here only the labels are others, where `labels` are resolved.
  /// Records of other formats are converted when `converting` is set.
  ///
  /// - Parameters:
  ///   - ids: the solutions to write; `nil` for all.
  ///   - record: called with the JSON bytes of each record.
  public func exportSolutions(
    as format: DatasetFormat, ids: [Int64]? = nil, converting: Bool, labels: LabelChoice = .imported,
    record: ([UInt8]) throws -> Void
  ) throws -> SolutionExport {
    var result = SolutionExport()
    let wanted = ids.map(Set.init)
    let relabelled = try database.read { db in
      try Int64.fetchSet(db, sql: "SELECT id FROM solution WHERE imported <> ratings")
    }
    // Native records first come from the records themselves: a record may be one of several of a solution.
    try database.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT r.id, r.raw FROM record r WHERE r.format = ? ORDER BY r.id
          """, arguments: [format.rawValue])
      let owners = wanted == nil && relabelled.isEmpty ? [:] : try Self.owners(db)
      while let row = try rows.next() {
        let those = owners[row["id"] as Int64] ?? []
        if let wanted, !those.contains(where: wanted.contains) { continue }
        let raw = Array(row["raw"] as Data)
        try exportNative(raw, format, labels, those, those.filter(relabelled.contains), &result, db, record)
      }
    }
    let foreign = try database.read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM solution s WHERE format <> ?1
            AND NOT EXISTS(SELECT 1 FROM further_record f JOIN record r ON r.id = f.record_id
                           WHERE f.solution_id = s.id AND r.format = ?1)
          ORDER BY id
          """, arguments: [format.rawValue])
    }
    for id in foreign where wanted?.contains(id) ?? true {
      guard converting else {
        result.leftOut += 1
        continue
      }
      let stored = try solution(id)
      var solution = labels == .resolved ? stored.solution : stored.asImported
      solution.sourceID = solution.sourceID ?? stored.name
      let critiques = stored.critiques.values.flatMap { $0.values.compactMap(\.first) }.map(\.critique)
        .sorted { ($0.step, $0.stage) < ($1.step, $1.stage) }
      do {
        try record(try RecordEncoder.encode(solution, critiques: critiques, as: format))
        result.converted += 1
        if relabelled.contains(id) { result.changes.append(LabelChange(stored)) }
        for loss in RecordEncoder.losses(solution, critiques: critiques, as: format) {
          result.losses[loss, default: 0] += 1
        }
      } catch let error as DatasetFormats.RecordError {
        result.refused.append("\(stored.name): \(error)")
      }
    }
    return result
  }

  /// - Parameters:
  ///   - solutions: those of the record.
  ///   - changed: those of them whose label is not the record's.
  private func exportNative(
    _ raw: [UInt8], _ format: DatasetFormat, _ labels: LabelChoice, _ solutions: [Int64], _ changed: [Int64],
    _ result: inout SolutionExport, _ db: Database, _ record: ([UInt8]) throws -> Void
  ) throws {
    let stored = try changed.map { try solution($0, db) }
    if stored.isEmpty || labels == .imported {
      try record(raw)
      result.native += 1
    } else {
      do {
        guard solutions.count == 1, let one = stored.first else {
          throw RecordError("its record holds several solutions")
        }
        try record(try RecordRelabeler.relabel(raw, as: format, one.solution))
        result.relabelled += 1
      } catch let error as DatasetFormats.RecordError {
        result.refused += stored.map { "\($0.name): \(error)" }
        return
      }
    }
    result.changes += stored.map(LabelChange.init)
  }

  /// Writes the file that DeepCritic's script writes after a stage: every solution that has a critique of it, with the
  /// critiques used (`CritiqueSelection`) of this stage and of those before, in the order of import.
  ///
  /// At the merged stage that includes the merge filter by itself, since nothing is merged that does not pass it.
  ///
  /// - Parameters:
  ///   - ids: the solutions to write; `nil` for all.
  ///   - record: called with the JSON bytes of each row.
  /// - Returns: the number of rows.
  public func exportStage(_ stage: Stage, ids: [Int64]? = nil, record: ([UInt8]) throws -> Void) throws -> Int {
    let wanted = ids.map(Set.init)
    let those = try database.read { db in
      try Int64.fetchAll(db, sql: "SELECT id FROM solution WHERE \(stage.rawValue) <> '' ORDER BY id")
    }
    var rows = 0
    for id in those where wanted?.contains(id) ?? true {
      let stored = try solution(id)
      // Critiques of a whole solution have no place in these files.
      let critiques = stored.critiques.values.flatMap { $0.values.compactMap(\.first) }.map(\.critique)
        .filter { $0.step > 0 }
      let raw: [UInt8]? =
        stored.format == .deepcritic && stored.relabelled == nil
        ? try database.read { db in
          try Data.fetchOne(
            db, sql: "SELECT r.raw FROM solution s JOIN record r ON r.id = s.record_id WHERE s.id = ?", arguments: [id])
        }.map(Array.init) : nil
      try record(RecordEncoder.encodeStage(stage, of: stored.solution, critiques: critiques, record: raw))
      rows += 1
    }
    return rows
  }

  /// Which solutions each record is about.
  private static func owners(_ db: Database) throws -> [Int64: [Int64]] {
    var owners: [Int64: [Int64]] = [:]
    let rows = try Row.fetchCursor(
      db, sql: "SELECT record_id, id FROM solution UNION ALL SELECT record_id, solution_id FROM further_record")
    while let row = try rows.next() { owners[row[0], default: []].append(row[1]) }
    return owners
  }
}
