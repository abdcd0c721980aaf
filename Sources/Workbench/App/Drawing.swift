import Terminal

extension Navigator {
  /// The screen that is seen, with what lies over it, at the size of the context.
  public func draw(theme: Theme) -> Canvas {
    var canvas = Canvas(size: size, theme: theme, glyphs: glyphs)
    guard size.width > 0, size.height > 0 else { return canvas }
    layOut()
    top.draw(&canvas)
    overlay?.draw(&canvas)
    return canvas
  }

  /// The screen when all is known that is worked out beside it.
  public func drawSettled(theme: Theme = .terminal) -> Canvas {
    layOut()
    settle()
    return draw(theme: theme)
  }
}
