import ReviewStore

/// Counts the rows of a set in one pass.
struct SetCounting {
  private struct GroupKey: Hashable {
    var dimension: GroupScore.Dimension
    var name: String
    /// Where the group stands among those of its dimension.
    var order: Int
  }

  private struct Pair: Hashable {
    var gold: Int
    var predicted: Int?
  }

  private struct Bin {
    var accuracy = Accuracy()
    var shares = 0.0
  }

  /// For the interval of F1.
  private(set) var bootstrap = BootstrapSet()
  private var score: SetScore
  private var confusion: [Pair: Int] = [:]
  private var bins = [Bin](repeating: Bin(), count: 10)
  private var groups: [GroupKey: SideScores] = [:]
  private var ballots: [(gold: Int, ballots: Ballots)] = []

  init(_ set: String) { score = SetScore(set: set) }

  mutating func add(_ item: ItemResult) {
    for sample in item.samples { score.outcomes[sample.outcome.rawValue, default: 0] += 1 }
    guard item.isAnswered else {
      score.unanswered += 1
      return
    }
    let votes = Ballots(item.samples)
    let prediction = votes.prediction
    let isRight = prediction == item.gold
    score.scores.add(gold: item.gold, prediction: prediction)
    bootstrap.add(hasError: item.gold != -1, isRight: isRight)
    ballots.append((item.gold, votes))
    confusion[Pair(gold: item.gold, predicted: prediction), default: 0] += 1
    if let prediction {
      if prediction != -1, !(1...max(item.steps, 1)).contains(prediction) { score.outOfRange += 1 }
    } else {
      score.withoutPrediction += 1
    }
    countDistance(item.gold, prediction)
    if let share = votes.share, votes.samples > 1 {
      let bin = min(Int((share * 10).rounded(.up)) - 1, 9)
      bins[bin].accuracy.add(isRight)
      bins[bin].shares += share
    }
    for key in keys(of: item) { groups[key, default: SideScores()].add(gold: item.gold, prediction: prediction) }
  }

  private mutating func countDistance(_ gold: Int, _ prediction: Int?) {
    if gold == -1 {
      if let prediction, prediction != -1 { score.distances.falseAlarms += 1 }
    } else if let prediction {
      if prediction == -1 {
        score.distances.missed += 1
      } else {
        score.distances.rows[prediction - gold, default: 0] += 1
      }
    } else {
      score.distances.silent += 1
    }
  }

  private func keys(of item: ItemResult) -> [GroupKey] {
    var keys = [
      GroupKey(dimension: .steps, name: GroupScore.stepsName(item.steps), order: min((item.steps - 1) / 4, 3))
    ]
    if let generator = item.generator { keys.append(GroupKey(dimension: .generator, name: generator, order: 0)) }
    if let subject = item.subject { keys.append(GroupKey(dimension: .subject, name: subject, order: 0)) }
    if let isRight = item.finalAnswerIsCorrect {
      let (name, order) =
        isRight
        ? item.gold == -1 ? ("right answer, right process", 0) : (GroupScore.rightAnswerWrongProcess, 1)
        : ("wrong answer", 2)
      keys.append(GroupKey(dimension: .answer, name: name, order: order))
    }
    return keys
  }

  /// The score of all rows so far.
  var finished: SetScore {
    var score = score
    score.samples = ballots.map(\.ballots.samples).max() ?? 0
    score.confusion = confusion.map { ConfusionCell(gold: $0.key.gold, predicted: $0.key.predicted, rows: $0.value) }
      .sorted { ($0.gold, $0.predicted ?? .min) < ($1.gold, $1.predicted ?? .min) }
    score.calibration = bins.enumerated().compactMap { index, bin in
      guard bin.accuracy.rows > 0 else { return nil }
      return CalibrationBin(
        above: Double(index) / 10, upTo: Double(index + 1) / 10, meanShare: bin.shares / Double(bin.accuracy.rows),
        accuracy: bin.accuracy)
    }
    score.groups = groups.sorted {
      ($0.key.dimension.rawValue, $0.key.order, $0.key.name) < ($1.key.dimension.rawValue, $1.key.order, $1.key.name)
    }.map { GroupScore(dimension: $0.key.dimension, name: $0.key.name, scores: $0.value) }
    score.curve = curve(upTo: score.samples)
    return score
  }

  private func curve(upTo most: Int) -> [VotePoint] {
    guard most > 0 else { return [] }
    var majority = [[Double]](repeating: Array(repeating: 0, count: most), count: 2)
    var best = majority
    for (gold, ballots) in ballots {
      let side = gold == -1 ? 1 : 0
      for (k, chance) in ballots.majority(gold, upTo: most).enumerated() { majority[side][k] += chance }
      for (k, chance) in ballots.bestOf(gold, upTo: most).enumerated() { best[side][k] += chance }
    }
    let sides = [score.scores.error.rows, score.scores.correct.rows]
    func percent(_ sums: [[Double]], _ side: Int, _ k: Int) -> Double? {
      sides[side] > 0 ? sums[side][k] / Double(sides[side]) * 100 : nil
    }
    return (0..<most).map { k in
      VotePoint(
        k: k + 1, error: percent(majority, 0, k), correct: percent(majority, 1, k), bestError: percent(best, 0, k),
        bestCorrect: percent(best, 1, k))
    }
  }
}
