import CritiqueModel
import Foundation

/// Answers as texts: where they stand, and when two are the same without any mathematics.
public enum AnswerText {
  /// The answer in a text: the contents of its last `\boxed{}`, else all of it.
  public static func extracted(from text: String) -> String {
    String(TrainingText.trimmed(JudgementParser.boxedContents(in: text).last ?? text))
  }

  /// The contents of a text's last `\boxed{}`; `nil` when empty.
  public static func boxed(in text: String) -> String? {
    JudgementParser.boxedContents(in: text).last.map { String(TrainingText.trimmed($0)) }.flatMap {
      $0.isEmpty ? nil : $0
    }
  }

  /// The final answer of a solution: the last box of its last step, else what follows PRM800K's "# Answer"; `nil` when
  /// it says none.
  public static func final(of solution: Solution) -> String? {
    guard let last = solution.steps.last?.text else { return nil }
    if let boxed = boxed(in: last) { return boxed }
    guard let mark = last.range(of: "# Answer", options: .backwards) else { return nil }
    let rest = TrainingText.trimmed(String(last[mark.upperBound...]))
    return rest.isEmpty ? nil : String(rest)
  }

  /// The text without what never matters: dollar signs, sizes of brackets and fractions, LaTeX's small spaces, a full
  /// stop at the end, and blanks that do not stand between two letters or digits.
  ///
  /// Two answers with the same normal text are the same answer; two with different ones may be.
  public static func normalized(_ answer: String) -> String {
    var text = answer
    for (command, plain) in replacements where text.contains(command) { text = text.replacing(command, with: plain) }
    var out = String.UnicodeScalarView()
    var blank = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        blank = true
        continue
      }
      if blank, let last = out.last, isWord(last), isWord(scalar) { out.append(" ") }
      blank = false
      out.append(scalar)
    }
    while out.last == "." { out.removeLast() }
    return String(out)
  }

  private static let replacements = [
    ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac"), ("\\left(", "("), ("\\right)", ")"), ("\\left[", "["),
    ("\\right]", "]"),
    ("\\left\\{", "\\{"), ("\\right\\}", "\\}"), ("\\!", ""), ("\\,", " "), ("\\;", " "), ("\\ ", " "), ("\\$", ""),
    ("$", ""),
  ]

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "\\"
  }
}
