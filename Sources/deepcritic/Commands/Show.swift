import ArgumentParser
import DeepCriticCore
import Foundation
import MathText
import Terminal
import Workbench

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one solution: steps, labels, verdicts, critiques and comments.",
    discussion: """
      In a workspace set to blind review, a step's label, critiques and what others decided stay hidden until you \
      have rated it; '--mode audit' shows them. With --json everything is written. On a terminal mathematics is laid out; \
      in a pipe texts stay as they are.
      """)

  @Argument(help: ArgumentHelp("Its number, name, or the beginning of its key.", valueName: "solution"))
  var id: String
  @Option(help: ArgumentHelp("Only this step (the first is 1).", valueName: "n"))
  var step: Int?
  @Flag(help: "Texts as they were written, mathematics too.")
  var source = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).open()
    let settings = try opened.settings()
    let reviewing = reviewing.or(root)
    let stored = try opened.solution(opened.solutionID(matching: id))
    let count = stored.solution.steps.count
    if let step, !(1...max(count, 1)).contains(step) || count == 0 {
      throw Failure("there is no step \(step) in \(stored.name), which has \(Words.count(count, "step", "steps")).")
    }
    let steps = step.map { [$0] } ?? (count > 0 ? Array(1...count) : [])
    if json { return try JSONOutput.write(ShownSolution(stored, steps: steps)) }
    let page = SolutionPage(
      stored: stored, reviewer: reviewing.name(settings: settings),
      isBlind: reviewing.mode(settings: settings) == .blind, columns: Screen.columns(STDOUT_FILENO),
      isSource: source)
    try StandardOutput.write(lines: page.lines(steps: steps, isWhole: step == nil))
  }
}

/// A solution as text, laid out in the terminal's width (and not at all in a pipe).
private struct SolutionPage {
  let stored: StoredSolution
  let reviewer: String
  let isBlind: Bool
  let columns: Int?
  let isSource: Bool

  private var isFinished: Bool {
    stored.views[reviewer]?.state(count: stored.solution.steps.count).isDone ?? false
  }

  func lines(steps: [Int], isWhole: Bool) -> [String] {
    let solution = stored.solution
    var lines = paragraph(
      "\(stored.id). \(stored.name), \(stored.format.title), \(stored.file):\(stored.line), key \(stored.key)", 0)
    if stored.recordCount > 1 { lines += paragraph("Found in \(stored.recordCount) records.", 0) }
    lines += ["", "Problem"] + readable(solution.problem, 2)
    if let answer = solution.referenceAnswer {
      let isHidden = isBlind && !isFinished
      lines += ["", "Reference answer"] + readable(isHidden ? "(hidden in blind mode)" : answer, 2)
    }
    if isWhole, !isBlind || isFinished { lines += facts + seed + estimate }
    for step in steps { lines += [""] + self.lines(ofStep: step) }
    if isWhole { lines += remarks(0, onlyMine: isBlind && !isFinished) }
    return lines
  }

  private var seed: [String] {
    guard let seed = stored.seed else { return [] }
    return paragraph(
      "Seed critique: \(seed.words)" + (seed.reason == .complete ? "" : ". \(seed.reason.remedy)"), 0)
  }

  private var estimate: [String] {
    guard let estimate = stored.estimate else { return [] }
    let error = estimate.firstError.map { "first error \($0 == -1 ? "none" : String($0))" } ?? estimate.reason.words
    let counts = estimate.counts.map { "\($0.right)/\($0.all)" }.joined(separator: " ")
    return paragraph("Roll-outs: \(error)" + (counts.isEmpty ? "" : "; right by prefix: \(counts)"), 0)
  }

  private var facts: [String] {
    let solution = stored.solution
    var facts = ["First error: \(Words.firstError(solution.firstError))"]
    if let reason = solution.finishReason { facts.append("labeller: \(reason.rawValue)") }
    if let right = solution.finalAnswerCorrect { facts.append("final answer \(right ? "right" : "wrong")") }
    if let generator = solution.generator, !generator.isEmpty { facts.append("written by \(generator)") }
    if solution.isScreening { facts.append("screening item") }
    return [""] + paragraph(facts.joined(separator: ", "), 0)
  }

  private func lines(ofStep number: Int) -> [String] {
    let step = stored.solution.steps[number - 1]
    let isHidden = isBlind && !isFinished && stored.views[reviewer]?.verdicts[number] == nil
    var heading = "Step \(number) of \(stored.solution.steps.count)"
    if isHidden {
      heading += "  (label and critiques hidden in blind mode)"
    } else {
      heading += "  label: \(step.rating?.word ?? "none")"
      for stage in Stage.allCases {
        guard let critique = stored.critique(stage, step: number) else { continue }
        heading += "  \(stage.rawValue): \(critique.judgement?.word ?? "unclear")"
      }
    }
    var lines = paragraph(heading, 0) + readable(step.text, 2)
    if isHidden { return lines + remarks(number, onlyMine: true) }
    let onlyMine = isBlind && !isFinished
    for (reviewer, view) in stored.views.sorted(by: { $0.key < $1.key }) where !onlyMine || reviewer == self.reviewer {
      guard let verdict = view.verdicts[number] else { continue }
      lines += paragraph("Verdict of \(reviewer): \(verdict.rating.word) (\(verdict.mode.rawValue))", 2)
    }
    for alternative in step.alternatives {
      lines +=
        paragraph("Alternative, label \(alternative.rating?.word ?? "none"):", 2) + readable(alternative.text, 4)
    }
    for stage in Stage.allCases {
      for critique in stored.critiques[stage]?[number] ?? [] {
        let sample = critique.critique.sample > 0 ? ", sample \(critique.critique.sample + 1)" : ""
        lines += paragraph(
          "The \(stage.rawValue) critique\(sample) says \(critique.judgement?.word ?? "nothing clear"):", 2)
        lines += readable(critique.critique.text, 4) + reasoning(critique.critique, onlyMine: onlyMine)
      }
    }
    return lines + remarks(number, onlyMine: onlyMine)
  }

  /// What was said about a critique's reasoning: by whom, in which part, and why.
  private func reasoning(_ critique: Critique, onlyMine: Bool) -> [String] {
    let key = CritiqueKey(of: critique)
    return stored.views.sorted { $0.key < $1.key }.flatMap { reviewer, view -> [String] in
      guard !onlyMine || reviewer == self.reviewer, let standing = view.soundness[key] else { return [] }
      let part = standing.reference.range(in: critique.text).map { ", at \"\(critique.text[$0])\"" } ?? ""
      return paragraph(
        "Reasoning \(standing.isSound ? "sound" : "unsound") to \(reviewer)\(part)"
          + (standing.note.map { ": \($0)" } ?? "."), 4)
    }
  }

  /// Flags, comments and marks on a step (0: on the solution); those of others may tell what a label says.
  private func remarks(_ step: Int, onlyMine: Bool) -> [String] {
    var lines: [String] = []
    let indent = step == 0 ? 0 : 2
    for (reviewer, view) in stored.views.sorted(by: { $0.key < $1.key }) where !onlyMine || reviewer == self.reviewer {
      if step == 0, let mark = view.mark {
        lines += paragraph("\(reviewer): \(mark.mark.words)" + (mark.reason.map { " (\($0))" } ?? ""), indent)
      }
      if view.flags.contains(step) { lines += paragraph("Flagged by \(reviewer).", indent) }
      for comment in view.comments where comment.step == step {
        lines += paragraph("Comment of \(reviewer): \(comment.text)", indent)
      }
    }
    return step == 0 && !lines.isEmpty ? [""] + lines : lines
  }

  /// A text of the data, with its mathematics laid out.
  private func readable(_ text: String, _ indent: Int) -> [String] {
    guard let columns, !isSource else { return paragraph(text, indent) }
    let blanks = String(repeating: " ", count: indent)
    return ReadableText.plain(
      text, width: max(columns - indent, 20), mode: .rendered, ascii: !TerminalChecks.localeIsUTF8
    ).map { $0.isEmpty ? "" : blanks + $0 }
  }

  private func paragraph(_ text: String, _ indent: Int) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    let text = TextSafety.block(text)
    let lines =
      columns.map { TextLayout.wrap(text, width: max($0 - indent, 20)) }
      ?? text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.map { $0.isEmpty ? "" : blanks + $0 }
  }
}

/// What `show --json` writes.
private struct ShownSolution: Encodable {
  struct Verdict: Encodable {
    var reviewer: String
    var rating: Int
    var mode: String
    /// Milliseconds since 1970.
    var at: Int64
    var basis: String?
  }
  struct Remark: Encodable {
    var reviewer: String
    var text: String
    var at: Int64
  }
  struct Reading: Encodable {
    var sample: Int
    var judgement: Int?
    var text: String
    var reasoning: [Reasoning]
  }
  struct Reasoning: Encodable {
    var reviewer: String
    var isSound: Bool
    /// The part that is meant; absent for all of it.
    var part: String?
    var note: String?
    var at: Int64
  }
  struct Alternative: Encodable {
    var text: String
    var label: Int?
    var flagged: Bool?
    var author: String
  }
  struct Step: Encodable {
    var number: Int
    var text: String
    var label: Int?
    var author: String
    var alternatives: [Alternative]
    var critiques: [String: [Reading]]
    var verdicts: [Verdict]
    var flaggedBy: [String]
    var comments: [Remark]
  }
  struct Estimate: Encodable {
    /// 1-based; −1 when every step is right; absent where there is no label.
    var firstError: Int?
    var reason: String
    var step: Int?
    /// Successes and roll-outs of each prefix; the last is the whole solution.
    var counts: [SuccessCount]
  }
  struct Review: Encodable {
    var reviewer: String
    var state: String
    var firstError: Int?
    var mark: String?
    var markReason: String?
  }

  var number: Int64
  var key: String
  var name: String
  var format: String
  var file: String
  var line: Int
  var records: Int
  var problem: String
  var referenceAnswer: String?
  var referenceSolution: String?
  var finalAnswerCorrect: Bool?
  var generator: String?
  var finishReason: String?
  /// 1-based; −1 when every step is right; absent when unknown.
  var firstError: Int?
  var steps: [Step]
  /// Critiques of the whole solution, by stage.
  var critiques: [String: [Reading]]
  /// Where it stands on the way to a seed critique.
  var seed: SeedStanding?
  /// What roll-outs say.
  var estimate: Estimate?
  var reviews: [Review]
  var flaggedBy: [String]
  var comments: [Remark]

  init(_ stored: StoredSolution, steps numbers: [Int]) {
    let solution = stored.solution
    let views = stored.views.sorted { $0.key < $1.key }
    number = stored.id
    key = stored.key
    name = stored.name
    format = stored.format.rawValue
    file = stored.file
    line = stored.line
    records = stored.recordCount
    problem = solution.problem
    referenceAnswer = solution.referenceAnswer
    referenceSolution = solution.referenceSolution
    finalAnswerCorrect = solution.finalAnswerCorrect
    generator = solution.generator
    finishReason = solution.finishReason?.rawValue
    firstError = solution.firstError.boxed
    steps = numbers.map { number in
      let step = solution.steps[number - 1]
      return Step(
        number: number, text: step.text, label: step.rating?.rawValue, author: step.completion.author.rawValue,
        alternatives: step.alternatives.map {
          Alternative(text: $0.text, label: $0.rating?.rawValue, flagged: $0.flagged, author: $0.author.rawValue)
        },
        critiques: Self.readings(stored, number),
        verdicts: views.compactMap { reviewer, view in
          view.verdicts[number].map {
            Verdict(reviewer: reviewer, rating: $0.rating.rawValue, mode: $0.mode.rawValue, at: $0.at, basis: $0.basis)
          }
        },
        flaggedBy: views.filter { $0.value.flags.contains(number) }.map(\.key),
        comments: Self.remarks(views, number))
    }
    critiques = Self.readings(stored, 0)
    seed = stored.seed
    estimate = stored.estimate.map {
      Estimate(firstError: $0.firstError, reason: $0.reason.rawValue, step: $0.step, counts: $0.counts)
    }
    reviews = views.map { reviewer, view in
      Review(
        reviewer: reviewer, state: view.state(count: solution.steps.count).rawValue, firstError: view.firstError,
        mark: view.mark?.mark.rawValue, markReason: view.mark?.reason)
    }
    flaggedBy = views.filter { $0.value.flags.contains(0) }.map(\.key)
    comments = Self.remarks(views, 0)
  }

  private static func readings(_ stored: StoredSolution, _ step: Int) -> [String: [Reading]] {
    var readings: [String: [Reading]] = [:]
    for (stage, steps) in stored.critiques {
      guard let critiques = steps[step] else { continue }
      readings[stage.rawValue] = critiques.map {
        Reading(
          sample: $0.critique.sample, judgement: $0.judgement?.rawValue, text: $0.critique.text,
          reasoning: reasoning(stored, $0.critique))
      }
    }
    return readings
  }

  private static func reasoning(_ stored: StoredSolution, _ critique: Critique) -> [Reasoning] {
    let key = CritiqueKey(of: critique)
    return stored.views.sorted { $0.key < $1.key }.compactMap { reviewer, view in
      view.soundness[key].map { standing in
        Reasoning(
          reviewer: reviewer, isSound: standing.isSound,
          part: standing.reference.range(in: critique.text).map { String(critique.text[$0]) }, note: standing.note,
          at: standing.at)
      }
    }
  }

  private static func remarks(_ views: [(key: String, value: ReviewerView)], _ step: Int) -> [Remark] {
    views.flatMap { reviewer, view in
      view.comments.filter { $0.step == step }.map { Remark(reviewer: reviewer, text: $0.text, at: $0.at) }
    }
  }
}
