import Formatting
import Terminal

/// A colour as a screen shows it.
public struct RGB: Hashable, Sendable {
  /// Red, 0–255.
  public var red: UInt8
  /// Green, 0–255.
  public var green: UInt8
  /// Blue, 0–255.
  public var blue: UInt8

  /// A colour from `0xRRGGBB`.
  public init(_ value: UInt32) {
    red = UInt8(truncatingIfNeeded: value >> 16)
    green = UInt8(truncatingIfNeeded: value >> 8)
    blue = UInt8(truncatingIfNeeded: value)
  }

  /// Reads `#rrggbb`; nil for anything else.
  public init?(hex: String) {
    guard hex.utf8.count == 7, hex.hasPrefix("#"), !hex.contains("+"), !hex.contains("-"),
      let value = UInt32(hex.dropFirst(), radix: 16)
    else { return nil }
    self.init(value)
  }

  /// The colour as `#rrggbb`.
  public var hex: String { "#" + Hex.string([red, green, blue]) }

  /// Whether dark text reads better on it than light text.
  public var isLight: Bool { 299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 127_500 }

  /// The colour moved towards another one by some hundredths.
  func mixed(with other: RGB, percent: Int) -> RGB {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt32 { UInt32((Int(a) * (100 - percent) + Int(b) * percent + 50) / 100) }
    return RGB(mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
  }
}

/// The colours behind the numbers of a terminal's palette: one place for pictures, pages and casts.
public struct Palette: Hashable, Sendable {
  /// Text without a colour of its own.
  public var foreground: RGB
  /// The screen behind it.
  public var background: RGB
  /// The first sixteen colours, which terminals let their users choose.
  public var base: [RGB]

  /// Colours for a dark background.
  public static let dark = Palette(
    foreground: 0xd0d0d0, background: 0x1c1c1c,
    base: [
      0x101214, 0xff7b72, 0x6cc970, 0xe3b341, 0x79b8ff, 0xd2a8ff, 0x56d4dd, 0xd0d0d0, 0x8b949e, 0xffa198, 0x8ddb8c,
      0xf2cc60, 0xa5d6ff, 0xe2c5ff, 0x8ae5ec, 0xffffff,
    ])

  /// Colours for a light background.
  public static let light = Palette(
    foreground: 0x262626, background: 0xffffff,
    base: [
      0x1f2328, 0xb3261e, 0x1a6b2f, 0x7a5200, 0x0b5cad, 0x7a3ea8, 0x0f6b75, 0x59636e, 0x6e7781, 0xa40e26, 0x116329,
      0x633c01, 0x0550ae, 0x6639a6, 0x0a5a63, 0xffffff,
    ])

  private init(foreground: UInt32, background: UInt32, base: [UInt32]) {
    self.foreground = RGB(foreground)
    self.background = RGB(background)
    self.base = base.map { RGB($0) }
  }

  /// What suits a theme: dark or light by the background of its ordinary text, dark where it has none.
  public init(theme: Theme) {
    let text = theme[.text]
    var palette = Palette.dark
    if case .indexed = text.background, palette.color(text.background, else: palette.background).isLight {
      palette = .light
    }
    palette.foreground = palette.color(text.foreground, else: palette.foreground)
    palette.background = palette.color(text.background, else: palette.background)
    self = palette
  }

  /// Reads the colours of a cast's header: two colours, and 8 or 16 with `:` between them; nil for anything else.
  init?(foreground: String, background: String, base: String) {
    guard let foreground = RGB(hex: foreground), let background = RGB(hex: background) else { return nil }
    var colors = base.split(separator: ":", omittingEmptySubsequences: false).compactMap { RGB(hex: String($0)) }
    if colors.count == 8 { colors += colors }
    guard colors.count == 16 else { return nil }
    self.foreground = foreground
    self.background = background
    self.base = colors
  }

  /// What a colour looks like.
  public func color(_ color: Color, else other: RGB) -> RGB {
    guard case .indexed(let index) = color else { return other }
    let number = Int(index)
    if number < 16 { return base[number] }
    if number >= 232 {
      let level = UInt32(8 + 10 * (number - 232))
      return RGB(level << 16 | level << 8 | level)
    }
    let steps: [UInt32] = [0, 95, 135, 175, 215, 255]
    let cube = number - 16
    return RGB(steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6])
  }

  /// The two colours of a style, after exchanging them and fading the text where it says so.
  func colors(_ style: Style) -> (text: RGB, ground: RGB) {
    var text = color(style.foreground, else: foreground)
    var ground = color(style.background, else: background)
    if style.reverse { swap(&text, &ground) }
    if style.dim { text = text.mixed(with: ground, percent: 35) }
    return (text, ground)
  }
}
