import DeepCriticCore
import Terminal

/// The list of solutions: what is in it, in which order, and where the cursor is.
public final class QueueModel {
  private(set) var ids: [Int64] = []
  private(set) var sort: QueueSort = .imported
  private(set) var filter: QueueFilter = .everything
  private(set) var progress = QueueProgress(total: 0, done: 0, started: 0, today: 0)
  var list = ListState()
  private var cache: [Int64: QueueRow] = [:]
  private let session: Session

  init(session: Session) throws {
    self.session = session
    try reload(sort: .imported, filter: .everything)
  }

  /// Makes the list anew; the cursor stays on the same solution where it still is in the list.
  func reload(sort: QueueSort? = nil, filter: QueueFilter? = nil) throws {
    let current = selectedID
    let sort = sort ?? self.sort
    let filter = filter ?? self.filter
    ids = try session.workspace.queue(sort: sort, filter: filter, reviewer: session.reviewer)
    self.sort = sort
    self.filter = filter
    list.setCount(ids.count)
    let kept = filter == self.filter ? current.flatMap(index(of:)) : nil
    list.select(kept ?? list.selected ?? 0)
    try refresh()
  }

  /// Forgets what was read of the rows: something has changed.
  func refresh() throws {
    cache.removeAll(keepingCapacity: true)
    progress = try session.workspace.progress(of: session.reviewer, midnight: Session.midnight())
  }

  /// Forgets one row after a decision about it, and counts again.
  func changed(_ id: Int64) throws {
    cache[id] = nil
    progress = try session.workspace.progress(of: session.reviewer, midnight: Session.midnight())
  }

  var selectedID: Int64? { list.selected.flatMap { ids.indices.contains($0) ? ids[$0] : nil } }

  func index(of id: Int64) -> Int? {
    // As imported, ids are ascending: no need to look at all of them.
    if sort == .imported || ids.count < 2 {
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
      for row in try session.workspace.rows(ids[around].filter { cache[$0] == nil }, reviewer: session.reviewer) {
        cache[row.id] = row
      }
    }
    return wanted.compactMap { cache[$0] }
  }

  /// The position of the next solution (after `index`, then from the start) that the reviewer has not finished.
  func nextTodo(after index: Int) throws -> Int? {
    guard !ids.isEmpty else { return nil }
    var position = index + 1
    var looked = 0
    while looked < ids.count {
      let start = position % ids.count
      let chunk = Array(ids[start..<min(start + 500, ids.count)])
      let done = try session.workspace.finished(among: chunk, reviewer: session.reviewer)
      for (offset, id) in chunk.enumerated() where !done.contains(id) && start + offset != index {
        return start + offset
      }
      looked += chunk.count
      position = start + chunk.count
    }
    return nil
  }
}
