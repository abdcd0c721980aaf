import GRDB
import ModelRuns
import ReviewStore

extension Workspace {
  /// What a critic's answers to benchmarks took so far, to forecast what more of them will take.
  ///
  /// - Parameters:
  ///   - model: as its server names it.
  ///   - maxTokens: its longest answer: another limit may give other lengths.
  public func measuredCost(critic model: String, maxTokens: Int) throws -> MeasuredCost {
    let evaluations = try evaluations().filter {
      $0.specification.kind == .model && $0.specification.model == model && $0.specification.maxTokens == maxTokens
    }.map(\.id)
    if evaluations.isEmpty { return MeasuredCost() }
    return try database.read { db in
      MeasuredCost(
        answers: try Row.fetchAll(
          db,
          sql: """
            SELECT at, prompt_tokens, completion_tokens FROM transcript WHERE id IN (
              SELECT transcript_id FROM evaluation_sample
              WHERE evaluation_id IN (\(evaluations.map(String.init).joined(separator: ","))))
            ORDER BY id DESC LIMIT 4000
            """
        ).map { (at: $0[0], prompt: $0[1], completion: $0[2]) })
    }
  }
}
