import CritiqueGeneration
import CritiqueModel
import ReviewStore

/// One supervised example (paper, section 3.1): the critic's request and the merged critiques up to the first error.
public struct TrainingRow: Sendable, Hashable {
  /// The system turn; `nil` for none.
  public var system: String?
  /// The user's turn: problem, numbered steps, the request.
  public var user: String
  /// The critic's turn: the critiques joined by blank lines, then the answer line.
  public var assistant: String
  /// What the answer line says: the first wrong step, 1-based, or −1.
  public var answer: Int

  /// "**Answer**: \boxed{4}".
  public static func answerLine(_ answer: Int) -> String { "**Answer**: \\boxed{\(answer)}" }

  /// Unicode scalars of all turns.
  public var size: Int {
    (system?.unicodeScalars.count ?? 0) + user.unicodeScalars.count + assistant.unicodeScalars.count
  }
}

/// Makes rows: the critic's template with the settings' system turn.
public struct RowMaker: Sendable {
  /// The template of the user's turn.
  public let template: PromptTemplate
  /// The system turn: the template's own, else the settings'; `nil` for none.
  public let system: String?

  /// - Parameter prompts: the templates in use, of which the critic's counts.
  public init(settings: CurationSettings, prompts: PromptLibrary) {
    template = prompts[.critic]
    let own = template.filled { _ in "" }.first { $0.role == "system" }?.content
    let system = own ?? settings.system
    self.system = system.isEmpty ? nil : system
  }

  /// Unicode scalars of the fixed parts.
  public var overhead: Int {
    (system?.unicodeScalars.count ?? 0)
      + template.filled { _ in "" }.filter { $0.role != "system" }.reduce(0) { $0 + $1.content.unicodeScalars.count }
  }

  /// The user's turn for a solution.
  public func user(_ solution: Solution) -> String {
    let numbered = SolutionText.numbered(solution)
    let turns = template.filled { field in
      switch field {
      case .problem: solution.problem
      case .solution: numbered
      case .stepCount: String(solution.steps.count)
      default: ""
      }
    }
    // A critic's template asks once: what else it has goes before, as the user's words.
    return turns.filter { $0.role == "user" }.map(\.content).joined(separator: "\n\n")
  }

  /// The row of a solution.
  ///
  /// - Parameter texts: the critiques' texts by row; as many as `decision.used`.
  /// - Returns: `nil` when no row can be made, or a text is missing.
  public func row(_ solution: Solution, _ decision: ItemDecision, texts: [Int64: String]) -> TrainingRow? {
    guard decision.canMakeRow, let answer = decision.answer else { return nil }
    return row(solution, used: decision.used, answer: answer, texts: texts)
  }

  func row(_ solution: Solution, _ spec: RowSpec, texts: [Int64: String]) -> TrainingRow? {
    row(solution, used: spec.used, answer: spec.answer, texts: texts)
  }

  private func row(
    _ solution: Solution, used: [UsedCritique], answer: Int, texts: [Int64: String]
  ) -> TrainingRow? {
    var assistant = ""
    for one in used {
      guard let text = texts[one.id] else { return nil }
      assistant += TrainingText.trimmed(text)
      assistant += "\n\n"
    }
    assistant += TrainingRow.answerLine(answer)
    return TrainingRow(system: system, user: user(solution), assistant: assistant, answer: answer)
  }
}
