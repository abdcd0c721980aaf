import ReviewStore

/// The votes of one row's answers.
///
/// The most votes win; of answers with equally many the one that was seen first, as Python's `Counter` does it. Answers
/// that say nothing have no vote.
public struct Ballots: Sendable, Hashable {
  /// One thing that was voted for.
  public struct Candidate: Sendable, Hashable {
    /// The 1-based step or −1; `nil` for text that is not a number (reference rule).
    public var prediction: Int?
    /// Numbers of the answers that vote for it, rising.
    public var places: [Int]
  }

  /// What was voted for, in the order in which it was seen first.
  public let candidates: [Candidate]
  /// Answers that there are, with a vote or without; those that are missing do not count.
  public let samples: Int
  /// Answers with a vote.
  public let votes: Int

  /// Counts the answers of a row, in their order.
  public init(_ readings: [SampleReading]) {
    var candidates: [Candidate] = []
    var place = 0
    var votes = 0
    for reading in readings where reading.outcome != .missing {
      defer { place += 1 }
      guard reading.prediction != nil || reading.ballot != nil else { continue }
      votes += 1
      // A handful at most: looking through them is faster than hashing.
      if let index = candidates.firstIndex(where: {
        $0.prediction == reading.prediction && readings[$0.places[0]].ballot == reading.ballot
      }) {
        candidates[index].places.append(place)
      } else {
        candidates.append(Candidate(prediction: reading.prediction, places: [place]))
      }
    }
    self.candidates = candidates
    self.votes = votes
    samples = place
  }

  /// What wins when all answers vote; `nil` when none has a vote.
  public var winner: Candidate? {
    var best: Candidate?
    for candidate in candidates where candidate.places.count > (best?.places.count ?? 0) { best = candidate }
    return best
  }

  /// The prediction that wins.
  public var prediction: Int? { winner?.prediction }

  /// The winner's share of the votes, 0 to 1; `nil` without votes.
  public var share: Double? { winner.map { Double($0.places.count) / Double(votes) } }

  /// Answers that are right.
  public func right(_ gold: Int) -> Int {
    candidates.reduce(0) { $0 + ($1.prediction == gold ? $1.places.count : 0) }
  }

  /// For k = 1 to `upTo`, the chance that the majority of k answers drawn without replacement is the gold one: the exact
  /// mean over all subsets, each in the order of its answers. With fewer than k answers all of them vote.
  public func majority(_ gold: Int, upTo most: Int) -> [Double] {
    let n = samples
    guard n > 0 else { return Array(repeating: 0, count: most) }
    let wins = n <= Self.mostWithSubsets ? winsBySubsets(gold) : winsByCounting(gold)
    let all = Binomials.row(n)
    return (1...max(most, 1)).prefix(most).map { k in
      let size = min(k, n)
      return wins[size] / all[size]
    }
  }

  /// For k = 1 to `upTo`, the chance that one of k answers drawn without replacement is right.
  public func bestOf(_ gold: Int, upTo most: Int) -> [Double] {
    let n = samples
    guard n > 0, most > 0 else { return Array(repeating: 0, count: most) }
    let wrong = n - right(gold)
    let all = Binomials.row(n)
    let bad = Binomials.row(wrong)
    return (1...most).map { k in
      let size = min(k, n)
      let none = size <= wrong ? bad[size] : 0
      return (all[size] - none) / all[size]
    }
  }

  /// Up to this many responses, enumerating subsets is faster than counting them.
  static let mostWithSubsets = 10

  /// By size, how many subsets have the gold prediction as their winner: all of them are looked at.
  func winsBySubsets(_ gold: Int) -> [Double] {
    var wins = [Int](repeating: 0, count: samples + 1)
    let masks = candidates.map { candidate in candidate.places.reduce(UInt32(0)) { $0 | 1 << UInt32($1) } }
    let isGold = candidates.map { $0.prediction == gold }
    guard isGold.contains(true) else { return wins.map(Double.init) }
    masks.withUnsafeBufferPointer { masks in
      for subset in 1..<(UInt32(1) << UInt32(samples)) {
        var most = 0
        var first = 0
        var winner = -1
        for candidate in 0..<masks.count {
          let own = masks[candidate] & subset
          let count = own.nonzeroBitCount
          guard count >= most, count > 0 else { continue }
          let place = own.trailingZeroBitCount
          if count > most || place < first {
            most = count
            first = place
            winner = candidate
          }
        }
        if winner >= 0, isGold[winner] { wins[subset.nonzeroBitCount] += 1 }
      }
    }
    return wins.map(Double.init)
  }

  /// The same by counting, for many answers.
  func winsByCounting(_ gold: Int) -> [Double] {
    var wins = [Double](repeating: 0, count: samples + 1)
    for (index, candidate) in candidates.enumerated() where candidate.prediction == gold {
      addWins(of: index, to: &wins)
    }
    return wins
  }

  /// Adds, by size, the subsets in which a candidate wins.
  ///
  /// For every number of its votes and every place of its first one: the other candidates have fewer votes, or as many
  /// with a later first one. The counts multiply, so that subsets need not be gone through.
  private func addWins(of index: Int, to wins: inout [Double]) {
    let own = candidates[index].places
    let silent = Binomials.row(samples - votes)
    for (rank, first) in own.enumerated() {
      let later = Binomials.row(own.count - rank - 1)
      for count in 1...(own.count - rank) {
        // Coefficient s: subsets of s other answers with which the candidate wins.
        var others = silent
        for (place, other) in candidates.enumerated() where place != index {
          let ways = Binomials.row(other.places.count)
          var choices = Array(ways.prefix(count))
          let behind = other.places.count { $0 > first }
          if count <= behind { choices.append(Binomials.row(behind)[count]) }
          others = Binomials.product(others, choices)
        }
        for (size, number) in others.enumerated() where size + count <= samples {
          wins[size + count] += later[count - 1] * number
        }
      }
    }
  }
}

/// Binomial coefficients as doubles; exact as long as they are below 2^53.
enum Binomials {
  /// The rows that nearly all votes need.
  private static let table = (0...64).map(made)

  /// n over 0 to n over n.
  static func row(_ n: Int) -> [Double] { table.indices.contains(n) ? table[n] : made(n) }

  private static func made(_ n: Int) -> [Double] {
    var row = [1.0]
    for k in 0..<max(n, 0) { row.append(row[k] * Double(n - k) / Double(k + 1)) }
    return row
  }

  /// Coefficients of the product of two polynomials.
  static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    guard !a.isEmpty, !b.isEmpty else { return [] }
    var product = [Double](repeating: 0, count: a.count + b.count - 1)
    for (i, x) in a.enumerated() where x != 0 {
      for (j, y) in b.enumerated() { product[i + j] += x * y }
    }
    return product
  }
}
