import DeepCriticCore
import Terminal

extension AdjudicationScreen {
  var prompt: String { "conflict" }

  /// Goes to a conflict: a number must never decide, though 0 is the key of a neutral verdict.
  func take(number: Int) -> [String]? {
    guard conflicts.indices.contains(number - 1) else { return ["There are \(conflicts.count) conflicts here."] }
    list.select(number - 1)
    return describe()
  }

  func describe() -> [String] {
    guard let conflict = selected else { return [emptyReason].compactMap { $0 } }
    try? loadSelected()
    let what = conflict.isAboutProblem ? "the problem" : "step \(conflict.step)"
    let number = (list.selected ?? 0) + 1
    var lines = ["Conflict \(number) of \(conflicts.count), \(openCount) open: \(conflict.name), \(what)."]
    if let text = shown?.solution.text(of: conflict) {
      lines += ReadableText.plain(text, width: 1000, mode: .linear, ascii: !glyphs.isUnicode)
    }
    if isRevealed(conflict) {
      if let label = conflict.imported { lines.append("Imported label: \(label.word).") }
      for stage in Stage.allCases {
        if let says = conflict.judgements[stage.rawValue] { lines.append("\(stage.title) critique: \(says.word).") }
      }
    }
    for verdict in conflict.verdicts {
      let mode = verdict.mode == .blind ? "first answer blind" : "labels open"
      let before = verdict.firstRating.map { ", first \($0.word)" } ?? ""
      lines.append("\(verdict.reviewer): \(conflict.word(verdict.rating)), \(mode)\(before).")
      lines += verdict.comments.map { "\(verdict.reviewer) writes: \(TextSafety.block($0))" }
    }
    if let settled = conflict.settled {
      let note = settled.note.map { ": " + TextSafety.line($0) } ?? ""
      lines.append("Settled as \(conflict.word(settled.rating)) by \(settled.reviewer)\(note).")
    } else {
      lines.append(
        conflict.isAboutProblem
          ? "Open. Resolve it for all reviewers: correct if the problem is good, incorrect if it is bad."
          : "Open. Resolve it for all reviewers: correct, neutral or incorrect.")
    }
    guard let consequences else { return lines }
    lines.append(consequences.now)
    return lines + consequences.verdicts.map { "\($0.rating.word.capitalized) \($0.words)." }
  }

  var spokenState: [String] { [selected?.key ?? "", "\(selected?.step ?? 0)", "\(selected?.settled?.at ?? 0)"] }
}

extension Solution {
  /// What a conflict is about: the problem, or a step; `nil` for a step that is missing.
  func text(of conflict: Conflict) -> String? {
    if conflict.isAboutProblem { return problem }
    return steps.indices.contains(conflict.step - 1) ? steps[conflict.step - 1].text : nil
  }
}
