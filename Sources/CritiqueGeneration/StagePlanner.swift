import CritiqueModel
import ModelRuns
import ReviewStore

/// Works out, a page of solutions at a time, what a stage still lacks.
///
/// The store is the plan: a step is asked about as long as it has fewer samples than wanted.
public struct StagePlanner: RequestPlanner {
  /// What a stage's planning needs to know.
  public struct Options: Sendable, Hashable {
    /// The stage.
    public var stage: Stage
    /// Samples of each step.
    public var samples: Int
    /// Each sample in a request of its own: with seeds, and for servers that answer one choice only.
    public var oneChoicePerRequest: Bool
    /// Asks for further samples where none could be used.
    public var retriesUnusable: Bool
    /// Asks also for what is out in a batch file.
    public var includesBatched: Bool

    /// Options from their parts.
    public init(
      stage: Stage, samples: Int, oneChoicePerRequest: Bool = false, retriesUnusable: Bool = false,
      includesBatched: Bool = false
    ) {
      self.stage = stage
      self.samples = samples
      self.oneChoicePerRequest = oneChoicePerRequest
      self.retriesUnusable = retriesUnusable
      self.includesBatched = includesBatched
    }
  }

  /// Solutions read at once. Larger pages are no faster, and hold up the requests that are answered meanwhile.
  static let pageSize = 50

  private let workspace: Workspace
  private let template: PromptTemplate
  private let options: Options
  private var cursor: PlanCursor

  /// A plan over chosen solutions.
  ///
  /// - Parameter limit: maximum number of solutions with something to ask.
  public init(
    workspace: Workspace, ids: [Int64], template: PromptTemplate, options: Options, limit: Int = .max
  ) {
    self.workspace = workspace
    self.template = template
    self.options = options
    cursor = PlanCursor(ids, pageSize: Self.pageSize, limit: limit)
  }

  /// The requests of the next solutions that lack something; `nil` at the end.
  public mutating func nextPage() throws -> [PlannedRequest<CritiqueTarget>]? {
    let lacking = try cursor.next { page in
      try workspace.seedOutlines(page, stage: options.stage).map { ($0.id, Self.missing($0, options)) }
        .filter { !$0.1.isEmpty }
    }
    guard let lacking else { return nil }
    let material = try workspace.seedMaterial(lacking.map(\.0), before: options.stage)
    return zip(material, lacking).flatMap { requests($0, $1.1) }
  }

  /// Counts what ``nextPage()`` would bring from here, without reading any text.
  public func size() throws -> PlanSize {
    var held: [String: Int] = [:]
    var batched = 0
    var size = try count { outline in
      if let standing = Self.held(outline, options.stage) { held[standing.words(withStep: false), default: 0] += 1 }
      batched += outline.batched.values.reduce(0) { $0 + $1.count }
      return Self.missing(outline, options)
    }
    size.held = held
    size.batched = batched
    return size
  }

  /// Counts what the stage would lack of solutions that wait for an earlier one: the most there can be, since the filters of
  /// the earlier stages may keep some back.
  ///
  /// - Parameter stages: those that are asked in the same run; what waits for another is not counted.
  public func waitingSize(for stages: [Stage]) throws -> PlanSize {
    try count { outline in
      guard let standing = Self.held(outline, options.stage), let there = standing.stage,
        standing.reason == .waiting || standing.reason == .requestFailed,
        Stage.allCases.allSatisfy({ $0 < there || $0 >= options.stage || stages.contains($0) })
      else { return [] }
      return Self.open(outline, options)
    }
  }

  private func count(_ missing: (SeedOutline) -> [Missing]) throws -> PlanSize {
    var size = PlanSize()
    var cursor = cursor
    while let solutions = try cursor.next({ page in
      try workspace.seedOutlines(page, stage: options.stage).map(missing).filter { !$0.isEmpty }
    }) {
      for step in solutions.joined() {
        size.steps += 1
        size.samples += step.samples.count
        size.requests += options.oneChoicePerRequest ? step.samples.count : 1
      }
    }
    size.solutions = cursor.count
    return size
  }

  struct Missing: Hashable {
    var step: Int
    var samples: [Int]
  }

  /// Where a solution stands if that keeps it from being asked about at a stage.
  static func held(_ outline: SeedOutline, _ stage: Stage) -> SeedStanding? {
    guard stage > .initial else { return nil }
    let standing = SeedStanding.of(ratings: outline.ratings, samples: outline.samples)
    guard let there = standing.stage, there < stage else { return nil }
    return standing
  }

  /// The steps of a solution that lack samples of a stage, with the sample numbers to ask for.
  static func missing(_ outline: SeedOutline, _ options: Options) -> [Missing] {
    held(outline, options.stage) == nil ? open(outline, options) : []
  }

  private static func open(_ outline: SeedOutline, _ options: Options) -> [Missing] {
    var missing: [Missing] = []
    for step in outline.ratedSteps {
      let taken = (outline.taken[step] ?? []).subtracting(
        options.includesBatched ? outline.batched[step] ?? [] : [])
      if !outline.imported.contains(step) {
        var numbers = (0..<max(options.samples, 0)).filter { !taken.contains($0) }
        if let stale = outline.stale[step] {
          // In place of those that merge other critiques, with numbers of their own.
          let first = (taken.max() ?? -1) + 1
          numbers = Array(first..<first + max(0, options.samples - taken.subtracting(stale).count))
        }
        if !numbers.isEmpty {
          missing.append(Missing(step: step, samples: numbers))
          continue
        }
      }
      guard options.retriesUnusable, outline.batched[step]?.isEmpty ?? true else { continue }
      let label = outline.ratings[step - 1]?.judgement
      let chosen = outline.samples[options.stage]?[step]?.chosen(label: label)
      // A merged critique that contradicts the label is dropped by the method: another may not.
      guard chosen == nil || (options.stage == .merged && chosen != label) else { continue }
      let first = (taken.max() ?? -1) + 1
      missing.append(Missing(step: step, samples: Array(first..<first + max(options.samples, 1))))
    }
    return missing
  }

  private func requests(_ material: SeedMaterial, _ missing: [Missing]) -> [PlannedRequest<CritiqueTarget>] {
    let numbered = SolutionText.numbered(material.solution)
    return missing.flatMap { missing in
      let step = missing.step
      let messages = CritiqueRequest.stage(
        template, material.solution, numbered: numbered, step: step, initial: material.used[.initial]?[step] ?? "",
        deep: material.used[.deep]?[step] ?? "")
      let target = CritiqueTarget(
        target: GenerationTarget(solution: material.id, stage: options.stage, step: step), name: material.name,
        sources: material.sources[step])
      return PlannedRequest(targets: [target], messages: messages, samples: missing.samples)
        .split(options.oneChoicePerRequest)
    }
  }
}
