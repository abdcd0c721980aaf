import DeepCriticCore
import Terminal

/// The workbench as append-only plain text: the same screens and actions, one line in, some lines out.
///
/// For screen readers, dumb terminals, and scripts. A line is a key ("y"), the name of an action ("verdict.correct"),
/// either followed by text where the action asks for some ("c Look at the sign"), or the number of a step or solution.
public final class LinearFrontEnd {
  let navigator: Navigator
  private let write: (String) -> Void
  private let prompts: Bool

  /// - Parameters:
  ///   - prompts: whether to print a prompt before each line (not when input is a file or pipe).
  ///   - queue: a saved queue to open.
  ///   - write: takes one line of output, without its line end.
  public init(
    session: Session, prompts: Bool, unicode: Bool, queue: String? = nil, write: @escaping (String) -> Void
  ) throws {
    navigator = try Navigator(
      session: session, keyMap: try KeyMap(overrides: session.settings.keys), size: Size(width: 80, height: 24),
      glyphs: unicode ? .unicode : .ascii)
    self.write = write
    self.prompts = prompts
    if let queue { try navigator.openQueue(queue) }
  }

  /// Runs until the input ends or "quit".
  ///
  /// - Parameter readLine: the next line, `nil` at the end; called with the prompt to show.
  public func run(readLine: (String) -> String?) {
    let session = navigator.session
    say("DeepCritic, \(session.title), reviewer \(session.reviewer), \(session.mode.rawValue) mode.")
    say("Type a key or a command name and press enter. 'help' lists them, 'show' repeats, 'quit' ends.")
    describe()
    defer { navigator.release() }
    while let line = readLine(prompts ? navigator.top.prompt + "> " : "") {
      if !execute(line) { return }
    }
  }

  /// Says what a session may begin with, and ends.
  ///
  /// - Throws: why there is nothing to begin with.
  public func tell(_ opening: Workbench.Opening) throws {
    defer { navigator.release() }
    guard case .talk(let talk) = opening else {
      try navigator.begin(with: opening)
      describe()
      return sayMessage()
    }
    say("\(talk.title): \(Figures.count(talk.items.count, "item")).")
    for (index, item) in talk.items.enumerated() {
      try navigator.begin(with: item.opening)
      say("\nItem \(index + 1): \(item.title)\(item.minutes.map { ", \(TalkState.planned($0)) planned" } ?? "").")
      if !item.notes.isEmpty { say("Notes: \(item.notes)") }
      describe()
    }
  }

  /// Runs one line.
  ///
  /// - Returns: `false` when the session is over.
  func execute(_ line: String) -> Bool {
    let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !line.isEmpty else {
      describe()
      return true
    }
    _ = navigator.tick()
    _ = navigator.refreshIfChanged()
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    let word = parts[0]
    let text = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    if take(word, text) { return true }
    // A stray number must never decide, also not "0", which is the key of a neutral verdict on the screen.
    if let number = Int(word), parts.count == 1, let sentences = navigator.top.take(number: number) {
      sentences.forEach(say)
      sayMessage()
      return true
    }
    guard let id = action(named: word) else {
      say("There is no command '\(word)'. 'help' lists them.")
      return true
    }
    return perform(id, word, text)
  }

  /// What is only said here: lists, and going to things by their numbers.
  ///
  /// - Returns: whether the word was one of these.
  private func take(_ word: String, _ text: String) -> Bool {
    switch word {
    case "help", "?": listActions()
    case "show": describe()
    case "list":
      navigator.attempt { try navigator.screen(QueueScreen.self).describe().forEach(say) }
    case "step":
      guard let review = navigator.top as? ReviewScreen else {
        say("Open a solution first: 'open NUMBER'.")
        return true
      }
      review.goTo(stepNamed: text).forEach(say)
    case "open":
      let isOpen = navigator.attempt {
        let id =
          text.isEmpty ? navigator.services.queue.selectedID ?? 0 : try navigator.workspace.solutionID(matching: text)
        try navigator.review(id)
      }
      if isOpen { describe() } else { sayMessage() }
    case "queue" where !text.isEmpty:
      navigator.attempt { try navigator.openQueue(text) }
      sayMessage()
    default: return false
    }
    return true
  }

  /// - Returns: `false` when the session is over.
  private func perform(_ id: ActionID, _ word: String, _ text: String) -> Bool {
    let before = State(navigator)
    if let asks = ActionTable.action(id)?.asks, navigator.disabledReason(id) == nil {
      if text.isEmpty {
        navigator.top.choices(for: id).forEach(say)
        say("\(asks)? Write it on the same line: \(word) TEXT.")
        return true
      }
      navigator.submit(id, text: text)
    } else {
      navigator.perform(id)
    }
    navigator.settle()
    switch navigator.takeEffect() {
    case .quit: return false
    case .copy(let source):
      say("Source: \(TextSafety.block(source))")
      return true
    default: break
    }
    // Nothing lies over plain text: it is read out at once.
    navigator.overlay?.layOut(Size(width: 1000, height: 1000))
    navigator.overlay?.describe().forEach(say)
    navigator.overlay = nil
    sayMessage()
    let after = State(navigator)
    if after.screen != before.screen || after.state != before.state {
      describe()
    } else if after.selection != before.selection {
      navigator.top.describeSelection().forEach(say)
    }
    return true
  }

  /// What decides whether something new has to be read out.
  private struct State {
    var screen: ScreenID
    var state: [String]
    var selection: [String]

    init(_ navigator: Navigator) {
      screen = navigator.top.id
      state = navigator.top.spokenState
      selection = navigator.top.spokenSelection
    }
  }

  private func action(named word: String) -> ActionID? {
    if let action = ActionTable.action(ActionID(rawValue: word)) { return action.id }
    if word == "quit" || word == "exit" { return .quit }
    return Key(word).flatMap { navigator.context.keyMap.action(for: $0, in: navigator.top.id) }
  }

  private func describe() {
    navigator.settle()
    navigator.attempt { try navigator.top.layOut(navigator.size) }
    navigator.top.describe().forEach(say)
  }

  private func listActions() {
    for place in ActionTable.places {
      say("\(place.heading):")
      for action in place.actions {
        let keys = navigator.context.keyMap.keys(for: action.id).map(\.description).joined(separator: ", ")
        let argument = action.asks == nil ? "" : " TEXT"
        say("  \(action.id.rawValue)\(argument) (\(keys)): \(action.summary).")
      }
    }
    say("Here also: show, list, step NUMBER, open NUMBER, queue NAME, help, quit.")
  }

  private func sayMessage() { if let message = navigator.message { say(message.text) } }

  private func say(_ line: String) {
    for line in line.split(separator: "\n", omittingEmptySubsequences: false) { write(TextSafety.line(String(line))) }
  }
}
