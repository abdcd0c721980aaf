extension DemonstrationScreen {
  static let commands = CommandSet<DemonstrationScreen>([
    Command(.demoPause, "pause", "Pause, or go on", keys: ["space"], hint: 1, unless: { $0.hiddenReason }) {
      $0.pause()
    },
    Command(
      .demoForward, "step", "Finish writing, or go to the next scene", keys: ["right", "l", "enter"], hint: 2,
      unless: { screen in
        screen.hiddenReason
          ?? (screen.isOver ? "This is the end; \(screen.keys(.demoNext)) plays the next demonstration." : nil)
      }
    ) { $0.forward() },
    Command(
      .demoBack, "back", "Go back a scene", keys: ["left", "h"], hint: 3,
      unless: { $0.hiddenReason ?? ($0.time == 0 ? "This is the beginning." : nil) }
    ) { $0.rewind() },
    Command("demo.faster", "faster", "Play faster", keys: ["+", "up"], hint: 4, unless: { $0.hiddenReason }) {
      if !$0.change(speed: 1) { $0.glance("It cannot be played faster.") }
    },
    Command("demo.slower", "slower", "Play slower", keys: ["-", "down"], hint: 5, unless: { $0.hiddenReason }) {
      if !$0.change(speed: -1) { $0.glance("It cannot be played slower.") }
    },
    Command(
      "demo.page-up", "earlier text", "Scroll critiques that are longer than their panes back", keys: ["page-up"],
      hint: 9,
      unless: { $0.hiddenReason }
    ) { $0.scroll(pages: 1) },
    Command(
      "demo.page-down", "later text", "Scroll the critiques towards their end", keys: ["page-down"],
      unless: { $0.hiddenReason }
    ) { $0.scroll(pages: -1) },
    Command(
      .demoNext, "next", "Play the next demonstration", keys: ["]"], hint: 6, unless: { $0.hiddenReason }
    ) { try $0.playNext(1) },
    Command(
      "demo.previous", "previous", "Play the demonstration before", keys: ["["], unless: { $0.hiddenReason }
    ) { try $0.playNext(-1) },
    Command(
      .demoRestart, "again", "Play this demonstration from the beginning", keys: ["r"], hint: 8,
      unless: { $0.hiddenReason }
    ) { $0.restart() },
    guessCommand(unless: { $0.hiddenReason }),
  ])
}
