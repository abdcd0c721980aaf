import CritiqueModel
import DatasetFormats
import GRDB

/// The problems of the benchmarks that are loaded in a workspace: training data must not hold them.
public struct BenchmarkProblems: Sendable, Hashable {
  /// Imports that are benchmarks although their format does not say so.
  package var imports: Set<Int64> = []
  /// The first item with each problem, by the hash of what that says (``ProblemText``).
  package var items: [Int64: BenchmarkProblem] = [:]

  /// - Parameters:
  ///   - paths: parts of paths; imports whose path holds one are benchmarks.
  ///   - features: may know further solutions that critics are measured on.
  init(_ db: Database, paths: [String], features: [WorkspaceFeature]) throws {
    if !paths.isEmpty {
      for row in try Row.fetchAll(db, sql: "SELECT id, path FROM import") {
        let path: String = row["path"]
        if paths.contains(where: { path.contains($0) }) { imports.insert(row["id"]) }
      }
    }
    let formats = DatasetFormat.allCases.filter(\.isBenchmark).map { "'\($0.rawValue)'" }.joined(separator: ",")
    let ids = imports.map(String.init).joined(separator: ",")
    let measured = features.compactMap(\.benchmarkSolutions).map {
      " UNION SELECT id, problem, name FROM solution WHERE id IN (\($0))"
    }.joined()
    // A solution that is also in another file may show that file's record.
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, problem, name FROM solution WHERE format IN (\(formats)) OR import_id IN (\(ids))
        UNION SELECT s.id, s.problem, s.name FROM further_record f JOIN record r ON r.id = f.record_id
          JOIN solution s ON s.id = f.solution_id WHERE r.format IN (\(formats)) OR r.import_id IN (\(ids))
        """ + measured + " ORDER BY 1")
    while let row = try rows.next() {
      let problem: Int64 = try row[1] ?? ProblemText.hash(Workspace.decode(row[0], db).problem)
      if items[problem] == nil { items[problem] = BenchmarkProblem(id: row[0], name: row[2]) }
    }
  }
}

/// A benchmark's item in a workspace.
public struct BenchmarkProblem: Sendable, Hashable {
  /// Its number.
  public var id: Int64
  /// Its name.
  public var name: String

  /// "gsm8k-3, number 33".
  public var words: String { "\(name), number \(id)" }
}

extension Workspace {
  /// What counts as a benchmark now.
  ///
  /// - Parameter paths: parts of paths; files whose path holds one are benchmarks whatever their format.
  public func benchmarkProblems(paths: [String] = []) throws -> BenchmarkProblems {
    try database.read { try benchmarkProblems($0, paths: paths) }
  }

  package func benchmarkProblems(_ db: Database, paths: [String] = []) throws -> BenchmarkProblems {
    try BenchmarkProblems(db, paths: paths, features: schema.features)
  }

  /// A solution out of its record.
  package static func decode(_ id: Int64, _ db: Database) throws -> Solution {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT r.format, s.ordinal, r.raw FROM solution s JOIN record r ON r.id = s.record_id WHERE s.id = ?",
        arguments: [id])
    else { throw WorkspaceError.noSuchSolution(String(id)) }
    return try decodeSolution(
      row["raw"], format: DatasetFormat(rawValue: row["format"]) ?? .generic, ordinal: row["ordinal"], id: id)
  }
}

extension DatasetFormat {
  /// Whether records of this format belong to a benchmark that critics are measured on.
  public var isBenchmark: Bool {
    switch self {
    case .processbench, .mrgsm8k, .mrgsm8kOriginal, .prmbench: true
    case .prm800k, .deepcritic, .sft, .rollout, .problems, .generic, .reviews: false
    }
  }
}
