import DeepCriticCore
import Terminal

extension RunsScreen {
  static let commands = CommandSet<RunsScreen>(rowCommands + runCommands + chartCommands)

  private static let runCommands: [Command<RunsScreen>] = [
    Command(
      "runs.enter", "samples", "Show the selected run's samples; from a sample, open its solution", keys: ["enter"],
      hint: 1, unless: { $0.emptyReason ?? $0.sampleReason }
    ) { try $0.enter() },
    Command(.runsNew, "new", "Set up a new run", keys: ["a"], hint: 3, writes: true) {
      try $0.fillInForm(like: nil)
    },
    Command(
      "runs.like", "like this", "Set up a run like the selected one", keys: ["A"], writes: true,
      unless: { $0.emptyReason }
    ) { try $0.fillInForm(like: $0.selected?.specification) },
    Command(
      "runs.stop", "stop", "Stop the selected run after its step, with a checkpoint; press again to stop at once",
      keys: ["ctrl-x"],
      hint: 4, reachesOut: true,
      unless: { screen in
        guard let run = screen.selected else { return screen.emptyReason }
        return run.status.phase.isOpen ? screen.workingReason : "\(run.name) does not run."
      }
    ) { screen in
      if let run = screen.selected { screen.service.controller.stop(run) }
    },
    Command(
      "runs.resume", "resume", "Start the selected run again from its last checkpoint", keys: ["ctrl-s"], hint: 5,
      reachesOut: true,
      unless: { screen in
        guard let run = screen.selected else { return screen.emptyReason }
        return run.status.phase.canResume
          ? screen.workingReason : "\(run.name) is \(run.status.phase.rawValue): there is nothing to resume."
      }
    ) { screen in
      if let run = screen.selected { try screen.service.controller.resume(run) }
    },
    Command(
      asking: "runs.note", "note", "Write a note on the selected run; an empty note removes it", keys: ["c"],
      asks: "Note", writes: true, unless: { $0.emptyReason ?? $0.workingReason },
      text: { $0.selected?.folder.note ?? "" }
    ) { screen, text in
      if let run = screen.selected { screen.service.controller.note(run, text) }
    },
    Command(
      asking: "runs.delete", "delete", "Delete the selected run, its checkpoints and its model", keys: ["delete"],
      asks: "Type the run's name to delete it", writes: true, unless: { $0.emptyReason ?? $0.workingReason }
    ) { screen, text in
      guard let run = screen.selected else { return }
      guard text == run.name else { throw RefusalError("Nothing was deleted: '\(text)' is not \(run.name).") }
      screen.service.controller.delete(run)
    },
  ]

  private static let chartCommands: [Command<RunsScreen>] = [
    Command(
      "runs.pane", "pane", "Show the chart, samples, log, or settings (differences of several runs)", keys: ["tab"],
      hint: 6, unless: { $0.emptyReason }
    ) { $0.pane = $0.pane.next },
    Command(
      .runsMetric, "line", "Draw the next line: reward, loss, entropy and so on", keys: ["."], hint: 7,
      unless: { $0.chartReason }
    ) { $0.changeMetric(by: 1) },
    Command(
      "runs.metric-previous", "previous line", "Draw the previous line", keys: [","], unless: { $0.chartReason }
    ) { $0.changeMetric(by: -1) },
    Command(
      "runs.overlay", "overlay", "Draw the selected run's line beside those of others, or remove it", keys: ["o"],
      hint: 8, unless: { $0.emptyReason }
    ) { $0.toggleOverlay() },
    Command(
      "runs.smoothing", "smooth", "Smooth the lines more, or not at all", keys: ["s"], hint: 9,
      unless: { $0.emptyReason }
    ) { $0.smoothMore() },
    Command(
      "runs.zoom-in", "zoom", "Draw half of the steps", keys: ["+", "="], hint: 10, unless: { $0.stepsReason }
    ) { $0.changeZoom(by: 0.5) },
    Command("runs.zoom-out", "wider", "Draw twice as many steps", keys: ["-"], unless: { $0.zoomReason }) {
      $0.changeZoom(by: 2)
    },
    Command("runs.zoom-all", "all steps", "Draw all steps", keys: ["0"], unless: { $0.zoomReason }) { $0.zoomOut() },
    Command(
      "runs.left", "left", "Go to earlier steps of the chart", keys: ["h", "left"], unless: { $0.zoomReason }
    ) { $0.changeZoom(by: 1, shift: -0.25) },
    Command(
      "runs.right", "right", "Go to later steps of the chart", keys: ["l", "right"], unless: { $0.zoomReason }
    ) { $0.changeZoom(by: 1, shift: 0.25) },
    Command(
      "runs.item-next", "next sample", "Go to the next sample, or scroll the log or the settings down",
      keys: ["J", "]"],
      unless: { $0.emptyReason }
    ) { $0.moveInPane(by: 1) },
    Command(
      "runs.item-previous", "previous sample", "Go to the previous sample, or scroll the log or the settings up",
      keys: ["K", "["], unless: { $0.emptyReason }
    ) { $0.moveInPane(by: -1) },
  ]

  /// Why nothing can be done with a run.
  var emptyReason: String? {
    if selected != nil { return nil }
    if !snapshot.hasLooked { return "Loading runs…" }
    return snapshot.problem ?? "There is no run yet: \(keys(.runsNew)) starts one."
  }

  private var workingReason: String? { service.controller.working.map { $0 + glyphs.ellipsis } }

  private var chartReason: String? {
    emptyReason ?? (snapshot.metrics.isEmpty ? "This run has written no values yet." : nil)
  }

  private var stepsReason: String? {
    emptyReason ?? (steps == nil ? "There are no steps to draw yet." : nil)
  }

  private var zoomReason: String? { stepsReason ?? (zoom == nil ? "All steps are shown." : nil) }

  private var sampleReason: String? {
    guard pane == .samples else { return nil }
    if session.mode == .blind { return "In blind mode the solutions behind samples would come with what is hidden." }
    return selectedSample == nil ? "There are no samples: only reinforcement learning writes some." : nil
  }
}
