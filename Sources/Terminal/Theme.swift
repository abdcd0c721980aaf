/// What a piece of the screen is for; a theme says how that looks.
///
/// Applications add roles of their own with `static let` in an extension.
public struct StyleRole: RawRepresentable, Hashable, Sendable {
  /// The name used in theme files.
  public let rawValue: String

  /// A role by its name in theme files.
  public init(rawValue: String) { self.rawValue = rawValue }

  private init(_ name: String) { rawValue = name }

  /// Ordinary text.
  public static let text = StyleRole("text")
  /// Text of less weight.
  public static let dim = StyleRole("dim")
  /// Titles and headings.
  public static let title = StyleRole("title")
  /// The selected row or item, always together with a pointer glyph.
  public static let selection = StyleRole("selection")
  /// Frame and divider lines.
  public static let border = StyleRole("border")
  /// The words of the hint line.
  public static let hint = StyleRole("hint")
  /// The keys of the hint line.
  public static let hintKey = StyleRole("hintKey")
  /// Something failed.
  public static let error = StyleRole("error")
  /// Something deserves a look.
  public static let warning = StyleRole("warning")
  /// A good value.
  public static let good = StyleRole("good")
  /// A bad value.
  public static let bad = StyleRole("bad")
  /// A value that is neither good nor bad.
  public static let neutral = StyleRole("neutral")
  /// What the eye should find first.
  public static let accent = StyleRole("accent")
  /// The tab in front.
  public static let tabActive = StyleRole("tabActive")
  /// The tabs behind.
  public static let tabInactive = StyleRole("tabInactive")
  /// The done part of a bar.
  public static let barFull = StyleRole("barFull")
  /// The open part of a bar.
  public static let barEmpty = StyleRole("barEmpty")
  /// The ground of a popup.
  public static let popup = StyleRole("popup")
  /// The ground of an input field.
  public static let input = StyleRole("input")

  static let generic: [StyleRole] = [
    .text, .dim, .title, .selection, .border, .hint, .hintKey, .error, .warning, .good, .bad, .neutral, .accent,
    .tabActive, .tabInactive, .barFull, .barEmpty, .popup, .input,
  ]
}

/// A theme entry that cannot be read.
public struct ThemeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The theme's name.
  public let theme: String
  /// The role whose entry is wrong.
  public let role: String
  /// The entry as written.
  public let specification: String
  /// What is wrong with it.
  public let reason: String

  /// A sentence naming theme, role, entry and reason.
  public var description: String {
    "theme \(theme): \(TextSafety.line(role)) = \"\(TextSafety.line(specification))\": \(TextSafety.line(reason))"
  }
}

/// Styles by role.
public struct Theme: Hashable, Sendable {
  /// The name shown to the user.
  public var name: String
  /// The style of each role the theme knows.
  public var styles: [StyleRole: Style]

  /// A theme from ready styles.
  public init(name: String, styles: [StyleRole: Style]) {
    self.name = name
    self.styles = styles
  }

  /// A theme from the entries of a theme file: role name → specification.
  ///
  /// A specification is words in any order: `bold dim underline reverse italic`, a foreground colour, `on` and a
  /// background colour, or `default` alone. Colours are `default`, `black red green yellow blue magenta cyan white`,
  /// each also with `bright-`, `gray`, or 0–255. Generic roles the file leaves out are taken from `Theme.terminal`.
  /// - Throws: `ThemeError` naming the first bad entry in alphabetical order.
  public init(name: String, entries: [String: String]) throws(ThemeError) {
    self.init(name: name, styles: Theme.terminal.styles)
    for (role, specification) in entries.sorted(by: { $0.key < $1.key }) {
      do {
        styles[StyleRole(rawValue: role)] = try Self.style(specification)
      } catch {
        throw ThemeError(theme: name, role: role, specification: specification, reason: error.text)
      }
    }
  }

  /// The style of a role; `text` for a role the theme does not know.
  public subscript(role: StyleRole) -> Style { styles[role] ?? styles[.text] ?? .plain }

  private struct StyleError: Error {
    var text: String
  }

  private static func style(_ specification: String) throws(StyleError) -> Style {
    var style = Style.plain
    let words = specification.lowercased().split(whereSeparator: \.isWhitespace)
    if words.isEmpty { throw StyleError(text: "it is empty; write \"default\" for the terminal's own look") }
    var expectsBackground = false
    var hasForeground = false
    var hasBackground = false
    for word in words {
      if expectsBackground {
        guard let color = Color(word) else { throw StyleError(text: "\"\(word)\" after \"on\" is not a colour") }
        style.background = color
        expectsBackground = false
        hasBackground = true
        continue
      }
      switch word {
      case "bold": style.bold = true
      case "dim": style.dim = true
      case "underline": style.underline = true
      case "reverse": style.reverse = true
      case "italic": style.italic = true
      case "on":
        if hasBackground { throw StyleError(text: "there are two backgrounds") }
        expectsBackground = true
      default:
        guard let color = Color(word) else {
          throw StyleError(text: "\"\(word)\" is neither a colour nor an attribute")
        }
        if hasForeground {
          throw StyleError(text: "\"\(word)\" is a second foreground; write \"on\" before a background")
        }
        style.foreground = color
        hasForeground = true
      }
    }
    if expectsBackground { throw StyleError(text: "\"on\" needs a colour after it") }
    return style
  }

  /// The user's own sixteen colours, without backgrounds, so that it reads on dark and light alike. Yellow, white and
  /// black are avoided: each of them disappears on one of the two.
  public static let terminal = Theme(
    name: "terminal",
    styles: [
      .text: .plain,
      .dim: Style(dim: true),
      .title: Style(bold: true),
      .selection: Style(bold: true),
      .border: Style(dim: true),
      .hint: .plain,
      .hintKey: Style(bold: true),
      .error: Style(foreground: .indexed(1), bold: true),
      .warning: Style(foreground: .indexed(5), bold: true),
      .good: Style(foreground: .indexed(2)),
      .bad: Style(foreground: .indexed(1)),
      .neutral: Style(foreground: .indexed(6)),
      .accent: Style(foreground: .indexed(4), bold: true),
      .tabActive: Style(bold: true, underline: true),
      .tabInactive: .plain,
      .barFull: Style(foreground: .indexed(4)),
      .barEmpty: Style(dim: true),
      .popup: .plain,
      .input: Style(underline: true),
    ])

  /// Bold, dim, underline and reverse only: for terminals without colour and for `NO_COLOR`.
  public static let monochrome = Theme(
    name: "monochrome",
    styles: [
      .text: .plain,
      .dim: Style(dim: true),
      .title: Style(bold: true),
      .selection: Style(bold: true),
      .border: .plain,
      .hint: .plain,
      .hintKey: Style(bold: true),
      .error: Style(bold: true, reverse: true),
      .warning: Style(bold: true, underline: true),
      .good: .plain,
      .bad: Style(bold: true),
      .neutral: .plain,
      .accent: Style(bold: true),
      .tabActive: Style(bold: true, reverse: true),
      .tabInactive: .plain,
      .barFull: Style(bold: true),
      .barEmpty: .plain,
      .popup: .plain,
      .input: Style(underline: true),
    ])
}
