import Foundation

/// Splits a free-form solution into steps.
///
/// Marks count first ("Step 3:", also "### Step 3." and "**Step 3**"), else a numbered list that counts 1, 2, 3 …, else
/// paragraphs. The steps come without their marks, so that they can be renumbered; whatever numbers the text had,
/// its order counts.
public enum StepSplitter {
  /// How the steps were found.
  public enum Method: String, Sendable, Hashable, Codable {
    case marks
    case numbers
    case paragraphs
    /// One step: there is nothing to split at.
    case whole
  }

  /// The steps of a text, in order; empty for a text without any.
  public static func split(_ text: String) -> (steps: [String], method: Method) {
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    if let steps = cut(lines, at: marks(lines)), !steps.isEmpty { return (steps, .marks) }
    if let steps = cut(lines, at: numbers(lines)), steps.count > 1 { return (steps, .numbers) }
    let paragraphs = paragraphs(lines)
    return (paragraphs, paragraphs.count > 1 ? .paragraphs : .whole)
  }

  /// A line where a step begins, and what is left of the line.
  private typealias Start = (line: Int, rest: String)

  /// What stands before the first mark belongs to the first step.
  private static func cut(_ lines: [String], at starts: [Start]) -> [String]? {
    guard let first = starts.first else { return nil }
    var steps: [String] = []
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1].line : lines.count
      var parts = [start.rest] + lines[(start.line + 1)..<end]
      if index == 0, first.line > 0 {
        let before = lines[..<first.line].joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        if !before.isEmpty { parts.insert(before, at: 0) }
      }
      let step = parts.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
      // A mark with nothing after it is not a step.
      if !step.isEmpty { steps.append(step) }
    }
    return steps
  }

  private static func marks(_ lines: [String]) -> [Start] {
    lines.enumerated().compactMap { index, line in rest(afterMark: line).map { (index, $0) } }
  }

  /// What follows "Step 3:" at the beginning of a line; `nil` when there is no mark.
  private static func rest(afterMark line: String) -> String? {
    var text = Substring(line).drop { $0 == " " || $0 == "\t" || $0 == "#" || $0 == "*" || $0 == "_" || $0 == ">" }
    let isBold = line.prefix(line.count - text.count).contains("*")
    guard text.prefix(4).lowercased() == "step" else { return nil }
    text = text.dropFirst(4)
    let blanks = text.prefix { $0 == " " }
    guard !blanks.isEmpty else { return nil }
    text = text.dropFirst(blanks.count)
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...3).contains(digits.count) else { return nil }
    text = text.dropFirst(digits.count)
    var isMarked = false
    // "Step 2 shows that …" is a sentence; a mark has a sign after its number, or nothing at all.
    while let sign = text.first, ":.)-–—*_".contains(sign) {
      isMarked = true
      text.removeFirst()
    }
    let rest = text.trimmingCharacters(in: .whitespaces)
    guard isMarked || rest.isEmpty else { return nil }
    // "**Step 1: Set up** Let …": the second pair of asterisks closes the first.
    if isBold, let close = rest.range(of: "**"), !rest[..<close.lowerBound].contains("**") {
      return rest.replacingCharacters(in: close, with: "").trimmingCharacters(in: .whitespaces)
    }
    return rest
  }

  /// Lines "1. …", "2) …" that count without a gap.
  private static func numbers(_ lines: [String]) -> [Start] {
    var starts: [Start] = []
    for (index, line) in lines.enumerated() {
      let text = Substring(line).drop { $0 == " " || $0 == "*" }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), number == starts.count + 1 else { continue }
      var rest = text.dropFirst(digits.count)
      guard let sign = rest.first, sign == "." || sign == ")" else { continue }
      rest.removeFirst()
      while rest.first == "*" { rest.removeFirst() }
      guard rest.isEmpty || rest.first == " " else { continue }
      starts.append((index, rest.trimmingCharacters(in: .whitespaces)))
    }
    return starts
  }

  /// Paragraphs; one that only holds a displayed formula, or follows a colon, belongs to the one before.
  private static func paragraphs(_ lines: [String]) -> [String] {
    var paragraphs: [String] = []
    var current: [String] = []
    var depth = 0
    var isDisplay = false
    func finish() {
      let text = current.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
      current = []
      guard !text.isEmpty else { return }
      let isFormula = (text.hasPrefix("$$") && text.hasSuffix("$$")) || (text.hasPrefix("\\[") && text.hasSuffix("\\]"))
      if let last = paragraphs.last, isFormula || last.hasSuffix(":") {
        paragraphs[paragraphs.count - 1] = last + "\n\n" + text
      } else {
        paragraphs.append(text)
      }
    }
    for line in lines {
      if line.allSatisfy(\.isWhitespace), depth <= 0, !isDisplay {
        finish()
        continue
      }
      current.append(line)
      depth += line.ranges(of: "\\begin{").count + line.ranges(of: "\\[").count
      depth -= line.ranges(of: "\\end{").count + line.ranges(of: "\\]").count
      if line.ranges(of: "$$").count % 2 == 1 { isDisplay.toggle() }
    }
    finish()
    return paragraphs
  }
}
