/// One way to continue a solution at some step, with the rating it was given.
///
/// PRM800K phase 1 shows labellers several model continuations per step; those not chosen are kept as alternatives.
public struct Completion: Sendable, Hashable {
  /// Who wrote the text.
  public enum Author: String, Sendable, Hashable, Codable {
    case model
    case human
  }

  /// The text exactly as in the file.
  public var text: String
  /// `nil` when nobody rated it.
  public var rating: Rating?
  /// PRM800K's "flagged" mark; `nil` when the record does not say.
  public var flagged: Bool?
  /// Who wrote it.
  public var author: Author

  /// A completion from its parts.
  public init(text: String, rating: Rating? = nil, flagged: Bool? = nil, author: Author = .model) {
    self.text = text
    self.rating = rating
    self.flagged = flagged
    self.author = author
  }
}

/// One step of a solution: the text on the solution's path, its human rating, and the alternatives that were rated.
public struct Step: Sendable, Hashable {
  /// The completion on the solution's path.
  public var completion: Completion
  /// The other completions of this step, each with its own rating, in file order.
  public var alternatives: [Completion]

  /// The text on the solution's path.
  public var text: String { completion.text }
  /// The human rating of that text; `nil` when nobody rated it.
  public var rating: Rating? { completion.rating }

  /// A step with its alternatives.
  public init(completion: Completion, alternatives: [Completion] = []) {
    self.completion = completion
    self.alternatives = alternatives
  }

  /// A step with only a text and a rating.
  public init(_ text: String, rating: Rating? = nil) {
    self.init(completion: Completion(text: text, rating: rating))
  }
}

/// How the labeller ended (PRM800K `finish_reason`).
public enum FinishReason: String, Sendable, Hashable, Codable, CaseIterable {
  case foundError = "found_error"
  case solution
  case badProblem = "bad_problem"
  case giveUp = "give_up"
}

/// What is known about the first error of a solution.
public enum FirstError: Sendable, Hashable {
  /// Labelling did not reach a conclusion (unrated steps and no wrong one).
  case unknown
  /// Every step is right.
  case none
  /// The 1-based number of the first error.
  case step(Int)

  /// The answer as prompts and `\boxed{}` write it: the 1-based step, −1 when there is none, `nil` when unknown.
  public var boxed: Int? {
    switch self {
    case .unknown: nil
    case .none: -1
    case .step(let k): k
    }
  }

  /// Reads ratings in step order (PRM800K's rule): the first −1 is the first error; with no −1, every step must be rated
  /// for "none"; anything else is unknown. A −1 counts even when an earlier step has no rating.
  public init(ratings: some Sequence<Rating?>) {
    var complete = true
    var any = false
    var index = 0
    for rating in ratings {
      index += 1
      any = true
      if rating == .incorrect {
        self = .step(index)
        return
      }
      if rating == nil { complete = false }
    }
    self = any && complete ? .none : .unknown
  }
}

/// A problem and a step-by-step solution of it, with the human ratings that came with it.
///
/// Steps are numbered from 1 wherever a person or a prompt sees them; `steps[0]` is step 1.
public struct Solution: Sendable, Hashable {
  /// The problem's text.
  public var problem: String
  /// The reference answer, as text whatever its type in the file; `nil` when the record has none.
  public var referenceAnswer: String?
  /// A full reference solution, where the record has one (PRM800K phase 2, MATH).
  public var referenceSolution: String?
  /// In order; empty for a problem without a solution (problem sets).
  public var steps: [Step]
  /// How the PRM800K labeller ended; `nil` for other formats.
  public var finishReason: FinishReason?
  /// Whether the solution's final answer equals the reference answer, where the record says so (ProcessBench).
  public var finalAnswerCorrect: Bool?
  /// The record's own identifier, as text ("gsm8k-0"); `nil` when it has none.
  public var sourceID: String?
  /// The model that wrote the solution, where the record says so.
  public var generator: String?
  /// Whose ratings these are (PRM800K `labeler`), where the record says so.
  public var labeler: String?
  /// A PRM800K quality-control or screening item.
  public var isScreening: Bool

  /// A solution from its parts; only problem and steps are required.
  public init(
    problem: String, referenceAnswer: String? = nil, referenceSolution: String? = nil, steps: [Step],
    finishReason: FinishReason? = nil, finalAnswerCorrect: Bool? = nil, sourceID: String? = nil,
    generator: String? = nil, labeler: String? = nil, isScreening: Bool = false
  ) {
    self.problem = problem
    self.referenceAnswer = referenceAnswer
    self.referenceSolution = referenceSolution
    self.steps = steps
    self.finishReason = finishReason
    self.finalAnswerCorrect = finalAnswerCorrect
    self.sourceID = sourceID
    self.generator = generator
    self.labeler = labeler
    self.isScreening = isScreening
  }

  /// The rating of each step; as many as there are steps.
  public var ratings: [Rating?] {
    get { steps.map(\.rating) }
    set {
      for (index, rating) in newValue.enumerated() where index < steps.count { steps[index].completion.rating = rating }
    }
  }

  /// The first error according to the ratings.
  public var firstError: FirstError { FirstError(ratings: steps.lazy.map(\.rating)) }

  /// Numbers (1-based) of the steps that carry a rating, in order. Seed critiques are made for exactly these.
  public var ratedSteps: [Int] {
    steps.indices.filter { steps[$0].rating != nil }.map { $0 + 1 }
  }
}
