import Formatting

/// A bar of progress.
public enum ProgressBar {
  /// Draws `▕███▏     ▏`, in eighths of a column where the glyphs have them; the two ends count towards the width.
  /// - Parameter fraction: 0…1; other values become the nearest, NaN becomes 0. Only 1 is drawn full and only 0 empty.
  public static func draw(
    in canvas: inout Canvas, x: Int, y: Int, width: Int, fraction: Double, role: StyleRole = .barFull,
    emptyRole: StyleRole = .barEmpty
  ) {
    let glyphs = canvas.glyphs
    let inner = width - 2
    guard inner > 0 else { return }
    let steps = glyphs.barPartials.count
    let done = Bar.filled(fraction, of: inner * steps)
    let full = done / steps
    let partial = done % steps
    var bar = String(repeating: glyphs.barPartials[steps - 1], count: full)
    if partial > 0 { bar += glyphs.barPartials[partial - 1] }
    let used = full + (partial > 0 ? 1 : 0)
    canvas.put(glyphs.barLeft, x: x, y: y, role: emptyRole, ellipsis: false)
    canvas.put(bar, x: x + 1, y: y, role: role, maxWidth: inner, ellipsis: false)
    canvas.put(
      String(repeating: glyphs.barEmpty, count: inner - used), x: x + 1 + used, y: y, role: emptyRole,
      ellipsis: false)
    canvas.put(glyphs.barRight, x: x + width - 1, y: y, role: emptyRole, ellipsis: false)
  }
}
