import CTerminal

/// The signs a screen is drawn with: Unicode, or ASCII where the locale has no more.
///
/// Every glyph takes one column, so a layout does not depend on the set.
public struct Glyphs: Hashable, Sendable {
  /// A correct step.
  public var correct: String
  /// A neutral step.
  public var neutral: String
  /// An incorrect step.
  public var incorrect: String
  /// No verdict.
  public var none: String
  /// Flagged for another look.
  public var flag: String
  /// In front of the selected row.
  public var pointer: String
  /// A horizontal line.
  public var horizontal: String
  /// A vertical line.
  public var vertical: String
  /// Corner of a frame.
  public var topLeft: String
  /// Corner of a frame.
  public var topRight: String
  /// Corner of a frame.
  public var bottomLeft: String
  /// Corner of a frame.
  public var bottomRight: String
  /// A line that branches down.
  public var teeDown: String
  /// A line that branches up.
  public var teeUp: String
  /// A line that branches right.
  public var teeRight: String
  /// A line that branches left.
  public var teeLeft: String
  /// Something was cut.
  public var ellipsis: String
  /// Filled cells of a bar, from one eighth (or the only one) to full.
  public var barPartials: [String]
  /// An open cell of a bar.
  public var barEmpty: String
  /// The two ends of a bar.
  public var barLeft: String
  /// The two ends of a bar.
  public var barRight: String
  /// "Becomes", or "goes on to the right".
  public var arrowRight: String
  /// "Goes on to the left".
  public var arrowLeft: String
  /// "More above".
  public var arrowUp: String
  /// "More below".
  public var arrowDown: String
  /// Beside every line of the part that one is at.
  public var current: String
  /// Between words of a status line.
  public var separator: String
  /// Done.
  public var check: String
  /// Between two numbers of a range.
  public var rangeDash: String
  /// Growing levels, for a chart in one row.
  public var sparks: [String]
  /// Whether these are Unicode glyphs.
  public var isUnicode: Bool

  /// For UTF-8 locales.
  public static let unicode = Glyphs(
    correct: "✓", neutral: "○", incorrect: "✗", none: "·", flag: "⚑", pointer: "▸", horizontal: "─", vertical: "│",
    topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", teeDown: "┬", teeUp: "┴", teeRight: "├",
    teeLeft: "┤", ellipsis: "…",
    barPartials: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], barEmpty: " ", barLeft: "▕", barRight: "▏",
    arrowRight: "›", arrowLeft: "‹", arrowUp: "↑", arrowDown: "↓", current: "▌", separator: "·", check: "✓",
    rangeDash: "–", sparks: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], isUnicode: true)

  /// For every other locale.
  public static let ascii = Glyphs(
    correct: "+", neutral: "o", incorrect: "x", none: ".", flag: "?", pointer: ">", horizontal: "-", vertical: "|",
    topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", teeDown: "+", teeUp: "+", teeRight: "+",
    teeLeft: "+", ellipsis: "~",
    barPartials: ["#"], barEmpty: "-", barLeft: "[", barRight: "]", arrowRight: ">", arrowLeft: "<", arrowUp: "^",
    arrowDown: "v",
    current: "|", separator: "-", check: "+", rangeDash: "-", sparks: ["_", ".", "-", "=", "*", "#"], isUnicode: false)
}
