import CritiqueGeneration
import CritiqueModel
import ModelClient

/// Makes the conversations that solutions are written in: the solver's template, its last turn begun.
public struct RolloutPrompt: Sendable {
  private let template: PromptTemplate

  /// - Parameter template: one for solving problems.
  public init(_ template: PromptTemplate) { self.template = template }

  /// The template's identity.
  public var hash: [UInt8] { template.hash }
  /// The template's text.
  public var text: String { template.text }

  /// Asks for a whole solution. The template's assistant turn ("Step 1:"), where there is one, begins the answer.
  public func sample(_ problem: String) -> [ChatMessage] { turns(problem) }

  /// The text that a sample continues: the template's assistant turn; empty without one.
  public func opening(_ problem: String) -> String {
    turns(problem).last.flatMap { $0.role == .assistant ? $0.content : nil } ?? ""
  }

  /// Asks to continue after the first steps of a solution. The next step's number is given too, so that the prefix ends
  /// where text can continue, and not in white space, which servers strip.
  public func rollout(_ solution: Solution, steps: Int) -> [ChatMessage] {
    var begun = solution
    begun.steps = Array(solution.steps.prefix(steps))
    var messages = turns(solution.problem)
    if messages.last?.role == .assistant { messages.removeLast() }
    messages.append(
      ChatMessage(role: .assistant, content: SolutionText.numbered(begun) + "\n\nStep \(steps + 1):"))
    return messages
  }

  private func turns(_ problem: String) -> [ChatMessage] {
    ChatMessage.conversation(template.filled { $0 == .problem ? problem : "" })
  }
}
