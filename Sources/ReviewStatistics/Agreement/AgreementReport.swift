import CritiqueModel
import ReviewStore

/// Which of a reviewer's verdicts on a step is compared.
public enum ComparedVerdicts: String, Sendable, Hashable, Codable, CaseIterable {
  /// The one that stands: what labels are made of.
  case standing
  /// The first one, whatever became of it: in blind mode the only one that nothing was revealed before.
  case first
}

/// What is compared, and how.
public struct AgreementOptions: Sendable, Hashable, Codable {
  /// Which verdicts.
  public var verdicts: ComparedVerdicts
  /// Only these reviewers; empty for everyone.
  public var reviewers: [String]
  /// How intervals are made.
  public var bootstrap: BootstrapOptions

  /// The defaults: what stands, of everyone.
  public init(
    verdicts: ComparedVerdicts = .standing, reviewers: [String] = [], bootstrap: BootstrapOptions = BootstrapOptions()
  ) {
    self.verdicts = verdicts
    self.reviewers = reviewers
    self.bootstrap = bootstrap
  }
}

/// Agreement between reviewers, by step and by first error.
public struct AgreementReport: Sendable, Codable, Hashable {
  /// What was compared, and how.
  public var options: AgreementOptions
  /// Everyone with a verdict among what was compared, in alphabetical order.
  public var reviewers: [String]
  /// Per step: correct or incorrect (neutral counts as correct).
  public var judgement: AgreementFigures
  /// Per step: incorrect, neutral or correct, in this order.
  public var rating: AgreementFigures
  /// Per solution that both finished: the number of the first error; none comes after every step.
  public var firstError: AgreementFigures

  /// Compares the reviewers of some solutions.
  public init(_ solutions: [ReviewedSolution], options: AgreementOptions = AgreementOptions()) {
    let tables = AgreementTables(solutions, options: options)
    self.options = options
    reviewers = tables.reviewers
    judgement = AgreementFigures(tables.judgement, bootstrap: options.bootstrap)
    rating = AgreementFigures(tables.rating, bootstrap: options.bootstrap)
    firstError = AgreementFigures(tables.firstError, bootstrap: options.bootstrap)
  }
}

/// The tables behind a report.
struct AgreementTables {
  private(set) var reviewers: [String]
  private(set) var judgement: RatingTable
  private(set) var rating: RatingTable
  private(set) var firstError: RatingTable

  /// No first error: after every step.
  static let noError = Int.max

  init(_ solutions: [ReviewedSolution], options: AgreementOptions) {
    let wanted = Set(options.reviewers)
    var verdicts: [[String: [Int: Rating]]] = []
    verdicts.reserveCapacity(solutions.count)
    for solution in solutions {
      var found = Self.verdicts(solution, options.verdicts)
      if !wanted.isEmpty { found = found.filter { wanted.contains($0.key) } }
      verdicts.append(found)
    }
    reviewers = Set(verdicts.lazy.flatMap(\.keys)).sorted()
    let places = Dictionary(uniqueKeysWithValues: reviewers.enumerated().map { ($1, $0) })
    judgement = RatingTable(raters: reviewers)
    rating = RatingTable(raters: reviewers)
    firstError = RatingTable(raters: reviewers)
    for (cluster, (solution, found)) in zip(solutions, verdicts).enumerated() where found.count >= 2 {
      var steps: [Int: [(rater: Int, rating: Rating)]] = [:]
      var errors: [RatingTable.Rated] = []
      for (name, ratings) in found {
        let rater = places[name] ?? 0
        for (step, rating) in ratings { steps[step, default: []].append((rater, rating)) }
        if let error = Self.firstError(ratings, count: solution.stepCount) {
          errors.append(RatingTable.Rated(rater: rater, value: error))
        }
      }
      for ratings in steps.values where ratings.count >= 2 {
        judgement.add(
          RatingTable.Unit(
            cluster: cluster,
            ratings: ratings.map { RatingTable.Rated(rater: $0.rater, value: $0.rating.judgement.rawValue) }))
        rating.add(
          RatingTable.Unit(
            cluster: cluster,
            ratings: ratings.map { RatingTable.Rated(rater: $0.rater, value: $0.rating.rawValue) }))
      }
      firstError.add(RatingTable.Unit(cluster: cluster, ratings: errors))
    }
  }

  private static func verdicts(_ solution: ReviewedSolution, _ which: ComparedVerdicts) -> [String: [Int: Rating]] {
    let found: [String: [Int: StandingVerdict]] =
      switch which {
      case .standing: solution.views.mapValues(\.verdicts)
      case .first: solution.firstVerdicts()
      }
    return found.mapValues { $0.mapValues(\.rating) }.filter { !$0.value.isEmpty }
  }

  /// A finished reviewer's first error, ``noError`` when there is none; `nil` for one who has not finished.
  static func firstError(_ ratings: [Int: Rating], count: Int) -> Int? {
    guard count > 0 else { return nil }
    let error = ratings.lazy.filter { $0.value == .incorrect }.map(\.key).min()
    let needed = min(error ?? count, count)
    guard (1...needed).allSatisfy({ ratings[$0] != nil }) else { return nil }
    return error ?? noError
  }
}
