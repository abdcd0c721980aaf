import DeepCriticCore
import Foundation
import Terminal

/// A live critique on the screen.
enum LiveView {
  static func draw(_ canvas: inout Canvas, _ live: LiveScreen) {
    PresentationView.draw(&canvas, live, presentation(live))
  }

  static func presentation(_ live: LiveScreen) -> Presentation {
    var shown = Presentation(
      title: live.itemTitle ?? "live critique", facts: facts(live),
      problem: live.solution?.problem ?? "No solution yet: \(live.keys(.liveCompose)) writes one, or paste it here.")
    guard let solution = live.solution else { return shown }
    shown.steps = solution.steps.map { Presentation.Step(text: $0.text) }
    shown.selected = live.shownStep
    // Who guesses reads from the beginning.
    shown.top = live.stepsTop ?? (live.step == nil ? 0 : nil)
    shown.focus = live.focus
    shown.showsOneWhereNarrow = live.snapshot.columns.contains { $0.stage != nil }
    let columns = live.snapshot.columns
    for (index, column) in columns.enumerated() {
      shown.columns.append(
        Presentation.Column(
          title: short(column, live.title(index)), rating: { column.judgements[$0]?.rating }, current: column.current))
      shown.panes.append(pane(index, column, live))
    }
    if live.isOver, live.showsLabels, solution.steps.contains(where: { $0.rating != nil }) {
      shown.columns.append(Presentation.Column(title: "label", rating: { solution.steps[$0 - 1].rating }, current: nil))
    }
    if live.isOver { shown.add(live.round.votes) }
    if live.isZoomed, shown.panes.indices.contains(live.focus) {
      shown.panes = [shown.panes[live.focus]]
      shown.focus = 0
    }
    shown.caption = caption(live)
    shown.status = status(live)
    return shown
  }

  private static func short(_ column: LiveColumn, _ title: String) -> String {
    if let stage = column.stage { return stage.rawValue }
    return clip(TextSafety.line(title), to: 12, ellipsis: "…")
  }

  private static func pane(_ index: Int, _ column: LiveColumn, _ live: LiveScreen) -> Presentation.Pane {
    var title = live.title(index)
    let text = live.text(column)
    if column.stage != nil, live.shownStep > 0 { title += " of step \(live.shownStep)" }
    return Presentation.Pane(
      title: title, says: says(column, text, live),
      lines: { width in
        guard let text else { return [[TextRun(text: "Not written yet.", role: .dim)]] }
        var lines =
          Thoughts.lines(text.thoughts, width: width, live.context, key: live.keys("live.thoughts"))
          + live.lines(index, text, width: width)
        if text.phase == .waiting {
          lines.append([TextRun(text: "No token yet, \(Self.seconds(text.seconds.rounded(.down)))", role: .dim)])
        } else if text.text.isEmpty, !text.thoughts.isEmpty, !text.isOver {
          lines.append([TextRun(text: "Thinking" + live.glyphs.ellipsis, role: .dim)])
        }
        if case .failed(let reason) = text.phase {
          lines += TextLayout.wrap(TextSafety.line(reason), width: max(width, 1)).map {
            [TextRun(text: $0, role: .error)]
          }
        }
        return lines
      }, scroll: live.scrolls[index])
  }

  private static func says(
    _ column: LiveColumn, _ text: LiveText?, _ live: LiveScreen
  ) -> (text: String, role: StyleRole) {
    guard let text else { return ("", .dim) }
    let glyphs = live.glyphs
    if text.isRecorded, !text.isOver { return ("recorded, writing", .warning) }
    let isLate = text.silence >= silenceShown
    let key = live.context.isClean ? "" : " \(glyphs.separator) \(live.keys(.liveStop)) stops"
    let silence = "no token for \(Figures.seconds(text.silence.rounded(.down)))\(key)"
    switch text.phase {
    case .waiting: return isLate ? (silence, .warning) : ("connecting\(glyphs.ellipsis)", .dim)
    case .writing:
      let pace = text.rate.map { String(format: " %.0f tok/s", $0) } ?? ""
      return isLate ? (silence, .warning) : ("writing" + pace, .accent)
    case .failed: return ("failed", .error)
    case .stopped: return ("stopped", .warning)
    case .cutOff: return ("cut off at \(Figures.count(text.tokens, "token"))", .warning)
    case .done:
      let (words, role) = conclusion(column, text, live)
      // Beside its critic's name there is little room.
      return (text.isRecorded ? "recorded, " + words.replacing("first error: ", with: "") : words, role)
    }
  }

  /// Seconds without a token after which that is said.
  private static let silenceShown = 4.0

  private static func conclusion(
    _ column: LiveColumn, _ text: LiveText, _ live: LiveScreen
  ) -> (text: String, role: StyleRole) {
    let glyphs = live.glyphs
    if column.stage == nil {
      guard let answer = column.answer else { return ("no answer to read", .warning) }
      let steps = live.solution?.steps.count ?? 0
      guard answer == -1 || (1..<steps + 1).contains(answer) else {
        return ("answers \(answer): no such step", .warning)
      }
      if column.contradictsItself {
        return ("answers \(answer == -1 ? "all correct" : "step \(answer)"), its steps differ", .warning)
      }
      return answer == -1
        ? ("\(glyphs.correct) all steps correct", .verdictCorrect)
        : ("\(glyphs.incorrect) first error: step \(answer)", .verdictIncorrect)
    }
    guard let judgement = JudgementParser.judgement(in: text.text) else { return ("no judgement", .warning) }
    return ("says \(VerdictLook.glyph(judgement.rating, glyphs)) \(judgement.word)", VerdictLook.role(judgement.rating))
  }

  private static func facts(_ live: LiveScreen) -> String {
    var facts: [String] = []
    if !live.name.isEmpty { facts.append(live.name) }
    facts.append(live.request.mode == .whole ? "whole" : "three stages")
    if live.request.isBlind { facts.append(live.isRevealed ? "names shown" : "names hidden") }
    if let take = live.take, take.count > 1 { facts.append("take \(take.number) of \(take.count)") }
    if live.round.votes.total > 0, !live.isOver { facts.append(Figures.count(live.round.votes.total, "vote")) }
    if let score = live.round.scoreWords(hidesNames: live.hidesNames) { facts.append(score) }
    return facts.joined(separator: " \(live.glyphs.separator) ")
  }

  /// What the audience should know now.
  private static func caption(_ live: LiveScreen) -> String {
    guard let solution = live.solution else { return "" }
    if live.isOver {
      return [live.round.votes.words, live.round.outcome(live.voices, live.truth)].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    guard live.request.isChallenge else { return "" }
    if live.run != nil {
      return live.round.guess == nil
        ? "" : live.round.guessWords + " The critic\(live.criticCount == 1 ? " is" : "s are") writing."
    }
    let start = "\(live.keys(.liveStart)) lets the critic\(live.criticCount == 1 ? "" : "s") speak."
    guard live.round.guess != nil else {
      return "Which step is the first error? Press its number, 0 if all \(solution.steps.count) are correct; then "
        + start
    }
    return live.round.guessWords + " " + start
  }

  private static func status(_ live: LiveScreen) -> String {
    if live.models.isLooking { return "Asking the server for its models" + live.glyphs.ellipsis }
    let texts = live.snapshot.columns.compactMap { column in live.text(column).map { (column, $0) } }
    let facts = texts.enumerated().compactMap { index, pair -> String? in
      let text = pair.1
      var words = texts.count > 1 ? live.title(index) + ": " : ""
      if let failure = text.failure { return words + "recorded: " + failure }
      guard text.firstChunk != nil else { return nil }
      words += Figures.count(text.tokens, "token")
      if let rate = text.rate { words += String(format: ", %.0f/s", rate) }
      if let first = text.firstChunk { words += ", first after \(seconds(first))" }
      return words
    }
    let waits = live.snapshot.waits
    if !(facts + waits).isEmpty { return (facts + waits).joined(separator: "   ") }
    guard live.run == nil else { return "" }
    let request = live.request
    let models =
      request.models.isEmpty
      ? "the model of the settings, or what the server lists" : request.models.joined(separator: ", ")
    let servers = request.endpoints.isEmpty ? "" : " at " + request.endpoints.joined(separator: ", ")
    return "\(live.keys(.liveStart)) begins: \(models)\(servers)"
  }

  static func seconds(_ seconds: Double) -> String { Figures.seconds(seconds) }
}
