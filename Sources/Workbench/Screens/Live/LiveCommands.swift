import DeepCriticCore
import Terminal

extension LiveScreen {
  static let commands = CommandSet<LiveScreen>(
    criticCommands + subjectCommands + readingCommands + stageCommands
      + audienceCommands(
        guess: { $0.guessReason }, votes: { $0.solution == nil ? "There is no solution to vote about." : nil }))

  private static let criticCommands: [Command<LiveScreen>] = [
    Command(
      .liveStart, "begin", "Start the critics, or start them again", keys: ["enter"], hint: 1, reachesOut: true,
      unless: { $0.startReason }
    ) { try $0.start() },
    Command(
      .liveStop, "stop", "Stop the critics; the text so far stays", keys: ["ctrl-x"], hint: 2,
      unless: { $0.snapshot.isRunning ? nil : "Nothing is being written." }
    ) { $0.run?.stop() },
    Command(
      "live.manner", "mode", "One critique of the whole solution, or initial, deep and merged critiques of each step",
      keys: ["t"], hint: 3
    ) { $0.changeMode() },
    Command(
      asking: .liveModels, "models", "Name the model, or two to compare (empty: what the server lists)", keys: ["M"],
      hint: 4, asks: "Models (empty: what the server lists)", text: { $0.request.models.joined(separator: " ") },
      submit: { try $0.change(models: LiveRequest.names(in: $1)) }),
    Command(
      asking: .liveServers, "servers", "Name the servers, one for each model or one for all", keys: ["E"], hint: 12,
      asks: "Servers (empty: the settings')", text: { $0.request.endpoints.joined(separator: " ") },
      submit: { try $0.change(servers: LiveRequest.names(in: $1)) }),
  ]

  private static let subjectCommands: [Command<LiveScreen>] = [
    Command(
      .liveCompose, "write", "Write a problem and its solution in $EDITOR (or paste them here)", keys: ["e"], hint: 5,
      asks: "Problem and solution", submit: { try $0.take(text: $1) }
    ) { screen in
      screen.navigator?.edit(WrittenSolution.template(screen.solution)) { [weak screen] in _ = screen?.paste($0) }
    },
    Command(
      "live.next", "next", "Show the next item of the talk, else the next solution of the queue", keys: ["]", "right"],
      hint: 6,
      unless: { $0.queueReason }
    ) { try $0.moveSubject(by: 1) },
    Command(
      "live.previous", "previous", "Show the item of the talk before, else the previous solution of the queue",
      keys: ["[", "left"],
      unless: { $0.queueReason }
    ) { try $0.moveSubject(by: -1) },
    Command(
      "live.blind", "names", "Hide the critics' names, or show them again", keys: ["H"], hint: 9
    ) { $0.toggleNames() },
    Command(
      "live.challenge", "challenge", "Let the audience guess before the critics speak, or not", keys: ["c"], hint: 8
    ) { $0.toggleChallenge() },
    Command(
      "live.save", "save", "Keep the critiques in the workspace, for review", keys: ["ctrl-s"], hint: 7, writes: true,
      unless: { $0.savingReason }
    ) { try $0.save() },
    Command(
      "live.take-previous", "take before", "Show the take before: what was written earlier stays", keys: [","],
      hint: 14, unless: { $0.takeReason(-1) }
    ) { $0.moveTake(by: -1) },
    Command(
      "live.take-next", "next take", "Show the next take", keys: ["."], hint: 15, unless: { $0.takeReason(1) }
    ) { $0.moveTake(by: 1) },
    Command(
      "live.copy", "copy", "Copy the focused critique to the terminal's clipboard", keys: ["Y"],
      unless: { $0.copyReason }
    ) { screen in
      guard let text = screen.focusedColumn.flatMap(screen.text) else { return }
      screen.context.effect = .copy(text.text)
      screen.say(.info, "Sent to the clipboard: the critique as it was written.")
    },
  ]

  private static let readingCommands: [Command<LiveScreen>] = [
    Command(
      "live.step-next", "step", "Show the next step's critiques", keys: ["j"], hint: 10, unless: { $0.stepReason }
    ) {
      $0.moveStep(by: 1)
    },
    Command(
      "live.step-previous", "previous step", "Show the previous step's critiques", keys: ["k"],
      unless: { $0.stepReason }
    ) { $0.moveStep(by: -1) },
    Command(
      "live.follow", "follow", "Follow what is being written again", keys: ["F"], hint: 13,
      unless: { $0.isFollowing ? "What is being written is in view." : nil }
    ) { $0.follow() },
    Command(
      "live.pane", "pane", "Give the next critique the arrow keys", keys: ["tab"], hint: 11,
      unless: { $0.critiqueReason }
    ) { $0.focusNext() },
    Command(
      "live.zoom", "zoom", "Give the focused critique the whole width, or back", keys: ["z"],
      unless: { $0.critiqueReason }
    ) { $0.isZoomed.toggle() },
    Command(
      "live.down", "down", "Scroll the focused critique down", keys: ["down"], unless: { $0.scrollReason }
    ) { $0.scroll(by: 1) },
    Command("live.up", "up", "Scroll the focused critique up", keys: ["up"], unless: { $0.scrollReason }) {
      $0.scroll(by: -1)
    },
    Command(
      "live.page-down", "page down", "Scroll the focused critique a page down", keys: ["page-down", "space"],
      unless: { $0.scrollReason }
    ) { $0.scroll(by: max($0.size.height / 2, 1)) },
    Command(
      "live.page-up", "page up", "Scroll the focused critique a page up", keys: ["page-up"],
      unless: { $0.scrollReason }
    ) { $0.scroll(by: -max($0.size.height / 2, 1)) },
    Thoughts.command("live.thoughts"),
    Command("live.source", "source", "Switch between readable mathematics and raw source", keys: ["v"]) {
      $0.context.reading.toggleSource([.problem, .steps, .step, .merged])
      $0.say(
        .info,
        $0.context.reading.isSource(.step) ? "Raw source, as it was written." : "Readable mathematics.")
    },
    Command(.demoOpen, unless: { $0.demonstrationReason }) { screen in
      guard let navigator = screen.navigator, let stored = screen.stored else { return }
      try navigator.screen(DemonstrationScreen.self).begin(with: stored)
      try navigator.open(.demonstration)
    },
  ]

  private var startReason: String? {
    if solution == nil { return "There is no solution: write one with \(keys(.liveCompose)), or paste one." }
    return snapshot.isRunning ? writingWords : nil
  }

  /// "The critics are writing; ^X stops them."
  var writingWords: String {
    let (critics, them) = criticCount == 1 ? ("critic is", "it") : ("critics are", "them")
    return "The \(critics) writing; \(keys(.liveStop)) stops \(them)."
  }

  /// How many critics write, as far as that is known.
  var criticCount: Int {
    if request.mode == .stages { return 1 }
    return snapshot.columns.isEmpty ? max(request.models.count, request.endpoints.count, 1) : snapshot.columns.count
  }

  /// Why this solution's critiques cannot be played; others' are none of an audience's that looks at this one.
  private var demonstrationReason: String? {
    if let reason = DemonstrationScreen.hiddenReason(context) { return reason }
    if let stored, Demonstration(stored) != nil { return nil }
    return "This solution has no critiques that could be played."
  }

  private var savingReason: String? {
    if snapshot.columns.contains(where: { $0.texts.values.contains(where: \.canBeSaved) }) { return nil }
    return snapshot.columns.contains { $0.texts.values.contains(where: \.isRecorded) }
      ? "There is nothing to save: this critique is recorded."
      : "There is nothing to save yet: no critique is finished."
  }

  private func takeReason(_ offset: Int) -> String? {
    let count = takesOfThis.count
    let to = (take?.number ?? count + 1) + offset
    return (1..<count + 1).contains(to) ? nil : "There is no \(offset < 0 ? "earlier" : "later") take of this solution."
  }

  private var queueReason: String? { navigator?.talk == nil && queue.ids.isEmpty ? "The queue is empty." : nil }

  private var copyReason: String? {
    focusedColumn.flatMap(text)?.text.isEmpty == false ? nil : "There is no critique to copy yet."
  }

  private var guessReason: String? {
    if solution == nil { return "There is no solution to guess about." }
    return run == nil ? nil : "The critic has spoken; the next solution asks again."
  }

  private var stepReason: String? { solution?.steps.isEmpty == false ? nil : "There are no steps to show." }

  private var scrollReason: String? { solution == nil ? "There is nothing to scroll." : nil }

  private var critiqueReason: String? { snapshot.columns.isEmpty ? "There is no critique yet." : nil }
}
