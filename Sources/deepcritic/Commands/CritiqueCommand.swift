import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

/// Says which critique of a step is used, or writes one.
struct CritiqueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "critique",
    abstract: "List a step's critiques, choose the one to use, or write one.",
    discussion: """
      Without --use, --rule or --write, lists the samples and versions for the step. Choices and versions can be \
      undone like any decision, and originals are kept. Choosing another initial or deep critique makes the merged \
      one stale; 'deepcritic generate merged' recreates it.
      """)

  @Argument(help: ArgumentHelp("Solution number, name or key prefix.", valueName: "solution"))
  var id: String
  @Option(help: ArgumentHelp("initial, deep or merged.", valueName: "stage"))
  var stage: Stage
  @Option(help: ArgumentHelp("Step number, counted from 1.", valueName: "number"))
  var step: Int
  @Option(help: ArgumentHelp("Use the critique with this number.", valueName: "number"))
  var use: Int?
  @Flag(help: "Let the rule choose again.")
  var rule = false
  @Option(
    help: ArgumentHelp(
      "Save a file ('-' for standard input) as a new version of the critique in use.", valueName: "file"))
  var write: String?
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if [use != nil, rule, write != nil].filter({ $0 }).count > 1 {
      throw ValidationError("Give one of --use, --rule and --write.")
    }
  }

  func run() throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    let number = try opened.solutionID(matching: id)
    try Blindness.check(who, number, opened)
    let stored = try opened.solution(number)
    guard stored.solution.steps.indices.contains(step - 1) else {
      throw ValidationError("There is no step \(step): \(stored.name) has \(stored.solution.steps.count).")
    }
    let critiques = stored.critiques[stage]?[step] ?? []
    func decide(_ decision: Decision) throws {
      try opened.record(ReviewDecision(solution: stored.key, step: step, decision), by: who)
      opened.remarkOnClocks()
    }
    if let use {
      guard critiques.indices.contains(use - 1) else {
        throw ValidationError(
          "There is no \(stage.rawValue) critique \(use) of step \(step): there are \(critiques.count).")
      }
      try decide(.choice(CritiqueReference(critiques[use - 1].critique)))
    } else if rule {
      guard let chosen = critiques.first(where: { $0.standing.contains(.chosen) }) else {
        throw ValidationError(
          "No choice to clear: the rule chooses the \(stage.rawValue) critique of step \(step).")
      }
      try decide(.choice(CritiqueReference(chosen.critique), isTaken: false))
    } else if let write {
      let text = String(decoding: try Input.bytes(write), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      if text.isEmpty { throw ValidationError("'\(write)' holds no text.") }
      try decide(
        .edit(
          text, at: CritiquePlace(stage, step), changing: critiques.first.map { CritiqueReference($0.critique) }))
    }
    try list(try opened.solution(number))
  }

  private struct Line: Codable {
    var number: Int
    var isUsed: Bool
    var judgement: Int?
    var author: String?
    var isChosen: Bool
    var isStale: Bool
    var text: String
  }

  private func list(_ stored: StoredSolution) throws {
    let lines = (stored.critiques[stage]?[step] ?? []).enumerated().map { index, one in
      Line(
        number: index + 1, isUsed: index == 0, judgement: one.judgement?.rawValue, author: one.author,
        isChosen: one.standing.contains(.chosen), isStale: one.standing.contains(.stale), text: one.critique.text)
    }
    if json {
      try StandardOutput.write(lines: [try JSONOutput.line(lines, pretty: true)])
      return
    }
    if lines.isEmpty {
      StandardError.write("There is no \(stage.rawValue) critique of step \(step).")
    }
    try StandardOutput.write(lines: lines.map(words))
  }

  private func words(_ line: Line) -> String {
    var about = [line.judgement.map { $0 == 1 ? "correct" : "incorrect" } ?? "no judgement"]
    if line.isUsed { about.append(line.isChosen ? "chosen by hand" : "in use") }
    if let author = line.author { about.append("written by \(author)") }
    if line.isStale { about.append("merged from other critiques") }
    return TextSafety.line(
      "\(line.number). \(about.joined(separator: ", ")): \(clip(TextSafety.line(line.text), to: 100))")
  }
}
