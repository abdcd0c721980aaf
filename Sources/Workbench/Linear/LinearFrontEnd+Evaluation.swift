import DeepCriticCore
import Foundation
import Terminal

extension WorkbenchModel {
  /// What is selected on the evaluation screen, to tell whether that has changed.
  var evaluationPlace: String {
    let evaluation = evaluation
    return [
      "evaluation \(evaluation.level)", "\(evaluation.critics.selected ?? -1)", "\(evaluation.setIndex)",
      evaluation.filter.rawValue, evaluation.row?.item.id ?? "", "\(evaluation.sample)",
    ].joined(separator: " ")
  }
}

extension LinearFrontEnd {
  /// The evaluation screen in sentences.
  func describeEvaluation() {
    model.evaluation.waitUntilKnown()
    let evaluation = model.evaluation
    guard let knowledge = evaluation.knowledge, !knowledge.board.critics.isEmpty else {
      say(evaluation.problem ?? model.noEvaluationReason)
      return
    }
    switch evaluation.level {
    case .critics:
      for (place, critic) in knowledge.board.critics.enumerated() {
        let sets = critic.sets.map { "\($0.set) \(figure($0))" }.joined(separator: ", ")
        say("\(place == evaluation.critics.selected ? "Selected: " : "")\(TextSafety.line(critic.name)): F1 \(sets).")
      }
      if let critic = evaluation.critic, let set = evaluation.setName {
        say("On \(set): \(TextSafety.line(critic.conditions)).")
        for note in CriticReport(critic).notes { say(TextSafety.line(note)) }
      }
    case .rows:
      say("\(evaluation.rows.count) rows: \(evaluation.filter.words).")
      if let row = evaluation.row { say(row) }
    case .row:
      guard let row = evaluation.row else { return }
      say(row)
      guard let answers = try? evaluation.answers(), answers.indices.contains(evaluation.sample) else { return }
      let answer = answers[evaluation.sample]
      say("Answer \(evaluation.sample + 1) of \(answers.count):")
      for line in ReadableText.plain(answer.text, width: 1000, mode: .linear, ascii: !model.glyphs.isUnicode) {
        say(line)
      }
    }
  }

  private func say(_ row: EvaluationKnowledge.Row) {
    let others = model.evaluation.others(row).filter(\.isAnswered)
      .map { "\(TextSafety.line($0.name)) \(words($0.prediction))" }
    say(
      "\(TextSafety.line(row.item.id)): gold \(words(row.item.gold)), said \(words(row.prediction))"
        + (others.isEmpty ? "." : "; " + others.joined(separator: ", ") + "."))
  }

  private func words(_ step: Int?) -> String { step.map { $0 == -1 ? "none" : "step \($0)" } ?? "nothing" }

  private func figure(_ score: SetScore) -> String {
    guard let f1 = score.scores.f1 else { return "undefined" }
    return Figures.percent(f1) + (score.f1Interval.map { " (\(Figures.interval($0)))" } ?? "")
  }
}
