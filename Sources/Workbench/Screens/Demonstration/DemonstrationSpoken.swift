import DeepCriticCore

extension DemonstrationScreen {
  var prompt: String { "demonstration" }

  /// The whole story at once: nobody types at reading speed to a screen reader.
  func describe() -> [String] {
    if let hiddenReason { return [hiddenReason] }
    guard let demonstration else { return [] }
    func plain(_ text: String) -> String { ReadableText.oneLine(text, ascii: !glyphs.isUnicode) }
    var words = ["Demonstration: \(name)."]
    var caption = ""
    for scene in demonstration.scenes {
      if case .guess = scene.action { continue }
      if scene.caption != caption { words.append(scene.caption) }
      caption = scene.caption
      switch scene.action {
      case .problem: words.append("Problem: \(plain(demonstration.solution.problem))")
      case .step(let step): words.append("Step \(step): \(plain(demonstration.solution.steps[step - 1].text))")
      case .glance(let stage, let step):
        let says = Demonstration.judgement(demonstration.texts, stage, step)?.word ?? "nothing clear"
        words.append("\(stage.title) critique of step \(step): says \(says).")
      case .critique(let stage, let step):
        words.append("\(stage.title) critique of step \(step):")
        words += ReadableText.plain(
          StageText.critique(demonstration.texts[stage]?[step] ?? "", .judgements, glyphs), width: 1000, mode: .linear,
          ascii: !glyphs.isUnicode)
      case .judgement, .label, .guess: break
      }
    }
    return words
  }

  var spokenState: [String] { [name, hiddenReason ?? ""] }
}
