import CritiqueModel
import DatasetFormats
import Foundation
import JSON
import ReviewStore

/// Puts benchmarks into a workspace, so that their rows can be reviewed and scores lead back to them.
public struct BenchmarkRegistry {
  private let workspace: Workspace
  private let programVersion: String

  /// A registry of a workspace.
  public init(_ workspace: Workspace, programVersion: String) {
    self.workspace = workspace
    self.programVersion = programVersion
  }

  /// Imports the solutions of a set that are not here yet, and remembers the set.
  ///
  /// - Throws: `WorkspaceError`, `DatasetError`.
  public func register(_ set: BenchmarkSet, format: DatasetFormat? = nil) throws -> (BenchmarkSet, BenchmarkEntry) {
    let keys = set.keys
    var ids = try workspace.solutionIDs(keys: keys)
    if keys.contains(where: { ids[$0] == nil }) {
      _ = try workspace.importFile(
        set.path, options: ImportOptions(format: format), programVersion: programVersion)
      ids = try workspace.solutionIDs(keys: keys)
    }
    var set = set
    for place in set.items.indices {
      guard let id = ids[keys[place]] else {
        throw EvaluationError.missing(
          "\(set.path): '\(set.items[place].id)' did not come into the workspace. Import the file by itself with "
            + "'deepcritic import' and look at what it says.")
      }
      set.items[place].solution = id
    }
    let entry = try workspace.recordBenchmark(
      name: set.name, path: set.path, format: set.format, leftOut: set.leftOut, items: set.items)
    return (set, entry)
  }

  /// Registers a set that a file of predictions describes: its rows, without the predictions, become a file of their own
  /// in the workspace's folder `benchmarks`.
  public func register(described joined: PredictionJoin.Joined) throws -> (BenchmarkSet, BenchmarkEntry) {
    let folder = workspace.path + "/benchmarks"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let name = String(joined.set.name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    var set = joined.set
    set.path = folder + "/" + (name.hasPrefix(".") ? "_" : "") + name + ".jsonl"
    var file = try AtomicFileWriter(path: set.path)
    for case let row? in joined.rows.map({ $0?.row }) { try file.writeLine(JSONLines.escaped(Self.line(row))) }
    try file.commit()
    return try register(set, format: .generic)
  }

  private static func line(_ row: PredictionRow) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.string("id", row.id)
      json.string("generator", row.generator)
      json.string("problem", row.problem)
      json.array("steps") { json in for step in row.steps ?? [] { json.string(step) } }
      json.bool("final_answer_correct", row.finalAnswerIsCorrect)
      json.int("label", row.label)
    }
    return json.bytes
  }
}

/// Which rows of a benchmark are asked about.
public enum EvaluationScope {
  /// At most `limit` places out of `count`, spread by a seed: a larger limit adds to those of a smaller one.
  public static func positions(count: Int, limit: Int?, seed: Int = 0) -> [Int] {
    guard let limit, limit < count else { return Array(0..<count) }
    var generator = Xoshiro(seed: UInt64(bitPattern: Int64(seed)))
    return Array((0..<count).shuffled(using: &generator).prefix(limit)).sorted()
  }
}
