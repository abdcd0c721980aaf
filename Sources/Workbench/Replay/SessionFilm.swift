import DeepCriticCore
import Recording
import Terminal

extension SessionReplay {
  /// Plays the session and keeps what the screen showed after each entry, at the entry's time.
  ///
  /// What is worked out beside the review is waited for before each frame, so that the same log on the same workspace gives
  /// the same film.
  ///
  /// - Parameters:
  ///   - navigator: made for this; its decisions are recorded in its workspace.
  ///   - theme: colours until the session chooses others.
  ///   - size: the screen's size; nil for that of the log.
  public func film(on navigator: Navigator, theme: Theme, size: Size? = nil) -> Film {
    var film = Film()
    var theme = theme
    var last: Frame?
    navigator.context.isRehearsal = true
    play(on: navigator, size: size) { at in
      if let chosen = navigator.takeTheme() { theme = chosen }
      let frame = Frame(navigator.drawSettled(theme: theme), after: last)
      last = frame
      film.add(frame, at: at)
    }
    film.end(at: entries.last?.at ?? 0)
    return film
  }
}
