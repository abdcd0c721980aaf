/// A critique of one step (or, in a finished SFT example, of a whole solution).
public struct Critique: Sendable, Hashable {
  /// The stage that made it.
  public var stage: Stage
  /// The 1-based step it is about; 0 for a critique of the whole solution.
  public var step: Int
  /// Which of several samples for the same step and stage, from 0.
  public var sample: Int
  /// The whole text, as the model or person wrote it.
  public var text: String

  /// What the text concludes: the last `\boxed{}` holding 1 or −1, `nil` when there is none.
  public var judgement: Judgement? { JudgementParser.judgement(in: text) }

  /// A critique from its parts.
  public init(stage: Stage, step: Int, sample: Int = 0, text: String) {
    self.stage = stage
    self.step = step
    self.sample = sample
    self.text = text
  }
}
