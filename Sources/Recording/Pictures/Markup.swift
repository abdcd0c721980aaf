import Formatting
import Terminal

/// Text inside HTML and SVG: nothing in it may become markup.
public enum Markup {
  /// The text for elements and for attributes in quotes; invisible characters become visible signs.
  public static func escaped(_ text: String) -> String { HTML.escaped(TextSafety.block(text)) }

  /// One line of text, escaped, with a box of its columns around each character that fonts may lack, so that what stands
  /// below each other stays so. The page gives the classes `b` (one column) and `w` (two).
  public static func grid(_ text: String) -> String {
    var canvas = Canvas(size: Size(width: max(DisplayWidth.of(text), 1), height: 1))
    canvas.put(text, x: 0, y: 0, style: .plain)
    var out = ""
    for cell in canvas.row(0).prefix(DisplayWidth.of(text)) where cell.width > 0 {
      let words = escaped(cell.grapheme)
      out += RowRuns.isCommon(cell) ? words : "<span class=\"\(cell.width == 1 ? "b" : "w")\">\(words)</span>"
    }
    return out
  }

  /// A stack of fixed-width fonts that have frames and mathematics.
  public static let fontStack =
    "ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace"
}
