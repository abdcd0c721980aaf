import CritiqueModel
import Foundation
import ReviewStore
import Testing

@testable import Curation

/// The rows that the method prescribes, written by hand.
@Suite struct GoldenTests {
  @Test func theHandMadeFileGivesTheRowsWrittenByHand() async throws {
    let bench = try Bench.golden()
    let curator = try bench.curator({ $0.system = "Be careful." }, template: Golden.template)
    let files = try await bench.export(.sft(.messages), curator)
    let lines = String(decoding: try #require(files["train.jsonl"]), as: UTF8.self)
    #expect(lines == (try Golden.expected()))
  }

  @Test func everyRowThatIsLeftOutHasItsReason() async throws {
    let bench = try Bench.golden()
    let index = try await bench.curator().index()
    #expect(index.reasons(of: 4) == [.deepMissesLabel])
    #expect(index.reasons(of: 5) == [.mergedContradictsLabel])
    #expect(index.reasons(of: 6) == [.noCritique])
    #expect(index.reasons(of: 9) == [.duplicateProblem])
    #expect(index.reasons(of: 10) == [.labelUnfinished])
    #expect(index.taken(insteadOf: 9) == 1)
    #expect(index.balance.funnel == [10, 9, 9, 8, 6])
    #expect(index.balance.included == 5)
    #expect(index.balance.withError == 3)
    #expect(index.balance.right == 2)
    #expect(index.balance.correctedRight == 1)
    #expect(index.balance.firstErrors == [-1: 2, 2: 2, 3: 1])
  }

  /// By hand from SampleData: name, first error, and how many critiques the row joins.
  private static let sampleRows: [(name: String, answer: Int, critiques: Int)] = [
    ("solutions-1", 5, 5), ("solutions-2", -1, 3), ("solutions-3", 1, 1), ("solutions-13", 2, 2),
    ("solutions-15", 2, 2),
    ("solutions-16", -1, 4),
  ]

  @Test func sampleDataGivesEachMergedCritiqueUpToTheFirstError() async throws {
    let bench = try Bench.samples()
    let files = try await bench.export()
    let written = try #require(files["manifest.json"])
    let manifest = try #require(try JSONSerialization.jsonObject(with: written) as? [String: Any])
    let rows = try #require(manifest["rows"] as? [[String: Any]])
    let lines = String(decoding: try #require(files["train.jsonl"]), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == lines.count)
    // Read independently of the program's own readers.
    let source = try String(
      contentsOf: packageRoot.appendingPathComponent("SampleData/critiques.merged.jsonl"), encoding: .utf8)
    var byProblem: [String: [String: Any]] = [:]
    for line in source.split(separator: "\n") {
      let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      byProblem[try #require(row["problem"] as? String)] = row
    }
    for (line, entry) in zip(lines, rows) {
      let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let messages = try #require(row["messages"] as? [[String: String]])
      let user = try #require(messages[1]["content"])
      let start = try #require(user.range(of: "<Problem>\n")).upperBound
      let end = try #require(user.range(of: "\n</Problem>")).lowerBound
      let record = try #require(byProblem[String(user[start..<end])])
      let ratings = try #require(record["steps"] as? [[String: Any]]).map { $0["rating"] as? Int }
      let texts = try #require(record["merged_critiques"] as? [String])
      let rated = ratings.indices.filter { ratings[$0] != nil }
      let first = ratings.firstIndex(of: -1).map { $0 + 1 }
      let joined = zip(rated, texts).filter { $0.0 < first ?? .max }.map(\.1)
      #expect(messages[2]["content"] == (joined + ["**Answer**: \\boxed{\(first ?? -1)}"]).joined(separator: "\n\n"))
      #expect(entry["first_error"] as? Int == first ?? -1)
    }
    for expected in Self.sampleRows {
      let entry = try #require(rows.first { $0["name"] as? String == expected.name })
      #expect(entry["first_error"] as? Int == expected.answer)
      #expect((entry["critiques"] as? [Any])?.count == expected.critiques)
    }
  }
}
