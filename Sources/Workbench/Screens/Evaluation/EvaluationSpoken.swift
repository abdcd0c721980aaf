import DeepCriticCore
import Terminal

extension EvaluationScreen {
  var spokenState: [String] {
    ["\(level)", "\(critics.selected ?? -1)", "\(setIndex)", filter.rawValue, row?.item.id ?? "", "\(sample)"]
  }

  func describe() -> [String] {
    guard nothingReason == nil, let knowledge else { return [nothingReason].compactMap { $0 } }
    switch level {
    case .critics:
      var lines = knowledge.board.critics.enumerated().map { place, critic in
        let sets = critic.sets.map { "\($0.set) \(figure($0))" }.joined(separator: ", ")
        return "\(place == critics.selected ? "Selected: " : "")\(TextSafety.line(critic.name)): F1 \(sets)."
      }
      if let critic, let setName {
        lines.append("On \(setName): \(TextSafety.line(critic.conditions)).")
        lines += CriticReport(critic).notes.map(TextSafety.line)
      }
      return lines
    case .rows: return ["\(rows.count) rows: \(filter.words)."] + (row.map { [sentence($0)] } ?? [])
    case .row:
      guard let row else { return [] }
      try? loadRow()
      guard let answers = opened?.answers, answers.indices.contains(sample) else { return [sentence(row)] }
      return [sentence(row), "Answer \(sample + 1) of \(answers.count):"]
        + ReadableText.plain(answers[sample].text, width: 1000, mode: .linear, ascii: !glyphs.isUnicode)
    }
  }

  private func sentence(_ row: EvaluationKnowledge.Row) -> String {
    let others = others(row).filter(\.isAnswered).map { "\(TextSafety.line($0.name)) \(words($0.prediction))" }
    return "\(TextSafety.line(row.item.id)): gold \(words(row.item.gold)), said \(words(row.prediction))"
      + (others.isEmpty ? "." : "; " + others.joined(separator: ", ") + ".")
  }

  private func words(_ step: Int?) -> String { step.map { $0 == -1 ? "none" : "step \($0)" } ?? "nothing" }

  private func figure(_ score: SetScore) -> String {
    guard let f1 = score.scores.f1 else { return "undefined" }
    return Figures.percent(f1) + (score.f1Interval.map { " (\(Figures.interval($0)))" } ?? "")
  }
}
