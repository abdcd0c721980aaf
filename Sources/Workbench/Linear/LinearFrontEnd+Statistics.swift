import DeepCriticCore
import Foundation
import Terminal

extension LinearFrontEnd {
  /// The selected page of the statistics, line by line.
  func describeStatistics() {
    model.statistics.waitUntilKnown()
    guard let figures = model.statistics.figures else {
      if let problem = model.statistics.problem { say(problem) }
      return
    }
    let page = figures.page(model.statistics.topic)
    for line in FigureView.text(page, width: 200, glyphs: model.glyphs, bars: false) { say(line) }
  }

  /// The selected conflict in sentences.
  func describeAdjudication() {
    model.adjudication.waitUntilKnown()
    let adjudication = model.adjudication
    guard let conflict = adjudication.selected else {
      say(model.noConflictReason)
      return
    }
    let place = (adjudication.list.selected ?? 0) + 1
    say(
      "Conflict \(place) of \(adjudication.conflicts.count), \(adjudication.openCount) open: \(conflict.name), \(conflict.isAboutProblem ? "the problem" : "step \(conflict.step)")."
    )
    if let stored = try? adjudication.solution(),
      conflict.isAboutProblem || stored.solution.steps.indices.contains(conflict.step - 1)
    {
      let text = conflict.isAboutProblem ? stored.solution.problem : stored.solution.steps[conflict.step - 1].text
      for line in ReadableText.plain(text, width: 1000, mode: .linear, ascii: !model.glyphs.isUnicode) { say(line) }
    }
    if let label = conflict.label { say("Label: \(label.word).") }
    for stage in Stage.allCases {
      if let says = conflict.judgements[stage.rawValue] { say("\(stage.title) critique: \(says.word).") }
    }
    for verdict in conflict.verdicts {
      let mode = verdict.mode == .blind ? "first answer blind" : "labels open"
      let before = verdict.firstRating.map { ", first \($0.word)" } ?? ""
      say("\(verdict.reviewer): \(conflict.word(verdict.rating)), \(mode)\(before).")
      for comment in verdict.comments { say("\(verdict.reviewer) writes: \(TextSafety.block(comment))") }
    }
    if let settled = conflict.settled {
      say(
        "Settled as \(conflict.word(settled.rating)) by \(settled.reviewer)\(settled.note.map { ": " + TextSafety.line($0) } ?? "")."
      )
    } else {
      say(
        conflict.isAboutProblem
          ? "Open. Settle it for everybody: correct if the problem is good, incorrect if it is bad."
          : "Open. Rate it for everybody: correct, neutral or incorrect.")
    }
    model.curation.waitUntilKnown()
    guard let line = model.settlementLine() else { return }
    say(line.now.split(separator: " ").joined(separator: " ") + ".")
    for (rating, words) in line.verdicts { say("If \(rating.word): \(words).") }
  }
}
