import CritiqueModel
import Foundation
import GRDB
import JSON
import ReviewStore

/// What lies between two exported sets, and the decisions that led to it.
public struct DatasetDifference: Sendable, Hashable, Codable {
  /// A setting that differs; `nil` where a set has none of the name.
  public struct Setting: Sendable, Hashable, Codable {
    /// Its name in `[curate]`.
    public var name: String
    /// In the first set.
    public var before: String?
    /// In the second.
    public var after: String?
  }

  /// The set compared with.
  public var before: DatasetEntry
  /// The set compared.
  public var after: DatasetEntry
  /// Settings that differ.
  public var settings: [Setting]
  /// Rows that only the second set has, in its order.
  public var added: [DatasetRowChange]
  /// Rows that only the first set has, in its order.
  public var dropped: [DatasetRowChange]
  /// Rows of both with another answer, other labels or critiques, or in another split.
  public var changed: [DatasetRowChange]
}

/// A row that is in one of two sets, or in both and not the same.
public struct DatasetRowChange: Sendable, Hashable, Codable {
  /// A step's label: 1, 0 or −1; `nil` for none.
  public struct Label: Sendable, Hashable, Codable {
    /// 1-based.
    public var step: Int
    /// In the first set.
    public var before: Int?
    /// In the second.
    public var after: Int?
  }

  /// Key of the solution.
  public var solution: String
  /// Its name, where it is here.
  public var name: String?
  /// The row in the first set.
  public var before: DatasetRow?
  /// The row in the second.
  public var after: DatasetRow?
  /// Labels that differ.
  public var labels: [Label] = []
  /// 1-based steps whose critiques differ.
  public var critiques: [Int] = []
  /// Another solution of the problem that is in instead, or was.
  public var insteadOf: String?
  /// What led to it.
  public var decisions: [DatasetDecision] = []
}

/// A decision that led to a difference.
public struct DatasetDecision: Sendable, Hashable, Codable {
  /// UUID of the event.
  public var event: String
  /// Key of the solution.
  public var solution: String
  /// What it did to the set that names it; `nil` for one that ended another.
  public var role: DatasetRole?
  /// Whether it counts in the second set; otherwise it counted in the first one only.
  public var counts: Bool
  /// Its kind; `nil` where the event is not here.
  public var kind: String?
  /// 1-based; 0 for the whole solution.
  public var step: Int?
  /// What was decided.
  public var value: String?
  /// The reason given.
  public var note: String?
  /// By whom.
  public var reviewer: String?
  /// When, in milliseconds since 1970.
  public var at: Int64?

  init(_ uuid: String, _ solution: String, role: DatasetRole?, counts: Bool, _ event: ReviewEvent?) {
    self.event = uuid
    self.solution = solution
    self.role = role
    self.counts = counts
    kind = event?.kind.rawValue
    step = event?.step
    value = event?.value
    note = event?.note
    reviewer = event?.reviewer
    at = event?.at
  }
}

extension Workspace {
  /// Compares two exported sets.
  public func difference(from before: DatasetEntry, to after: DatasetEntry) throws -> DatasetDifference {
    let comparison = try DatasetComparison(self, before, after)
    return try comparison.difference()
  }
}

/// The work of comparing two sets.
private struct DatasetComparison {
  let workspace: Workspace
  let (before, after): (Side, Side)

  /// One of the two sets.
  struct Side {
    var entry: DatasetEntry
    var rows: [DatasetRow]
    var bySolution: [String: DatasetRow]
    var contents: [String: DatasetRowContent]
    var events: [String: [DatasetEvent]]

    init(_ workspace: Workspace, _ entry: DatasetEntry) throws {
      self.entry = entry
      rows = try workspace.rows(ofDataset: entry.hash)
      bySolution = Dictionary(rows.map { ($0.solution, $0) }, uniquingKeysWith: { one, _ in one })
      contents = try workspace.contents(of: entry)
      events = Dictionary(grouping: try workspace.events(ofDataset: entry.hash), by: \.solution)
    }
  }

  init(_ workspace: Workspace, _ before: DatasetEntry, _ after: DatasetEntry) throws {
    self.workspace = workspace
    self.before = try Side(workspace, before)
    self.after = try Side(workspace, after)
  }

  func difference() throws -> DatasetDifference {
    var added = after.rows.filter { before.bySolution[$0.solution] == nil }
      .map { DatasetRowChange(solution: $0.solution, after: $0) }
    var dropped = before.rows.filter { after.bySolution[$0.solution] == nil }
      .map { DatasetRowChange(solution: $0.solution, before: $0) }
    var changed = after.rows.compactMap { row in before.bySolution[row.solution].flatMap { change($0, row) } }
    for index in changed.indices { try explain(&changed[index]) }
    for index in added.indices { try explain(&added[index]) }
    for index in dropped.indices { try explain(&dropped[index]) }
    try pair(&added, &dropped)
    return DatasetDifference(
      before: before.entry, after: after.entry, settings: settings(), added: added, dropped: dropped, changed: changed)
  }

  private func settings() -> [DatasetDifference.Setting] {
    func read(_ text: String) -> [String: String] {
      guard let root = try? JSONDocument(parsing: Array(text.utf8)).root else { return [:] }
      return Dictionary(
        root.members.map { ($0.key, $0.value.string ?? String(decoding: $0.value.raw, as: UTF8.self)) },
        uniquingKeysWith: { one, _ in one })
    }
    let (one, other) = (read(before.entry.settings), read(after.entry.settings))
    return Set(one.keys).union(other.keys).sorted().filter { one[$0] != other[$0] }
      .map { DatasetDifference.Setting(name: $0, before: one[$0], after: other[$0]) }
  }

  /// What differs between the rows of a solution; `nil` when nothing does.
  private func change(_ one: DatasetRow, _ other: DatasetRow) -> DatasetRowChange? {
    var change = DatasetRowChange(solution: one.solution, before: one, after: other)
    if let was = before.contents[one.solution], let now = after.contents[one.solution] {
      let (old, new) = (Signature.ratings(was.labels), Signature.ratings(now.labels))
      for step in 0..<max(old.count, new.count) {
        let (a, b) = (old.indices.contains(step) ? old[step] : nil, new.indices.contains(step) ? new[step] : nil)
        if a != b {
          change.labels.append(DatasetRowChange.Label(step: step + 1, before: a?.rawValue, after: b?.rawValue))
        }
      }
      change.critiques = Set(was.critiques.keys).union(now.critiques.keys).sorted()
        .filter { was.critiques[$0] != now.critiques[$0] }
    }
    let isSame =
      one.firstError == other.firstError && one.split == other.split && change.labels.isEmpty
      && change.critiques.isEmpty
    return isSame ? nil : change
  }

  /// Names the decisions that only one of the sets names; where one no longer counts, what ended it.
  private func explain(_ change: inout DatasetRowChange) throws {
    change.name = try workspace.solutionName(key: change.solution)
    let (was, now) = (before.events[change.solution] ?? [], after.events[change.solution] ?? [])
    let (wasIDs, nowIDs) = (Set(was.map(\.event)), Set(now.map(\.event)))
    let new = now.filter { !wasIDs.contains($0.event) }
    let gone = was.filter { !nowIDs.contains($0.event) }
    if new.isEmpty, gone.isEmpty { return }
    let log = try workspace.events(of: change.solution)
    let events = Dictionary(log.map { ($0.uuid, $0) }, uniquingKeysWith: { one, _ in one })
    var decisions = new.map {
      DatasetDecision($0.event, change.solution, role: $0.role, counts: true, events[$0.event])
    }
    for one in gone {
      let event = events[one.event]
      let end = event.flatMap { Self.end(of: $0, in: log) }
      if let end, nowIDs.contains(end.uuid) { continue }
      decisions.append(
        end.map { DatasetDecision($0.uuid, change.solution, role: nil, counts: true, $0) }
          ?? DatasetDecision(one.event, change.solution, role: one.role, counts: false, event))
    }
    // Only verdicts on steps whose label differs led to another row.
    let steps = Set(change.labels.map(\.step))
    if change.before != nil, change.after != nil, !steps.isEmpty {
      decisions.removeAll { decision in
        guard let step = decision.step, step > 0, decision.role == .label else { return false }
        return !steps.contains(step)
      }
    }
    var seen = Set<String>()
    change.decisions = decisions.filter { seen.insert($0.event).inserted }
      .sorted { ($0.at ?? 0, $0.event) < ($1.at ?? 0, $1.event) }
  }

  /// What ended a decision: its undo, or the same person's next word about the same thing; about what is settled for all,
  /// anyone's.
  private static func end(of event: ReviewEvent, in log: [ReviewEvent]) -> ReviewEvent? {
    let undone = Projection.undone(log)
    if undone.contains(event.uuid) { return log.last { $0.kind == .undo && $0.target == event.uuid } }
    let shared: Set<EventKind> = [.adjudication, .placement, .tag, .choice, .edit]
    func isSame(_ kind: EventKind) -> Bool {
      switch event.kind {
      case .verdict: kind == .verdict || kind == .clear
      case .choice, .edit: kind == .choice || kind == .edit
      default: kind == event.kind
      }
    }
    return log.first {
      ReviewEvent.precedes(event, $0) && !undone.contains($0.uuid) && isSame($0.kind) && $0.step == event.step
        && (shared.contains(event.kind) || $0.reviewer == event.reviewer)
    }
  }

  /// Rows that came and went without a decision about them: another solution of the same problem took the place.
  private func pair(_ added: inout [DatasetRowChange], _ dropped: inout [DatasetRowChange]) throws {
    let problems = try workspace.problems(ofSolutions: (added + dropped).map(\.solution))
    func instead(of change: DatasetRowChange, in others: [DatasetRowChange]) -> DatasetRowChange? {
      guard change.decisions.isEmpty, let problem = problems[change.solution] else { return nil }
      return others.first { problems[$0.solution] == problem }
    }
    let (in1, out1) = (added, dropped)
    for index in added.indices {
      guard let other = instead(of: added[index], in: out1) else { continue }
      added[index].insteadOf = other.name ?? other.solution
      added[index].decisions = other.decisions
    }
    for index in dropped.indices {
      guard let other = instead(of: dropped[index], in: in1) else { continue }
      dropped[index].insteadOf = other.name ?? other.solution
      dropped[index].decisions = other.decisions
    }
  }
}

extension Workspace {
  /// The problem hashes of solutions; one that is not known yet is left out.
  fileprivate func problems(ofSolutions keys: [String]) throws -> [String: Int64] {
    try database.read { db in
      let statement = try db.cachedStatement(sql: "SELECT problem FROM solution WHERE key = ?")
      var problems: [String: Int64] = [:]
      for key in keys { problems[key] = try Int64.fetchOne(statement, arguments: [key]) }
      return problems
    }
  }
}
