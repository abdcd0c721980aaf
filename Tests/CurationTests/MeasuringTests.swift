import GRDB
import Testing

@testable import Curation
@testable import ReviewStore

@Suite struct MeasuringTests {
  /// What earlier versions did not measure is worked out when it is read, and once for all where it may be written.
  @Test func whatWasNotMeasuredBeforeIsWorkedOut() throws {
    let bench = try Bench.samples()
    func outlines() throws -> [CurationOutline] {
      var all: [CurationOutline] = []
      try bench.workspace.curationSnapshot { reader in
        try reader.outlines(through: try reader.lastID()) { all.append($0) }
      }
      return all
    }
    func unmeasured() throws -> Int {
      try bench.workspace.database.read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM critique WHERE size IS NULL") ?? 0
      }
    }
    let measured = try outlines()
    #expect(measured.count == 35)
    #expect(try unmeasured() == 0)
    try bench.workspace.database.write {
      try $0.execute(sql: "UPDATE critique SET size = NULL; UPDATE solution SET problem = NULL, prompt_size = NULL")
    }
    #expect(try outlines() == measured)
    #expect(try unmeasured() > 0)
    try bench.workspace.prepareCuration()
    #expect(try unmeasured() == 0)
    #expect(try outlines() == measured)
  }
}
