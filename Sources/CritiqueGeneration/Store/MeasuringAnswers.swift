import GRDB
import ModelRuns
import ReviewStore

extension Workspace {
  /// What one specification took so far, to forecast what more of it will take.
  public func measuredCost(generation: Int64) throws -> MeasuredCost {
    try database.read { db in
      MeasuredCost(
        answers: try Row.fetchAll(
          db,
          sql: """
            SELECT at, prompt_tokens, completion_tokens FROM answer WHERE generation_id = ? ORDER BY id DESC LIMIT 4000
            """, arguments: [generation]
        ).map { (at: $0[0], prompt: $0[1], completion: $0[2]) })
    }
  }
}
