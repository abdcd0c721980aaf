import CritiqueModel
import GRDB
import ReviewStore

/// How far estimates and people agree about solutions that both have labelled.
public struct EstimateAgreement: Sendable, Hashable, Codable {
  /// Solutions with a label of both kinds.
  public var solutions = 0
  /// With the very same first error, or none in both.
  public var same = 0
  /// Both find an error, or both find none.
  public var sameVerdict = 0
  /// Both find an error, at different steps.
  public var otherStep = 0
  /// Only the estimate finds an error.
  public var onlyEstimate = 0
  /// Only people find one.
  public var onlyPeople = 0
  /// Cohen's kappa over "has an error"; `nil` when chance agreement is complete.
  public var kappa: Double?
}

/// Estimates of a workspace, counted.
public struct EstimateStatistics: Sendable, Hashable, Codable {
  /// Solutions by reason (`EstimateReason`): "labelled", and why the others are not.
  public var solutions: [String: Int]
  /// Problems whose samples gave no solutions, by reason.
  public var problems: [String: Int]
  /// How far the labels agree with people's.
  public var agreement: EstimateAgreement
}

extension Workspace {
  /// SQL that is true for a solution whose estimate differs from people's label.
  /// Needs `s`, a row of `solution`.
  static let estimateDiffers = """
    EXISTS(SELECT 1 FROM estimate m WHERE m.solution_id = s.id AND m.first_error IS NOT NULL
      AND m.first_error <> coalesce(\(peoplesLabel), m.first_error))
    """

  /// SQL for people's label of `s`; NULL where there is none, or it is that of rollouts.
  static let peoplesLabel = "iif(instr(s.origins, 'm'), NULL, s.first_error)"

  /// How far estimates and people agree.
  public func estimateAgreement() throws -> EstimateAgreement { try database.read { try Self.estimateAgreement($0) } }

  private static func estimateAgreement(_ db: Database) throws -> EstimateAgreement {
    var agreement = EstimateAgreement()
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT m.first_error, \(Self.peoplesLabel) FROM estimate m JOIN solution s ON s.id = m.solution_id
        WHERE m.first_error IS NOT NULL
        """)
    var (estimateWrong, peopleWrong) = (0, 0)
    while let row = try rows.next() {
      guard let people = row[1] as Int? else { continue }
      let estimate: Int = row[0]
      agreement.solutions += 1
      if estimate > 0 { estimateWrong += 1 }
      if people > 0 { peopleWrong += 1 }
      if estimate == people { agreement.same += 1 }
      switch (estimate > 0, people > 0) {
      case (true, true), (false, false): agreement.sameVerdict += 1
      case (true, false): agreement.onlyEstimate += 1
      case (false, true): agreement.onlyPeople += 1
      }
      if estimate > 0, people > 0, estimate != people { agreement.otherStep += 1 }
    }
    agreement.kappa = cohensKappa(
      units: agreement.solutions, same: agreement.sameVerdict, firstWrong: estimateWrong, secondWrong: peopleWrong)
    return agreement
  }

  package static func estimateStatistics(_ db: Database) throws -> EstimateStatistics? {
    func counts(_ table: String) throws -> [String: Int] {
      var out: [String: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT reason, count(*) FROM \(table) GROUP BY reason") {
        out[row[0]] = row[1]
      }
      return out
    }
    let statistics = EstimateStatistics(
      solutions: try counts("estimate"), problems: try counts("sampled_problem"),
      agreement: try estimateAgreement(db))
    return statistics.solutions.isEmpty && statistics.problems.isEmpty ? nil : statistics
  }
}
