import CritiqueModel
import ReviewStore

/// Which solutions make the reinforcement-learning set, and why the others do not.
public struct RLSelection: Sendable {
  /// One solution's place.
  public struct Item: Sendable, Hashable {
    /// Number in this workspace.
    public var id: Int64
    /// Why it is out; empty when it is in.
    public var reasons: [RLReason]
    /// What more there is to say about the first reason.
    public var detail: String?
  }

  /// Every solution with steps, in the order of import.
  public private(set) var items: [Item] = []
  /// Rows with an error, by source.
  public private(set) var withError: [RLSource: Int] = [:]
  /// Rows without one.
  public private(set) var withoutError: [RLSource: Int] = [:]
  /// The rows, in the order of import.
  private(set) var rows: [RowSpec] = []
  /// Decisions that keep solutions out.
  private(set) var keptOut: [DatasetEvent] = []
  /// For the curation's index.
  private(set) var entries: [CurationIndex.Entry] = []

  /// Rows in all.
  public var count: Int { rows.count }

  /// Solutions by reason; one may have several.
  public var counts: [RLReason: Int] {
    var counts: [RLReason: Int] = [:]
    for item in items { for reason in item.reasons { counts[reason, default: 0] += 1 } }
    return counts
  }

  init(
    _ curator: Curator, _ reader: CurationReader, _ settings: RLSettings, counted: [Int64: Int],
    progress: () throws -> Void
  ) throws {
    var candidates: [(spec: RowSpec, size: Int, item: Int)] = []
    try reader.outlines(through: try reader.lastID()) { outline in
      guard curator.includes(outline.id) else { return }
      let judged = RLDecision(outline, curator, settings, tokens: counted[outline.id])
      entries.append(CurationIndex.Entry(outline, judged.decision, seed: curator.settings.seed))
      items.append(Item(id: outline.id, reasons: judged.reasons, detail: judged.detail))
      if judged.reasons.isEmpty {
        candidates.append((judged.spec, outline.promptSize, items.count - 1))
      } else {
        keptOut += outline.keptOut(by: judged.decision, curator.settings)
      }
      if items.count % 4096 == 0 { try progress() }
    }
    try dropRepeated(&candidates, reader, curator)
    choose(candidates, settings, seed: curator.settings.seed)
  }

  private mutating func leaveOut(_ item: Int, _ reason: RLReason) { items[item].reasons = [reason] }

  /// The same prompt may come with several people's labels. Only prompts of one problem, length and number of steps can
  /// be the same; these few are read and compared.
  private mutating func dropRepeated(
    _ candidates: inout [(spec: RowSpec, size: Int, item: Int)], _ reader: CurationReader, _ curator: Curator
  ) throws {
    struct Shape: Hashable {
      var problem: Int64
      var size: Int
    }
    let groups = Dictionary(grouping: candidates.indices) {
      Shape(problem: candidates[$0].spec.problem, size: candidates[$0].size)
    }
    var dropped: Set<Int> = []
    for group in groups.values where group.count > 1 {
      var prompts: [String: [Int]] = [:]
      for index in group {
        let material = try reader.material(candidates[index].spec.id, critiques: [])
        prompts[curator.maker.user(try material.solution()), default: []].append(index)
      }
      for same in prompts.values where same.count > 1 {
        let agree = Set(same.map { candidates[$0].spec.answer }).count == 1
        for index in agree ? same.sorted().dropFirst() : same[...] {
          leaveOut(candidates[index].item, agree ? .duplicatePrompt : .labelsDisagree)
          dropped.insert(index)
        }
      }
    }
    candidates = candidates.indices.filter { !dropped.contains($0) }.map { candidates[$0] }
  }

  /// What depends on other rows. Each choice depends on the solution's hash and the seed only.
  private mutating func choose(
    _ candidates: [(spec: RowSpec, size: Int, item: Int)], _ settings: RLSettings, seed: UInt64
  ) {
    var order = candidates.indices.sorted {
      let (a, b) = (candidates[$0].spec.key, candidates[$1].spec.key)
      return (Workspace.rank(a, seed: seed), a) < (Workspace.rank(b, seed: seed), b)
    }
    func keep(_ reason: RLReason, _ fits: (RowSpec) -> Bool) {
      order = order.filter { index in
        if fits(candidates[index].spec) { return true }
        leaveOut(candidates[index].item, reason)
        return false
      }
    }
    if let most = settings.perProblem {
      var taken: [Int64: Int] = [:]
      keep(.perProblem) { spec in
        taken[spec.problem, default: 0] += 1
        return taken[spec.problem, default: 0] <= most
      }
    }
    if let share = settings.errorShare {
      let wrong = order.count { candidates[$0].spec.answer > 0 }
      let right = order.count - wrong
      let mostWrong = Int((Double(right) * share / (1 - share)).rounded())
      let mostRight = Int((Double(wrong) * (1 - share) / share).rounded())
      var (wrongTaken, rightTaken) = (0, 0)
      keep(.balance) { spec in
        if spec.answer > 0 {
          wrongTaken += 1
          return wrongTaken <= mostWrong
        }
        rightTaken += 1
        return rightTaken <= mostRight
      }
    }
    if let limit = settings.limit {
      var taken = 0
      keep(.limit) { _ in
        taken += 1
        return taken <= limit
      }
    }
    for index in order.sorted() {
      var spec = candidates[index].spec
      spec.index = rows.count
      rows.append(spec)
      if spec.answer > 0 {
        withError[spec.rlSource, default: 0] += 1
      } else {
        withoutError[spec.rlSource, default: 0] += 1
      }
    }
  }
}

/// What the rules say about one solution by itself.
private struct RLDecision {
  var decision: ItemDecision
  var spec: RowSpec
  var reasons: [RLReason] = []
  var detail: String?

  init(_ outline: CurationOutline, _ curator: Curator, _ settings: RLSettings, tokens: Int?) {
    let estimate = outline.estimate
    decision = curator.rules.decide(outline)
    spec = RowSpec(outline, decision)
    spec.used = []
    let isByPeople = decision.resolution.isByPeople
    spec.rlSource = isByPeople ? .human : .monteCarlo
    for reason in decision.reasons where reason.reason.isAboutLabels {
      guard let mapped = RLReason(rawValue: reason.reason.rawValue) else { continue }
      if mapped == .unrated, let estimate, estimate.firstError == nil {
        reasons.append(.noEstimate)
        detail = detail ?? estimate.reason.words
      } else {
        reasons.append(mapped)
        detail = detail ?? reason.detail
      }
    }
    if reasons.isEmpty, decision.answer == nil { reasons.append(.labelUnfinished) }
    guard let answer = decision.answer else { return }
    if !settings.sources.contains(spec.rlSource) { reasons.append(.source) }
    if settings.agreement, isByPeople, let estimated = estimate?.firstError, estimated != answer {
      reasons.append(.disagreesWithEstimate)
      detail = detail ?? "the label is \(answer), the estimate \(estimated)"
    }
    let size = curator.maker.overhead + outline.promptSize
    if curator.tokens != nil {
      if let limit = settings.maxTokens, let tokens, tokens > limit {
        reasons.append(.tooLong)
        detail = detail ?? "\(tokens) tokens, the limit is \(limit)"
      }
    } else if let limit = settings.maxCharacters, size > limit {
      reasons.append(.tooLong)
      detail = detail ?? "\(size) characters, the limit is \(limit)"
    }
  }
}

extension Curator {
  /// Decides about every solution's place in the reinforcement-learning set.
  ///
  /// - Parameter progress: called now and then; may throw to stop.
  public func selectRL(
    _ settings: RLSettings, progress: () throws -> Void = { try Task.checkCancellation() }
  ) async throws -> RLSelection {
    try workspace.prepareCuration()
    let counted = try await countPromptTokens(settings, progress: progress)
    return try workspace.curationSnapshot(benchmarks: self.settings.benchmarks) { reader in
      try RLSelection(self, reader, settings, counted: counted, progress: progress)
    }
  }

  /// Tokens of the prompts that may be over the limit, by solution.
  func countPromptTokens(_ settings: RLSettings, progress: () throws -> Void) async throws -> [Int64: Int] {
    guard let tokens, let limit = settings.maxTokens else { return [:] }
    let asked = try workspace.curationSnapshot(benchmarks: self.settings.benchmarks) { reader in
      var asked: [Int64] = []
      try reader.outlines(through: try reader.lastID()) { outline in
        // A token holds at least a byte, a scalar at most four.
        if includes(outline.id), (maker.overhead + outline.promptSize) * 4 > limit, outline.isLabelled {
          asked.append(outline.id)
        }
      }
      return asked
    }
    return try await counts(of: asked, { _ in try progress() }) { reader, id in
      let solution = try reader.material(id, critiques: []).solution()
      return (id, TrainingRow(system: maker.system, user: maker.user(solution), assistant: ""))
    } count: {
      try await tokens.count($0, keeping: workspace)
    }
  }
}

extension CurationOutline {
  /// Whether anything says which steps are wrong.
  var isLabelled: Bool {
    estimate?.firstError != nil || !views.isEmpty || ratings.contains { $0 != nil }
  }
}
