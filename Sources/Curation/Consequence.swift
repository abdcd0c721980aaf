import CritiqueModel
import ReviewStore

/// A solution with everything that a preview needs, read once.
public struct CurationItem: Sendable {
  /// What decides about it.
  public var outline: CurationOutline
  /// Problem, steps and labels that came with it.
  public var solution: Solution
  /// Texts of its merged critiques, by row.
  public var texts: [Int64: String]
}

/// Something that is not done yet.
public enum Hypothesis: Sendable {
  /// No change: shows the current state.
  case nothing
  /// A decision: a verdict, a flag, a mark, an adjudication, an exclusion …
  case decision(ReviewDecision, by: ReviewContext)
  /// Another text for a critique.
  case critique(Stage, step: Int, text: String)
}

/// What something not done yet would change.
public struct Consequence: Sendable {
  /// What the rules say now.
  public var before: ItemDecision
  /// What they would say.
  public var after: ItemDecision
  /// Why the solution is out now; empty when it is in.
  public var reasonsBefore: [ItemReason]
  /// Why it would be out.
  public var reasonsAfter: [ItemReason]
  /// Other solutions that would come in or leave: the next of the same problem, the one at the border of the cap.
  public var others: [Move]
  /// Counts now.
  public var balanceBefore: CurationBalance
  /// Counts then.
  public var balanceAfter: CurationBalance
  /// The row then has not been counted by the tokenizer, and is taken to be within the limit.
  public var isLengthUncounted: Bool
  /// The row now, whether or not it is in; `nil` when there can be none.
  public var rowBefore: TrainingRow?
  /// The row then.
  public var rowAfter: TrainingRow?

  /// Whether the solution is in the set now.
  public var wasIn: Bool { reasonsBefore.isEmpty }
  /// Whether it would be.
  public var isIn: Bool { reasonsAfter.isEmpty }
}

extension Curator {
  /// Reads what previews of one solution need.
  public func item(_ id: Int64, benchmarks: BenchmarkProblems) throws -> CurationItem {
    try workspace.curationSnapshot(benchmarks) { reader in
      let outline = try reader.outline(id)
      let merged = outline.critiques.filter { $0.stage == .merged && $0.fault == nil }.map(\.id)
      let material = try reader.material(id, critiques: merged)
      return CurationItem(outline: outline, solution: try material.solution(), texts: material.texts)
    }
  }

  /// What a hypothesis would change. Looks at nothing but the item and the index: fast enough for every keypress.
  ///
  /// - Parameter rows: make the rows, too.
  public func consequence(
    of hypothesis: Hypothesis, on item: CurationItem, in index: CurationIndex, rows: Bool = true
  ) throws -> Consequence {
    let changed = item.assuming(hypothesis)
    let rowTokens = tokens != nil
    let before = try decide(item.outline, row: rowTokens ? item : nil)
    let after = try decide(changed.outline, row: rowTokens ? changed : nil)
    var states: [Int: CurationIndex.State] = [:]
    if let position = index.position(of: item.outline.id) {
      let entry = CurationIndex.Entry(changed.outline, after, seed: settings.seed)
      states = index.changes(replacing: position, with: entry)
    }
    return Consequence(
      before: before, after: after,
      reasonsBefore: before.reasons + index.derivedReasons(of: item.outline.id),
      reasonsAfter: after.reasons + index.derivedReasons(of: item.outline.id, after: states),
      others: index.moves(states).filter { $0.id != item.outline.id }, balanceBefore: index.balance,
      balanceAfter: index.balance(after: states), isLengthUncounted: try isUncounted(after, changed),
      rowBefore: rows ? maker.row(item.solution, before, texts: item.texts) : nil,
      rowAfter: rows ? maker.row(changed.solution, after, texts: changed.texts) : nil)
  }

  private func isUncounted(_ decision: ItemDecision, _ item: CurationItem) throws -> Bool {
    guard let tokens, let limit = settings.maxTokens, decision.mayExceed(limit),
      let row = maker.row(item.solution, decision, texts: item.texts)
    else { return false }
    return try tokens.known([row], workspace) == [nil]
  }

  /// The row that a solution gives, whether or not it is in the set.
  public func row(of item: CurationItem) throws -> TrainingRow? {
    maker.row(item.solution, try decide(item.outline), texts: item.texts)
  }

  func decide(_ outline: CurationOutline, row item: CurationItem?) throws -> ItemDecision {
    guard let tokens else { return rules.decide(outline) }
    let decision = rules.decide(outline)
    guard let limit = settings.maxTokens, decision.mayExceed(limit) else { return decision }
    let texts: CurationItem
    if let item {
      texts = item
    } else {
      texts = try self.item(outline.id, benchmarks: workspace.benchmarkProblems(paths: settings.benchmarks))
    }
    guard let row = maker.row(texts.solution, decision, texts: texts.texts) else { return decision }
    return rules.decide(outline, tokens: try tokens.known([row], workspace)[0])
  }
}

extension ItemDecision {
  /// Whether its row may have more tokens than a limit: no tokenizer makes more tokens than there are bytes, and no scalar
  /// has more than four.
  func mayExceed(_ limit: Int) -> Bool { size.map { $0 * 4 > limit } ?? false }
}

extension CurationIndex {
  /// The reasons that come from other solutions, with what there is to say about them.
  func derivedReasons(of id: Int64, after changed: [Int: State] = [:]) -> [ItemReason] {
    guard let position = position(of: id) else { return [] }
    let state = changed[position] ?? states[position]
    var reasons: [ItemReason] = []
    if state.isDuplicate {
      let taken = changed.isEmpty ? taken(insteadOf: id) : nil
      reasons.append(ItemReason(.duplicateProblem, detail: taken.map { "\($0) is taken" }))
    }
    if state.isOverCap {
      let place = changed.isEmpty ? capPlace(of: id) : nil
      let limit = settings.allCorrectLimit ?? 0
      reasons.append(
        ItemReason(.overCap, detail: place.map { "place \($0.place) of \($0.of), the cap is \(limit)" }))
    }
    return reasons
  }
}

extension CurationItem {
  /// Row number of a critique that is not stored.
  static let imagined: Int64 = -1

  func assuming(_ hypothesis: Hypothesis) -> CurationItem {
    var item = self
    switch hypothesis {
    case .nothing: break
    case .decision(let decision, let context):
      let last = outline.events.last?.clock ?? 0
      item.outline.events.append(ReviewEvent(decision, by: context, at: last < .max ? last + 1 : last))
      if case .soundness(_, let reference, _) = decision.decision {
        for (id, text) in texts
        where outline.critiques.contains(where: { $0.id == id && $0.step == reference.step })
          && reference.key == CritiqueKey(stage: .merged, step: reference.step, text: text)
        {
          item.outline.judgedCritiques[id] = reference.key
        }
      }
    case .critique(let stage, let step, let text):
      // First among the samples: of those with the label's judgement the first counts.
      let imagined = CritiqueOutline(
        id: Self.imagined, stage: stage, step: step, judgement: JudgementParser.judgement(in: text),
        size: TrainingText.size(text))
      item.outline.critiques.removeAll { $0.stage == stage && $0.step == step }
      let at = item.outline.critiques.firstIndex { ($0.stage, $0.step) > (stage, step) }
      item.outline.critiques.insert(imagined, at: at ?? item.outline.critiques.count)
      item.texts[Self.imagined] = text
    }
    return item
  }
}
