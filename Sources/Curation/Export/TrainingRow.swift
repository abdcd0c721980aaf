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

  /// "**Answer**: \boxed{4}".
  public static func answerLine(_ answer: Int) -> String { "**Answer**: \\boxed{\(answer)}" }
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

  /// The row of a solution.
  ///
  /// - Parameter texts: the critiques' texts by row; as many as `decision.used`.
  /// - Returns: `nil` when no row can be made, or a text is missing.
  public func row(_ solution: Solution, _ decision: ItemDecision, texts: [Int64: String]) -> TrainingRow? {
    guard decision.canMakeRow, let answer = decision.answer else { return nil }
    return parts(solution, used: decision.used, answer: answer, texts: texts).map(TrainingRow.init)
  }

  func parts(_ solution: Solution, _ spec: RowSpec, texts: [Int64: String]) -> RowParts? {
    parts(solution, used: spec.used, answer: spec.answer, texts: texts)
  }

  private func parts(
    _ solution: Solution, used: [UsedCritique], answer: Int, texts: [Int64: String]
  ) -> RowParts? {
    var assistant: [Substring] = []
    assistant.reserveCapacity(used.count * 2 + 1)
    for one in used {
      guard let text = texts[one.id] else { return nil }
      assistant.append(TrainingText.trimmed(text))
      assistant.append("\n\n")
    }
    assistant.append(Substring(TrainingRow.answerLine(answer)))
    return RowParts(system: system, user: userPieces(solution), assistant: assistant, answer: answer)
  }

  /// The user's turn: problem, numbered steps, the request.
  public func user(_ solution: Solution) -> String { userPieces(solution).joined() }

  private func userPieces(_ solution: Solution) -> [Substring] {
    let turns = template.pieces { field in
      switch field {
      case .problem: [Substring(solution.problem)]
      case .solution: SolutionText.pieces(solution)
      case .stepCount: [Substring(String(solution.steps.count))]
      default: []
      }
    }
    // A critic's template asks once: what else it has goes before, as the user's words.
    let own = turns.filter { $0.role == "user" }.map(\.pieces)
    return own.count == 1 ? own[0] : Array(own.joined(separator: ["\n\n"]))
  }
}

/// A row whose turns have not been put together yet: when many are written, nobody needs them whole.
struct RowParts: Sendable {
  var system: String?
  var user: [Substring]
  var assistant: [Substring]
  var answer: Int

  /// Bytes of all turns.
  var byteCount: Int {
    (user + assistant).reduce(system?.utf8.count ?? 0) { $0 + $1.utf8.count }
  }
}

extension TrainingRow {
  init(_ parts: RowParts) {
    self.init(
      system: parts.system, user: parts.user.joined(), assistant: parts.assistant.joined())
  }
}
