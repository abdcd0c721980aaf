import Foundation

/// A problem and its solution as a person writes them: in a file, in an editor, pasted into the live screen.
public enum WrittenSolution {
  /// Reads a text: the problem, then the solution.
  ///
  /// A heading "Solution" ("# Solution", "Solution:") parts the two; without one, the first step mark ("Step 1:") or the
  /// first blank line does. A heading "Problem" says nothing.
  ///
  /// - Throws: ``WrittenSolutionError`` when one of the two is missing.
  public static func read(_ text: String) throws(WrittenSolutionError) -> Solution {
    let lines = lines(text)
    // Comments are for who types in an editor.
    let kept = lines.filter { !$0.hasPrefix("<!--") }
    let cut = mark(kept) ?? firstBlank(kept)
    let problem = trimmed(kept[..<cut.end].filter { heading($0) != "problem" })
    let steps = StepSplitter.split(trimmed(kept[cut.start...])).steps
    guard !problem.isEmpty else {
      throw WrittenSolutionError("There is no problem in the text: write it above the solution.")
    }
    guard !steps.isEmpty else {
      throw WrittenSolutionError(
        "There is no solution in the text: write it below the problem, after a line '# Solution'.")
    }
    return Solution(problem: problem, steps: steps.map { Step($0) })
  }

  /// Whether a text says where its solution begins, which no other text does.
  public static func isMarked(_ text: String) -> Bool { mark(lines(text)) != nil }

  /// What an editor opens with.
  public static func template(_ solution: Solution?) -> String {
    let steps = solution.map { SolutionText.numbered($0) } ?? "Step 1: \n\nStep 2: "
    return "# Problem\n\n\(solution?.problem ?? "")\n\n# Solution\n\n\(steps)\n"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Where the problem ends and the solution starts, by the heading or the first step.
  private static func mark(_ lines: [Substring]) -> (end: Int, start: Int)? {
    if let place = lines.firstIndex(where: { heading($0) == "solution" }) { return (place, place + 1) }
    return lines.firstIndex(where: isFirstStep).map { ($0, $0) }
  }

  private static func firstBlank(_ lines: [Substring]) -> (end: Int, start: Int) {
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

/// What a written problem and solution lack.
public struct WrittenSolutionError: Error, Sendable, CustomStringConvertible {
  /// A sentence with its remedy.
  public let description: String

  init(_ description: String) { self.description = description }
}
