import ArgumentParser
import DeepCriticCore
import Terminal

/// Where a decision about one step, or many from a file, goes.
struct DecisionTarget: ParsableArguments {
  @Argument(help: ArgumentHelp("Solution number, name or key prefix.", valueName: "solution"))
  var solution: String?
  @Option(
    help: ArgumentHelp(
      "Step number, counted from 1 (flags and comments: default is the solution).", valueName: "n"))
  var step: Int?
  @Option(
    help: ArgumentHelp("Read decisions from JSON Lines, as one batch; - is standard input.", valueName: "file"),
    completion: .file())
  var from: String?
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions

  func validate() throws {
    if (solution == nil) == (from == nil) {
      throw ValidationError("Name a solution, or give --from FILE.")
    }
    if from != nil, step != nil { throw ValidationError("With --from, give the step in the lines of the file.") }
  }

  /// Takes the decision, or those of the file.
  ///
  /// - Parameters:
  ///   - key: what lines of the file hold.
  ///   - decision: the one about the solution that was named; `nil` where the options name none.
  ///   - words: what was decided, for the message.
  func record(_ key: String, _ decision: Decision?, _ words: String, _ root: DeepCritic) throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    if let from {
      let decisions = try DecisionLines.read(from, key: key, opened)
      try opened.record(opened.honest(decisions, by: who.reviewer, reviewing.visibility(root, opened)), by: who)
      opened.remarkOnClocks()
      let keys = Set(decisions.map(\.solution))
      let ids = try opened.solutionIDs(keys: Array(keys))
      let names = try opened.rows(Array(ids.values.sorted().prefix(3)), reviewer: who.reviewer)
        .map { "#\($0.id) \($0.name)" }
      return StandardError.write(
        TextSafety.line(
          "\(Figures.count(decisions.count, "decision")) taken about \(names.joined(separator: ", "))"
            + (keys.count > names.count ? " and \(Figures.count(keys.count - names.count, "other solution"))" : "")
            + ". '\(workspace.or(root).command("undo"))' undoes " + (decisions.count == 1 ? "it." : "them together.")))
    }
    guard let solution, let decision else { return }
    let id = try opened.solutionID(matching: solution)
    guard let row = try opened.rows([id], reviewer: who.reviewer).first else { return }
    try step.map(row.check(step:))
    let mine = try opened.views(of: row.key)[who.reviewer] ?? ReviewerView()
    if let nothing = decision.nothing(to: mine, step: step ?? 0) { throw CommandError("\(row.name): \(nothing).") }
    let visibility = try reviewing.visibility(root, opened)
    let honest = try opened.honest(
      [ReviewDecision(solution: row.key, step: step ?? 0, decision)], by: who.reviewer, visibility)
    let outcome = try opened.record(honest, by: who)
    let isAudit = visibility.mode == .blind && outcome?.event.mode == .audit
    StandardError.write(
      "\(step.map { "Step \($0) of " } ?? "")\(row.name): \(words)."
        + (isAudit ? " Recorded as audit: you have seen labels of this solution." : ""))
    opened.remarkOnClocks()
  }
}

extension QueueRow {
  /// - Throws: a sentence when it has no such step.
  func check(step: Int) throws {
    guard step > 0, step <= stepCount else {
      throw CommandError("'\(name)' has \(Figures.count(stepCount, "step")) and no step \(step).")
    }
  }
}

extension Decision {
  /// Why the decision would change nothing, as a clause; `nil` where it would.
  fileprivate func nothing(to mine: ReviewerView, step: Int) -> String? {
    switch self {
    case .verdict(let rating, _):
      mine.verdicts[step]?.rating == rating ? "your verdict on step \(step) is \(rating.word) already" : nil
    case .clearVerdict: mine.verdicts[step] == nil ? "you have no verdict on step \(step)" : nil
    case .flag(let isOn):
      mine.flags.contains(step) == isOn ? (isOn ? "it is flagged by you already" : "it has no flag of yours") : nil
    default: nil
    }
  }
}

/// Gives a step a verdict.
struct VerdictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verdict", abstract: "Give a step your verdict, or clear it.",
    discussion: """
      Same as the verdict keys in a review. A verdict after the first error is stored but has no effect while that \
      error remains. Lines of --from: {"solution": "gsm8k-22", "step": 4, "verdict": -1}; null clears a verdict.
      """)

  @OptionGroup var target: DecisionTarget
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Verdict: correct, neutral or incorrect.", valueName: "verdict"))
  var verdict: Rating?
  @Flag(help: "Clear your verdict on the step.")
  var clear = false
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if target.from != nil {
      if verdict != nil || clear { throw ValidationError("With --from, give the verdicts in the lines of the file.") }
    } else if target.step == nil || (verdict != nil) == clear {
      throw ValidationError("Say which step, and either --verdict (correct, neutral, incorrect) or --clear.")
    }
  }

  func run() throws {
    try target.record(
      "verdict", verdict.map { .verdict($0) } ?? .clearVerdict, verdict?.word ?? "verdict cleared", root)
  }
}

/// Flags a step or solution.
struct FlagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flag", abstract: "Flag a step or a solution, or remove the flag.",
    discussion: "Lines of --from: {\"solution\": \"gsm8k-22\", \"step\": 4, \"flag\": true}.")

  @OptionGroup var target: DecisionTarget
  @Flag(help: "Remove your flag.")
  var remove = false
  @ParentCommand var root: DeepCritic

  func run() throws { try target.record("flag", .flag(!remove), remove ? "flag removed" : "flagged", root) }
}

/// Comments on a step or solution.
struct CommentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment", abstract: "Comment on a step or a solution.",
    discussion: "Lines of --from: {\"solution\": \"gsm8k-22\", \"step\": 4, \"comment\": \"the sign is lost\"}.")

  @OptionGroup var target: DecisionTarget
  @Option(help: ArgumentHelp("Comment text.", valueName: "text"))
  var text: String?
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if (text == nil) == (target.from == nil) { throw ValidationError("Give --text, or --from FILE.") }
    if let text, text.allSatisfy(\.isWhitespace) { throw ValidationError("The comment is empty.") }
  }

  func run() throws { try target.record("comment", text.map { .comment($0) }, "comment added", root) }
}

/// Tags solutions.
struct TagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Tag solutions, or remove a tag.",
    discussion: """
      'tag:NAME' in a filter matches a tag; exclude_tags and require_tags in [curate] use tags. One command is \
      undone as a whole.
      """)

  @Argument(help: ArgumentHelp("Tag: \(Tag.rule).", valueName: "tag"))
  var tag: Tag
  @OptionGroup var bulk: BulkDecision
  @Flag(help: "Remove the tag.")
  var remove = false
  @ParentCommand var root: DeepCritic

  func run() async throws {
    try await bulk.record(.tag(tag, isOn: !remove), root, remove ? "without the tag \(tag)" : "tagged \(tag)")
  }
}

extension Tag: ExpressibleByArgument {
  /// Reads a name.
  public init?(argument: String) { self.init(argument) }
}

/// Undoes the last decision.
struct Undo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Undo your last decision; a batch is undone as a whole.",
    discussion: "Same as 'u' in the workbench; --redo restores the decision undone last.")

  @Flag(help: "Restore the decision undone last.")
  var redo = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    guard let outcome = redo ? try opened.redo(by: who) : try opened.undo(by: who) else {
      return StandardError.write("\(who.reviewer) has nothing to \(redo ? "redo" : "undo").")
    }
    let others = outcome.count > 1 ? ", and \(Figures.count(outcome.count - 1, "decision")) taken with it" : ""
    StandardError.write(
      "\(redo ? "Redone" : "Undone"): "
        + outcome.decision.words(about: outcome.row?.name ?? "a solution that is not here") + "\(others).")
    opened.remarkOnClocks()
  }
}
