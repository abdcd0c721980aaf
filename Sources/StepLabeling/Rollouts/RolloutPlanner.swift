import CritiqueGeneration
import CritiqueModel
import ModelClient
import ReviewStore

/// One request for some roll-outs of one prefix.
public struct RolloutRequest: Sendable, Hashable {
  /// The solutions that begin so.
  public var targets: [RolloutTarget]
  /// Name of the first of them.
  public var name: String
  /// The conversation.
  public var messages: [ChatMessage]
  /// Numbers of the samples that are asked for, one per choice.
  public var samples: [Int]

  /// Unicode scalars of the conversation.
  public var characters: Int { messages.reduce(0) { $0 + $1.content.unicodeScalars.count } }
}

/// Works out, a page at a time, which samples or roll-outs are missing. The store is the plan, as in `StagePlanner`.
public struct RolloutPlanner: Sendable {
  /// What a plan needs to know.
  public struct Options: Sendable {
    /// Whole solutions or continuations.
    public var kind: RolloutKind
    /// Samples of each prefix.
    public var samples: Int
    /// Each sample in a request of its own: with seeds.
    public var oneChoicePerRequest: Bool
    /// At most so many solutions or problems with something to ask.
    public var limit: Int

    /// Options from their parts.
    public init(kind: RolloutKind, samples: Int, oneChoicePerRequest: Bool = false, limit: Int = .max) {
      self.kind = kind
      self.samples = samples
      self.oneChoicePerRequest = oneChoicePerRequest
      self.limit = limit
    }
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

    /// Nothing to ask.
    public init() {}
  }

  static let pageSize = 200

  private let workspace: Workspace
  private let prompt: RolloutPrompt
  private let options: Options
  private let ids: [Int64]
  private let generation: Int64?
  private var next = 0
  private var solutions = 0

  /// A plan over chosen solutions or problems.
  ///
  /// - Parameter generation: the specification whose roll-outs count; `nil` when it was never used.
  public init(workspace: Workspace, ids: [Int64], prompt: RolloutPrompt, generation: Int64?, options: Options) {
    self.workspace = workspace
    self.ids = ids
    self.prompt = prompt
    self.generation = generation
    self.options = options
  }

  /// The requests of the next solutions that lack something; `nil` at the end.
  public mutating func nextPage() throws -> [RolloutRequest]? {
    while next < ids.count, solutions < options.limit {
      let page = Array(ids[next..<min(next + Self.pageSize, ids.count)])
      next += page.count
      var lacking = try workspace.rolloutOutlines(page, generation: generation)
        .map { (id: $0.id, missing: missing($0)) }.filter { !$0.missing.isEmpty }
      if lacking.isEmpty { continue }
      lacking = Array(lacking.prefix(options.limit - solutions))
      solutions += lacking.count
      return merged(try workspace.seedMaterial(lacking.map(\.id), before: .initial), lacking.map(\.missing))
    }
    return nil
  }

  /// Counts what ``nextPage()`` would bring from the beginning. Reads the texts.
  public func size() throws -> Size {
    var plan = self
    plan.next = 0
    plan.solutions = 0
    var size = Size()
    while let page = try plan.nextPage() {
      for request in page {
        size.prefixes += request.targets.count
        size.requests += 1
        size.samples += request.samples.count
        size.characters += request.characters
      }
    }
    size.solutions = plan.solutions
    return size
  }

  /// Prefix lengths with the sample numbers that are missing.
  private func missing(_ outline: RolloutOutline) -> [(step: Int, samples: [Int])] {
    let steps = options.kind == .sample ? 0...0 : 1...max(outline.steps - 1, 1)
    if options.kind == .rollout, outline.steps < 2 { return [] }
    return steps.compactMap { step in
      let taken = outline.taken[step] ?? []
      let open = (0..<options.samples).filter { !taken.contains($0) }
      return open.isEmpty ? nil : (step, open)
    }
  }

  /// One request for all solutions that begin alike and lack the same samples.
  private func merged(
    _ material: [SeedMaterial], _ missing: [[(step: Int, samples: [Int])]]
  ) -> [RolloutRequest] {
    struct Question: Hashable {
      var messages: [ChatMessage]
      var samples: [Int]
    }
    var places: [Question: Int] = [:]
    var requests: [RolloutRequest] = []
    for (one, missing) in zip(material, missing) {
      for (step, open) in missing {
        let messages =
          options.kind == .sample
          ? prompt.sample(one.solution.problem) : prompt.rollout(one.solution, steps: step)
        for samples in options.oneChoicePerRequest ? open.map({ [$0] }) : [open] {
          let target = RolloutTarget(solution: one.id, step: step)
          let question = Question(messages: messages, samples: samples)
          if let place = places[question] {
            requests[place].targets.append(target)
          } else {
            places[question] = requests.count
            requests.append(
              RolloutRequest(targets: [target], name: one.name, messages: messages, samples: samples))
          }
        }
      }
    }
    return requests
  }
}
