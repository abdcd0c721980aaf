extension DemonstrationScreen {
  static let commands = CommandSet<DemonstrationScreen>(
    playingCommands() + demonstrationCommands + stageCommands
      + audienceCommands(guess: { $0.hiddenReason }, votes: { $0.hiddenReason }))

  private static let demonstrationCommands: [Command<DemonstrationScreen>] = [
    Command(
      .demoScene, "scene", "List the scenes, and go to one; a number goes to the step", keys: ["J"], hint: 18,
      asks: "Number of a step", unless: { $0.hiddenReason },
      submit: { screen, text in
        guard let scene = Int(text).flatMap({ number in screen.scenes.firstIndex { $0.step == number } }) else {
          throw RefusalError("Write the number of a step.")
        }
        screen.go(to: screen.scenes[scene].scene)
      }
    ) { $0.showScenes() },
    Command(
      "demo.page-up", "earlier text", "Scroll critiques that are longer than their panes back", keys: ["page-up"],
      hint: 9, unless: { $0.hiddenReason }
    ) { $0.scroll(pages: 1) },
    Command(
      "demo.page-down", "later text", "Scroll the critiques towards their end", keys: ["page-down"],
      unless: { $0.hiddenReason }
    ) { $0.scroll(pages: -1) },
  ]

  /// The scenes that are worth going to: a judgement belongs to its critique.
  var scenes: [(name: String, step: Int?, scene: Int)] {
    (demonstration?.scenes ?? []).enumerated().compactMap { index, scene in
      switch scene.action {
      case .glance, .judgement: nil
      case .step(let step): (scene.action.name, step, index)
      // Which step is looked at closely is what the audience is to find.
      case .critique(let stage, _) where isGuessing: ("\(stage.title) critique", nil, index)
      default: (scene.action.name, nil, index)
      }
    }
  }

  func showScenes() {
    let scenes = scenes
    let now = scenes.lastIndex { $0.scene <= scene.scene } ?? 0
    navigator?.overlay = ChooserOverlay(
      context, title: "Scenes",
      items: scenes.map { ChooserOverlay.Item(name: $0.name, about: "", number: $0.step) }, selected: now, width: 44,
      verb: "show"
    ) { [weak self] in self?.go(to: scenes[$0].scene) }
  }
}

extension Demonstration.Action {
  /// "Step 4", "Initial critique of step 5".
  var name: String {
    switch self {
    case .problem: "Problem"
    case .step(let step): "Step \(step)"
    case .guess: "Guesses"
    case .glance(let stage, let step), .critique(let stage, let step), .judgement(let stage, let step):
      "\(stage.title) critique of step \(step)"
    case .label: "Label"
    }
  }
}
