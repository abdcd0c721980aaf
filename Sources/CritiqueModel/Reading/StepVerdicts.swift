/// Finds, in a critique of a whole solution, what it says about each step; also while it is still being written.
///
/// Critics trained by the method (paper, section 3.1) critique one step after the other, each critique with a box that
/// holds 1 or −1, and end with the first error in a box. Boxes count for the step that was named last at the beginning
/// of a line or a sentence ("Step 3", "**Critique of Step 3**"); where none is named, they count through. The answer is
/// the one that evaluations read (``BoxedNumber``), and its box is not a step's judgement.
public struct StepVerdicts: Sendable, Hashable {
  /// Judgements by 1-based step.
  public var judgements: [Int: Judgement] = [:]
  /// The first error as evaluations read it, or −1 for none; `nil` before the end, or where no box holds a number.
  public var answer: Int?
  /// The step that is being written about; `nil` before the first.
  public var current: Int?
  /// Its judgements of single steps do not lead to its answer.
  public var contradictsItself: Bool {
    guard let answer else { return false }
    let wrong = judgements.filter { $0.value == .incorrect }.keys.min()
    return answer == -1 ? wrong != nil : wrong.map { $0 != answer } ?? (judgements[answer] == .correct)
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: the critique, perhaps its beginning only.
  ///   - stepCount: steps of the solution; what is said about others is passed over.
  ///   - isWhole: nothing comes after it: its last box is the answer.
  public init(in text: String, stepCount: Int, isWhole: Bool) {
    var named: Int?
    var counted = 0
    // The box that was read last: it may be the answer.
    var open: (step: Int, judgement: Judgement)?
    func settle(_ verdicts: inout Self) {
      if let open { verdicts.judgements[open.step] = open.judgement }
      open = nil
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      if AnswerLine.begins(line.utf8) {
        // The answer's number may be in a line below its heading.
        settle(&self)
        break
      }
      if let step = Self.namedStep(line), (1...max(stepCount, 1)).contains(step) {
        if !isWhole, step != named { settle(&self) }
        named = step
        current = step
      }
      for content in JudgementParser.boxedContents(in: String(line)) {
        guard BoxedNumber.last(in: "\\boxed{\(content)}") != nil else { continue }
        settle(&self)
        guard let judgement = JudgementParser.judgement(ofBox: content) else { continue }
        counted += 1
        let step = named ?? counted
        guard step <= stepCount else { continue }
        open = (step, judgement)
        if named == nil { current = min(step + 1, stepCount) }
      }
    }
    guard isWhole else { return }
    answer = BoxedNumber.last(in: text)
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
