import GRDB
import Synchronization

/// What the events of one solution come to, kept beside the log: the next decision then reads only what has come since, however
/// long the solution's history is.
///
/// The log is append-only, so a fold is never wrong, only behind. It equals ``Projection/views(of:)`` of the same events: an
/// event that is the latest in order is applied to what stands, any other has the rule applied to all events again. A test
/// compares the two on random histories.
struct SolutionFold: Sendable {
  /// What stands for each reviewer.
  private(set) var views: [String: ReviewerView] = [:]
  /// The last row of the log that is in it.
  private var row: Int64 = 0
  /// All events in order of effect.
  private var ordered: [ReviewEvent] = []
  /// The reviewer of each decision, by UUID.
  private var reviewers: [String: String] = [:]
  private var undone: Set<String> = []
  /// What undo and redo events name, whether it is here or not.
  private var targets: Set<String> = []

  /// Takes in the events that have been added to the log.
  mutating func catchUp(_ solution: String, _ db: Database) throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM event WHERE solution = ? AND seq > ? ORDER BY seq"),
      arguments: [solution, row])
    if rows.count > 8 {
      add(rows.map(ReviewEvent.init(row:)))
    } else {
      for row in rows { add(ReviewEvent(row: row)) }
    }
    row = rows.last?["seq"] ?? row
  }

  /// Takes in an event that is not in it yet.
  mutating func add(_ event: ReviewEvent) {
    let isLatest = ordered.last.map { ReviewEvent.precedes($0, event) } ?? true
    // An undo that was there before its decision has waited for it.
    guard isLatest, !targets.contains(event.uuid) else { return add([event]) }
    ordered.append(event)
    if event.kind.isDecision {
      reviewers[event.uuid] = event.reviewer
      Projection.apply(event, to: &views[event.reviewer, default: ReviewerView()])
      return
    }
    guard let target = event.target else { return }
    targets.insert(target)
    guard reviewers[target] == event.reviewer else { return }
    let changed =
      switch event.kind {
      case .undo: undone.insert(target).inserted
      case .redo: undone.remove(target) != nil
      default: false
      }
    if changed { refold(event.reviewer) }
  }

  /// Takes in several events, and works out everything again.
  private mutating func add(_ events: [ReviewEvent]) {
    ordered = (ordered + events).sorted(by: ReviewEvent.precedes)
    undone = Projection.undone(ordered)
    for event in events {
      if event.kind.isDecision { reviewers[event.uuid] = event.reviewer }
      if !event.kind.isDecision, let target = event.target { targets.insert(target) }
    }
    views = [:]
    for event in ordered where event.kind.isDecision && !undone.contains(event.uuid) {
      Projection.apply(event, to: &views[event.reviewer, default: ReviewerView()])
    }
  }

  private mutating func refold(_ reviewer: String) {
    views[reviewer] = nil
    for event in ordered where event.reviewer == reviewer && event.kind.isDecision && !undone.contains(event.uuid) {
      Projection.apply(event, to: &views[reviewer, default: ReviewerView()])
    }
  }
}

/// The folds of the solutions decided about last.
final class FoldCache: Sendable {
  private static let limit = 16
  /// The latest last.
  private let folds = Mutex<[(solution: String, fold: SolutionFold)]>([])

  /// Hands a fold out; it comes back by ``keep(_:of:)``, unless the transaction that it takes part in fails.
  func take(_ solution: String) -> SolutionFold? {
    folds.withLock { folds in
      folds.firstIndex { $0.solution == solution }.map { folds.remove(at: $0).fold }
    }
  }

  func keep(_ fold: SolutionFold, of solution: String) {
    folds.withLock { folds in
      folds.removeAll { $0.solution == solution }
      folds.append((solution, fold))
      if folds.count > Self.limit { folds.removeFirst() }
    }
  }
}
