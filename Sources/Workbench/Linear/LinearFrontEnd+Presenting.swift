import DeepCriticCore
import Foundation

extension LinearFrontEnd {
  /// The live screen in sentences: what is critiqued, and what has been written about it.
  func describeLive() {
    let live = model.live
    guard let solution = live.solution else {
      say("Live critique. No solution yet; 'live.compose TEXT' takes one.")
      return
    }
    say("Live critique\(live.name.isEmpty ? "" : " of \(live.name)"). Problem: \(plain(solution.problem))")
    for (index, step) in solution.steps.enumerated() { say("Step \(index + 1): \(plain(step.text))") }
    let shown = LiveScreen.performance(model)
    for (index, column) in live.snapshot.columns.enumerated() where shown.panes.indices.contains(index) {
      say("\(shown.panes[index].title): \(shown.panes[index].says.text)")
      if let text = live.text(column) { for line in plainLines(text.text) { say(line) } }
    }
    for words in [shown.caption, shown.status] where !words.isEmpty { say(words) }
  }

  /// A demonstration at once: nobody types at reading speed to a screen reader.
  func describeDemonstration() {
    guard let demonstration = model.demo.demonstration else { return }
    say("Demonstration: \(model.demo.name).")
    var caption = ""
    for scene in demonstration.scenes {
      if case .guess = scene.action { continue }
      if scene.caption != caption { say(scene.caption) }
      caption = scene.caption
      switch scene.action {
      case .problem: say("Problem: \(plain(demonstration.solution.problem))")
      case .step(let step): say("Step \(step): \(plain(demonstration.solution.steps[step - 1].text))")
      case .glance(let stage, let step):
        let says = Demonstration.judgement(demonstration.texts, stage, step)?.word ?? "nothing clear"
        say("\(stage.title) critique of step \(step): says \(says).")
      case .critique(let stage, let step):
        say("\(stage.title) critique of step \(step):")
        for line in plainLines(demonstration.texts[stage]?[step] ?? "") { say(line) }
      case .judgement, .label, .guess: break
      }
    }
  }

  private func plain(_ text: String) -> String { ReadableText.oneLine(text, ascii: !model.glyphs.isUnicode) }

  private func plainLines(_ text: String) -> [String] {
    ReadableText.plain(text, width: 1000, mode: .linear, ascii: !model.glyphs.isUnicode)
  }
}

extension WorkbenchModel {
  /// Waits until critics that were let speak have ended: plain text is not drawn again later.
  func waitForCritics() {
    guard live.isOpen else { return }
    while live.isBusy {
      Thread.sleep(forTimeInterval: 0.02)
      _ = refreshLive()
    }
  }
}
