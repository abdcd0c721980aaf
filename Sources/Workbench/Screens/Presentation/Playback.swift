import DeepCriticCore
import Terminal

/// Time that advances by itself, faster or slower, until it is paused.
struct Playback {
  /// Seconds that have gone by.
  var time = 0.0
  var isPaused = false
  private(set) var speed = 1.0
  /// What tells the time; replays have a clock of their own.
  var now: () -> ContinuousClock.Instant = { .now }
  private var lookedAt: ContinuousClock.Instant?

  private static let speeds = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5]

  /// Takes in what has gone by since it was looked at last.
  mutating func advance(to end: Double, isMoving: Bool) {
    let instant = now()
    defer { lookedAt = instant }
    guard isMoving, let lookedAt else { return }
    // Who comes back from a stopped program finds it where it was.
    time = min(time + min((instant - lookedAt).inSeconds, 1) * speed, end)
  }

  mutating func restart() {
    time = 0
    isPaused = false
    lookedAt = now()
  }

  /// - Returns: `false` where there is no other speed in that direction.
  mutating func change(speed offset: Int) -> Bool {
    let index = (Self.speeds.firstIndex(of: speed) ?? 3) + offset
    guard Self.speeds.indices.contains(index) else { return false }
    speed = Self.speeds[index]
    return true
  }
}

/// A screen before an audience that plays by itself.
protocol PlayingScreen: AudienceScreen {
  var playback: Playback { get set }
  /// Seconds of all of it.
  var length: Double { get }
  /// Why nothing is played; `nil` when something is.
  var hiddenReason: String? { get }
  /// What to do when there is nothing further on.
  var endWords: String { get }
  func forward()
  func rewind()
  func restart()
  /// Shows the next of what can be played, where no talk is given.
  func playNext(_ offset: Int) throws
}

extension PlayingScreen {
  var time: Double { playback.time }
  var isOver: Bool { playback.time >= length }

  /// Time waits while something lies over the screen.
  var isMoving: Bool {
    length > 0 && !playback.isPaused && !isOver && hiddenReason == nil && navigator?.top === self
      && navigator?.overlay == nil
  }

  func pause() {
    if isOver { return restart() }
    playback.isPaused.toggle()
    if context.isClean { glance(playback.isPaused ? "Paused." : "Playing again.") }
  }

  func next(_ offset: Int) throws { if try !moveItem(by: offset) { try playNext(offset) } }

  /// - Parameters:
  ///   - forward: what a step forward is called.
  ///   - back: the same for a step back.
  static func playingCommands(forward: Action = .demoForward, back: Action = .demoBack) -> [Command<Self>] {
    [
      Command(.demoPause, unless: { $0.hiddenReason }) { $0.pause() },
      Command(forward, unless: { $0.hiddenReason ?? ($0.isOver ? $0.endWords : nil) }) { $0.forward() },
      Command(back, unless: { $0.hiddenReason ?? ($0.time == 0 ? "This is the beginning." : nil) }) {
        $0.rewind()
      },
      Command(.demoFaster, unless: { $0.hiddenReason }) {
        if !$0.playback.change(speed: 1) { $0.glance("It cannot be played faster.") }
      },
      Command(.demoSlower, unless: { $0.hiddenReason }) {
        if !$0.playback.change(speed: -1) { $0.glance("It cannot be played slower.") }
      },
      Command(.demoNext, unless: { $0.hiddenReason }) { try $0.next(1) },
      Command(.demoPrevious, unless: { $0.hiddenReason }) { try $0.next(-1) },
      Command(.demoRestart, unless: { $0.hiddenReason }) { $0.restart() },
    ]
  }

  /// "████░░  1:05 of 2:10", or what the keys do at a standstill.
  func playingStatus(over: String) -> String {
    if isOver { return over }
    if playback.isPaused { return "Paused. \(keys(.demoPause)) continues." }
    func clock(_ seconds: Double) -> String { Figures.clock(seconds.rounded(.down)) }
    let width = 20
    let done = Int(time / max(length, 1) * Double(width))
    let (full, empty) = glyphs.isUnicode ? ("█", "░") : ("#", ".")
    return String(repeating: full, count: done) + String(repeating: empty, count: width - done)
      + "  \(clock(time)) of \(clock(length))"
  }
}
