import GRDB
import ReviewStore

extension WorkspaceFeature {
  /// Rollouts and the labels that follow from them.
  package static let stepLabeling: WorkspaceFeature = {
    var feature = WorkspaceFeature()
    feature.filterFields = [
      FilterField("differs", "what contradicts the labels", values: ["mc"]) { value, _ in
        value == "mc" ? .init(sql: Workspace.estimateDiffers, revealsLabels: true) : nil
      },
      FilterField("estimate", "outcome of the rollouts", values: EstimateReason.allCases.map(\.rawValue)) { value, _ in
        FilterField.unique(value, in: EstimateReason.allCases.map(\.rawValue)).map {
          .init(
            sql: """
              (EXISTS(SELECT 1 FROM estimate m WHERE m.solution_id = s.id AND m.reason = ?)
               OR EXISTS(SELECT 1 FROM sampled_problem m WHERE m.problem_id = s.id AND m.reason = ?))
              """, arguments: [$0, $0], revealsLabels: true)
        }
      },
    ]
    feature.sorts = [.uncertainty]
    feature.rolloutLabels = { solution, steps, db in
      try Workspace.estimate(of: solution, db)?.ratings(steps: steps) ?? []
    }
    feature.labelledByRollouts = "SELECT solution_id FROM estimate WHERE first_error IS NOT NULL"
    feature.facts = { try Workspace.estimate(of: $0, $1) }
    return feature
  }()
}

extension QueueSort {
  /// The steps whose rollouts are least certain.
  public static let uncertainty = QueueSort.query(
    "uncertainty", "rollouts in doubt", first: StepDoubt.solutions, reasons: StepDoubt.words)
}

extension StoredSolution {
  /// The estimate from rollouts; `nil` without one.
  public var estimate: StepEstimate? { facts.first(StepEstimate.self) }
}

/// The steps whose labels are uncertain after rollouts.
private enum StepDoubt {
  /// Solutions by the step whose rollouts succeed nearest to half of the time.
  static func solutions(_ db: Database) throws -> [Int64] {
    var doubts: [(Double, Int64)] = []
    for (id, estimate) in try Workspace.estimates(db) {
      guard let doubt = doubt(estimate) else { continue }
      doubts.append((doubt.distance, id))
    }
    return doubts.sorted { $0 < $1 }.map(\.1)
  }

  /// The least certain step, and the distance of its success rate from one half.
  private static func doubt(_ estimate: StepEstimate) -> (step: Int, distance: Double, rate: Double)? {
    var nearest: (step: Int, distance: Double, rate: Double)?
    for (index, counts) in estimate.counts.enumerated() {
      guard counts.all > 0 else { continue }
      let rate = Double(counts.right) / Double(counts.all)
      let distance = abs(rate - 0.5)
      if nearest.map({ distance < $0.distance }) ?? true { nearest = (index + 1, distance, rate) }
    }
    return nearest
  }

  static func words(_ db: Database, _ ids: [Int64]) throws -> [Int64: String] {
    var words: [Int64: String] = [:]
    for id in ids {
      guard let estimate = try Workspace.estimate(of: id, db), let doubt = doubt(estimate) else { continue }
      words[id] = "step \(doubt.step): \(Int((doubt.rate * 100).rounded())) % succeed"
    }
    return words
  }
}
