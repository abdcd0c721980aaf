import DeepCriticCore
import Terminal

/// What each verdict on the step under review would change.
struct StepConsequences {
  var item: CurationItem
  /// The place of the solution now.
  var now: Consequence
  /// By verdict, those only that lead to another judgement than the label has.
  var verdicts: [(rating: Rating, consequence: Consequence)]
}

/// The curation screen, and what the review says about consequences.
public final class CurationModel {
  /// A row of the tree.
  enum Row: Hashable {
    /// Those in the set.
    case included
    case reason(CurationReason)
    /// A solution below the open row, by its place there.
    case item(Int)
  }

  private let controller: CurationController
  private let workspace: Workspace
  /// The screen is open.
  var isOpen = false
  var list = ListState()
  private(set) var state: CurationState?
  /// Why nothing could be decided.
  private(set) var problem: String?
  /// The row whose solutions are shown below it.
  private(set) var open: Row?
  private(set) var openIDs: [Int64] = []
  private var decidedMeanwhile: Set<Int64> = []
  private var loadedAt: ContinuousClock.Instant?
  /// Others have changed the workspace since all was decided about.
  private var isStale = false
  private var cache: (id: Int64, step: Int, found: StepConsequences?)?

  init(_ session: Session) {
    workspace = session.workspace
    controller = CurationController(workspace: session.workspace)
  }

  /// Decides about everything, unless it is known or under way.
  func load() {
    if state == nil, problem == nil { controller.load() }
  }

  /// Something may have changed that this program did not do.
  func workspaceChanged() {
    if state != nil || problem != nil { isStale = true }
    loadAgainIfDue()
  }

  /// Decides about everything again, at most every few seconds on the screen and now and then beside a review.
  private func loadAgainIfDue() {
    guard isStale, !controller.isWorking else { return }
    if let loadedAt, ContinuousClock.now - loadedAt < .seconds(isOpen ? 3 : 30) { return }
    isStale = false
    controller.load()
  }

  var isLoading: Bool { controller.isWorking }
  /// Something was worked out that the screen does not show yet.
  var hasNews: Bool { controller.hasOutcome }
  var decidedSoFar: Int { controller.decided }

  /// Takes over what was decided in the background.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() -> Bool {
    guard let outcome = controller.take() else {
      loadAgainIfDue()
      return controller.isWorking && isOpen
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
    rowsChanged()
    return true
  }

  /// A decision about a solution was made, undone or redone.
  func decided(about id: Int64) {
    cache = nil
    if controller.isWorking { decidedMeanwhile.insert(id) }
    update(id)
    rowsChanged()
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

  // MARK: - The tree

  /// Those in the set, then the reasons that any solution has, the most frequent first; the open one's solutions below it.
  var topRows: [Row] {
    guard let balance = state?.index.balance else { return [] }
    let reasons = CurationReason.allCases.filter { balance.count($0) > 0 }
      .sorted { (balance.count($1), $0.rawValue) < (balance.count($0), $1.rawValue) }
    return [.included] + reasons.map(Row.reason)
  }

  var rowCount: Int { topRows.count + openIDs.count }

  /// The row at a place of the list.
  func row(_ place: Int) -> Row? {
    let top = topRows
    guard let open, let at = top.firstIndex(of: open) else { return top.indices.contains(place) ? top[place] : nil }
    if place <= at { return top.indices.contains(place) ? top[place] : nil }
    if place <= at + openIDs.count { return .item(place - at - 1) }
    let rest = place - openIDs.count
    return top.indices.contains(rest) ? top[rest] : nil
  }

  var selected: Row? { list.selected.flatMap(row) }

  /// The solution of an item's row.
  func id(of row: Row?) -> Int64? {
    guard case .item(let place) = row, openIDs.indices.contains(place) else { return nil }
    return openIDs[place]
  }

  func ids(of row: Row) -> [Int64] {
    switch row {
    case .included: state?.index.included ?? []
    case .reason(let reason): state?.index.ids(with: reason) ?? []
    case .item: []
    }
  }

  func count(of row: Row) -> Int {
    guard let balance = state?.index.balance else { return 0 }
    switch row {
    case .included: return balance.included
    case .reason(let reason): return balance.count(reason)
    case .item: return 0
    }
  }

  /// Shows the solutions of a row below it, or hides them.
  func toggle(_ row: Row) {
    open = open == row ? nil : row
    openIDs = open.map(ids) ?? []
    list.setCount(rowCount)
    if let place = topRows.firstIndex(of: row) { list.select(place) }
  }

  /// Closes the open row and goes to it.
  func closeOpenRow() {
    if let open { toggle(open) }
  }

  private func rowsChanged() {
    let selectedID = id(of: selected)
    let selectedRow = selected
    if let row = open {
      openIDs = ids(of: row)
      if openIDs.isEmpty { open = nil }
    }
    list.setCount(rowCount)
    let top = topRows
    if let selectedID, let open, let at = top.firstIndex(of: open),
      let place = openIDs.firstIndex(of: selectedID)
    {
      list.select(at + 1 + place)
    } else if let selectedRow, let place = top.firstIndex(of: selectedRow) {
      list.select(place + (open.flatMap { top.firstIndex(of: $0) }.map { place > $0 ? openIDs.count : 0 } ?? 0))
    }
  }
}
