import DeepCriticCore
import Foundation
import Terminal

/// What applies everywhere. No screen is asked for these, so that none can be in their way.
extension Navigator {
  /// Every command that applies everywhere, in the order in which help shows them.
  static let commands = CommandSet<Navigator>(deciding + opening + finding + leaving)

  private static let deciding: [Command<Navigator>] = [
    Command(
      .undo, "undo", "Undo your last decision", keys: ["u"], hint: 7, writes: true,
      unless: { $0.undoState.canUndo ? nil : "There is nothing to undo." }
    ) { try $0.reverse(.undo) },
    Command(
      .redo, "redo", "Restore the last decision you reverted", keys: ["ctrl-r"], hint: 13, writes: true,
      unless: { $0.undoState.canRedo ? nil : "There is nothing to redo." }
    ) { try $0.reverse(.redo) },
    Command(
      .modeToggle, "mode", "Switch between audit (all open) and blind (verdict first)", keys: ["m"], hint: 20
    ) { try $0.toggleMode() },
  ]

  private static let opening: [Command<Navigator>] = ScreenRegistry.all.compactMap { registration in
    guard let opening = registration.openedBy else { return nil }
    return Command(opening.action) { try $0.open(registration.id) }
  }

  private static let finding: [Command<Navigator>] = [
    Command(.help, "keys", "Show every key", keys: ["?", "f1"], hint: 30) {
      $0.overlay = HelpOverlay($0.context, on: $0.top.id)
    },
    Command(.palette, "commands", "Find a command by its name", keys: [":", "ctrl-p"], hint: 29) {
      $0.overlay = PaletteOverlay($0.context, $0.availableActions)
    },
    Command(.messagesShow, "messages", "Show the message log", keys: ["ctrl-o"]) { $0.showMessages() },
    Command(
      .placesShow, "places", "List bookmarks and recently opened solutions", keys: ["'"]
    ) { try $0.showPlaces() },
    Command(.guideShow, "guide", "Show the guide for newcomers", keys: ["f12"]) {
      $0.overlay = GuideOverlay($0.context)
    },
    Command(
      .mouseToggle, "mouse", "Use the mouse here, or leave it to the terminal for selecting text", keys: ["f9"]
    ) { $0.toggleMouse() },
    Command(
      "theme.choose", "theme", "Change the colours", keys: ["f10"],
      unless: { $0.themes == nil ? "No themes to choose from." : nil }
    ) { $0.chooseTheme() },
    Command(.redraw, "redraw", "Draw the screen again", keys: ["ctrl-l"]) { $0.context.effect = .redraw },
  ]

  private static let leaving: [Command<Navigator>] = [
    Command(
      .back, "back", "Go back; from the queue, quit", keys: ["q"], hint: 28
    ) { try $0.back() },
    Command(
      .close, "close", "Clear the search, leave the zoom, go back, or clear the filter; never quits",
      keys: ["escape"]
    ) {
      try $0.close()
    },
    Command(.quit, "quit", "Quit; everything is saved", keys: ["Q", "ctrl-c"], hint: 31) {
      $0.quit(asking: $0.unfinishedTalk)
    },
  ]

  func toggleMouse() {
    usesMouse.toggle()
    say(
      .info,
      usesMouse ? "The mouse works here; with shift it selects text as always." : "The mouse is left to the terminal.")
  }

  /// Changes the mode on every screen; blind, an order or a filter that would reveal what is hidden goes.
  func enter(_ mode: ReviewMode) throws {
    session.mode = mode
    if mode == .blind { try services.queue.hideLabels() }
    try modeChanged()
  }

  func toggleMode() throws {
    try enter(session.mode == .audit ? .blind : .audit)
    let seen = session.shownLabels
    say(
      .info,
      session.mode == .audit
        ? "Audit mode: labels and critiques are open from the start. Decisions record the mode."
        : "Blind mode: labels and critiques appear \(session.revealWords). "
          + (seen == 0
            ? "Decisions record the mode."
            : "You have seen the labels of \(Figures.count(seen, "solution")); verdicts there are recorded as audit."))
  }

  /// Several solutions were decided about: what services know is out of date.
  func decidedTogether() {
    hasDecided = true
    attempt { for service in services.all { try service.workspaceChanged() } }
  }

  /// Undo and redo go to where the decision was made, so that its effect is seen.
  private func reverse(_ kind: EventKind) throws {
    let outcome =
      kind == .undo ? try workspace.undo(by: session.context) : try workspace.redo(by: session.context)
    guard let outcome else {
      return say(.info, kind == .undo ? "There is nothing to undo." : "There is nothing to redo.")
    }
    let decision = outcome.decision
    let what = kind == .undo ? "Undone" : "Redone"
    guard let id = try workspace.solutionID(key: decision.solution) else {
      return say(.info, "\(what): \(decision.words), on a solution that is not in this workspace.")
    }
    try services.queue.changed(by: outcome, of: id)
    try decided(about: id, outcome)
    _ = try top.show(solution: id, key: decision.solution, step: decision.step)
    session.itemShown()
    var words = "\(what): \(decision.words(about: outcome.row?.name ?? ""))"
    if outcome.count > 1 {
      // Others were decided about together with it.
      try services.queue.reload()
      decidedTogether()
      words += ", and \(Figures.count(outcome.count - 1, "decision")) taken with it"
    }
    say(.info, words + ".")
  }
}
