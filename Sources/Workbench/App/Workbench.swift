import DeepCriticCore
import Foundation
import Recording
import Terminal

/// The full-screen front end: events in, frames out.
public enum Workbench {
  /// What the command line decides about the screen.
  public struct Options {
    /// Colours, glyphs and the like.
    public var screen: TerminalScreen.Options
    /// Used where the terminal has colours.
    public var theme: Theme
    /// Folders with further themes.
    public var themeFolders: [String] = []
    /// A saved queue to open.
    public var queue: String?
    /// A file to write a log of the session to, and the program's name and version for it.
    public var record: (path: String, program: String)?
    /// Begins to record the screen, knowing its size and colours.
    public var recordScreen: ((Size, Theme) throws -> ScreenRecorder)?
    /// A session to be played first.
    public var replay: SessionReplay?
    /// A screen to begin with, in place of the queue.
    public var opening: Opening?

    /// The defaults suit most terminals.
    public init(screen: TerminalScreen.Options = .init(), theme: Theme = ThemeFiles.builtIn("terminal")) {
      self.screen = screen
      self.theme = theme
    }
  }

  /// What a session may begin with.
  public enum Opening: Sendable {
    /// The live screen.
    case live(LiveRequest)
    /// The demonstration of a solution, or of the first that can be shown.
    case demo(Int64?)
    /// The demonstration of a solution that was read already.
    case demonstration(StoredSolution)
    /// What was recorded of a screen.
    case recording(Film, title: String)
    /// One of these after the other.
    case talk(Talk)
  }

  /// Runs until the user ends it or the terminal goes away.
  ///
  /// - Throws: ``Terminal/TerminalError`` before the screen is taken over, `KeyMapError`, `WorkspaceError`,
  ///   ``SessionLogError``.
  public static func run(session: Session, options: Options) throws {
    let keyMap = try KeyMap(overrides: session.settings.keys)
    let screen = try TerminalScreen(options: options.screen)
    defer { screen.close() }
    let navigator = try Navigator(session: session, keyMap: keyMap, size: screen.size, glyphs: screen.glyphs)
    defer { navigator.release() }
    let recorder = try options.record.map {
      try SessionRecorder(path: $0.path, session: session, size: screen.size, program: $0.program)
    }
    let filming = try options.recordScreen.map { try $0(screen.size, options.theme) }
    defer { filming?.end() }
    screen.observer = filming.map { filming in { filming.show($0) } }
    navigator.context.heldKey.interval = options.replay == nil ? .milliseconds(80) : .zero
    var theme = screen.colorCount == 0 ? ThemeFiles.builtIn("monochrome") : options.theme
    if screen.colorCount > 0 {
      navigator.themeName = theme.name
      offerThemes(navigator, options.themeFolders)
    }
    if let notice = screen.notices.first { navigator.say(.warning, notice) }
    if let queue = options.queue { navigator.attempt { try navigator.openQueue(queue) } }
    if options.replay == nil, options.opening == nil {
      navigator.welcome()
      navigator.welcomeBack(listed: options.queue != nil)
    }
    try navigator.begin(with: options.opening)
    screen.setMouse(navigator.usesMouse)
    screen.present(navigator.draw(theme: theme))
    var player = options.replay.map(ReplayPlayer.init)
    var lookedAt = ContinuousClock.now
    var emptyAt = ContinuousClock.now
    while true {
      // Another process may review the same workspace: look once a second while nothing is typed, and more often at
      // what is running in this one.
      let timeout = min(navigator.refreshInterval, player?.waitMilliseconds ?? 1000)
      let wasThere = screen.pendingInput
      if !wasThere { emptyAt = .now }
      navigator.context.heldKey.waitingSince = wasThere ? emptyAt : nil
      var event = screen.nextEvent(timeoutMilliseconds: timeout)
      if player != nil, event?.isByHand == true {
        // Whoever types takes over.
        player = nil
        navigator.context.heldKey.interval = .milliseconds(80)
      }
      if event == nil, let due = player?.takeDue() { event = due }
      if player?.isDone == true { player = nil }
      if let filming, let problem = filming.problem, screen.observer != nil {
        screen.observer = nil
        navigator.say(.error, "\(problem)")
      }
      guard let event else {
        emptyAt = .now
        var mayDiffer = navigator.tick()
        if ContinuousClock.now - lookedAt >= .seconds(1) {
          lookedAt = .now
          mayDiffer = navigator.refreshIfChanged() || mayDiffer
        }
        if mayDiffer { screen.present(navigator.draw(theme: theme)) }
        continue
      }
      if case .burst(let keys) = event {
        screen.putBack(navigator.events(ofBurst: keys))
        continue
      }
      _ = navigator.tick()
      recorder?.note(event)
      if event == .closed { return }
      navigator.take(event)
      if event == .resumed { navigator.take(.resize(screen.size)) }
      screen.setMouse(navigator.usesMouse)
      if let chosen = navigator.takeTheme() {
        theme = chosen
        screen.redraw()
      }
      if let effect = navigator.takeEffect() {
        switch effect {
        case .quit: return
        case .redraw: screen.redraw()
        case .copy(let text): screen.copyToClipboard(text)
        case .edit(let text): edit(text, navigator, screen, player, recorder)
        }
      }
      if let recorder, case .key = event, let message = navigator.message { recorder.note(said: message.text) }
      // A held-down key must not queue up frames: paint when the keys that are there have been taken.
      if !screen.pendingInput { screen.present(navigator.draw(theme: theme)) }
    }
  }

  /// Lets a session choose among the themes of some folders.
  public static func offerThemes(_ navigator: Navigator, _ folders: [String]) {
    navigator.themes = (
      ThemeFiles.names(in: folders).map { ($0, ThemeFiles.about($0)) }, { try ThemeFiles.load($0, folders: folders) }
    )
  }

  private static func edit(
    _ text: String, _ navigator: Navigator, _ screen: TerminalScreen, _ player: ReplayPlayer?,
    _ recorder: SessionRecorder?
  ) {
    do {
      if let player {
        if let text = player.edited { navigator.finishEditing(text) }
        return
      }
      let edited = try ExternalEditor.edit(text: text, suffix: ".md", screen: screen)
      recorder?.note(edited: edited)
      navigator.finishEditing(edited)
    } catch {
      navigator.say(.error, "\(error)")
    }
    navigator.take(.resize(screen.size))
  }
}

extension InputEvent {
  /// Somebody typed, pasted or pointed.
  fileprivate var isByHand: Bool {
    switch self {
    case .key, .paste, .burst, .pointer: true
    default: false
    }
  }
}

/// Gives the events of a log back when their time has come.
struct ReplayPlayer {
  private let replay: SessionReplay
  private let start = ContinuousClock.now
  private var next = 0

  init(_ replay: SessionReplay) { self.replay = replay }

  var isDone: Bool { next >= replay.entries.count }

  private var due: ContinuousClock.Instant? {
    guard !isDone else { return nil }
    guard replay.speed > 0 else { return start }
    return start + .milliseconds(Int(Double(replay.entries[next].at) / replay.speed))
  }

  /// How long until the next event.
  var waitMilliseconds: Int {
    due.map { max(0, min(1000, Int(($0 - .now) / .milliseconds(1)))) } ?? 1000
  }

  /// The next event, if its time has come.
  mutating func takeDue() -> InputEvent? {
    while let due, due <= .now {
      let entry = replay.entries[next]
      next += 1
      // The screen has its own size here.
      if let event = entry.event, entry.size == nil { return event }
    }
    return nil
  }

  /// What the editor gave back after the last event.
  var edited: String? { replay.edited(after: next - 1) }
}

extension Navigator {
  /// Begins with another screen than the queue: leaving that ends the program.
  ///
  /// - Throws: why there is nothing to begin with; no other screen is opened in its place.
  public func begin(with opening: Workbench.Opening?) throws {
    switch opening {
    case .live(let request):
      try screen(LiveScreen.self).begin(request)
      try begin(with: .live)
    case .demo(let id):
      try screen(DemonstrationScreen.self).begin(with: id)
      try begin(with: .demonstration)
    case .demonstration(let stored):
      try screen(DemonstrationScreen.self).begin(with: stored)
      try begin(with: .demonstration)
    case .recording(let film, let title):
      try screen(RecordingScreen.self).begin(film, title)
      try begin(with: RecordingScreen.id)
    case .talk(let talk):
      let folder = TalkFeed.folder(environment: services.environment)
      let running = RunningTalk(talk, on: self, feed: folder.map(TalkFeed.init))
      self.talk = running
      try running.show(0)
    case nil: break
    }
  }
}
