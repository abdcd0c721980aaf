import CritiqueModel
import ModelClient

/// The conversations that ask for critiques.
public enum CritiqueRequest {
  /// Asks for one stage's critique of one step.
  ///
  /// - Parameters:
  ///   - numbered: the solution as `SolutionText.numbered` writes it, made once for all steps.
  ///   - initial: the initial critique of this step; empty before there is one.
  ///   - deep: the deep one.
  static func stage(
    _ template: PromptTemplate, _ solution: Solution, numbered: String, step: Int, initial: String, deep: String
  ) -> [ChatMessage] {
    ChatMessage.conversation(
      template.filled { field in
        switch field {
        case .problem: solution.problem
        case .solution: numbered
        case .paragraphs: SolutionText.paragraphs(solution)
        case .step: solution.steps[step - 1].text
        case .stepNumber: String(step)
        case .stepCount: String(solution.steps.count)
        case .initialCritique: initial
        case .deepCritique: deep
        // No stage's template may hold these.
        case .critique, .keptSteps: ""
        }
      })
  }

  /// Asks a critic about a whole solution. What ratings it has plays no part.
  public static func whole(_ template: PromptTemplate, _ solution: Solution) -> [ChatMessage] {
    ChatMessage.conversation(
      template.filled { field in
        switch field {
        case .problem: solution.problem
        case .solution: SolutionText.numbered(solution)
        case .paragraphs: SolutionText.paragraphs(solution)
        case .stepCount: String(solution.steps.count)
        default: ""
        }
      })
  }
}
