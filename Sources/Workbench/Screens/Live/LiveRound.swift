import DeepCriticCore
import Terminal

/// Somebody who names the first error before an audience: a critic, with stages by its merged critiques.
public struct LiveVoice {
  /// As the audience may know it; "the critic" where there is one only.
  var name: String
  /// As it is called where nothing is hidden.
  var critic: String
  var answer: Int?
  /// It has written to the end.
  var isComplete: Bool
  var isRecorded: Bool
  /// What is said of it where it names no first error.
  var silence = "gives no answer"

  /// The voices of a live critique.
  ///
  /// - Parameter hidesNames: they are "Critic A" and "Critic B".
  public static func all(in columns: [LiveColumn], hidesNames: Bool) -> [LiveVoice] {
    let places = columns.indices.filter { columns[$0].stage == nil || columns[$0].stage == .merged }
    let critics = names(of: columns)
    return places.map { place in
      let column = columns[place]
      let isRecorded = columns.contains { $0.isRecorded && $0.stage != nil } || column.isRecorded
      let name = places.count == 1 ? "the critic" : hidesNames ? alias(place) : critics[place]
      return LiveVoice(
        name: isRecorded ? "\(name) (recorded)" : name, critic: critics[place], answer: column.answer,
        isComplete: column.stage == nil ? column.isComplete : columns.allSatisfy(\.isComplete), isRecorded: isRecorded,
        silence: silence(of: column.stage == nil ? [column] : columns))
    }
  }

  private static func silence(of columns: [LiveColumn]) -> String {
    let phases = columns.flatMap { $0.texts.values.map(\.phase) }
    if phases.contains(where: { if case .failed = $0 { true } else { false } }) {
      return "gives no answer: the server failed or broke off"
    }
    return phases.contains(.stopped) ? "was stopped" : "gives no answer"
  }

  /// What critics are called: the model, and its server where several serve it.
  static func names(of columns: [LiveColumn]) -> [String] {
    let names = ShownModelNames.short(columns.map(\.model))
    return columns.indices.map { place in
      let column = columns[place]
      let isAlone = column.stage != nil || columns.filter { $0.model == column.model }.count == 1
      return TextSafety.line(isAlone ? names[place] : "\(names[place]) at \(column.endpoint)")
    }
  }

  /// "Critic A" for the first.
  static func alias(_ column: Int) -> String { "Critic \(Character(Unicode.Scalar(UInt8(65 + min(column, 25)))))" }

  /// "step 5 is the first error".
  public static func claim(_ answer: Int) -> String {
    answer == -1 ? "every step is correct" : "step \(answer) is the first error"
  }
}

/// The first error by the labels, as far as an audience may know it.
public enum LiveTruth: Hashable, Sendable {
  /// A step, or −1.
  case known(Int)
  case unknown
  /// Known, and hidden in blind review.
  case hidden
}

/// The audience's guess about a solution, and how often it and each critic were right.
public struct LiveRound {
  private struct Opinion {
    var guess: Int?
    var votes = AudienceVotes()
    var isScored = false
  }

  /// What the audience says about each solution: it stays while another one is shown.
  private var opinions: [Solution: Opinion] = [:]
  private var solution: Solution?
  private var opinion = Opinion()
  /// A step, or −1 for "every step is correct".
  public var guess: Int? {
    get { opinion.guess }
    set { opinion.guess = newValue }
  }
  /// What people in the room say.
  var votes: AudienceVotes {
    get { opinion.votes }
    set { opinion.votes = newValue }
  }
  /// Rounds with a guess and a label.
  private(set) var rounds = 0
  /// How many of them the audience got right.
  private(set) var audience = 0
  /// The same for each critic, in the order in which they came.
  private(set) var critics: [(name: String, right: Int)] = []

  /// Before the first guess.
  public init() {}

  /// Asks about another solution; what was said about it before counts.
  mutating func turn(to next: Solution) {
    if let solution { opinions[solution] = opinion }
    opinion = opinions[next] ?? Opinion()
    solution = next
  }

  /// Counts a round, once: without a guess, a label or a whole critique nobody is right or wrong.
  mutating func score(_ voices: [LiveVoice], _ truth: LiveTruth) {
    guard !opinion.isScored, let guess, case .known(let truth) = truth, voices.allSatisfy(\.isComplete) else { return }
    opinion.isScored = true
    rounds += 1
    audience += guess == truth ? 1 : 0
    for voice in voices where !voice.isRecorded {
      let place = critics.firstIndex { $0.name == voice.critic } ?? critics.endIndex
      if place == critics.endIndex { critics.append((voice.critic, 0)) }
      critics[place].right += voice.answer == truth ? 1 : 0
    }
  }

  /// "you 0, careful 1, hasty 0 of 1"; `nil` before the first round.
  func scoreWords(hidesNames: Bool) -> String? {
    guard rounds > 0 else { return nil }
    let parts = hidesNames ? [] : critics.map { "\(critics.count == 1 ? "critic" : $0.name) \($0.right)" }
    return (["you \(audience)"] + parts).joined(separator: ", ") + " of \(rounds)"
  }

  /// "You say: step 4 is the first error."
  var guessWords: String { guess.map { "You say: \(LiveVoice.claim($0))." } ?? "" }

  /// What everybody said, and who is right by the label.
  public func outcome(_ voices: [LiveVoice], _ truth: LiveTruth) -> String {
    guard let guess else { return Self.agreement(voices, truth) }
    var words = [guessWords]
    for voice in voices {
      let name = voice.name.prefix(1).uppercased() + voice.name.dropFirst()
      words.append(
        voice.answer.map { "\(voices.count == 1 ? name : voice.name) says: \(LiveVoice.claim($0))." }
          ?? "\(voices.count == 1 ? name : voice.name) \(voice.silence).")
    }
    let heard = voices.filter { $0.answer != nil }
    guard case .known(let truth) = truth else {
      let parts = heard.map { voice in
        let agrees = voice.answer == guess
        if voices.count == 1 { return agrees ? "You agree with the critic" : "You disagree with the critic" }
        return agrees ? "\(voice.name) agrees with you" : "\(voice.name) disagrees"
      }
      let known = truth == .hidden ? "The label is hidden in blind review." : "No label is known."
      return (words + [known] + (parts.isEmpty ? [] : [parts.joined(separator: ", ") + "."])).joined(separator: " ")
    }
    func right(_ answer: Int?) -> String { answer == truth ? "right" : "wrong" }
    let parts = ["you are \(right(guess))"] + heard.map { "\($0.name) is \(right($0.answer))" }
    words.append("By the label, \(LiveVoice.claim(truth)): \(parts.joined(separator: ", ")).")
    return words.joined(separator: " ")
  }

  /// Who agrees with the label, where nobody guesses.
  private static func agreement(_ voices: [LiveVoice], _ truth: LiveTruth) -> String {
    guard case .known(let truth) = truth else { return "" }
    let heard = voices.filter(\.isComplete)
    let sees = truth == -1 ? ("agrees", "does not agree") : ("sees it", "does not see it")
    let parts =
      heard.filter { $0.answer == truth }.map { "\($0.name) \(sees.0)" }
      + heard.filter { $0.answer != truth }.map { "\($0.name) \(heard.count == 1 ? sees.1 : "does not")" }
    return "By the label, \(LiveVoice.claim(truth))" + (parts.isEmpty ? "." : ": \(parts.joined(separator: ", ")).")
  }
}
