/// What a whole critique answers: the first wrong step.
///
/// Rule (paper, sections 3.1 and 3.2): the last `\boxed{…}`, braces matched, holds the index of the first wrong step,
/// 1-based, or −1 for none. The trainers' reward (`reward.py`) reads texts by the very same rule; a test compares the two
/// over random texts.
public enum FinalIndex {
  /// The index in the last box; `nil` without a box, or when the last box holds anything but a whole number. Whether
  /// there is such a step is not asked.
  public static func read(_ text: String) -> Int? {
    guard let box = JudgementParser.boxedContents(in: text).last, let number = JudgementParser.number(ofBox: box) else {
      return nil
    }
    // Beyond nine digits nothing is a step; a limit that every language can keep.
    let digits = number.drop { $0 == "+" || $0 == "-" }
    guard number.count - digits.count <= 1, (1...9).contains(digits.count),
      digits.allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    return Int(number)
  }

  /// The reward of reinforcement learning (paper, section 3.2): 1.0 when the answer is the first wrong step, else 0.0.
  public static func reward(_ text: String, firstError: Int) -> Double { read(text) == firstError ? 1 : 0 }
}
