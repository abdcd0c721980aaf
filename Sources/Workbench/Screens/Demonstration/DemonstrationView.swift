import DeepCriticCore
import Foundation
import Terminal

/// Draws a demonstration at its moment.
enum DemonstrationView {
  static func draw(_ canvas: inout Canvas, _ demo: DemonstrationScreen) {
    PresentationView.draw(&canvas, demo, presentation(demo))
  }

  static func presentation(_ demo: DemonstrationScreen) -> Presentation {
    guard let demonstration = demo.demonstration, demo.hiddenReason == nil else {
      return Presentation(title: "demonstration", facts: "", problem: demo.hiddenReason ?? "")
    }
    var shown = Presentation(
      title: demo.itemTitle ?? "demonstration", facts: facts(demo), problem: demonstration.solution.problem)
    let (last, written) = demo.scene
    var judged: [Stage: Set<Int>] = [:]
    var begun: [(stage: Stage, step: Int, written: Double)] = []
    var writing: (stage: Stage, step: Int)?
    var isLabelled = false
    for (index, scene) in demonstration.scenes.enumerated() where index <= last {
      let part = index == last ? written : 1
      switch scene.action {
      case .problem, .guess: break
      case .step(let step):
        shown.steps.append(Presentation.Step(text: demonstration.solution.steps[step - 1].text, written: part))
        shown.selected = step
      case .glance(let stage, let step):
        judged[stage, default: []].insert(step)
        shown.selected = step
      case .critique(let stage, let step):
        begun.append((stage, step, part))
        shown.selected = step
        writing = (stage, step)
      case .judgement(let stage, let step):
        judged[stage, default: []].insert(step)
        writing = nil
      case .label: isLabelled = true
      }
    }
    if begun.isEmpty, judged.isEmpty, shown.steps.count == demonstration.solution.steps.count,
      case .guess = demonstration.scenes[last].action
    {
      shown.selected = 0
    }
    for stage in Stage.allCases where judged[stage] != nil || begun.contains(where: { $0.stage == stage }) {
      shown.columns.append(
        Presentation.Column(
          title: stage.rawValue,
          rating: { step in
            judged[stage]?.contains(step) == true
              ? Demonstration.judgement(demonstration.texts, stage, step)?.rating : nil
          }, current: writing?.stage == stage ? writing?.step : nil))
    }
    if isLabelled {
      shown.columns.append(
        Presentation.Column(
          title: demonstration.isByPeople ? "people" : "label", rating: { demonstration.solution.steps[$0 - 1].rating },
          current: nil))
      shown.add(demo.votes)
    }
    shown.panes = begun.map { one in
      pane(one, judged[one.stage]?.contains(one.step) == true, demonstration, demo)
    }
    shown.texts = demonstration.solution.steps.map(\.text)
    shown.focus = max(shown.panes.count - 1, 0)
    shown.showsOneWhereNarrow = true
    shown.back = demo.scroll
    shown.caption = caption(demo, demonstration.scenes[last])
    shown.status = demo.playingStatus(
      over: "The end. \(demo.keys(.demoNext)) plays the next demonstration, \(demo.keys(.demoRestart)) this one again.")
    return shown
  }

  private static func pane(
    _ one: (stage: Stage, step: Int, written: Double), _ isJudged: Bool, _ demonstration: Demonstration,
    _ demo: DemonstrationScreen
  ) -> Presentation.Pane {
    let source = demonstration.texts[one.stage]?[one.step] ?? ""
    let text =
      demo.context.reading.isSource(.merged) ? source : StageText.critique(source, .judgements, demo.glyphs)
    var says: (text: String, role: StyleRole) = one.written < 1 ? ("writing", .accent) : ("", .dim)
    if isJudged, let judgement = JudgementParser.judgement(in: source) {
      says = (
        "says \(VerdictLook.glyph(judgement.rating, demo.glyphs)) \(judgement.word)",
        VerdictLook.role(judgement.rating)
      )
    }
    return Presentation.Pane(
      title: "\(one.stage.title) critique", says: says,
      lines: { width in
        PresentationView.written(
          demo.context.lines(text, width: width, in: .merged, demo.context.texts.turns(text)), one.written)
      }, scroll: nil, back: demo.scroll)
  }

  private static func caption(_ demo: DemonstrationScreen, _ scene: Demonstration.Scene) -> String {
    guard case .label = scene.action, let guess = demo.guess ?? demo.votes.leader else {
      return [scene.caption, demo.isRevealed ? demo.votes.words : ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
    let isRight = guess == demo.solution?.firstError.boxed
    let said = guess == -1 ? "You said that all steps are right" : "You said step \(guess)"
    let seen = demo.demonstration?.isFound == true ? "the critic saw more" : "that is another answer"
    return [scene.caption, demo.votes.words, "\(said): \(isRight ? "well done" : seen)."].filter { !$0.isEmpty }
      .joined(separator: " ")
  }

  private static func facts(_ demo: DemonstrationScreen) -> String {
    var facts: [String] = []
    if let guess = demo.guess, !demo.isRevealed { facts.append(guess == -1 ? "guess: none" : "guess: step \(guess)") }
    let score = demo.score
    if score.rounds > 0 { facts.append("guesses right: \(score.right)/\(score.rounds)") }
    if demo.playback.speed != 1 { facts.append("speed \(demo.playback.speed.formatted())") }
    if demo.votes.total > 0, !demo.isRevealed { facts.append(Figures.count(demo.votes.total, "vote")) }
    facts.append(demo.name)
    return facts.joined(separator: " \(demo.glyphs.separator) ")
  }
}
