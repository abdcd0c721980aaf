import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain one solution's place in the training set, rule by rule.",
    discussion: """
      Shows the origin of each label, the result of each rule, and a remedy for each reason. --row shows the \
      training row even if the solution is excluded. --if previews a verdict without recording it: the effect on the \
      solution, its row, the balance and other solutions.
      """)

  @Argument(help: ArgumentHelp("Solution number, name or key prefix.", valueName: "solution"))
  var id: String
  @Flag(help: "Show the training row too.")
  var row = false
  @Option(
    name: .customLong("if"),
    help: ArgumentHelp("Preview what a verdict (-1, 0 or 1) on a step would change.", valueName: "step=rating"))
  var hypothesis: TriedVerdict?
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup(title: "Rules") var options: CurateOptions
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func run() async throws {
    let opened = try workspace.or(root).open()
    let number = try opened.solutionID(matching: id)
    let settings = try opened.settings()
    try Blindness.check(reviewing.context(root, settings), number, opened)
    guard try opened.rows([number], reviewer: "").first?.stepCount ?? 0 > 0 else {
      throw CommandError("\(id) is a problem without a solution: there is nothing to train on.")
    }
    let curator = try await options.curator(opened)
    let benchmarks = try opened.benchmarkProblems(paths: curator.settings.benchmarks)
    let item = try curator.item(number, benchmarks: benchmarks)
    let who = ReviewContext(reviewer: reviewing.or(root).name(settings: settings))
    let assumed = try hypothesis.map { Hypothesis.decision(try $0.decision(about: item), by: who) } ?? .nothing
    let index = try await Interruption().cancelling {
      try await curator.countTokens(of: assumed, on: item)
      return try await curator.index()
    }
    if let hypothesis { return try tell(hypothesis, item, curator, index, who) }
    let explanation = try curator.explain(item, in: index)
    let made = row ? try curator.row(of: item) : nil
    if json { return try JSONOutput.write(ExplainReport(explanation, made)) }
    try StandardOutput.write(lines: lines(explanation, made))
  }

  private func tell(
    _ tried: TriedVerdict, _ item: CurationItem, _ curator: Curator, _ index: CurationIndex, _ who: ReviewContext
  ) throws {
    let told = try curator.consequence(
      of: .decision(try tried.decision(about: item), by: who), on: item, in: index)
    if json { return try JSONOutput.write(ConsequenceReport(told)) }
    var lines = ["If step \(tried.step) is \(tried.rating.word): \(told.words)"]
    if let without = try withoutEffect(tried, item, curator, who) { lines.append("  " + without) }
    lines += ([told.answerWords].compactMap { $0 } + told.balanceWords + told.otherWords).map { "  " + $0 }
    let difference = RowDifference(from: told.rowBefore, to: told.rowAfter)
    if told.rowAfter == nil { lines.append("  no row can be made of it then") }
    if told.rowBefore != nil, told.rowAfter != nil, !difference.lines.isEmpty {
      lines += ["", "The critic's turn"]
      lines += difference.lines.map { line in
        switch line {
        case .same(let text): "  " + text
        case .removed(let text): "- " + text
        case .added(let text): "+ " + text
        case .skipped(let count): "  (\(Figures.count(count, "line")) as before)"
        }
      }
    }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  /// Why a verdict would leave the label of its step as it is; `nil` where it would not.
  private func withoutEffect(
    _ tried: TriedVerdict, _ item: CurationItem, _ curator: Curator, _ who: ReviewContext
  ) throws -> String? {
    let policy = curator.settings.labels
    let resolution = item.outline.resolution(policy)
    if case .step(let error) = resolution.firstError, error < tried.step {
      return "a verdict after the first error, step \(error), has no effect"
    }
    guard let label = resolution.labels[tried.step - 1] else { return nil }
    if label.origin == .adjudication {
      return "the step is \(label.source) as \(label.rating.word): a verdict has no effect until that changes"
    }
    return policy.counts(who.reviewer) ? nil : "verdicts of \(who.reviewer) do not count ([curate] reviewers)"
  }

  private func lines(_ explanation: Explanation, _ made: TrainingRow?) -> [String] {
    var lines = ["\(explanation.id). \(explanation.name): " + (explanation.isIn ? "in the set" : "not in the set"), ""]
    lines.append("Labels")
    let resolution = explanation.decision.resolution
    for (index, label) in resolution.labels.enumerated() {
      let without =
        resolution.ineffective.contains(index + 1) ? "  (a verdict after the first error has no effect)" : ""
      lines.append("  \(index + 1)  " + (label.map { "\($0.rating.word), \($0.words)" } ?? "none") + without)
    }
    lines += ["", "Rules"]
    for rule in explanation.rules {
      let sign = rule.passed.map { $0 ? "yes" : "NO " } ?? "-  "
      lines.append("  \(sign)  \(rule.rule): \(rule.found)")
      for reason in rule.reasons { lines.append("       \(reason.reason.remedy)") }
    }
    lines = lines.map(TextSafety.line)
    if row {
      lines += ["", "Row"]
      if let made {
        for (role, text) in [("system", made.system ?? ""), ("user", made.user), ("assistant", made.assistant)]
        where !text.isEmpty {
          lines.append("[\(role)]")
          lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { TextSafety.line(String($0)) }
        }
      } else {
        lines.append("There can be none: see the rules above.")
      }
    }
    return lines
  }
}

/// What `explain --json` writes.
private struct ExplainReport: Encodable {
  struct Label: Encodable {
    var step: Int
    var rating: Int?
    var source: String?
    var events: [String]
    /// The label that it replaced, where that is another one.
    var replaced: Int?
    /// Somebody gave it a verdict that has no effect: it comes after the first error.
    var hasIneffectiveVerdict: Bool
  }

  struct Reason: Encodable {
    var reason: String
    var stage: String?
    var steps: [Int]
    var words: String
    var remedy: String
  }

  struct Row: Encodable {
    var system: String?
    var user: String
    var assistant: String
  }

  var number: Int64
  var key: String
  var name: String
  var included: Bool
  /// 1-based; −1 when every step is right; absent when unknown.
  var firstError: Int?
  var stage: String
  var corrected: Bool
  var characters: Int?
  var labels: [Label]
  var reasons: [Reason]
  var rules: [RuleResult]
  var row: Row?

  init(_ explanation: Explanation, _ made: TrainingRow?) {
    let decision = explanation.decision
    number = explanation.id
    key = explanation.key
    name = explanation.name
    included = explanation.isIn
    firstError = decision.answer
    stage = decision.stage.word
    corrected = decision.isCorrected
    characters = decision.size
    labels = decision.resolution.labels.enumerated().map { index, label in
      Label(
        step: index + 1, rating: label?.rating.rawValue, source: label?.source,
        events: label?.events ?? [], replaced: label?.replaced?.rating.rawValue,
        hasIneffectiveVerdict: decision.resolution.ineffective.contains(index + 1))
    }
    reasons = explanation.reasons.map {
      Reason(
        reason: $0.reason.rawValue, stage: $0.stage?.rawValue, steps: $0.steps, words: $0.words,
        remedy: $0.reason.remedy)
    }
    rules = explanation.rules
    row = made.map { Row(system: $0.system, user: $0.user, assistant: $0.assistant) }
  }
}

/// "4=-1".
struct TriedVerdict: ExpressibleByArgument {
  var step: Int
  var rating: Rating

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let step = Int(parts[0]), let number = Int(parts[1]),
      let rating = Rating(rawValue: number)
    else { return nil }
    self.step = step
    self.rating = rating
  }

  func decision(about item: CurationItem) throws -> ReviewDecision {
    guard item.solution.steps.indices.contains(step - 1) else {
      throw ValidationError("\(item.outline.name) has no step \(step), it has \(item.solution.steps.count).")
    }
    return ReviewDecision(solution: item.outline.key, step: step, .verdict(rating))
  }
}

/// What `explain --if --json` writes.
private struct ConsequenceReport: Encodable {
  struct Other: Encodable {
    var number: Int64
    var included: Bool
  }

  var wasIncluded: Bool
  var included: Bool
  var reasonsBefore: [String]
  var reasons: [String]
  /// 1-based; −1 when every step is right; absent when unknown.
  var answerBefore: Int?
  var answer: Int?
  var assistantBefore: String?
  var assistant: String?
  var others: [Other]
  var withErrorBefore: Int
  var withError: Int
  var withoutErrorBefore: Int
  var withoutError: Int

  init(_ told: Consequence) {
    wasIncluded = told.wasIn
    included = told.isIn
    reasonsBefore = told.reasonsBefore.map(\.reason.rawValue)
    reasons = told.reasonsAfter.map(\.reason.rawValue)
    answerBefore = told.before.answer
    answer = told.after.answer
    assistantBefore = told.rowBefore?.assistant
    assistant = told.rowAfter?.assistant
    others = told.others.map { Other(number: $0.id, included: $0.isIn) }
    withErrorBefore = told.balanceBefore.withError
    withError = told.balanceAfter.withError
    withoutErrorBefore = told.balanceBefore.right
    withoutError = told.balanceAfter.right
  }
}
