import DeepCriticCore
import Terminal

/// A screen before an audience: it can be made black, or clean of everything that is only for the speaker, and is an item of
/// a talk where one is given.
protocol AudienceScreen: Screen {
  /// What it is at, for the speaker's notes: "Initial critique of step 5".
  var sceneName: String { get }
  /// What people in the room say.
  var votes: AudienceVotes { get set }
}

/// One on which the audience guesses the first error.
protocol GuessingScreen: AudienceScreen {
  /// The solution that is guessed about; `nil` where there is none.
  var solution: Solution? { get }
  /// What is seen.
  var presentation: Presentation { get }
  /// Takes a guess: a step, or −1 for "all right".
  ///
  /// - Throws: why it is none.
  func take(guess: Int) throws
}

extension AudienceScreen {
  static var isForAudience: Bool { true }
  var votes: AudienceVotes {
    get { AudienceVotes() }
    set {}
  }

  /// The title of the talk's item; `nil` where no talk is given.
  var itemTitle: String? { navigator?.talk.map { TextSafety.line($0.item.title) } }

  /// Goes to another item of the talk.
  ///
  /// - Returns: `false` where no talk is given.
  func moveItem(by offset: Int) throws -> Bool {
    guard let talk = navigator?.talk else { return false }
    try talk.move(by: offset)
    return true
  }

  /// What every screen before an audience can do.
  static var stageCommands: [Command<Self>] {
    [
      Command(.stageBlack) { screen in screen.navigator?.overlay = BlackOverlay(screen.context) },
      Command(.stageClean) { screen in
        screen.context.isClean.toggle()
        if !screen.context.isClean { screen.say(.info, "Keys and status are shown again.") }
      },
      Command(
        .stageItems,
        unless: { $0.navigator?.talk == nil ? "No talk is given: 'deepcritic stage TALK' begins one." : nil },
        submit: { screen, text in
          guard let number = Int(text) else { throw RefusalError("Write the number of an item.") }
          try screen.navigator?.talk?.show(number - 1)
        }
      ) { screen in
        if let navigator = screen.navigator, let talk = navigator.talk { navigator.showItems(of: talk) }
      },
    ]
  }
}

extension GuessingScreen {
  /// The commands by which the audience takes part: the digit that was pressed, a number that is typed, or votes of many.
  static func audienceCommands(
    guess guessReason: @escaping @Sendable (Self) -> String?, votes votesReason: @escaping @Sendable (Self) -> String?
  ) -> [Command<Self>] {
    [
      Command(
        .stageOpen,
        unless: { PresentationView.hidden($0.presentation, $0).isEmpty ? "Problem and step are shown in full." : nil }
      ) { screen in
        screen.navigator?.overlay = TextOverlay(
          screen.context, PresentationView.hidden(screen.presentation, screen))
      },
      Command(
        .audienceGuess, unless: guessReason,
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
        // "1" may be the beginning of 12.
        if digit > 0, digit * 10 <= screen.solution?.steps.count ?? 0 {
          screen.navigator?.ask(.audienceGuess, text: String(digit))
        } else {
          try screen.take(guess: digit == 0 ? -1 : digit)
        }
      },
      Command(
        .audienceVotes, unless: votesReason,
        submit: { screen, text in
          screen.votes = try AudienceVotes(text, steps: screen.solution?.steps.count ?? 0)
        }
      ) { screen in
        guard let solution = screen.solution else { return }
        screen.navigator?.overlay = VotesOverlay(screen.context, steps: solution.steps.count, screen.votes) {
          [weak screen] votes in screen?.votes = votes
        }
      },
    ]
  }
}

/// Nothing at all, until a key is pressed.
final class BlackOverlay: Overlay {
  private let context: ScreenContext

  init(_ context: ScreenContext) { self.context = context }

  func handle(_ key: Key) -> OverlayOutcome { .closes }

  func paste(_ text: String) -> Bool {
    context.navigator?.overlay = nil
    return true
  }

  // Black in every scheme, also where the terminal's own colours are light.
  func draw(_ canvas: inout Canvas) {
    canvas.fill(Rect(canvas.size), style: Style(foreground: .indexed(16), background: .indexed(16)))
  }

  let hints: [(key: String, title: String)] = []

  func describe() -> [String] { ["Here the screen would be black until the next key."] }
}

extension Navigator {
  /// What is to be presented: the solution under review where one is, else the selected one of the queue.
  func subject() throws -> StoredSolution? {
    let below = stack.last { $0.id == .review || $0.id == .queue }
    if below?.id == .review, let stored = try screen(ReviewScreen.self).review?.stored { return stored }
    return try services.queue.selectedID.map { try workspace.solution($0) }
  }
}
