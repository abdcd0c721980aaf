import CritiqueModel
import Foundation

/// A solution that somebody typed, pasted or named, to be critiqued before an audience.
public enum LiveSubject {
  /// Reads a text: the problem, then the solution.
  ///
  /// A heading "Solution" ("# Solution", "Solution:") parts the two; without one, the first step mark ("Step 1:") or the
  /// first blank line does. A heading "Problem" says nothing.
  ///
  /// - Parameter split: finds the steps of the solution's text.
  /// - Throws: ``LiveCritiqueError`` when one of the two is missing.
  public static func solution(in text: String, split: (String) -> [String]) throws(LiveCritiqueError) -> Solution {
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    // Comments are for who types in an editor.
    let kept = lines.filter { !$0.hasPrefix("<!--") }
    let cut = place(kept)
    let problem = trimmed(kept[..<cut.end].filter { heading($0) != "problem" })
    let steps = split(trimmed(kept[cut.start...]))
    guard !problem.isEmpty else {
      throw LiveCritiqueError("There is no problem in the text: write it above the solution.")
    }
    guard !steps.isEmpty else {
      throw LiveCritiqueError(
        "There is no solution in the text: write it below the problem, after a line '# Solution'.")
    }
    return Solution(problem: problem, steps: steps.map { Step($0) })
  }

  /// What an editor opens with.
  public static func template(_ solution: Solution?) -> String {
    let steps = solution.map { SolutionText.numbered($0) } ?? "Step 1: \n\nStep 2: "
    return "# Problem\n\n\(solution?.problem ?? "")\n\n# Solution\n\n\(steps)\n"
  }

  /// Where the problem ends and the solution starts.
  private static func place(_ lines: [Substring]) -> (end: Int, start: Int) {
    if let place = lines.firstIndex(where: { heading($0) == "solution" }) { return (place, place + 1) }
    if let place = lines.firstIndex(where: isFirstStep) { return (place, place) }
    let first = lines.firstIndex { !$0.allSatisfy(\.isWhitespace) } ?? lines.endIndex
    let blank = lines[first...].firstIndex { $0.allSatisfy(\.isWhitespace) } ?? lines.endIndex
    return (blank, blank)
  }

  private static func heading(_ line: Substring) -> String? {
    let word = line.trimmingCharacters(in: CharacterSet(charactersIn: "#*:_ \t")).lowercased()
    return ["problem", "question", "solution"].contains(word) ? (word == "question" ? "problem" : word) : nil
  }

  private static func isFirstStep(_ line: Substring) -> Bool {
    let word = line.drop { "#*_ \t".contains($0) }.lowercased()
    return word.hasPrefix("step 1:") || word.hasPrefix("step 1.")
  }

  private static func trimmed(_ lines: some Sequence<Substring>) -> String {
    lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
