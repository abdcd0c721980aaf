import CritiqueModel
import Formatting
import Foundation
import ReviewStore
import StepLabeling

/// What a critic's guidance does to a generator: votes among its solutions with and without the critic, and its
/// solutions before and after refinement (arXiv 2505.00662).
public struct GuidanceReport: Sendable, Hashable, Encodable {
  /// Accuracy of k solutions together, in percent: the mean over all subsets, or over many where those are too many.
  public struct Point: Sendable, Hashable, Encodable {
    /// Solutions of each problem.
    public var k: Int
    /// The most frequent answer.
    public var majority: Double
    /// The most frequent answer among solutions in which the critic finds no error; among all where it finds one in each.
    public var verified: Double
    /// Answers weighted by the share of the critic's votes that find no error.
    public var weighted: Double
    /// Any answer is right.
    public var best: Double
  }

  /// How solutions changed by refinement.
  public struct Refinement: Sendable, Hashable, Encodable {
    /// Solutions, refined or not.
    public var solutions = 0
    /// Solutions in which the critic found a wrong step.
    public var flagged = 0
    /// Right before.
    public var before = Accuracy()
    /// Right after; what was not flagged stays as it was.
    public var after = Accuracy()
    /// Refined solutions by what they were and what they became: "wrong→right".
    public var transitions: [String: Int] = [:]
    /// Interval of after minus before, in percent points: bootstrap over problems.
    public var difference: Interval?
  }

  /// Problems with solutions.
  public var problems = 0
  /// Solutions of the problem with the most.
  public var samples = 0
  /// By number of solutions.
  public var curve: [Point] = []
  /// Interval of verified minus plain majority of all solutions, in percent points: bootstrap over problems.
  public var verifiedDifference: Interval?
  /// Right solutions in which the critic finds no error.
  public var acceptsRight = Accuracy()
  /// Wrong solutions in which it finds one.
  public var rejectsWrong = Accuracy()
  /// Solutions about which it says nothing.
  public var silent = 0
  /// Refinement; `nil` when none was asked for.
  public var refinement: Refinement?

  /// Counts problems.
  ///
  /// - Parameter bootstrap: for the intervals.
  public init(_ problems: [GuidedProblem], refined: Bool, bootstrap: Bootstrap) {
    let problems = problems.filter { !$0.samples.isEmpty }
    self.problems = problems.count
    samples = problems.map(\.samples.count).max() ?? 0
    for sample in problems.flatMap(\.samples) {
      guard let verdict = sample.verdict else {
        silent += 1
        continue
      }
      if sample.outcome == .right { acceptsRight.add(verdict == -1) } else { rejectsWrong.add(verdict != -1) }
    }
    guard !problems.isEmpty else { return }
    let votes = problems.map { GuidedVotes($0.samples) }
    for k in 1...samples {
      let points = votes.map { $0.chances(k, seed: bootstrap.seed) }
      func mean(_ value: (GuidedVotes.Chances) -> Double) -> Double {
        points.reduce(0) { $0 + value($1) } / Double(points.count) * 100
      }
      curve.append(
        Point(
          k: k, majority: mean(\.majority), verified: mean(\.verified), weighted: mean(\.weighted), best: mean(\.best)))
    }
    let whole = votes.map { $0.chances(samples, seed: bootstrap.seed) }
    verifiedDifference = bootstrap.mean(whole.map { ($0.verified - $0.majority) * 100 })
    if refined { refinement = Self.refinement(problems, bootstrap) }
  }

  private static func refinement(_ problems: [GuidedProblem], _ bootstrap: Bootstrap) -> Refinement {
    var count = Refinement()
    var differences: [Double] = []
    for problem in problems {
      var difference = 0.0
      for sample in problem.samples {
        let wasRight = sample.outcome == .right
        let isRight = (sample.refinedOutcome ?? sample.outcome) == .right
        count.solutions += 1
        count.before.add(wasRight)
        count.after.add(isRight)
        difference += (isRight ? 1 : 0) - (wasRight ? 1 : 0)
        if sample.flaw != nil { count.flagged += 1 }
        guard sample.refinedOutcome != nil else { continue }
        count.transitions["\(wasRight ? "right" : "wrong")→\(isRight ? "right" : "wrong")", default: 0] += 1
      }
      differences.append(difference / Double(problem.samples.count) * 100)
    }
    count.difference = bootstrap.mean(differences)
    return count
  }

  /// Majority against verified majority, by number of solutions.
  public var votesTable: TextTable {
    TextTable(
      header: ["k", "majority", "verified majority", "weighted", "difference", "best of k"],
      rows: curve.map {
        [
          String($0.k), Figures.percent($0.majority), Figures.percent($0.verified), Figures.percent($0.weighted),
          Figures.signed($0.verified - $0.majority), Figures.percent($0.best),
        ]
      }, words: [])
  }

  /// Before and after refinement; `nil` when none was asked for.
  public var refinementTable: TextTable? {
    guard let refinement else { return nil }
    return TextTable(
      header: [
        "solutions", "flagged", "before", "after", "difference", "95 %", "wrong→right", "right→wrong", "right→right",
        "wrong→wrong",
      ],
      rows: [
        [
          String(refinement.solutions), String(refinement.flagged), Figures.percent(refinement.before.percent),
          Figures.percent(refinement.after.percent),
          Figures.signed((refinement.after.percent ?? 0) - (refinement.before.percent ?? 0)),
          Figures.signed(refinement.difference),
        ]
          + ["wrong→right", "right→wrong", "right→right", "wrong→wrong"].map { String(refinement.transitions[$0] ?? 0) }
      ], words: [])
  }

  /// What the critic's verdicts are worth, in sentences.
  public var notes: [String] {
    var notes = [
      "\(problems) problems, up to \(samples) solutions each. The critic accepts \(acceptsRight.right) of "
        + "\(acceptsRight.rows) right solutions and rejects \(rejectsWrong.right) of \(rejectsWrong.rows) others."
    ]
    if silent > 0 { notes.append("It says nothing about \(silent) solutions; these count as not accepted.") }
    if let verifiedDifference {
      notes.append(
        "Verified minus plain majority of \(samples): 95 % from \(Figures.signed(verifiedDifference)) points.")
    }
    return notes
  }
}

/// The votes among the solutions of one problem.
struct GuidedVotes {
  struct Chances {
    var majority = 0.0
    var verified = 0.0
    var weighted = 0.0
    var best = 0.0
  }

  private struct Vote {
    var group: Int
    var isRight: Bool
    var isAccepted: Bool
    var weight: Double
  }

  private let votes: [Vote]
  /// Maximum number of subsets of a size; of more, this many are drawn.
  private static let most = 4096

  init(_ samples: [GuidedProblem.Sample]) {
    var groups: [String: Int] = [:]
    votes = samples.map { sample in
      let isUsable = sample.outcome == .right || sample.outcome == .wrong || sample.outcome == .undecided
      let text = isUsable ? sample.answer.map(AnswerText.normalized) : nil
      let group = text.map { text in
        let known = groups[text] ?? groups.count
        groups[text] = known
        return known
      }
      return Vote(
        group: group ?? -1, isRight: sample.outcome == .right, isAccepted: sample.verdict == -1,
        weight: sample.acceptance ?? 0)
    }
  }

  /// Chances over subsets of k solutions, in their order.
  func chances(_ k: Int, seed: UInt64) -> Chances {
    let size = min(k, votes.count)
    guard size > 0 else { return Chances() }
    var sum = Chances()
    var number = 0.0
    func add(_ chosen: [Vote]) {
      number += 1
      let voting = chosen.filter { $0.group >= 0 }
      if winner(voting, { _ in 1 }) { sum.majority += 1 }
      let accepted = voting.filter(\.isAccepted)
      if winner(accepted.isEmpty ? voting : accepted, { _ in 1 }) { sum.verified += 1 }
      let hasWeight = voting.contains { $0.weight > 0 }
      if winner(voting, { hasWeight ? $0.weight : 1 }) { sum.weighted += 1 }
      if chosen.contains(where: \.isRight) { sum.best += 1 }
    }
    if Binomials.row(votes.count)[size] <= Double(Self.most) {
      var places = Array(0..<size)
      while true {
        add(places.map { votes[$0] })
        guard let last = (0..<size).last(where: { places[$0] < votes.count - size + $0 }) else { break }
        places[last] += 1
        for next in (last + 1)..<max(size, last + 1) { places[next] = places[next - 1] + 1 }
      }
    } else {
      var generator = Xoshiro(seed: seed &+ UInt64(k))
      for _ in 0..<Self.most {
        add(votes.indices.shuffled(using: &generator).prefix(size).sorted().map { votes[$0] })
      }
    }
    return Chances(
      majority: sum.majority / number, verified: sum.verified / number, weighted: sum.weighted / number,
      best: sum.best / number)
  }

  /// Whether the answer with the most weight is right; of several the one seen first.
  private func winner(_ votes: [Vote], _ weight: (Vote) -> Double) -> Bool {
    var weights: [(group: Int, weight: Double, isRight: Bool)] = []
    for vote in votes {
      if let place = weights.firstIndex(where: { $0.group == vote.group }) {
        weights[place].weight += weight(vote)
      } else {
        weights.append((vote.group, weight(vote), vote.isRight))
      }
    }
    var best: (group: Int, weight: Double, isRight: Bool)?
    for candidate in weights where candidate.weight > (best?.weight ?? 0) { best = candidate }
    return best?.isRight ?? false
  }
}

extension Bootstrap {
  /// The interval of a mean, in the unit of the values; `nil` without any.
  public func mean(_ values: [Double]) -> Interval? {
    guard !values.isEmpty else { return nil }
    var generator = Xoshiro(seed: seed)
    let means = (0..<resamples).map { _ -> Double in
      var sum = 0.0
      for _ in values.indices { sum += values[Int.random(in: 0..<values.count, using: &generator)] }
      return sum / Double(values.count)
    }.sorted()
    return Interval(low: Quantile.of(means, 0.025), high: Quantile.of(means, 0.975))
  }
}
