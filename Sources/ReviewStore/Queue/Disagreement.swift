import CritiqueModel

/// Where critiques contradict the labels of a solution.
public struct Disagreement: OptionSet, Sendable, Hashable {
  /// The bits, as stored in the database.
  public let rawValue: Int
  /// From stored bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Some initial critique contradicts its step's label.
  public static let initial = Disagreement(rawValue: 1)
  /// Some deep critique contradicts its step's label.
  public static let deep = Disagreement(rawValue: 2)
  /// Some merged critique contradicts its step's label.
  public static let merged = Disagreement(rawValue: 4)

  /// Compares, at every step that has both, a stage's judgement with the label (0 counts as correct).
  init(ratings: String, initial: String, deep: String, merged: String) {
    func differs(_ stage: String) -> Bool {
      zip(Signature.ratings(ratings), Signature.ratings(stage)).contains { label, critic in
        guard let label, let critic else { return false }
        return label.judgement != critic.judgement
      }
    }
    self = []
    if differs(initial) { insert(.initial) }
    if differs(deep) { insert(.deep) }
    if differs(merged) { insert(.merged) }
  }
}
