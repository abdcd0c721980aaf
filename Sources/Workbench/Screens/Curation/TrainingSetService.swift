import DeepCriticCore
import Foundation
import Synchronization

/// What curation needs to know to tell the consequence of a decision.
struct TrainingSetState: Sendable {
  var curator: Curator
  var index: CurationIndex
  var benchmarks: BenchmarkProblems
}

/// What each verdict on the step under review would change.
struct StepConsequences {
  var item: CurationItem
  var now: Consequence
  /// By verdict, those only that lead to another judgement than the label has.
  var verdicts: [(rating: Rating, consequence: Consequence)]
}

/// The place of every solution in the training set: decided about beside the screens, on a connection of its own, and
/// brought up to date with each decision.
final class TrainingSetService: Service {
  private let work: BackgroundReading<TrainingSetState>
  private let counter = Counter()
  private(set) var state: TrainingSetState?
  /// Why nothing could be decided.
  private(set) var problem: String?
  /// Another number means that places may have changed.
  private(set) var revision = 0
  /// A screen shows all of it: read again sooner when others have changed something.
  var isShown = false
  private var decidedMeanwhile: Set<Int64> = []
  private var loadedAt: ContinuousClock.Instant?
  /// Others have changed the workspace since all was decided about.
  private var isStale = false
  private var cache: (id: Int64, step: Int, found: StepConsequences?)?

  /// Solutions decided about so far.
  private final class Counter: Sendable {
    let decided = Mutex(0)
  }

  init(_ session: Session) {
    work = BackgroundReading { [path = session.workspace.path, counter] in
      try await Self.read(path) { decided in counter.decided.withLock { $0 = decided } }
    }
  }

  private static func read(_ path: String, progress: (Int) -> Void) async throws -> TrainingSetState {
    let workspace = try Workspace(at: path)
    let curator = try Curator(of: workspace)
    let index = try await curator.index {
      try Task.checkCancellation()
      progress($0)
    }
    return TrainingSetState(
      curator: curator, index: index, benchmarks: try workspace.benchmarkProblems(paths: curator.settings.benchmarks))
  }

  /// Decides about everything, unless it is known or under way.
  func load() {
    if state == nil, problem == nil, !isBusy { start() }
  }

  private func start() {
    if !work.isWorking { counter.decided.withLock { $0 = 0 } }
    work.start()
  }

  /// Something may have changed that this program did not do.
  func workspaceChanged() {
    if state != nil || problem != nil || isBusy { isStale = true }
    loadAgainIfDue()
  }

  /// Decides about everything again, at most every few seconds on the screen and now and then beside a review.
  private func loadAgainIfDue() {
    guard isStale, !work.isWorking else { return }
    if let loadedAt, ContinuousClock.now - loadedAt < .seconds(isShown ? 3 : 30) { return }
    isStale = false
    start()
  }

  var isLoading: Bool { work.isWorking }
  /// Something was worked out that the screen does not show yet.
  var hasNews: Bool { work.hasOutcome }
  var isBusy: Bool { isLoading || hasNews }
  var decidedSoFar: Int { counter.decided.withLock { $0 } }

  func refresh() -> Bool {
    guard let outcome = work.take() else {
      loadAgainIfDue()
      return work.isWorking && isShown
    }
    loadedAt = .now
    cache = nil
    switch outcome {
    case .success(let state):
      self.state = state
      problem = nil
      for id in decidedMeanwhile { update(id) }
    case .failure(let error): problem = "\(error)"
    }
    decidedMeanwhile = []
    revision += 1
    return true
  }

  func cancel() { work.cancel() }

  func settle() {
    work.wait()
    _ = refresh()
  }

  func decided(about id: Int64, _ outcome: DecisionOutcome) {
    cache = nil
    if work.isWorking { decidedMeanwhile.insert(id) }
    update(id)
    revision += 1
  }

  private func update(_ id: Int64) {
    guard var state else { return }
    // The index must have one owner while it changes, or all of it is copied.
    self.state = nil
    defer { self.state = state }
    do {
      _ = try state.curator.update(id, in: &state.index, benchmarks: state.benchmarks)
    } catch {
      problem = "\(error)"
    }
  }

  // MARK: - Consequences

  /// What verdicts on a step would change; `nil` while that is not known.
  func consequences(_ review: ReviewModel) -> StepConsequences? {
    let id = review.stored.id
    if let cache, cache.id == id, cache.step == review.step { return cache.found }
    let item = cache?.id == id ? cache?.found?.item : nil
    let found = try? find(review, item)
    cache = (id, review.step, found)
    return found
  }

  private func find(_ review: ReviewModel, _ known: CurationItem?) throws -> StepConsequences? {
    guard let state, review.step > 0 else { return nil }
    let item = try known ?? state.curator.item(review.stored.id, benchmarks: state.benchmarks)
    let now = try state.curator.consequence(of: .nothing, on: item, in: state.index)
    let labels = now.before.resolution.labels
    let label = labels.indices.contains(review.step - 1) ? labels[review.step - 1]?.rating.judgement : nil
    let verdicts = try [Rating.correct, .incorrect].filter { $0.judgement != label }.map { rating in
      let decision = ReviewDecision(solution: item.outline.key, step: review.step, .verdict(rating))
      return (
        rating: rating,
        consequence: try state.curator.consequence(
          of: .decision(decision, by: ReviewContext(reviewer: review.reviewer)), on: item, in: state.index)
      )
    }
    return StepConsequences(item: item, now: now, verdicts: verdicts)
  }

  /// What settling a conflict would change that is not settled so already; `nil` while that is not known. Neutral and
  /// correct change the same.
  func consequences(
    of conflict: Conflict, by context: ReviewContext
  ) -> (now: Consequence, verdicts: [(rating: Rating, consequence: Consequence)])? {
    guard let id = conflict.solution, let state,
      let item = try? state.curator.item(id, benchmarks: state.benchmarks),
      let now = try? state.curator.consequence(of: .nothing, on: item, in: state.index)
    else { return nil }
    let ratings = [Rating.correct, .incorrect].filter { $0.judgement != conflict.settled?.rating.judgement }
    let verdicts = ratings.compactMap { rating -> (rating: Rating, consequence: Consequence)? in
      let decision = ReviewDecision(solution: conflict.key, step: conflict.step, .adjudication(rating))
      let hypothesis = Hypothesis.decision(decision, by: context)
      return (try? state.curator.consequence(of: hypothesis, on: item, in: state.index)).map { (rating, $0) }
    }
    return (now, verdicts)
  }
}
