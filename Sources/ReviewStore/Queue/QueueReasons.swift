import CritiqueModel
import GRDB

/// Orders by how much there is to decide, and the words for it.
enum QueueReasons {
  /// Solutions by their most divided step among the deep samples; those without several samples are left out.
  static func byVotes(_ db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT solution_id FROM (
          SELECT solution_id, min(margin) AS least FROM (
            SELECT solution_id, abs(total(judgement)) / count(*) AS margin FROM critique INDEXED BY critique_outline
            WHERE stage = 'deep' AND fault IS NULL AND judgement IS NOT NULL GROUP BY solution_id, step
            HAVING count(*) > 1)
          GROUP BY solution_id)
        ORDER BY least, solution_id
        """)
  }

  /// Solutions by the step whose roll-outs succeed nearest to half of the time.
  static func byUncertainty(_ db: Database) throws -> [Int64] {
    var doubts: [(Double, Int64)] = []
    for (id, estimate) in try Workspace.estimates(db) {
      guard let doubt = doubt(estimate) else { continue }
      doubts.append((doubt.distance, id))
    }
    return doubts.sorted { $0 < $1 }.map(\.1)
  }

  /// The step in most doubt, and how far its success rate is from a half.
  static func doubt(_ estimate: StepEstimate) -> (step: Int, distance: Double, rate: Double)? {
    var nearest: (step: Int, distance: Double, rate: Double)?
    for (index, counts) in estimate.counts.enumerated() {
      guard counts.all > 0 else { continue }
      let rate = Double(counts.right) / Double(counts.all)
      let distance = abs(rate - 0.5)
      if nearest.map({ distance < $0.distance }) ?? true { nearest = (index + 1, distance, rate) }
    }
    return nearest
  }

  /// A number that looks random for each id and seed.
  static func chance(_ id: Int64, seed: UInt64) -> UInt64 {
    SplitMix64.mixed(UInt64(bitPattern: id) &* SplitMix64.step &+ seed &* 0xD1B5_4A32_D192_ED03)
  }
}

extension Workspace {
  /// Why an order puts each of some solutions where it is, in a few words; nothing for orders that say it themselves.
  public func reasons(_ ids: [Int64], sort: QueueSort) throws -> [Int64: String] {
    guard !ids.isEmpty else { return [:] }
    return try database.read { db in
      var words: [Int64: String] = [:]
      switch sort {
      case .votes:
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT solution_id, step, count(*) FILTER (WHERE judgement = -1) AS wrong, count(*) AS n,
              abs(total(judgement)) / count(*) AS margin
            FROM critique INDEXED BY critique_outline
            WHERE stage = 'deep' AND fault IS NULL AND judgement IS NOT NULL
              AND solution_id IN (\(databaseQuestionMarks(count: ids.count)))
            GROUP BY solution_id, step HAVING count(*) > 1 ORDER BY margin DESC, step DESC
            """, arguments: StatementArguments(ids))
        for row in rows {
          words[row[0]] = "step \(row[1] as Int): \(row[2] as Int)/\(row[3] as Int) say wrong"
        }
      case .uncertainty:
        for id in ids {
          guard let estimate = try Self.estimate(of: id, db), let doubt = QueueReasons.doubt(estimate) else { continue }
          words[id] = "step \(doubt.step): \(Int((doubt.rate * 100).rounded())) % succeed"
        }
      default: break
      }
      return words
    }
  }
}
