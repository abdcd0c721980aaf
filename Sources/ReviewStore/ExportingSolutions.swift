import CritiqueModel
import DatasetFormats
import Foundation
import GRDB

/// What an export of solutions wrote, and what the target format cannot hold.
public struct SolutionExport: Sendable, Hashable {
  /// Records given back exactly as imported.
  public var native = 0
  /// Solutions converted from another format.
  public var converted = 0
  /// Solutions that the format cannot hold, with the reason.
  public var refused: [String] = []
  /// Solutions of other formats that were not asked to be converted.
  public var leftOut = 0
  /// What conversion had to leave out, and of how many solutions.
  public var losses: [String: Int] = [:]
}

extension Workspace {
  /// Writes solutions in a format, in the order of import.
  ///
  /// Records that came in this format are given back as they were, byte for byte, including keys this program knows
  /// nothing about. Others are converted when `converting` is set.
  ///
  /// - Parameters:
  ///   - ids: the solutions to write; `nil` for all.
  ///   - record: called with the JSON bytes of each record.
  public func exportSolutions(
    as format: DatasetFormat, ids: [Int64]? = nil, converting: Bool, record: ([UInt8]) throws -> Void
  ) throws -> SolutionExport {
    var result = SolutionExport()
    let wanted = ids.map(Set.init)
    // Native records first come from the records themselves: a record may be one of several of a solution.
    try database.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT r.id, r.raw FROM record r WHERE r.format = ? ORDER BY r.id
          """, arguments: [format.rawValue])
      let owners = wanted == nil ? [:] : try Self.owners(db)
      while let row = try rows.next() {
        if let wanted, !(owners[row["id"] as Int64] ?? []).contains(where: wanted.contains) { continue }
        try record(Array(row["raw"] as Data))
        result.native += 1
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
      let critiques = stored.critiques.values.flatMap { $0.values.compactMap(\.first) }.map(\.critique)
        .sorted { ($0.step, $0.stage) < ($1.step, $1.stage) }
      do {
        try record(try RecordEncoder.encode(stored.solution, critiques: critiques, as: format))
        result.converted += 1
        for loss in RecordEncoder.losses(stored.solution, critiques: critiques, as: format) {
          result.losses[loss, default: 0] += 1
        }
      } catch let error as DatasetFormats.RecordError {
        result.refused.append("\(stored.name): \(error)")
      }
    }
    return result
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
        stored.format == .deepcritic
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
