import DeepCriticCore

/// What one reviewer may see of a solution: the one place that decides what blind review hides, for every kind of page.
public struct ShownItem: Sendable {
  /// A critique of a step.
  public struct Reading: Sendable, Hashable {
    /// The stage.
    public var stage: Stage
    /// Its sample, from 0 onwards.
    public var sample: Int
    /// What it says.
    public var judgement: Judgement?
    /// Its text, as it was written.
    public var text: String
  }

  /// What a reviewer decided about a step.
  public struct Verdict: Sendable, Hashable {
    /// Who.
    public var reviewer: String
    /// What.
    public var rating: Rating
    /// Blind or audit.
    public var mode: ReviewMode
  }

  /// A mark, flag or comment.
  public struct Remark: Sendable, Hashable {
    /// Who made it.
    public var reviewer: String
    /// What kind it is.
    public var kind: Kind

    /// Kinds of remarks.
    public enum Kind: Sendable, Hashable {
      /// A mark of the whole solution, in words, with its reason.
      case mark(String, reason: String?)
      /// Flagged for another look.
      case flag
      /// A text.
      case comment(String)
      /// What is thought of a critique's reasoning: of which, in which part of its text, and why.
      case reasoning(Stage, isSound: Bool, part: String?, note: String?)
    }
  }

  /// A rated text that could replace a step.
  public struct Alternative: Sendable, Hashable {
    /// Its label.
    public var rating: Rating?
    /// Its text.
    public var text: String
  }

  /// A step with all that may be seen of it.
  public struct Step: Sendable, Hashable {
    /// From 1 onwards.
    public var number: Int
    /// Its text, as it was written.
    public var text: String
    /// Label, critiques and what others said are hidden.
    public var isHidden: Bool
    /// Its label after every decision.
    public var label: Rating?
    /// Who gave it and what it replaced, where a person gave it here.
    public var origin: String?
    /// What the critique of each stage that is used says; stages without one are absent.
    public var judgements: [Stage: Judgement?]
    /// Verdicts by reviewers' names.
    public var verdicts: [Verdict]
    /// Other texts for it.
    public var alternatives: [Alternative]
    /// Every sample of every stage, in order of stages; of each stage the one that is used comes first.
    public var readings: [Reading]
    /// Flags and comments.
    public var remarks: [Remark]

    /// The critique of a stage that is used.
    public func reading(_ stage: Stage) -> Reading? { readings.first { $0.stage == stage } }

    /// Samples of a stage beside the one that is used.
    public func others(_ stage: Stage) -> Int { max(readings.count { $0.stage == stage } - 1, 0) }
  }

  /// Number, name, file and so on.
  public let stored: StoredSolution
  /// The reference answer; nil where there is none.
  public let answer: String?
  /// There is a reference answer, which may not be seen yet.
  public let isAnswerHidden: Bool
  /// What is said about the whole solution may be seen.
  public let isOpen: Bool
  /// When what is hidden will be shown.
  let revealWords: String
  /// All steps, or the one that was asked for.
  public let steps: [Step]
  /// Marks, flags and comments on the whole solution; empty when one step was asked for.
  public let remarks: [Remark]
  /// The whole solution was asked for.
  public let isWhole: Bool

  /// What a reviewer may see.
  ///
  /// - Parameters:
  ///   - step: only this one (from 1 onwards); nil for the whole solution.
  ///   - visibility: what blind review hides is left out.
  public init(_ all: StoredSolution, step: Int? = nil, reviewer: String, _ visibility: Visibility) {
    let count = all.solution.steps.count
    let stored = all.shown(to: reviewer, visibility)
    let solution = stored.solution
    let views = stored.views.sorted { $0.key < $1.key }
    func remarks(_ number: Int) -> [Remark] {
      views.flatMap { name, view -> [Remark] in
        var found: [Remark] = []
        if number == 0, let mark = view.mark {
          found.append(Remark(reviewer: name, kind: .mark(mark.mark.words, reason: mark.reason)))
        }
        if view.flags.contains(number) { found.append(Remark(reviewer: name, kind: .flag)) }
        return found
          + view.comments.filter { $0.step == number }.map { Remark(reviewer: name, kind: .comment($0.text)) }
      }
    }
    self.stored = stored
    isWhole = step == nil
    isOpen = visibility.opens(all.views[reviewer], steps: count)
    revealWords = visibility.reveal == .step ? "after your verdict" : "when you have finished the solution"
    isAnswerHidden = solution.referenceAnswer == nil && all.solution.referenceAnswer != nil
    answer = solution.referenceAnswer
    self.remarks = step == nil ? remarks(0) : []
    let numbers = step.map { [$0] } ?? Array(solution.steps.indices.map { $0 + 1 })
    steps = numbers.map { number in
      let own = solution.steps[number - 1]
      let isHidden = !visibility.reveals(number, all.views[reviewer], steps: count)
      var shown = Step(
        number: number, text: own.text, isHidden: isHidden, label: nil, origin: nil, judgements: [:], verdicts: [],
        alternatives: [],
        readings: [], remarks: remarks(number))
      shown.verdicts = views.compactMap { name, view in
        view.verdicts[number].map { Verdict(reviewer: name, rating: $0.rating, mode: $0.mode) }
      }
      guard !isHidden else { return shown }
      for (name, view) in views {
        shown.remarks += Stage.allCases.flatMap { stored.critiques[$0]?[number] ?? [] }.compactMap { critique in
          view.soundness[CritiqueKey(of: critique.critique)].map { standing in
            let text = critique.critique.text
            return Remark(
              reviewer: name,
              kind: .reasoning(
                critique.critique.stage, isSound: standing.isSound,
                part: standing.reference.range(in: text).map { String(text[$0]) }, note: standing.note))
          }
        }
      }
      shown.label = own.rating
      if let label = stored.labels.labels[number - 1], label.origin.isReviewed {
        let note = label.origin == .adjudication ? Projection.adjudicated(stored.views)[number]?.note : nil
        shown.origin = label.words + (note.map { ": \($0)" } ?? "")
      }
      shown.alternatives = own.alternatives.map { Alternative(rating: $0.rating, text: $0.text) }
      for stage in Stage.allCases {
        let critiques = stored.critiques[stage]?[number] ?? []
        if let first = critiques.first { shown.judgements[stage] = .some(first.judgement) }
        shown.readings += critiques.map {
          Reading(stage: stage, sample: $0.critique.sample, judgement: $0.judgement, text: $0.critique.text)
        }
      }
      return shown
    }
  }

  /// There is a label, a judgement or a verdict that may be seen.
  var hasMatrix: Bool { steps.contains { !$0.isHidden || !$0.verdicts.isEmpty } }

  /// Reviewers with a verdict on any of the steps.
  public var reviewers: [String] { Set(steps.flatMap { $0.verdicts.map(\.reviewer) }).sorted() }

  /// Stages with a critique of any of the steps.
  var stages: [Stage] { Stage.allCases.filter { stage in steps.contains { $0.judgements[stage] != nil } } }

  /// A step's row of the matrix: its label, then what each of ``stages`` and each of ``reviewers`` says.
  func ratings(of step: Step) -> [Rating?] {
    [step.label] + stages.map { step.judgements[$0].flatMap { $0?.rating } }
      + reviewers.map { name in step.verdicts.first { $0.reviewer == name }?.rating }
  }

  /// "PRM800K, data/solutions.prm800k.jsonl:13".
  var source: String { "\(stored.format.title), \(stored.file):\(stored.line)" }

  /// The same without folders: pages are given to others, who need not know where somebody keeps files.
  var sharedSource: String {
    "\(stored.format.title), \(stored.file.split(separator: "/").last ?? ""):\(stored.line)"
  }

  /// What is known of the whole solution, each a clause; empty while it may not be seen.
  var facts: [String] {
    guard isOpen else { return [] }
    let solution = stored.solution
    var facts = ["First error: \(stored.firstErrorWords)"]
    if let reason = solution.finishReason { facts.append("labeller: \(reason.rawValue)") }
    if let right = solution.finalAnswerCorrect { facts.append("final answer \(right ? "right" : "wrong")") }
    if let generator = solution.generator, !generator.isEmpty { facts.append("written by \(generator)") }
    if solution.isScreening { facts.append("screening item") }
    return facts
  }

  /// Where it stands on the way to a seed critique.
  var seed: String? {
    guard isOpen, let seed = stored.seed else { return nil }
    return "Seed critique: \(seed.words)" + (seed.reason == .complete ? "" : ". \(seed.reason.remedy)")
  }

  var estimate: String? {
    guard isOpen, let estimate = stored.estimate else { return nil }
    let error = estimate.firstError.map { "first error \($0 == -1 ? "none" : String($0))" } ?? estimate.reason.words
    let counts = estimate.counts.map { "\($0.right)/\($0.all)" }.joined(separator: " ")
    return "Rollouts: \(error)" + (counts.isEmpty ? "" : "; right by prefix: \(counts)")
  }
}

extension ShownItem.Remark {
  var words: String {
    switch kind {
    case .mark(let words, let reason): "\(reviewer): \(words)" + (reason.map { " (\($0))" } ?? "")
    case .flag: "Flagged by \(reviewer)."
    case .comment(let text): "Comment of \(reviewer): \(text)"
    case .reasoning(let stage, let isSound, let part, let note):
      "Reasoning of the \(stage.rawValue) critique \(isSound ? "sound" : "unsound") to \(reviewer)"
        + (part.map { ", at \"\($0)\"" } ?? "") + (note.map { ": \($0)" } ?? ".")
    }
  }
}
