import DeepCriticCore
import Terminal

/// A demonstration that plays: time goes on by itself, faster or slower, and by scenes.
public final class DemoModel {
  /// The screen is open.
  var isOpen = false
  /// The program was started for demonstrations: leaving them ends it.
  var endsSession = false
  private(set) var demonstration: Demonstration?
  /// Its name.
  private(set) var name = ""
  /// Seconds of the performance that have gone by.
  private(set) var time = 0.0
  var isPaused = false
  private(set) var speed = 1.0
  /// The audience's guess in this round: a step, or −1 for "all right".
  private(set) var guess: Int?
  /// Rows by which critiques longer than their pane are scrolled back from their end.
  var scroll = 0
  /// Rounds with a guess, and how many of them were right.
  private(set) var score = (rounds: 0, right: 0)
  /// What tells the time; replays have a clock of their own.
  var now: () -> ContinuousClock.Instant = { .now }
  private var lookedAt: ContinuousClock.Instant?

  static let speeds = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5]

  /// Begins a demonstration.
  func play(_ demonstration: Demonstration, name: String) {
    self.demonstration = demonstration
    self.name = name
    restart()
  }

  func restart() {
    time = 0
    guess = nil
    scroll = 0
    isPaused = false
    lookedAt = now()
  }

  /// Whether it goes on by itself.
  var isPlaying: Bool { isOpen && demonstration != nil && !isPaused && !isOver }

  var isOver: Bool { demonstration.map { time >= $0.length } ?? true }

  var scene: (scene: Int, written: Double) { demonstration?.place(at: time) ?? (0, 0) }

  /// What people say is told: from then on a guess is right or wrong.
  var isTold: Bool {
    guard let demonstration, case .label = demonstration.scenes[scene.scene].action else { return false }
    return true
  }

  /// The rounds that are over, and how many guesses of them were right.
  var toldScore: (rounds: Int, right: Int) {
    guard let guess, !isTold, let truth = demonstration?.solution.firstError.boxed else { return score }
    return (score.rounds - 1, score.right - (guess == truth ? 1 : 0))
  }

  /// Lets time go on.
  ///
  /// - Returns: whether the picture has changed.
  func refresh() -> Bool {
    let instant = now()
    defer { lookedAt = instant }
    guard isPlaying, let demonstration, let lookedAt else { return false }
    let passed = (instant - lookedAt).inSeconds
    // Who comes back from a stopped program finds it where it was.
    let before = scene.scene
    time = min(time + min(passed, 1) * speed, demonstration.length)
    // Another scene is seen from the end of its critiques.
    if scene.scene != before { scroll = 0 }
    return true
  }

  /// Goes to the next scene, or finishes writing this one.
  func forward() {
    guard let demonstration else { return }
    scroll = 0
    let (scene, written) = scene
    let start = demonstration.start(of: scene)
    time =
      written < 1
      ? start + demonstration.scenes[scene].writing
      : min(demonstration.start(of: scene + 1), demonstration.length)
  }

  /// Goes back to the beginning of this scene, or of the one before.
  func back() {
    guard let demonstration else { return }
    scroll = 0
    let scene = scene.scene
    let start = demonstration.start(of: scene)
    time = time - start > 0.8 ? start : demonstration.start(of: max(scene - 1, 0))
  }

  func change(speed offset: Int) {
    let index = Self.speeds.firstIndex(of: speed) ?? 3
    speed = Self.speeds[min(max(index + offset, 0), Self.speeds.count - 1)]
  }

  func take(guess number: Int) throws {
    guard let demonstration else { return }
    guard number == -1 || (1...demonstration.solution.steps.count).contains(number) else {
      throw LiveTrouble("There are \(demonstration.solution.steps.count) steps.")
    }
    if let guess {
      throw LiveTrouble("You have guessed: \(guess == -1 ? "no step is wrong" : "step \(guess)").")
    }
    if let told = demonstration.scenes.firstIndex(where: { if case .critique = $0.action { true } else { false } }),
      scene.scene >= told
    {
      throw LiveTrouble("The critic speaks already; the next demonstration asks again.")
    }
    if case .problem = demonstration.scenes[scene.scene].action {
      throw LiveTrouble("First the solution: guess when its steps are there.")
    }
    guess = number
    if let truth = demonstration.solution.firstError.boxed {
      score.rounds += 1
      if number == truth { score.right += 1 }
    }
    // The critic need not wait any longer.
    if case .guess = demonstration.scenes[scene.scene].action { time = demonstration.start(of: scene.scene + 1) }
  }
}
