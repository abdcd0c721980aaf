import CritiqueModel
import DatasetFormats
import Foundation
import GRDB
import ReviewStore

/// Which solutions get seed critiques.
public struct SeedSelectionOptions: Sendable, Hashable {
  /// Only these.
  public var filter: QueueFilter
  /// Decides which solution of a problem is taken.
  public var seed: UInt64
  /// Takes every solution of a problem.
  public var keepsDuplicates: Bool
  /// Takes solutions of benchmarks too.
  public var includesBenchmarks: Bool
  /// The reviewer that conditions such as `state:done` are about.
  public var reviewer: String

  /// The method's rules, on everything.
  public init(
    filter: QueueFilter = .everything, seed: UInt64 = 42, keepsDuplicates: Bool = false,
    includesBenchmarks: Bool = false, reviewer: String = ""
  ) {
    self.filter = filter
    self.seed = seed
    self.keepsDuplicates = keepsDuplicates
    self.includesBenchmarks = includesBenchmarks
    self.reviewer = reviewer
  }
}

/// The solutions that get seed critiques, and how many others do not, by reason.
public struct SeedSelection: Sendable, Hashable {
  /// Numbers in this workspace, in the order of import.
  public var ids: [Int64] = []
  /// Solutions that the filter lets through and a rule does not.
  public var leftOut: [SeedReason: Int] = [:]
}

extension Workspace {
  /// Chooses solutions by the method's rules: labels that say something, one solution per problem.
  ///
  /// "The first after a seeded shuffle" (paper, section 3.1) is here: the one whose hash with the seed is smallest, so
  /// that the choice for one problem does not depend on the others. A solution that has critiques already goes first:
  /// what was paid for is used. That holds for the whole workspace, whatever the filter.
  ///
  /// - Throws: ``WorkspaceError/readOnly(_:)`` when problems have to be hashed first and cannot be.
  public func seedSelection(_ options: SeedSelectionOptions) throws -> SeedSelection {
    let wanted = try queue(sort: .imported, filter: options.filter, reviewer: options.reviewer)
    if !options.keepsDuplicates { try measureSolutions() }
    return try database.read { db in
      var selection = SeedSelection()
      var best: [Int64: Candidate] = [:]
      var eligible: [Candidate] = []
      var next = 0
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT id, key, format, ratings, finish_reason, problem, initial <> '' OR deep <> '' OR merged <> '',
            instr(origins, 'c')
          FROM solution WHERE steps > 0 ORDER BY id
          """)
      while let row = try rows.next() {
        let id: Int64 = row[0]
        while next < wanted.count, wanted[next] < id { next += 1 }
        let isWanted = next < wanted.count && wanted[next] == id
        let isBenchmark = DatasetFormat(rawValue: row[2])?.isBenchmark ?? false
        let standing = SeedStanding.ofLabels(
          ratings: Signature.ratings(row[3]), finishReason: (row[4] as String?).flatMap(FinishReason.init(rawValue:)),
          hasConflict: row[7], isBenchmark: isBenchmark && !options.includesBenchmarks)
        if let standing {
          if isWanted { selection.leftOut[standing.reason, default: 0] += 1 }
          continue
        }
        let candidate = Candidate(
          id: id, problem: row[5] ?? id,
          rank: Self.rank(row[1], seed: options.seed) >> 1 | (row[6] ? 0 : 1 << 63))
        if isWanted { eligible.append(candidate) }
        if let other = best[candidate.problem], (other.rank, other.id) <= (candidate.rank, id) { continue }
        if isWanted || row[6] { best[candidate.problem] = candidate }
      }
      if options.keepsDuplicates {
        selection.ids = eligible.map(\.id)
      } else {
        for candidate in eligible {
          if best[candidate.problem]?.id == candidate.id {
            selection.ids.append(candidate.id)
          } else {
            selection.leftOut[.duplicateProblem, default: 0] += 1
          }
        }
      }
      return selection
    }
  }

  private struct Candidate {
    var id: Int64
    var problem: Int64
    var rank: UInt64
  }
}
