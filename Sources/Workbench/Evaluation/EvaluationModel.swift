import DeepCriticCore
import Terminal

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
  /// Names of the sets.
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
      for (benchmark, items) in try workspace.evaluated(critic.number) {
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

/// The evaluation screen: critics and sets, then the rows of one set, then one row with its transcripts.
public final class EvaluationModel {
  /// How deep the screen has been gone into.
  enum Level { case critics, rows, row }

  private let workspace: Workspace
  private let reading: BackgroundReading<EvaluationKnowledge>
  /// The screen is open.
  var isOpen = false
  var level = Level.critics
  /// Critics, the best first.
  var critics = ListState()
  /// Which set's column is selected.
  var setIndex = 0
  /// The rows that are listed.
  var list = ListState()
  private(set) var filter = EvaluationFilter.wrong
  /// Which of a row's answers is shown.
  var sample = 0
  /// The first line of the transcript that shows.
  var scroll = 0
  private(set) var knowledge: EvaluationKnowledge?
  /// Why nothing could be read.
  private(set) var problem: String?
  private(set) var rows: [EvaluationKnowledge.Row] = []
  private var isStale = true
  private var readAt: ContinuousClock.Instant?
  private var transcripts: (critic: Int64, target: EvaluationTarget, found: [StoredTranscript])?
  private var solution: (id: Int64, stored: StoredSolution)?

  init(_ session: Session) {
    workspace = session.workspace
    let path = session.workspace.path
    reading = BackgroundReading { try EvaluationKnowledge(Workspace(at: path)) }
  }

  var isLoading: Bool { reading.isWorking }
  /// Something was worked out that the screen does not show yet.
  var hasNews: Bool { reading.hasOutcome }

  /// Reads, unless what is known is still true.
  func load() {
    guard isStale else { return }
    isStale = false
    reading.start()
  }

  /// Others may have evaluated something: read again when the screen shows it, every few seconds at most.
  func workspaceChanged() {
    isStale = true
    loadIfDue()
  }

  private func loadIfDue() {
    guard isOpen, isStale, !reading.isWorking else { return }
    if let readAt, ContinuousClock.now - readAt < .seconds(3) { return }
    load()
  }

  /// Takes over what was read in the background.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() -> Bool {
    guard let outcome = reading.take() else {
      loadIfDue()
      return false
    }
    readAt = .now
    transcripts = nil
    switch outcome {
    case .success(let knowledge):
      let chosen = critic?.number
      self.knowledge = knowledge
      problem = nil
      critics.setCount(knowledge.board.critics.count)
      if let chosen, let place = knowledge.board.critics.firstIndex(where: { $0.number == chosen }) {
        critics.select(place)
      }
      setIndex = min(setIndex, max(knowledge.sets.count - 1, 0))
      if level != .critics { listRows() }
    case .failure(let error): problem = "\(error)"
    }
    return isOpen
  }

  // MARK: - What is selected

  /// The selected critic.
  var critic: CriticScore? {
    guard let place = critics.selected, let all = knowledge?.board.critics, all.indices.contains(place) else {
      return nil
    }
    return all[place]
  }

  /// The selected set's name.
  var setName: String? {
    guard let sets = knowledge?.sets, sets.indices.contains(setIndex) else { return nil }
    return sets[setIndex]
  }

  /// The selected critic on the selected set.
  var score: SetScore? { critic?.sets.first { $0.set == setName } }

  /// The selected row.
  var row: EvaluationKnowledge.Row? {
    guard let place = list.selected, rows.indices.contains(place) else { return nil }
    return rows[place]
  }

  /// What other critics say about a row, the best critic first; `nil` for one that says nothing.
  func others(_ row: EvaluationKnowledge.Row) -> [(name: String, prediction: Int?, isAnswered: Bool)] {
    guard let knowledge, let setName else { return [] }
    let key = EvaluationKnowledge.Key(id: row.item.id, solution: row.item.solution)
    return knowledge.board.critics.filter { $0.number != critic?.number }.compactMap { other in
      knowledge.said[other.number]?[setName]?[key].map { (other.name, $0.prediction, $0.isAnswered) }
    }
  }

  // MARK: - Rows

  /// Lists the rows of the selected critic and set.
  func listRows() {
    let key = row.map { EvaluationKnowledge.Key(id: $0.item.id, solution: $0.item.solution) }
    let all = critic.flatMap { knowledge?.rows[$0.number]?[setName ?? ""] } ?? []
    rows = all.filter { row in
      switch filter {
      case .all: true
      case .wrong: row.isAnswered && !row.isRight
      case .silent: row.prediction == nil
      case .differing: others(row).contains { $0.isAnswered && $0.prediction != row.prediction }
      }
    }
    list.setCount(rows.count)
    if let key, let place = rows.firstIndex(where: { $0.item.id == key.id && $0.item.solution == key.solution }) {
      list.select(place)
    }
    rowChanged()
  }

  func nextFilter() {
    let all = EvaluationFilter.allCases
    let place = all.firstIndex(of: filter) ?? 0
    filter = all[(place + 1) % all.count]
    listRows()
  }

  /// Another row is selected: its first answer shows from its beginning.
  func rowChanged() {
    sample = 0
    scroll = 0
  }

  /// The answers about the selected row.
  func answers() throws -> [StoredTranscript] {
    guard let critic, let row else { return [] }
    let target = EvaluationTarget(benchmark: row.benchmark, position: row.item.position)
    if let transcripts, transcripts.critic == critic.number, transcripts.target == target { return transcripts.found }
    let found = try workspace.transcripts(critic.number, target)
    transcripts = (critic.number, target, found)
    return found
  }

  /// The selected row's solution.
  func stored() throws -> StoredSolution? {
    guard let row else { return nil }
    if let solution, solution.id == row.item.solution { return solution.stored }
    let stored = try workspace.solution(row.item.solution)
    solution = (row.item.solution, stored)
    return stored
  }
}
