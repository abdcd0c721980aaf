import CritiqueGeneration
import CritiqueModel
import ReviewStore

/// Decides about the solutions of a workspace, by its settings and templates.
///
/// ```swift
/// let curator = try Curator(workspace: workspace)
/// let index = try await curator.index()
/// print(index.balance.included, index.balance.count(.deepMissesLabel))
/// ```
public struct Curator: Sendable {
  /// Where everything is stored.
  public let workspace: Workspace
  /// The rules.
  public let settings: CurationSettings
  /// Makes rows.
  public let maker: RowMaker
  /// The solutions to choose from, by number; `nil` for all.
  public var only: Set<Int64>?
  let rules: ItemRules
  /// Counts tokens, where a tokenizer is named.
  let tokens: TokenCounter?

  /// A curator with settings and templates.
  ///
  /// - Throws: when the tokenizer's file cannot be read.
  public init(workspace: Workspace, settings: CurationSettings, prompts: PromptLibrary) throws {
    self.workspace = workspace
    self.settings = settings
    maker = RowMaker(settings: settings, prompts: prompts)
    rules = ItemRules(settings: settings, overhead: maker.overhead)
    tokens = try settings.tokenizer.map { try TokenCounter(tokenizer: $0) }
  }

  /// A curator with the settings and templates of the workspace's settings file.
  ///
  /// - Throws: `SettingsError`.
  public init(of workspace: Workspace) throws {
    try self.init(
      workspace: workspace, settings: CurationSettings(of: workspace),
      prompts: PromptLibrary(replacing: GenerateSettings(path: workspace.settingsPath).prompts))
  }

  /// Whether a solution is looked at.
  func includes(_ id: Int64) -> Bool { only?.contains(id) ?? true }

  /// Decides about every solution, after counting the tokens that nobody has counted yet.
  ///
  /// - Parameter progress: called now and then with how many were decided; may throw to stop.
  public func index(progress: (Int) throws -> Void = { _ in try Task.checkCancellation() }) async throws
    -> CurationIndex
  {
    try workspace.prepareCuration()
    return try index(try await countTokens(progress: progress), progress: progress)
  }

  /// Decides about every solution without counting: rows that were not counted are taken to be within the limit.
  func indexWithoutCounting() throws -> CurationIndex {
    try workspace.prepareCuration()
    return try index(try countedTokens()) { _ in }
  }

  private func index(_ counted: [Int64: Int], progress: (Int) throws -> Void) throws -> CurationIndex {
    try workspace.withConcurrentSnapshots(benchmarks: settings.benchmarks) { reader, peer in
      var entries: [CurationIndex.Entry] = []
      try eachPage(reader, peer) { outlines in
        outlines.map { entry($0, counted) }
      } take: { page in
        entries += page
        try progress(entries.count)
      }
      return CurationIndex(entries, settings: settings)
    }
  }

  /// Works on all outlines, page by page, on two threads where there is a second reader; outputs come in order.
  func eachPage<Output: Sendable>(
    _ reader: CurationReader, _ peer: PeerReader?, work: @Sendable @escaping ([CurationOutline]) throws -> Output,
    take: (Output) throws -> Void
  ) throws {
    let size: Int64 = 1024
    let pages = Int((try reader.lastID() + size - 1) / size)
    let reading = PagedReading<Output>(pages: pages) { page, reader in
      var outlines: [CurationOutline] = []
      outlines.reserveCapacity(Int(size))
      try reader.outlines(after: Int64(page) * size, through: Int64(page + 1) * size) {
        if includes($0.id) { outlines.append($0) }
      }
      return try work(outlines)
    }
    try reading.run(reader, peer, take: take)
  }

  private func entry(_ outline: CurationOutline, _ counted: [Int64: Int]) -> CurationIndex.Entry {
    CurationIndex.Entry(outline, rules.decide(outline, tokens: counted[outline.id]), seed: settings.seed)
  }

  /// The decision about one solution by itself.
  public func decide(_ outline: CurationOutline) throws -> ItemDecision { try decide(outline, row: nil) }

  /// Brings an index up to date with what was decided about a solution since.
  ///
  /// - Returns: the solutions that came into the set or left it.
  @discardableResult
  public func update(_ id: Int64, in index: inout CurationIndex, benchmarks: BenchmarkProblems) throws -> [Move] {
    guard let position = index.position(of: id) else { return [] }
    let outline = try workspace.curationSnapshot(benchmarks) { try $0.outline(id) }
    let decision = try decide(outline)
    let entry = CurationIndex.Entry(outline, decision, seed: settings.seed)
    let changed = index.changes(replacing: position, with: entry)
    let moves = index.moves(changed)
    index.apply(changed)
    return moves
  }
}

/// A solution that comes into the set, or leaves it.
public struct Move: Sendable, Hashable {
  /// Number in this workspace.
  public var id: Int64
  /// Whether it is in the set afterwards.
  public var isIn: Bool
}

extension CurationIndex {
  /// The solutions that come in or leave by a change, in the order of import.
  func moves(_ changed: [Int: State]) -> [Move] {
    changed.filter { $0.value.reasons.isEmpty != states[$0.key].reasons.isEmpty }
      .map { Move(id: $0.value.entry.id, isIn: $0.value.reasons.isEmpty) }.sorted { $0.id < $1.id }
  }

  /// Counts as they would be after a change.
  func balance(after changed: [Int: State]) -> CurationBalance {
    var balance = balance
    for (at, state) in changed {
      balance.add(states[at], -1)
      balance.add(state)
    }
    return balance
  }
}
