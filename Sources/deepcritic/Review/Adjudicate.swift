import ArgumentParser
import DeepCriticCore

struct Adjudicate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List conflicts between reviewers, or resolve one.",
    discussion: """
      Without SOLUTION, lists conflicts: steps with different judgements, up to the first error, and problems that \
      one reviewer marked as bad and another reviewed in full. In blind review, conflicts on solutions you have not \
      finished stay hidden; --mode audit shows them. With a solution, a step and a verdict, resolves the label for \
      all reviewers, even without a conflict; --reopen or undo reverts it. F7 shows the same.
      """)

  @Argument(
    help: ArgumentHelp("Solution number, name or key prefix (default: list conflicts).", valueName: "solution")
  )
  var solution: String?
  @Option(
    help: ArgumentHelp(
      "Step number, counted from 1; 0 for the problem (correct: good, incorrect: bad).", valueName: "n"))
  var step: Int?
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Verdict: correct, neutral or incorrect.", valueName: "verdict"))
  var verdict: Rating?
  @Option(help: ArgumentHelp("Reason, stored with the decision.", valueName: "text"))
  var note: String?
  @Flag(help: "Reopen the step.")
  var reopen = false
  @Flag(help: "List resolved conflicts too.")
  var settled = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    guard solution != nil else {
      if step != nil || verdict != nil || note != nil || reopen {
        throw ValidationError("Name the solution: deepcritic adjudicate SOLUTION --step N --verdict incorrect.")
      }
      return
    }
    guard step != nil, (verdict != nil) != reopen else {
      throw ValidationError("Say which step, and either --verdict (correct, neutral, incorrect) or --reopen.")
    }
  }

  func run() throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    let curation = try CurationSettings(of: opened)
    guard let solution, let step else { return try list(opened, who, curation) }
    let id = try opened.solutionID(matching: solution)
    guard let row = try opened.rows([id], reviewer: who.reviewer).first else { return }
    if step != 0 { try row.check(step: step) }
    if step == 0, verdict == .neutral {
      throw CommandError("A problem is good or bad: --verdict correct or --verdict incorrect.")
    }
    let views = try opened.views(of: row.key)
    let before = step == 0 ? Projection.settledProblem(views) : Projection.adjudicated(views)[step]
    let place = step == 0 ? "The problem" : "Step \(step)"
    let isHidden = row.hidesLabels(in: who.mode)
    // Whether and how it is settled is hidden from everyone who has still to judge it.
    if reopen, before == nil, !isHidden {
      throw CommandError("\(place) of '\(row.name)' is not resolved; nothing to reopen.")
    }
    if let verdict, let before, before.rating == verdict, before.note == note || note == nil, !isHidden {
      throw CommandError("\(place) of '\(row.name)' is already resolved as \(verdict.word) by \(before.reviewer).")
    }
    try opened.record(
      ReviewDecision(solution: row.key, step: step, .adjudication(verdict, note: note)), by: who)
    opened.remarkOnClocks()
    let now = try opened.reviewedSolution(key: row.key).resolution(curation.labels)
    let label = now.labels.indices.contains(step - 1) && !isHidden ? now.labels[step - 1] : nil
    if json {
      return try JSONOutput.write(
        SettledStep(
          solution: id, key: row.key, name: row.name, step: step, label: label?.rating.rawValue,
          source: label?.source, firstError: isHidden ? nil : now.firstError.boxed))
    }
    if step == 0 {
      let outcome = verdict.map { "settled as \($0 == .incorrect ? "bad" : "good")" } ?? "open again"
      return StandardError.write("The problem of \(row.name): \(outcome).")
    }
    StandardError.write(
      "Step \(step) of \(row.name): " + (verdict.map { "resolved as \($0.word)" } ?? "open again") + ". "
        + (isHidden
          ? "Its label is hidden until you have finished the solution (blind mode)."
          : (label.map { "Its label is \($0.rating.word), \($0.source). " } ?? "It has no label now. ")
            + "First error: \(now.firstError.words)."))
  }

  private func list(_ opened: Workspace, _ who: ReviewContext, _ curation: CurationSettings) throws {
    let list = try Conflict.all(in: opened, settings: curation, reader: who.reviewer, mode: who.mode)
    let conflicts = settled ? list.conflicts : list.open
    if json { return try StandardOutput.write(lines: conflicts.map { try JSONOutput.line($0) }) }
    let rows = conflicts.map { conflict in
      [
        conflict.solution.map { String($0) } ?? "", conflict.name,
        conflict.isAboutProblem ? "problem" : "step \(conflict.step)",
        conflict.settled.map { one in
          "\(conflict.word(one.rating)) by \(one.reviewer)" + (one.note.map { ": \($0)" } ?? "")
        } ?? "open", conflict.words,
      ]
    }
    try StandardOutput.write(lines: Screen.lines(TextTable(rows: rows, words: [1, 2, 3, 4])))
    if list.isLimited {
      StandardError.write(
        "Conflicts on solutions that you have not finished are hidden (blind mode); '--mode audit' shows them.")
    } else if rows.isEmpty {
      StandardError.write(
        list.conflicts.isEmpty
          ? "No conflicts."
          : "Every conflict is settled; --settled lists them.")
    }
  }
}

extension Rating: ExpressibleByArgument {
  /// What may be written.
  public static var allValueStrings: [String] { ["correct", "neutral", "incorrect", "1", "0", "-1"] }

  /// Reads a word or a number.
  public init?(argument: String) {
    if let number = Int(argument), let rating = Rating(rawValue: number) {
      self = rating
    } else if let rating = Rating.allCases.first(where: { $0.word == argument }) {
      self = rating
    } else {
      return nil
    }
  }
}

/// What `adjudicate --json` writes about a step that was settled or opened again.
private struct SettledStep: Encodable {
  var solution: Int64
  var key: String
  var name: String
  var step: Int
  var label: Int?
  var source: String?
  var firstError: Int?
}
