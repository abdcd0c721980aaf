import Formatting

/// A consequence in words, for a status line and for the command line.
extension Consequence {
  /// "stays in", "out instead of in: deep misses the label at step 2", "in instead of out".
  public var words: String {
    switch (wasIn, isIn) {
    case (true, true): "stays in" + lengthWords
    case (false, true): "in instead of out" + lengthWords
    case (true, false): "out instead of in: " + reasonsAfter.map(\.words).joined(separator: "; ")
    case (false, false): "stays out: " + reasonsAfter.map(\.words).joined(separator: "; ")
    }
  }

  /// What it would do, after "would": "take it out: deep misses the label at step 2", "put it in"; `nil` when nothing
  /// changes.
  public var changeWords: String? {
    let change: String? =
      switch (wasIn, isIn) {
      case (false, true): "put it in" + lengthWords
      case (true, false): "take it out: " + Self.brief(reasonsAfter)
      case (false, false): nil
      case (true, true):
        if rowBefore == rowAfter {
          nil
        } else if let answerWords {
          "change its row: " + answerWords
        } else {
          "change its row" + lengthWords
        }
      }
    let parts = [change].compactMap { $0 } + otherWords
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private var lengthWords: String { isLengthUncounted ? " (its tokens are not counted yet)" : "" }

  /// The first reason, and how many more there are.
  public static func brief(_ reasons: [ItemReason]) -> String {
    guard let first = reasons.first else { return "" }
    return first.words + (reasons.count > 1 ? " and \(reasons.count - 1) more" : "")
  }

  /// How the answer line changes: "\boxed{4} becomes \boxed{2}"; `nil` when it does not.
  public var answerWords: String? {
    func box(_ answer: Int?) -> String { answer.map { "\\boxed{\($0)}" } ?? "no answer" }
    return before.answer == after.answer ? nil : "\(box(before.answer)) becomes \(box(after.answer))"
  }

  /// How the balance of the set changes: "1 row fewer with an error"; empty when it does not.
  public var balanceWords: [String] {
    func change(_ before: Int, _ after: Int, _ what: String) -> String? {
      guard after != before else { return nil }
      return "\(Figures.count(abs(after - before), "row")) \(after > before ? "more" : "fewer") \(what)"
    }
    return [
      change(balanceBefore.withError, balanceAfter.withError, "with an error"),
      change(balanceBefore.right, balanceAfter.right, "without"),
    ].compactMap { $0 }
  }

  /// What happens to other solutions: "1 other solution comes in"; empty when nothing does.
  public var otherWords: [String] {
    func count(_ isIn: Bool, _ one: String, _ many: String) -> String? {
      let count = others.count { $0.isIn == isIn }
      return count == 0 ? nil : Figures.count(count, "other solution \(one)", "other solutions \(many)")
    }
    return [count(true, "comes in", "come in"), count(false, "leaves", "leave")].compactMap { $0 }
  }
}
