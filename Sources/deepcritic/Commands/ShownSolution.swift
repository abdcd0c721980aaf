import DeepCriticCore
import Foundation

/// What `show --json` writes.
struct ShownSolution: Encodable {
  struct Verdict: Encodable {
    var reviewer: String
    var rating: Int
    var mode: String
    /// Milliseconds since 1970.
    var at: Int64
    var basis: String?
  }
  struct Remark: Encodable {
    var reviewer: String
    var text: String
    var at: Int64
  }
  struct Reading: Encodable {
    var sample: Int
    var judgement: Int?
    var text: String
    var reasoning: [Reasoning]
  }
  struct Reasoning: Encodable {
    var reviewer: String
    var isSound: Bool
    /// The part that is meant; absent for all of it.
    var part: String?
    var note: String?
    var at: Int64
  }
  struct Alternative: Encodable {
    var text: String
    var label: Int?
    var flagged: Bool?
    var author: String
  }
  struct Step: Encodable {
    var number: Int
    var text: String
    var label: Int?
    /// The label that came with the data.
    var imported: Int?
    /// Who gave the label; absent for one that came with the data.
    var origin: String?
    var labelledBy: [String]?
    var labelledAt: Int64?
    var author: String
    var alternatives: [Alternative]
    var critiques: [String: [Reading]]
    var verdicts: [Verdict]
    var flaggedBy: [String]
    var comments: [Remark]
  }
  struct Estimate: Encodable {
    /// 1-based; −1 when every step is right; absent where there is no label.
    var firstError: Int?
    var reason: String
    var step: Int?
    /// Successes and rollouts of each prefix; the last is the whole solution.
    var counts: [SuccessCount]
  }
  struct Review: Encodable {
    var reviewer: String
    var state: String
    var firstError: Int?
    var mark: String?
    var markReason: String?
  }

  var number: Int64
  var key: String
  var name: String
  var format: String
  var file: String
  var line: Int
  var records: Int
  var problem: String
  var referenceAnswer: String?
  var referenceSolution: String?
  var finalAnswerCorrect: Bool?
  var generator: String?
  var finishReason: String?
  /// 1-based; −1 when every step is right; absent when unknown.
  var firstError: Int?
  /// The same by the labels that came with the data.
  var importedFirstError: Int?
  var steps: [Step]
  /// Critiques of the whole solution, by stage.
  var critiques: [String: [Reading]]
  /// Where it stands on the way to a seed critique.
  var seed: SeedStanding?
  /// What rollouts say.
  var estimate: Estimate?
  var reviews: [Review]
  var flaggedBy: [String]
  var comments: [Remark]

  init(_ stored: StoredSolution, steps numbers: [Int]) {
    let solution = stored.solution
    let views = stored.views.sorted { $0.key < $1.key }
    number = stored.id
    key = stored.key
    name = stored.name
    format = stored.format.rawValue
    file = stored.file
    line = stored.line
    records = stored.recordCount
    problem = solution.problem
    referenceAnswer = solution.referenceAnswer
    referenceSolution = solution.referenceSolution
    finalAnswerCorrect = solution.finalAnswerCorrect
    generator = solution.generator
    finishReason = solution.finishReason?.rawValue
    firstError = stored.labels.firstError.boxed
    importedFirstError = FirstError(ratings: stored.imported).boxed
    steps = numbers.map { number in
      let step = solution.steps[number - 1]
      let label = stored.labels.labels[number - 1]
      return Step(
        number: number, text: step.text, label: label?.rating.rawValue, imported: stored.imported[number - 1]?.rawValue,
        origin: label?.origin.rawValue, labelledBy: label.flatMap { $0.names.isEmpty ? nil : $0.names },
        labelledAt: label?.at, author: step.completion.author.rawValue,
        alternatives: step.alternatives.map {
          Alternative(text: $0.text, label: $0.rating?.rawValue, flagged: $0.flagged, author: $0.author.rawValue)
        },
        critiques: Self.readings(stored, number),
        verdicts: views.compactMap { reviewer, view in
          view.verdicts[number].map {
            Verdict(reviewer: reviewer, rating: $0.rating.rawValue, mode: $0.mode.rawValue, at: $0.at, basis: $0.basis)
          }
        },
        flaggedBy: views.filter { $0.value.flags.contains(number) }.map(\.key),
        comments: Self.remarks(views, number))
    }
    critiques = Self.readings(stored, 0)
    seed = stored.seed
    estimate = stored.estimate.map {
      Estimate(firstError: $0.firstError, reason: $0.reason.rawValue, step: $0.step, counts: $0.counts)
    }
    reviews = views.map { reviewer, view in
      Review(
        reviewer: reviewer, state: view.state(count: solution.steps.count).rawValue, firstError: view.firstError,
        mark: view.mark?.mark.rawValue, markReason: view.mark?.reason)
    }
    flaggedBy = views.filter { $0.value.flags.contains(0) }.map(\.key)
    comments = Self.remarks(views, 0)
  }

  private static func readings(_ stored: StoredSolution, _ step: Int) -> [String: [Reading]] {
    var readings: [String: [Reading]] = [:]
    for (stage, steps) in stored.critiques {
      guard let critiques = steps[step] else { continue }
      readings[stage.rawValue] = critiques.map {
        Reading(
          sample: $0.critique.sample, judgement: $0.judgement?.rawValue, text: $0.critique.text,
          reasoning: reasoning(stored, $0.critique))
      }
    }
    return readings
  }

  private static func reasoning(_ stored: StoredSolution, _ critique: Critique) -> [Reasoning] {
    let key = CritiqueKey(of: critique)
    return stored.views.sorted { $0.key < $1.key }.compactMap { reviewer, view in
      view.soundness[key].map { standing in
        Reasoning(
          reviewer: reviewer, isSound: standing.isSound,
          part: standing.reference.range(in: critique.text).map { String(critique.text[$0]) }, note: standing.note,
          at: standing.at)
      }
    }
  }

  private static func remarks(_ views: [(key: String, value: ReviewerView)], _ step: Int) -> [Remark] {
    views.flatMap { reviewer, view in
      view.comments.filter { $0.step == step }.map { Remark(reviewer: reviewer, text: $0.text, at: $0.at) }
    }
  }
}
