import Foundation

/// A solver whose mistakes are known: for testing labels that are estimated from rollouts.
///
/// It answers problems that say "#N" (N a number); the right answer is N. Its solutions have steps that say what they
/// are: "fine" ones, at most one "WRONG" one, and now and then a "shaky" one before it. What it writes after some steps
/// comes out right with a probability that depends on those steps alone:
///
/// - only fine ones: ``good``;
/// - a shaky one: ``shaky``;
/// - a WRONG one: ``bad``.
///
/// Everything is a function of the request, so that two runs of the same work meet the same world.
public struct PlantedSolver: Sendable, Hashable {
  /// Chance to come out right after fine steps.
  public var good = 0.9
  /// Chance after a shaky step.
  public var shaky = 0.3
  /// Chance after a wrong step.
  public var bad = 0.02
  /// Share of whole solutions with a wrong step.
  public var wrongSolutions = 0.5
  /// Share of whole solutions with a shaky step.
  public var shakySolutions = 0.25
  /// Share of texts that are cut off at the token limit.
  public var truncated = 0.0
  /// Steps of a whole solution: this many at least, and up to three more.
  public var steps = 4

  /// The world of the tests.
  public init() {}

  /// What it writes.
  ///
  /// - Parameters:
  ///   - problem: the conversation; the last "#N" in it is the problem.
  ///   - prefix: the answer as far as it has begun.
  ///   - number: looks random; different for each choice.
  func text(problem: String, prefix: String, number: UInt64) -> (text: String, isTruncated: Bool) {
    let answer = Self.number(in: problem)
    var chance = Chance(number)
    let isTruncated = chance.next() < truncated
    let begun = prefix.components(separatedBy: "Step ").dropFirst()
    // "Step 1:" alone, or nothing: a whole solution.
    if begun.count <= 1, !prefix.contains("fine"), !prefix.contains("WRONG"), !prefix.contains("shaky") {
      return (whole(answer, &chance, begins: prefix.isEmpty), isTruncated)
    }
    let probability = prefix.contains("WRONG") ? bad : prefix.contains("shaky") ? shaky : good
    let isRight = chance.next() < probability
    let tag = String(number, radix: 36)
    return (" It goes on (\(tag)) and so the answer is \\boxed{\(isRight ? answer : answer + 1)}.", isTruncated)
  }

  private func whole(_ answer: Int, _ chance: inout Chance, begins: Bool) -> String {
    let count = steps + Int(chance.next() * 4)
    let wrong = chance.next() < wrongSolutions ? 1 + Int(chance.next() * Double(count)) : nil
    var shakyStep: Int?
    if let wrong, wrong > 1, chance.next() < shakySolutions { shakyStep = 1 + Int(chance.next() * Double(wrong - 1)) }
    var text = begins ? "Step 1:" : ""
    for step in 1...count {
      if step > 1 { text += "\n\nStep \(step):" }
      let kind = step == wrong ? "WRONG" : step == shakyStep ? "shaky" : "fine"
      text += " This step is \(kind) (\(String(chance.nextNumber(), radix: 36)))."
    }
    return text + " The answer is \\boxed{\(wrong == nil ? answer : answer + 1)}."
  }

  /// The number after the last "#".
  static func number(in text: String) -> Int {
    guard let mark = text.lastIndex(of: "#") else { return 0 }
    return Int(text[text.index(after: mark)...].prefix { $0.isNumber && $0.isASCII }) ?? 0
  }

  /// Numbers that look random, from one.
  private struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func nextNumber() -> UInt64 {
      state = state &+ 0x9E37_79B9_7F4A_7C15
      return Mixing.mix(state)
    }

    /// From 0 to 1.
    mutating func next() -> Double { Double(nextNumber() >> 11) / Double(UInt64(1) << 53) }
  }
}

/// What a server makes of a last assistant turn with `continue_final_message`.
public enum ContinuationManner: String, Sendable, CaseIterable {
  /// Continues it.
  case honours
  /// Closes the turn and begins another.
  case ignores
  /// Takes it for the user's.
  case asUser = "as-user"
  /// Answers with 400.
  case rejects
}
