import CritiqueModel
import DatasetFormats
import Foundation
import GRDB
import JSON
import ReviewStore

/// A sample that becomes a solution.
public struct ChosenSample: Sendable, Hashable {
  /// The problem's number in this workspace.
  public var problem: Int64
  /// The problem's name.
  public var name: String
  /// Sample number, from 0.
  public var sample: Int
  /// Problem, reference answer, steps, generator.
  public var solution: Solution
}

extension Workspace {
  /// Turns samples into solutions; existing ones stay as they are.
  ///
  /// Each becomes a record of the rollout format, so that it can be exported and imported like any other.
  ///
  /// - Returns: how many were not here before.
  public func addSampledSolutions(
    _ chosen: [ChosenSample], generation: Int64, programVersion: String
  ) throws -> Int {
    guard !chosen.isEmpty else { return 0 }
    let records = chosen.map { one in
      MadeRecord(
        raw: Self.record(one.solution), solution: one.solution, name: "\(one.name).\(one.sample + 1)",
        line: one.sample + 1)
    }
    let added = try add(records, as: .rollout, source: "deepcritic label sample", programVersion: programVersion)
    try write { db in
      for one in chosen {
        try db.cachedStatement(
          sql: """
            INSERT OR IGNORE INTO sampled_solution(solution_id, problem_id, generation_id, sample, correct)
            SELECT id, ?, ?, ?, ? FROM solution WHERE key = ?
            """
        ).execute(arguments: [
          one.problem, generation, one.sample, one.solution.finalAnswerCorrect ?? false,
          SolutionKey(of: one.solution).description,
        ])
      }
    }
    return added
  }

  /// Remembers why problems' samples became no solutions, or forgets it (`nil`).
  public func recordSampledProblems(_ reasons: [Int64: (reason: EstimateReason, detail: String?)?]) throws {
    try write { db in
      for (problem, entry) in reasons {
        if let entry {
          try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO sampled_problem(problem_id, reason, detail) VALUES (?,?,?)"
          )
          .execute(arguments: [problem, entry.reason.rawValue, entry.detail])
        } else {
          try db.cachedStatement(sql: "DELETE FROM sampled_problem WHERE problem_id = ?").execute(arguments: [problem])
        }
      }
    }
  }

  /// One row of the format that the rollout reader takes.
  private static func record(_ solution: Solution) -> [UInt8] {
    let isCorrect = solution.finalAnswerCorrect ?? false
    var json = JSONWriter()
    json.object { json in
      json.key("prompt")
      json.string(solution.problem)
      json.key("answer")
      json.string(solution.referenceAnswer ?? "")
      if let generator = solution.generator {
        json.key("model")
        json.string(generator)
      }
      for (key, list) in [("correct_solutions", isCorrect), ("incorrect_solutions", !isCorrect)] {
        json.key(key)
        json.array { json in
          guard list else { return }
          json.array { json in for step in solution.steps { json.string(step.text) } }
        }
      }
    }
    return json.bytes
  }
}
