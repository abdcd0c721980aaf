import CritiqueModel
import ModelClient
import ReviewStore

/// Works out, a page of solutions at a time, what a stage still lacks.
///
/// The store is the plan: a step is asked about as long as it has fewer samples than wanted. Memory holds one page and
/// the numbers of the chosen solutions (8 bytes each), however many requests there are.
public struct StagePlanner: Sendable {
  /// What a stage's planning needs to know.
  public struct Options: Sendable, Hashable {
    /// The stage.
    public var stage: Stage
    /// Samples of each step.
    public var samples: Int
    /// Each sample in a request of its own: with seeds, and for servers that answer one choice only.
    public var oneChoicePerRequest: Bool
    /// Asks for further samples where none could be used.
    public var again: Bool
    /// Asks also for what is out in a batch file.
    public var includesBatched: Bool

    /// Options from their parts.
    public init(
      stage: Stage, samples: Int, oneChoicePerRequest: Bool = false, again: Bool = false, includesBatched: Bool = false
    ) {
      self.stage = stage
      self.samples = samples
      self.oneChoicePerRequest = oneChoicePerRequest
      self.again = again
      self.includesBatched = includesBatched
    }
  }

  /// How much a plan asks for.
  public struct Size: Sendable, Hashable, Codable {
    /// Solutions with something to ask.
    public var solutions = 0
    /// Steps of them.
    public var steps = 0
    /// Requests, each for one or more samples.
    public var requests = 0
    /// Samples.
    public var samples = 0
    /// Samples that are out in batch files and not asked for.
    public var batched = 0
    /// Solutions that an earlier stage keeps from this one, by where they stand.
    public var held: [String: Int] = [:]

    /// Nothing to ask.
    public init() {}
  }

  /// Solutions read at once. Larger pages are no faster, and hold up the requests that are answered meanwhile.
  static let pageSize = 50

  private let workspace: Workspace
  private let template: PromptTemplate
  private let options: Options
  private let ids: [Int64]
  private let limit: Int
  private var next = 0
  private var solutions = 0

  /// A plan over chosen solutions.
  ///
  /// - Parameter limit: at most so many solutions with something to ask.
  public init(
    workspace: Workspace, ids: [Int64], template: PromptTemplate, options: Options, limit: Int = .max
  ) {
    self.workspace = workspace
    self.ids = ids
    self.template = template
    self.options = options
    self.limit = limit
  }

  /// The requests of the next solutions that lack something; `nil` at the end.
  public mutating func nextPage() throws -> [RequestPlan]? {
    while next < ids.count, solutions < limit {
      let page = Array(ids[next..<min(next + Self.pageSize, ids.count)])
      next += page.count
      var lacking = try workspace.seedOutlines(page, stage: options.stage)
        .map { ($0.id, Self.missing($0, options)) }.filter { !$0.1.isEmpty }
      if lacking.isEmpty { continue }
      lacking = Array(lacking.prefix(limit - solutions))
      solutions += lacking.count
      let material = try workspace.seedMaterial(lacking.map(\.0), before: options.stage)
      return zip(material, lacking).flatMap { requests($0, $1.1) }
    }
    return nil
  }

  /// Counts what ``nextPage()`` would bring from the beginning, without reading any text.
  public func size() throws -> Size {
    var size = Size()
    var from = 0
    while from < ids.count, size.solutions < limit {
      let page = Array(ids[from..<min(from + Self.pageSize, ids.count)])
      from += page.count
      for outline in try workspace.seedOutlines(page, stage: options.stage) {
        if let standing = Self.held(outline, options.stage) {
          size.held[standing.words(withStep: false), default: 0] += 1
        }
        let missing = Self.missing(outline, options)
        size.batched += outline.batched.values.reduce(0) { $0 + $1.count }
        guard !missing.isEmpty, size.solutions < limit else { continue }
        size.solutions += 1
        size.steps += missing.count
        for step in missing {
          size.samples += step.samples.count
          size.requests += options.oneChoicePerRequest ? step.samples.count : 1
        }
      }
    }
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
    if held(outline, options.stage) != nil { return [] }
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
      guard options.again, outline.batched[step]?.isEmpty ?? true else { continue }
      let label = outline.ratings[step - 1]?.judgement
      let chosen = outline.samples[options.stage]?[step]?.chosen(label: label)
      // A merged critique that contradicts the label is dropped by the method: another may not.
      guard chosen == nil || (options.stage == .merged && chosen != label) else { continue }
      let first = (taken.max() ?? -1) + 1
      missing.append(Missing(step: step, samples: Array(first..<first + max(options.samples, 1))))
    }
    return missing
  }

  private func requests(_ material: SeedMaterial, _ missing: [Missing]) -> [RequestPlan] {
    let numbered = SolutionText.numbered(material.solution)
    return missing.flatMap { missing -> [RequestPlan] in
      let step = missing.step
      let messages = CritiqueRequest.stage(
        template, material.solution, numbered: numbered, step: step, initial: material.used[.initial]?[step] ?? "",
        deep: material.used[.deep]?[step] ?? "")
      let target = GenerationTarget(solution: material.id, stage: options.stage, step: step)
      let groups = options.oneChoicePerRequest ? missing.samples.map { [$0] } : [missing.samples]
      return groups.map {
        RequestPlan(
          target: target, name: material.name, messages: messages, samples: $0, sources: material.sources[step])
      }
    }
  }
}
