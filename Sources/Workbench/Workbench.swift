import DeepCriticCore
import Foundation
import Terminal

/// The full-screen front end: events in, frames out.
public enum Workbench {
  /// What the command line decides about the screen.
  public struct Options {
    /// Colours, glyphs and the like.
    public var screen: TerminalScreen.Options
    /// Used where the terminal has colours.
    public var theme: Theme

    /// The defaults suit most terminals.
    public init(screen: TerminalScreen.Options = .init(), theme: Theme = ThemeFiles.builtIn("terminal")) {
      self.screen = screen
      self.theme = theme
    }
  }

  /// Runs until the user ends it or the terminal goes away.
  ///
  /// - Throws: ``Terminal/TerminalError`` before the screen is taken over, `KeyMap.Problem`, `WorkspaceError`.
  public static func run(session: Session, options: Options) throws {
    let keyMap = try KeyMap(overrides: session.settings.keys)
    let screen = try TerminalScreen(options: options.screen)
    defer { screen.close() }
    let model = try WorkbenchModel(session: session, keyMap: keyMap, size: screen.size, glyphs: screen.glyphs)
    model.repeatGuard = .milliseconds(80)
    let theme = screen.colorCount == 0 ? ThemeFiles.builtIn("monochrome") : options.theme
    if let notice = screen.notices.first { model.say(.warning, notice) }
    screen.present(Screens.draw(model, theme: theme))
    var lookedAt = ContinuousClock.now
    while true {
      // Another process may review the same workspace: look once a second while nothing is typed, and more often at
      // what goes on in this one.
      guard let event = screen.nextEvent(timeoutMilliseconds: model.isBusy ? 200 : 1000) else {
        var mayDiffer = model.tick()
        if ContinuousClock.now - lookedAt >= .seconds(1) {
          lookedAt = .now
          mayDiffer = model.refreshIfChanged() || mayDiffer
        }
        if mayDiffer { screen.present(Screens.draw(model, theme: theme)) }
        continue
      }
      _ = model.tick()
      switch event {
      case .key(let key): model.handle(key)
      case .paste(let text): model.handlePaste(text)
      case .resize(let size): model.resize(to: size)
      case .resumed: model.resize(to: screen.size)
      case .wake: break
      case .closed: return
      }
      if let effect = model.takeEffect() {
        switch effect {
        case .quit: return
        case .redraw: screen.redraw()
        case .copy(let text): screen.copyToClipboard(text)
        case .edit(let text): edit(text, model, screen)
        }
      }
      // A held-down key must not queue up frames: paint when the keys that are there have been taken.
      if !screen.pendingInput { screen.present(Screens.draw(model, theme: theme)) }
    }
  }

  private static func edit(_ text: String, _ model: WorkbenchModel, _ screen: TerminalScreen) {
    do {
      model.finishEditing(try ExternalEditor.edit(text: text, suffix: ".md", screen: screen))
    } catch {
      model.say(.error, "\(error)")
    }
    model.resize(to: screen.size)
  }
}
