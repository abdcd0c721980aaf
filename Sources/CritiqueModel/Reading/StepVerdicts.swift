/// Finds, in a critique of a whole solution, what it says about each step; also while it is still being written.
///
/// Critics trained by the method (paper, section 3.1) critique one step after the other, each critique with a box that
/// holds 1 or −1, and end with a line "**Answer**: \boxed{k}". Boxes count for the step that was named last at the beginning
/// of a line or a sentence ("Step 3", "**Critique of Step 3**"); where none is named, they count through.
public struct StepVerdicts: Sendable, Hashable {
  /// Judgements by 1-based step.
  public var judgements: [Int: Judgement] = [:]
  /// What the answer line says: the first wrong step, or −1 for none; `nil` while there is none.
  public var answer: Int?
  /// The step that is being written about; `nil` before the first.
  public var current: Int?

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: the critique, perhaps its beginning only.
  ///   - stepCount: steps of the solution; what is said about others is passed over.
  ///   - isWhole: nothing comes after it: without an answer line the last box is the answer.
  public init(in text: String, stepCount: Int, isWhole: Bool) {
    var named: Int?
    var counted = 0
    var last: (step: Int, judgement: Judgement)?
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      if AnswerLine.begins(line.utf8) {
        if let number = BoxedNumber.last(in: String(line)) { answer = number }
        continue
      }
      // An answer may be on a line below its heading.
      if answer != nil { continue }
      if let step = Self.namedStep(line), (1...max(stepCount, 1)).contains(step) {
        named = step
        current = step
      }
      for content in JudgementParser.boxedContents(in: String(line)) {
        guard let judgement = JudgementParser.judgement(ofBox: content) else { continue }
        counted += 1
        let step = named ?? counted
        guard step <= stepCount else { continue }
        judgements[step] = judgement
        last = (step, judgement)
        if named == nil { current = min(step + 1, stepCount) }
      }
    }
    if isWhole, answer == nil {
      answer = BoxedNumber.last(in: text)
      // That box was the answer, and no judgement of a step.
      if let last, answer == last.judgement.rawValue, named == nil { judgements[last.step] = nil }
    }
    conclude(stepCount)
  }

  /// What an answer says about steps that have no box of their own: those before the first wrong one are correct.
  private mutating func conclude(_ stepCount: Int) {
    guard let answer else { return }
    if answer == -1 {
      for step in 0..<stepCount where judgements[step + 1] == nil { judgements[step + 1] = .correct }
    } else if (1...max(stepCount, 1)).contains(answer) {
      for step in 1..<answer where judgements[step] == nil { judgements[step] = .correct }
      if judgements[answer] == nil { judgements[answer] = .incorrect }
    }
  }

  /// The step that a line is about: "Step 3", also after marks, "Critique of" and the like.
  private static func namedStep(_ line: Substring) -> Int? {
    var rest = line.drop { !$0.isLetter }
    for words in ["critique of ", "now ", "next, ", "consider ", "check ", "examine ", "paragraph "]
    where rest.prefix(words.count).lowercased() == words {
      rest = rest.dropFirst(words.count).drop { $0 == "*" || $0 == " " }
    }
    guard rest.prefix(4).lowercased() == "step" else { return nil }
    let digits = rest.dropFirst(4).drop { $0 == " " || $0 == "*" || $0 == "#" }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits.prefix(4))
  }
}
