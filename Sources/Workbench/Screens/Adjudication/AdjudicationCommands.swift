import DeepCriticCore
import Terminal

extension AdjudicationScreen {
  static let commands = CommandSet<AdjudicationScreen>(own + rowCommands)

  private static let own: [Command<AdjudicationScreen>] = [
    Command(.verdictCorrect, writes: true, unless: { $0.emptyReason }) { try $0.settle(.correct) },
    Command(.verdictIncorrect, writes: true, unless: { $0.emptyReason }) { try $0.settle(.incorrect) },
    Command(.verdictNeutral, writes: true, unless: { $0.neutralReason }) { try $0.settle(.neutral) },
    Command(
      .verdictClear, writes: true, unless: { $0.selected?.settled == nil ? "This is not settled." : nil }
    ) { try $0.settle(nil) },
    Command(
      .adjudicationNext, "next open", "Go to the next open conflict", keys: ["enter", ">"],
      hint: 4, unless: { $0.nextOpen == nil ? "No other conflict is open." : nil }
    ) { screen in
      if let place = screen.nextOpen { screen.list.select(place) }
    },
    Command(
      asking: .adjudicationNote, "reason", "Write a reason for your decision", keys: ["c"], hint: 5,
      asks: "Reason", writes: true, unless: { $0.emptyReason },
      text: { $0.note.isEmpty ? $0.selected?.settled?.note ?? "" : $0.note }
    ) { screen, text in
      screen.note = text
      // What is settled already gets the reason at once.
      if let settled = screen.selected?.settled, !text.isEmpty { return try screen.settle(settled.rating) }
      screen.say(
        .info, text.isEmpty ? "No reason is given." : "The reason will be saved with your decision on this step.")
    },
    Command(
      .adjudicationOpen, "solution", "Open the solution of the selected conflict at its step", keys: ["l", "right"],
      hint: 6, unless: { $0.emptyReason }
    ) { screen in
      guard let conflict = screen.selected, let id = conflict.solution else { return }
      try screen.navigator?.review(id, step: conflict.step)
    },
    Command("adjudication.scroll-down", "scroll", "Scroll the selected conflict down", keys: ["J"], hint: 7) {
      $0.scroll(by: 4)
    },
    Command("adjudication.scroll-up", "scroll up", "Scroll the selected conflict up", keys: ["K"]) {
      $0.scroll(by: -4)
    },
  ]

  /// Scrolls what is shown of the selected conflict.
  private func scroll(by lines: Int) {
    let limit = AdjudicationDetail.scrollLimit(self)
    let before = min(scroll, limit)
    scroll = min(max(before + lines, 0), limit)
    if scroll == before {
      glance(limit == 0 ? "All of it is in view." : "This is its \(lines < 0 ? "beginning" : "end").")
    }
  }

  private var neutralReason: String? {
    selected?.isAboutProblem == true
      ? "A problem is good or bad: \(keys(.verdictCorrect)) or \(keys(.verdictIncorrect))." : emptyReason
  }

  /// Settles the selected conflict for everybody, or opens it again.
  private func settle(_ rating: Rating?) throws {
    try loadSelected()
    guard let conflict = selected, let stored = shown else { return }
    // The reason just written goes with the decision, else the one that stands.
    let note = note.isEmpty ? conflict.settled?.note : note
    if let rating, conflict.settled?.rating == rating, conflict.settled?.note == note {
      return say(.info, "\(conflict.place) is settled as \(conflict.settledWord(rating)) already.")
    }
    context.saveFailed = true
    let outcome = try session.decide(
      .adjudication(rating, note: rating == nil ? nil : note), on: stored, step: conflict.step)
    context.saveFailed = false
    queue.changed(stored.id, from: .untouched, to: .untouched, decisions: 1)
    try navigator?.decided(about: stored.id, outcome)
    session.itemShown()
    guard let rating else { return say(.info, "\(conflict.place) of \(stored.name) is open again.") }
    let left = openCount
    say(
      .good,
      "\(conflict.place) of \(stored.name) is settled as \(conflict.settledWord(rating)). "
        + (left == 0 ? "No conflict is left." : "\(left) left; \(keys(.adjudicationNext)) for the next."))
  }
}
