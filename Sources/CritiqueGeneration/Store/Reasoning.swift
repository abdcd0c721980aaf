import GRDB
import ReviewStore

extension Workspace {
  /// What models thought before they wrote some critiques, where their servers said it.
  ///
  /// - Parameter critiques: their rows.
  public func reasoning(of critiques: Set<Int64>) throws -> [Int64: String] {
    guard !critiques.isEmpty else { return [:] }
    return try database.read { db in
      var found: [Int64: String] = [:]
      for id in critiques {
        found[id] = try String.fetchOne(
          db.cachedStatement(
            sql: "SELECT a.reasoning FROM critique c JOIN answer a ON a.id = c.answer_id WHERE c.id = ?"),
          arguments: [id])
      }
      return found
    }
  }
}
