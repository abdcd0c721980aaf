import DeepCriticCore
import Foundation
import Synchronization
import Terminal

/// The list of solutions: what is in it, in which order, and where the cursor is.
final class SolutionQueue: Service {
  private(set) var ids: [Int64] = []
  private(set) var sort: QueueSort = .imported
  private(set) var filter: QueueFilter = .everything
  /// What the solutions shown have in common, when they were chosen one by one.
  private(set) var subset: String?
  private(set) var saved: SavedQueue?
  private(set) var progress = QueueProgress(total: 0, done: 0, started: 0, today: 0)
  var list = ListState()
  private var cache: [Int64: QueueRow] = [:]
  private var why: [Int64: String] = [:]
  /// The last search did not look into critiques, since they are still being read for that.
  private(set) var isIndexing = false
  private let indexing = Indexing()
  /// Ids ascend as they do in the order of import.
  private var isInOrder = true
  /// Which items of known label are mixed in, and how many; a saved queue has its own rate.
  private let reviewSettings: ReviewSettings
  private var goldSettings: ReviewSettings? {
    var settings = reviewSettings
    if let saved {
      settings.goldRate = saved.goldRate
      settings.goldSeed = saved.seed
    }
    return settings
  }
  private let session: Session
  /// Who knows what keeps solutions out of the training set.
  var trainingSet: (() -> CurationIndex?)?

  init(session: Session, _ reviewSettings: ReviewSettings) throws {
    self.session = session
    self.reviewSettings = reviewSettings
    try reload(sort: .imported, filter: .everything)
  }

  /// What the list was, to return to it.
  struct Memento {
    fileprivate var sort: QueueSort
    fileprivate var filter: QueueFilter
    fileprivate var subset: (ids: [Int64], title: String)?
    fileprivate var saved: SavedQueue?
    fileprivate var selected: Int64?
  }

  var memento: Memento {
    Memento(
      sort: sort, filter: filter, subset: subset.map { (ids, $0) }, saved: saved, selected: selectedID)
  }

  /// Lists what was listed before.
  func restore(_ memento: Memento) throws {
    saved = memento.saved
    try reload(sort: memento.sort, filter: memento.filter)
    if let subset = memento.subset { try show(subset.ids, title: subset.title) }
    if let index = memento.selected.flatMap(index(of:)) { list.select(index) }
  }

  /// An order or a filter that reveals labels is dropped: blind mode has begun.
  func hideLabels() throws {
    guard sort.revealsLabels || filter.revealsLabels || subset != nil else { return }
    try reload(
      sort: sort.revealsLabels ? .imported : sort, filter: filter.revealsLabels ? .everything : filter)
  }

  func decided(about id: Int64, _ outcome: DecisionOutcome) { cache[id] = outcome.row }

  func workspaceChanged() throws {
    let total = progress.total
    try refreshRows()
    if progress.total != total { try reload() }
  }

  /// Brings the counts up to date by what a solution's log says with and without an undo or redo.
  func changed(by outcome: DecisionOutcome, of id: Int64) throws {
    let events = try session.workspace.events(of: outcome.decision.solution)
    let count = outcome.row?.stepCount ?? 0
    func state(_ events: [ReviewEvent]) -> ReviewState {
      Projection.views(of: events)[session.reviewer]?.state(count: count) ?? .untouched
    }
    changed(id, from: state(events.filter { $0.uuid != outcome.event.uuid }), to: state(events), decisions: 0)
  }

  /// Makes the list again; the cursor stays on the same solution where it still is in the list.
  func reload(sort: QueueSort? = nil, filter: QueueFilter? = nil) throws {
    let current = selectedID
    let sort = sort ?? self.sort
    if filter != nil { subset = nil }
    let filter = filter ?? self.filter
    let chosen = subset == nil ? nil : Set(ids)
    ids = try session.workspace.queue(sort: sort, filter: filter, try context(filter))
    if let chosen { ids.removeAll { !chosen.contains($0) } }
    isInOrder = true
    if chosen == nil, let settings = goldSettings, settings.goldRate > 0 {
      let mixed = try session.workspace.mixingGold(into: ids, settings: settings, for: session.reviewer)
      isInOrder = mixed == ids
      ids = mixed
    }
    // Another order is looked at from its top; otherwise the cursor stays on its solution.
    let kept = sort == self.sort ? current : nil
    self.sort = sort
    self.filter = filter
    list.setCount(ids.count)
    list.select(kept.flatMap(index(of:)) ?? 0)
    try refreshRows()
  }

  private func context(_ filter: QueueFilter) throws -> Workspace.QueueContext {
    var context = Workspace.QueueContext(reviewer: session.reviewer)
    context.searchesCritiques = session.mode == .audit
    isIndexing = false
    if context.searchesCritiques, filter.needsCritiqueWords,
      try session.workspace.critiquesNotIndexed() > Self.indexedAtOnce
    {
      // Nobody waits for a gigabyte of critiques: until they are read, words are found in problems and steps.
      context.searchesCritiques = false
      isIndexing = true
      indexCritiques()
    }
    context.seed = saved?.seed ?? 0
    // Nobody waits for it at the screen.
    context.knowledge = (trainingSet?()).map(QueueKnowledge.init) ?? QueueKnowledge()
    return context
  }

  /// As many critiques are read into the index while somebody waits.
  private static let indexedAtOnce = 500

  /// Reads critiques into the index, a few at a time, so that keys keep working.
  private func indexCritiques() {
    let isBegun = indexing.withLock { isRunning in
      defer { isRunning = true }
      return isRunning
    }
    guard !isBegun else { return }
    BackgroundWork.start { [workspace = session.workspace, indexing] in
      try? workspace.prepareCritiqueSearch(page: 50) { Thread.sleep(forTimeInterval: 0.005) }
      indexing.withLock { $0 = false }
    }
  }

  /// Why the order puts a solution where it is, where that is more than the row says.
  func why(_ id: Int64) -> String? { why[id] }

  /// Opens a saved queue; `nil` shows everything again.
  func open(_ queue: SavedQueue?) throws {
    let before = saved
    saved = queue
    do {
      try reload(sort: queue?.sort ?? .imported, filter: QueueFilter(queue?.filter ?? ""))
    } catch {
      saved = before
      throw error
    }
  }

  /// How many solutions of the open queue the reviewer has finished, where it has a quota.
  func finishedOfQuota() throws -> (done: Int, quota: Int)? {
    guard let quota = saved?.quota else { return nil }
    // Of the few that were finished, not of all that are listed.
    let finished = try session.workspace.done(by: session.reviewer)
    let listed = finished.isEmpty ? [] : Set(ids)
    let done = finished.count { listed.contains($0) }
    return (done, quota)
  }

  /// Shows these solutions.
  ///
  /// - Parameter title: what they have in common.
  func show(_ ids: [Int64], title: String) throws {
    try reload(filter: .everything)
    let chosen = Set(ids)
    self.ids.removeAll { !chosen.contains($0) }
    subset = title
    list.setCount(self.ids.count)
    list.select(0)
  }

  /// Forgets what was read of the rows: something has changed.
  private func refreshRows() throws {
    cache.removeAll(keepingCapacity: true)
    why.removeAll(keepingCapacity: true)
    progress = try session.workspace.progress(of: session.reviewer, midnight: Session.midnight())
  }

  /// Forgets one row after a decision about it, and brings the counts up to date without counting all again.
  func changed(_ id: Int64, from before: ReviewState, to after: ReviewState, decisions: Int) {
    cache[id] = nil
    progress.today += decisions
    progress.done += (after.isDone ? 1 : 0) - (before.isDone ? 1 : 0)
    func isBegun(_ state: ReviewState) -> Int { state == .started || state == .skipped ? 1 : 0 }
    progress.started += isBegun(after) - isBegun(before)
  }

  var selectedID: Int64? { list.selected(of: ids) }

  func index(of id: Int64) -> Int? {
    // As imported, ids are ascending: no need to look at all of them.
    if isInOrder, sort == .imported || ids.count < 2 {
      var low = 0
      var high = ids.count
      while low < high {
        let middle = (low + high) / 2
        if ids[middle] < id { low = middle + 1 } else { high = middle }
      }
      if low < ids.count, ids[low] == id { return low }
      if sort == .imported { return nil }
    }
    return ids.firstIndex(of: id)
  }

  /// The rows of a range of positions, read in one query where they are not known yet.
  func rows(_ range: Range<Int>) throws -> [QueueRow] {
    let wanted = ids[range.clamped(to: 0..<ids.count)]
    let missing = wanted.filter { cache[$0] == nil }
    if !missing.isEmpty {
      if cache.count > 2000 { cache.removeAll(keepingCapacity: true) }
      // The neighbours too, so that scrolling by one line reads the database once per half screen.
      let around = max(range.lowerBound - 20, 0)..<min(range.upperBound + 20, ids.count)
      let unknown = ids[around].filter { cache[$0] == nil }
      for row in try session.workspace.rows(unknown, reviewer: session.reviewer) { cache[row.id] = row }
      try findReasons(unknown)
    }
    return wanted.compactMap { cache[$0] }
  }

  private func findReasons(_ ids: [Int64]) throws {
    switch sort {
    case .votes, .uncertainty:
      why.merge(try session.workspace.reasons(ids, sort: sort)) { $1 }
    case .curation:
      guard let index = trainingSet?() else { return }
      for id in ids { why[id] = index.reasons(of: id)?.first?.words ?? "in the set" }
    case .random: for id in ids { why[id] = "by chance" }
    default: break
    }
  }

  /// The position of the next solution in a direction (going round at the ends) that the reviewer has not finished.
  func nextTodo(from index: Int, direction: Int) throws -> Int? {
    let count = ids.count
    var looked = 0
    while looked < count - 1 {
      // Some hundred at a time: one query each, and the first has the answer nearly always.
      let distances = (looked + 1)...min(looked + 500, count - 1)
      let positions = distances.map { ((index + direction * $0) % count + count) % count }
      let those = positions.map { ids[$0] }
      var done = try session.workspace.finished(among: those, reviewer: session.reviewer)
      if let overlap = saved?.overlap {
        done.formUnion(try session.workspace.taken(among: those, by: session.holder, overlap: overlap))
      }
      if let position = positions.first(where: { !done.contains(ids[$0]) }) { return position }
      looked = distances.upperBound
    }
    return nil
  }
}

/// Whether critiques are being read into the index.
private final class Indexing: Sendable {
  private let state = Mutex(false)
  func withLock<T: Sendable>(_ body: (inout sending Bool) -> sending T) -> T { state.withLock(body) }
}
