import DeepCriticCore

/// What is known about every critic: scores, and the rows behind them.
struct EvaluationKnowledge: Sendable {
  /// A row of a set with a critic's answers.
  struct Row: Sendable {
    var benchmark: Int64
    var item: BenchmarkItem
    var prediction: Int?
    /// The winner's share of the votes.
    var share: Double?
    var isAnswered: Bool

    var isRight: Bool { isAnswered && prediction == item.gold }
  }

  /// The same row in every critic's results.
  struct Key: Hashable, Sendable {
    var id: String
    var solution: Int64
  }

  var board: Leaderboard
  var sets: [String]
  /// By evaluation and set.
  var rows: [Int64: [String: [Row]]]
  /// By evaluation and set: what it says about a row.
  var said: [Int64: [String: [Key: Row]]]

  init(_ workspace: Workspace) throws {
    let settings = try EvaluateSettings(path: workspace.settingsPath)
    // A screen that is looked at now and then needs no more resamples than it can show digits of.
    board = try Leaderboard(
      workspace, bootstrap: Bootstrap(resamples: min(settings.resamples, 2000)), published: false)
    sets = board.sets
    rows = [:]
    said = [:]
    for critic in board.critics {
      for (benchmark, items, _) in try workspace.evaluated(critic.number) {
        let own = items.map { one -> Row in
          let ballots = Ballots(one.samples)
          return Row(
            benchmark: benchmark.id, item: one.item, prediction: ballots.prediction, share: ballots.share,
            isAnswered: one.samples.contains { $0.outcome != .missing })
        }
        rows[critic.number, default: [:]][benchmark.name] = own
        said[critic.number, default: [:]][benchmark.name] = Dictionary(
          own.map { (Key(id: $0.item.id, solution: $0.item.solution), $0) }, uniquingKeysWith: { one, _ in one })
      }
    }
  }
}

/// Which rows of a set are listed.
enum EvaluationFilter: String, CaseIterable {
  case wrong
  case differing
  case silent
  case all

  var words: String {
    switch self {
    case .wrong: "wrong"
    case .differing: "critics differ"
    case .silent: "no answer"
    case .all: "all"
    }
  }
}
