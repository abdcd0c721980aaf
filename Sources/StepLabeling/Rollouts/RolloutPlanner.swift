import CritiqueGeneration
import CritiqueModel
import ModelRuns
import ReviewStore

/// Finds missing samples and rollouts, one page at a time. The store is the plan, as in `StagePlanner`.
public struct RolloutPlanner: RequestPlanner {
  /// What a plan needs to know.
  public struct Options: Sendable {
    /// Whole solutions or continuations.
    public var kind: RolloutKind
    /// Samples of each prefix.
    public var samples: Int
    /// Each sample in a request of its own: with seeds.
    public var oneChoicePerRequest = false
    /// Maximum number of solutions or problems with something to ask.
    public var limit: Int = .max
  }

  /// How much a plan asks for.
  public struct Size: Sendable, Hashable, Codable {
    /// Solutions or problems with something to ask.
    public var solutions = 0
    /// Prefixes of them, alike ones counted each.
    public var prefixes = 0
    /// Requests, each for one or more samples; alike prefixes of solutions read together are asked once.
    public var requests = 0
    /// Samples.
    public var samples = 0
    /// Unicode scalars of all requests together.
    public var characters = 0
  }

  static let pageSize = 200

  private let workspace: Workspace
  private let prompt: RolloutPrompt
  private let options: Options
  private let generation: Int64?
  private var cursor: PlanCursor

  /// A plan over chosen solutions or problems.
  ///
  /// - Parameter generation: the specification whose rollouts count; `nil` when it was never used.
  public init(workspace: Workspace, ids: [Int64], prompt: RolloutPrompt, generation: Int64?, options: Options) {
    self.workspace = workspace
    self.prompt = prompt
    self.generation = generation
    self.options = options
    cursor = PlanCursor(ids, pageSize: Self.pageSize, limit: options.limit)
  }

  /// The requests of the next solutions that lack something, one for all that begin alike and lack the same samples;
  /// `nil` at the end.
  public mutating func nextPage() throws -> [PlannedRequest<RolloutTarget>]? {
    let lacking = try cursor.next { [workspace, generation, options] page in
      try workspace.rolloutOutlines(page, generation: generation)
        .map { (id: $0.id, missing: Self.missing($0, options)) }
        .filter { !$0.missing.isEmpty }
    }
    guard let lacking else { return nil }
    let material = try workspace.seedMaterial(lacking.map(\.id), before: .initial)
    return zip(material, lacking).flatMap { requests($0, $1.missing) }.mergingEqualQuestions()
  }

  /// Counts what ``nextPage()`` would bring from here. Reads the texts.
  public func size() throws -> Size {
    var plan = self
    var size = Size()
    while let page = try plan.nextPage() {
      for request in page {
        size.prefixes += request.targets.count
        size.requests += 1
        size.samples += request.samples.count
        size.characters += request.characters
      }
    }
    size.solutions = plan.cursor.count
    return size
  }

  /// Prefix lengths with the sample numbers that are missing.
  private static func missing(_ outline: RolloutOutline, _ options: Options) -> [(step: Int, samples: [Int])] {
    let steps = options.kind == .sample ? 0...0 : 1...max(outline.steps - 1, 1)
    if options.kind == .rollout, outline.steps < 2 { return [] }
    return steps.compactMap { step in
      let taken = outline.taken[step] ?? []
      let open = (0..<options.samples).filter { !taken.contains($0) }
      return open.isEmpty ? nil : (step, open)
    }
  }

  private func requests(
    _ material: SeedMaterial, _ missing: [(step: Int, samples: [Int])]
  ) -> [PlannedRequest<RolloutTarget>] {
    missing.flatMap { step, samples in
      let messages =
        options.kind == .sample
        ? prompt.sample(material.solution.problem) : prompt.rollout(material.solution, steps: step)
      let target = RolloutTarget(solution: material.id, step: step)
      return PlannedRequest(targets: [target], messages: messages, samples: samples).split(options.oneChoicePerRequest)
    }
  }
}
