import CritiqueModel
import Testing

@testable import ReviewStore

/// The form of decisions in the log, which every version reads.
@Suite struct DecisionTests {
  private static let reference = CritiqueReference(Critique(stage: .merged, step: 2, text: "so"), span: 0..<2)
  private static let basis = "merged:2:\(reference.key)@0-2"

  @Test(
    arguments: [
      (.verdict(.incorrect, basis: "merged:-1"), "verdict", "-1", nil, "merged:-1", nil),
      (.verdict(.neutral), "verdict", "0", nil, nil, nil), (.verdict(.correct), "verdict", "1", nil, nil, nil),
      (.clearVerdict, "clear", "", nil, nil, nil), (.flag(true), "flag", "1", nil, nil, nil),
      (.flag(false), "flag", "0", nil, nil, nil), (.comment("a\nb"), "comment", "a\nb", nil, nil, nil),
      (.comment("", replacing: "u"), "comment", "", nil, nil, "u"),
      (.mark(.badProblem, reason: "why"), "mark", "bad_problem", "why", nil, nil),
      (.mark(nil), "mark", "", nil, nil, nil),
      (.adjudication(.correct, note: "n"), "adjudication", "1", "n", nil, nil),
      (.adjudication(nil), "adjudication", "", nil, nil, nil),
      (.soundness(true, of: reference), "soundness", "sound", nil, basis, nil),
      (.soundness(false, of: reference, note: "n"), "soundness", "unsound", "n", basis, nil),
      (.soundness(nil, of: reference), "soundness", "", nil, basis, nil),
      (.choice(reference), "choice", "use", nil, basis, nil),
      (.choice(reference, isTaken: false), "choice", "", nil, basis, nil),
      (.edit("text", at: CritiquePlace(.deep, 2)), "edit", "text", nil, "deep:2", nil),
      (.edit("text", at: CritiquePlace(.merged, 2), changing: reference), "edit", "text", nil, basis, nil),
      (.correction("5"), "correction", "5", nil, nil, nil), (.correction(nil), "correction", "", nil, nil, nil),
      (.placement(.out, note: "n"), "placement", "out", "n", nil, nil),
      (.placement(.in), "placement", "in", nil, nil, nil),
      (.placement(nil), "placement", "", nil, nil, nil),
    ] as [(Decision, String, String, String?, String?, String?)])
  func theStoredFormNeverChanges(
    decision: Decision, kind: String, value: String, note: String?, basis: String?, target: String?
  ) {
    let event = ReviewEvent(
      ReviewDecision(solution: "k", step: 2, decision, elapsed: 7), by: ReviewContext(reviewer: "rt", mode: .blind),
      at: 9)
    #expect(event.kind.rawValue == kind && event.value == value && event.note == note && event.basis == basis)
    #expect(event.target == target && event.step == 2 && event.elapsed == 7 && event.mode == .blind && event.at == 9)
    #expect(event.decision == decision)
  }

  @Test(
    arguments: [
      ("applause", "loud", nil), ("verdict", "2", nil), ("verdict", "", nil), ("adjudication", "yes", nil),
      ("soundness", "sound", "merged:3:\(reference.key)"), ("soundness", "perhaps", basis),
      ("choice", "perhaps", basis),
      ("choice", "use", "deep:2"), ("edit", "", "deep:2"), ("edit", "text", "deep:3"), ("placement", "aside", nil),
      ("undo", "", nil), ("redo", "", nil),
    ] as [(String, String, String?)])
  func whatThisProgramCannotReadHasNoMeaning(kind: String, value: String, basis: String?) {
    #expect(Decision(EventKind(rawValue: kind), step: 2, value: value, basis: basis) == nil)
  }
}
