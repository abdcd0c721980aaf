/// A colour of the terminal's palette.
public enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case `default`
  /// A palette entry: 0–7 and 8–15 follow the user's scheme, 16–255 are fixed.
  case indexed(UInt8)

  static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

  /// Reads `default`, a colour name, `bright-` and a colour name, `gray`, or a number 0–255.
  init?(_ word: Substring) {
    if word == "default" {
      self = .default
    } else if word == "gray" || word == "grey" {
      self = .indexed(8)
    } else if let number = UInt8(word) {
      self = .indexed(number)
    } else {
      let bright = word.hasPrefix("bright-")
      guard let index = Self.names.firstIndex(of: String(bright ? word.dropFirst(7) : word)) else { return nil }
      self = .indexed(UInt8(index + (bright ? 8 : 0)))
    }
  }

  var name: String {
    switch self {
    case .default: "default"
    case .indexed(let index) where index < 8: Self.names[Int(index)]
    case .indexed(let index) where index < 16: "bright-" + Self.names[Int(index) - 8]
    case .indexed(let index): String(index)
    }
  }
}

/// How a cell looks.
public struct Style: Hashable, Sendable {
  /// The text's colour.
  public var foreground: Color
  /// The colour behind the text.
  public var background: Color
  /// Heavier or brighter strokes.
  public var bold: Bool
  /// Fainter strokes; some terminals ignore it.
  public var dim: Bool
  /// A line below the text.
  public var underline: Bool
  /// Foreground and background exchanged.
  public var reverse: Bool
  /// Slanted strokes; some terminals ignore it.
  public var italic: Bool

  /// A style from its parts; plain where nothing is said.
  public init(
    foreground: Color = .default, background: Color = .default, bold: Bool = false, dim: Bool = false,
    underline: Bool = false, reverse: Bool = false, italic: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.bold = bold
    self.dim = dim
    self.underline = underline
    self.reverse = reverse
    self.italic = italic
  }

  /// The terminal's default look.
  public static let plain = Style()

  /// This style laid over another: colours where this one has any, attributes of both.
  public func over(_ base: Style) -> Style {
    Style(
      foreground: foreground == .default ? base.foreground : foreground,
      background: background == .default ? base.background : background, bold: bold || base.bold,
      dim: dim || base.dim, underline: underline || base.underline, reverse: reverse || base.reverse,
      italic: italic || base.italic)
  }

  /// 23 bits: foreground 9, background 9, attributes 5.
  var packed: UInt32 {
    func bits(_ color: Color) -> UInt32 {
      switch color {
      case .default: 0
      case .indexed(let index): UInt32(index) + 1
      }
    }
    var attributes: UInt32 = 0
    if bold { attributes |= 1 }
    if dim { attributes |= 2 }
    if underline { attributes |= 4 }
    if reverse { attributes |= 8 }
    if italic { attributes |= 16 }
    return bits(foreground) | bits(background) << 9 | attributes << 18
  }

  init(packed: UInt32) {
    func color(_ bits: UInt32) -> Color {
      bits == 0 ? .default : .indexed(UInt8(truncatingIfNeeded: bits - 1))
    }
    let attributes = packed >> 18
    self.init(
      foreground: color(packed & 0x1FF), background: color(packed >> 9 & 0x1FF), bold: attributes & 1 != 0,
      dim: attributes & 2 != 0, underline: attributes & 4 != 0, reverse: attributes & 8 != 0,
      italic: attributes & 16 != 0)
  }
}

extension Style: CustomStringConvertible {
  /// The style as a theme file would write it, such as `bold bright-red on 236`.
  public var description: String {
    var words: [String] = []
    if bold { words.append("bold") }
    if dim { words.append("dim") }
    if underline { words.append("underline") }
    if reverse { words.append("reverse") }
    if italic { words.append("italic") }
    if foreground != .default { words.append(foreground.name) }
    if background != .default { words += ["on", background.name] }
    return words.isEmpty ? "default" : words.joined(separator: " ")
  }
}
