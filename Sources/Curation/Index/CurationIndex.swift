import CritiqueModel
import ReviewStore

/// Every solution's place in the training set, kept so that the effect of one change is found without looking at the others.
///
/// About 100 bytes for each solution, no texts. What depends on other solutions is decided here:
///
/// - *one solution per problem*: of those that nothing else keeps out, the one that the seed ranks first is taken; one that
///   ranks after it is a duplicate;
/// - *the cap*: of the solutions without an error that nothing else keeps out, the first by another seeded rank are taken.
///   Those in which a deep critique corrected a wrong initial one are exempt (paper, section 3.1).
///
/// A rank depends on the solution's key and the seed only, so that a change moves at most the solutions next to the border.
/// A solution included by hand ranks before all others and is never over the cap or a duplicate.
public struct CurationIndex: Sendable {
  /// What is known of a solution by itself.
  struct Entry: Sendable, Hashable {
    var id: Int64
    var problem: Int64
    var problemRank: UInt64
    var capRank: UInt64
    var reasons: ReasonSet
    /// The first error, −1 for none, 0 when unknown.
    var answer: Int32
    var stage: FunnelStage
    var isCorrected: Bool
    var isPreferred: Bool

    init(_ outline: CurationOutline, _ decision: ItemDecision, seed: UInt64) {
      id = decision.id
      problem = outline.problem
      isPreferred = decision.placement?.value == .in
      problemRank = isPreferred ? 0 : Workspace.rank(outline.key, seed: seed)
      // Not the same rank again: those first among many of their problem would be first here, too.
      capRank = isPreferred ? 0 : Workspace.rank(outline.key, seed: seed ^ 0xC0FF_EE00_5EED_CA95)
      reasons = ReasonSet(decision.reasons.map(\.reason))
      answer = Int32(clamping: decision.answer ?? 0)
      stage = decision.stage
      isCorrected = decision.isCorrected
    }
  }

  /// An entry with what follows from the others.
  struct State: Sendable, Hashable {
    var entry: Entry
    var isDuplicate = false
    var isOverCap = false

    var reasons: ReasonSet {
      var reasons = entry.reasons
      if isDuplicate { reasons.insert(.duplicateProblem) }
      if isOverCap { reasons.insert(.overCap) }
      return reasons
    }

    /// Whether the cap counts it.
    var isCapped: Bool { entry.reasons.isEmpty && !isDuplicate && entry.answer == -1 && !entry.isCorrected }
  }

  /// A place in the order of the cap.
  struct Place: Sendable, Hashable, Comparable {
    var rank: UInt64
    var position: Int

    init(_ entry: Entry, _ position: Int) {
      rank = entry.capRank
      self.position = position
    }

    static func < (a: Place, b: Place) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
  }

  /// The settings that it was made with.
  public let settings: CurationSettings
  /// Counts over all.
  public private(set) var balance = CurationBalance()
  /// In the order of import.
  var states: [State]
  /// Positions by problem, so that those of one problem lie together.
  private var byProblem: [Int32]
  /// Places of all that the cap counts, in order.
  private var capped: [Place] = []

  private let keepsDuplicates: Bool
  private let limit: Int
  /// Stands for no limit, and leaves room for sums.
  private static let most = Int.max / 4

  /// - Parameter entries: in the order of ids.
  init(_ entries: [Entry], settings: CurationSettings) {
    self.settings = settings
    keepsDuplicates = !settings.applies(.duplicateProblem)
    limit = settings.applies(.overCap) ? min(settings.allCorrectLimit ?? .max, Self.most) : Self.most
    states = entries.map { State(entry: $0) }
    byProblem = entries.indices.map { Int32($0) }.sorted {
      (entries[Int($0)].problem, $0) < (entries[Int($1)].problem, $1)
    }
    var start = 0
    while start < byProblem.count {
      let group = group(at: start)
      let winner = winner(of: group) { states[$0].entry }
      for position in byProblem[group] {
        states[Int(position)].isDuplicate = isDuplicate(
          states[Int(position)].entry, after: winner.map { states[$0].entry })
      }
      start = group.upperBound
    }
    capped = states.indices.filter { states[$0].isCapped }.map { Place(states[$0].entry, $0) }.sorted()
    for (index, place) in capped.enumerated() {
      states[place.position].isOverCap = index >= limit && !states[place.position].entry.isPreferred
    }
    for state in states { balance.add(state) }
  }

  // MARK: - Looking

  /// How many solutions with steps there are.
  public var count: Int { states.count }

  /// The number of the solution at a position in the order of import.
  public func id(at position: Int) -> Int64 { states[position].entry.id }

  /// Numbers of the solutions in the set, in the order of import.
  public var included: [Int64] { states.filter { $0.reasons.isEmpty }.map(\.entry.id) }

  /// Numbers of the solutions that have a reason, in the order of import.
  public func ids(with reason: CurationReason) -> [Int64] {
    states.filter { $0.reasons.contains(reason) }.map(\.entry.id)
  }

  /// Why a solution is out; empty when it is in; `nil` when it is not here.
  public func reasons(of id: Int64) -> [CurationReason]? { position(of: id).map { states[$0].reasons.reasons } }

  /// Whether a solution is in the set.
  public func contains(_ id: Int64) -> Bool { position(of: id).map { states[$0].reasons.isEmpty } ?? false }

  /// The solution that is taken for a problem instead of this one; `nil` when none is, or it is this.
  public func taken(insteadOf id: Int64) -> Int64? {
    guard let position = position(of: id), states[position].isDuplicate else { return nil }
    return winner(of: group(of: states[position].entry)) { states[$0].entry }.map { states[$0].entry.id }
  }

  /// Place of a solution among all that the cap counts, from 1, and how many those are; `nil` when it is not counted.
  public func capPlace(of id: Int64) -> (place: Int, of: Int)? {
    guard let position = position(of: id), states[position].isCapped else { return nil }
    return (lowerBound(Place(states[position].entry, position)) + 1, capped.count)
  }

  func position(of id: Int64) -> Int? {
    var low = 0
    var high = states.count
    while low < high {
      let middle = (low + high) / 2
      if states[middle].entry.id < id { low = middle + 1 } else { high = middle }
    }
    return low < states.count && states[low].entry.id == id ? low : nil
  }

  // MARK: - One solution per problem

  /// The range in `byProblem` of the group that begins at an index.
  private func group(at start: Int) -> Range<Int> {
    let problem = states[Int(byProblem[start])].entry.problem
    var end = start + 1
    while end < byProblem.count, states[Int(byProblem[end])].entry.problem == problem { end += 1 }
    return start..<end
  }

  private func group(of entry: Entry) -> Range<Int> {
    var low = 0
    var high = byProblem.count
    while low < high {
      let middle = (low + high) / 2
      if states[Int(byProblem[middle])].entry.problem < entry.problem { low = middle + 1 } else { high = middle }
    }
    return group(at: low)
  }

  /// Position of the one that is taken.
  private func winner(of group: Range<Int>, _ entry: (Int) -> Entry) -> Int? {
    if keepsDuplicates { return nil }
    var best: Int?
    for position in byProblem[group].lazy.map({ Int($0) }) where entry(position).reasons.isEmpty {
      if let other = best, (entry(other).problemRank, other) < (entry(position).problemRank, position) { continue }
      best = position
    }
    return best
  }

  private func isDuplicate(_ entry: Entry, after winner: Entry?) -> Bool {
    guard let winner, !entry.isPreferred, winner.id != entry.id else { return false }
    return (winner.problemRank, winner.id) < (entry.problemRank, entry.id)
  }

  // MARK: - Changes

  /// Index of the first place that is not before one.
  private func lowerBound(_ place: Place) -> Int {
    var low = 0
    var high = capped.count
    while low < high {
      let middle = (low + high) / 2
      if capped[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What changes, by position, when one solution's entry becomes another: its own state and those of others.
  func changes(replacing position: Int, with entry: Entry) -> [Int: State] {
    var changed: [Int: State] = [:]
    let group = group(of: states[position].entry)
    func entryNow(_ at: Int) -> Entry { at == position ? entry : states[at].entry }
    let winner = winner(of: group, entryNow)
    for at in byProblem[group].lazy.map({ Int($0) }) {
      var state = states[at]
      state.entry = entryNow(at)
      state.isDuplicate = isDuplicate(state.entry, after: winner.map(entryNow))
      if state != states[at] { changed[at] = state }
    }
    moveBorder(&changed)
    return changed.filter { $0.value != states[$0.key] }
  }

  /// Works out who is over the cap when some solutions come into its order or leave it.
  private func moveBorder(_ changed: inout [Int: State]) {
    var left: [Place] = []
    var came: [Place] = []
    for (at, state) in changed {
      let before = states[at].isCapped ? Place(states[at].entry, at) : nil
      let after = state.isCapped ? Place(state.entry, at) : nil
      if before != after {
        if let before { left.append(before) }
        if let after { came.append(after) }
      }
      if !state.isCapped { changed[at]?.isOverCap = false }
    }
    guard limit < Self.most, !left.isEmpty || !came.isEmpty else { return }
    func isOver(_ place: Place, _ entry: Entry) -> Bool {
      let index = lowerBound(place) - left.count { $0 < place } + came.count { $0 < place }
      return index >= limit && !entry.isPreferred
    }
    // Only those so near to the border can have changed sides.
    let reach = left.count + came.count + 1
    let near = max(0, min(limit, capped.count) - reach)..<min(capped.count, limit + reach)
    for place in near.isEmpty ? [] : capped[near] where !left.contains(place) {
      var state = changed[place.position] ?? states[place.position]
      state.isOverCap = isOver(place, state.entry)
      changed[place.position] = state
    }
    for place in came {
      guard let state = changed[place.position] else { continue }
      changed[place.position]?.isOverCap = isOver(place, state.entry)
    }
  }

  /// Takes a change over.
  mutating func apply(_ changed: [Int: State]) {
    for (at, state) in changed {
      let old = states[at]
      balance.add(old, -1)
      balance.add(state)
      if old.isCapped { capped.remove(at: lowerBound(Place(old.entry, at))) }
      states[at] = state
      if state.isCapped {
        let place = Place(state.entry, at)
        capped.insert(place, at: lowerBound(place))
      }
    }
  }
}
