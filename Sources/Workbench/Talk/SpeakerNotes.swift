import DeepCriticCore
import Foundation
import Terminal

/// The speaker's notes in a second terminal: they follow the talk that is given in the first.
public struct SpeakerNotes {
  private let folder: String
  private let talk: String?

  /// - Parameters:
  ///   - talk: the file of the talk; `nil` for the latest that runs.
  ///   - environment: names the folder in which talks leave their state.
  /// - Returns: `nil` where that names no home.
  public init?(of talk: String?, environment: [String: String]) {
    guard let folder = TalkFeed.folder(environment: environment) else { return nil }
    self.folder = folder
    self.talk = talk
  }

  private func look() -> TalkNews { TalkNews.look(in: folder, talk: talk) }

  /// Shows them until somebody ends it. Where no talk runs, one is waited for.
  ///
  /// - Throws: `TerminalError` before the screen is taken over.
  public func show(options: Workbench.Options) throws {
    let screen = try TerminalScreen(options: options.screen)
    defer { screen.close() }
    let theme = screen.colorCount == 0 ? ThemeFiles.builtIn("monochrome") : options.theme
    var scroll = 0
    var item: Int?
    while true {
      let news = look()
      if case .running(let state) = news, state.index != item {
        item = state.index
        scroll = 0
      }
      var canvas = Canvas(size: screen.size, theme: theme, glyphs: screen.glyphs)
      NotesView.draw(&canvas, news, now: Date(), scroll: &scroll)
      screen.present(canvas)
      guard let event = screen.nextEvent(timeoutMilliseconds: 500) else { continue }
      switch event {
      case .closed, .key(.character("q")), .key(.character("Q")), .key(.escape), .key(.control("c")): return
      case .key(let key):
        var position = ScrollPosition(offset: scroll)
        // Where it ends is known when it is drawn.
        if position.handle(key, page: max(screen.size.height / 2, 1), limit: 100_000) { scroll = position.offset }
        if key == .control("l") { screen.redraw() }
      case .burst(let keys): screen.putBack(keys.map { .key($0) })
      default: break
      }
    }
  }

  /// Says them in sentences, and then whatever changes, until the talk ends.
  ///
  /// - Parameters:
  ///   - check: throws when the work is to end.
  ///   - write: takes lines.
  /// - Returns: `false` where no talk runs.
  public func tell(check: () throws -> Void, write: ([String]) throws -> Void) throws -> Bool {
    var before: TalkNews?
    while true {
      let news = look()
      let words = NotesView.sentences(news, after: before, now: Date())
      if !words.isEmpty { try write(words) }
      guard case .running = news else { return before != nil }
      before = news
      for _ in 0..<5 {
        try check()
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
  }
}
