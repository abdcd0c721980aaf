import DeepCriticCore
import Terminal

/// A screen before an audience that guesses the first error.
protocol GuessingScreen: Screen {
  /// Takes a guess: a step, or −1 for "all right".
  ///
  /// - Throws: why it is none.
  func take(guess: Int) throws
}

extension GuessingScreen {
  /// The command that takes a guess: the digit that was pressed, or a number that is typed.
  static func guessCommand(unless reason: @escaping @Sendable (Self) -> String? = { _ in nil }) -> Command<Self> {
    Command(
      .audienceGuess, unless: reason,
      submit: { screen, text in
        guard let number = Int(text), number >= 0 else {
          throw LiveError("Write the number of a step, or 0 if all are right.")
        }
        try screen.take(guess: number == 0 ? -1 : number)
      }
    ) { screen in
      guard case .character(let character)? = screen.context.pressed, let digit = character.wholeNumberValue else {
        screen.navigator?.ask(.audienceGuess)
        return
      }
      try screen.take(guess: digit == 0 ? -1 : digit)
    }
  }
}

extension Navigator {
  /// What is to be presented: the solution under review where one is, else the selected one of the queue.
  func subject() throws -> StoredSolution? {
    let below = stack.last { $0.id == .review || $0.id == .queue }
    if below?.id == .review, let stored = try screen(ReviewScreen.self).review?.stored { return stored }
    return try services.queue.selectedID.map { try workspace.solution($0) }
  }
}
