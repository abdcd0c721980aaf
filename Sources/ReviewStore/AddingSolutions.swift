import CritiqueModel
import DatasetFormats
import JSON

/// A record that the program has made, with its one solution.
package struct MadeRecord: Sendable {
  /// The record, as bytes of its format.
  package var raw: [UInt8]
  package var solution: Solution
  /// The solution's name.
  package var name: String
  /// Stands for the line of a file.
  package var line: Int

  package init(raw: [UInt8], solution: Solution, name: String, line: Int) {
    self.raw = raw
    self.solution = solution
    self.name = name
    self.line = line
  }
}

extension Workspace {
  /// Adds solutions that the program has made as an import does, so that they can be exported and imported like any other.
  /// Those that already exist stay as they are.
  ///
  /// - Parameter source: stands for the path of a file.
  /// - Returns: how many were not here before.
  package func add(
    _ records: [MadeRecord], as format: DatasetFormat, source: String, programVersion: String
  ) throws -> Int {
    let writer = try ImportWriter(workspace: self, path: source, format: format, programVersion: programVersion)
    var summary = ImportSummary(path: source, format: format.rawValue)
    var search = SearchWords()
    for start in stride(from: 0, to: records.count, by: 256) {
      var batch = PreparedBatch()
      for one in records[start..<min(start + 256, records.count)] {
        let document = try JSONDocument(parsing: one.raw)
        let first = batch.solutions.count
        batch.solutions.append(
          PreparedSolution(one.solution, critiques: [], name: one.name, search: &search, in: &batch))
        let hash = batch.add(document.canonicalHash.prefix(16))
        let record = PreparedRecord(
          raw: batch.add(one.raw), hash: hash, line: one.line, format: format,
          solutions: first..<batch.solutions.count)
        batch.items.append(.record(record))
      }
      _ = try writer.write(batch, into: &summary)
    }
    try writer.finish(&summary)
    return summary.added
  }
}
