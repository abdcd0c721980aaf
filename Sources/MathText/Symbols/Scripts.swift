/// Raised and lowered characters.
enum Scripts {
  private static func table(_ plain: String, _ changed: String) -> [Character: Character] {
    Dictionary(zip(plain, changed), uniquingKeysWith: { first, _ in first })
  }

  /// Characters with a superscript form that terminal fonts have.
  static let superscript = table(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿ")
  static let subscript_ = table(
    "0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
  /// The other way round.
  static let raised = Dictionary(superscript.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  /// The other way round.
  static let lowered = Dictionary(subscript_.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

  /// The text raised or lowered, when every character can be.
  static func map(_ text: String, up: Bool) -> String? {
    if text.isEmpty { return nil }
    let table = up ? superscript : subscript_
    var result = ""
    for c in text {
      guard let changed = table[c] else { return nil }
      result.append(changed)
    }
    return result
  }
}

/// Letters of other fonts.
enum Fonts {
  static let doubleStruckSpecial: [Character: Character] = [
    "C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ",
  ]
  private static let scriptSpecial: [Character: Character] = [
    "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ", "o": "ℴ",
  ]
  private static let frakturSpecial: [Character: Character] = ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]

  /// The letter in a font of its own; nil where there is none.
  static func styled(_ letter: String, _ font: MathFont) -> String? {
    guard let c = letter.first, let ascii = c.asciiValue else { return nil }
    let upper: UInt32
    switch font {
    case .plain, .roman: return nil
    case .bold: upper = 0x1D400
    case .calligraphic:
      if let special = scriptSpecial[c] { return String(special) }
      upper = 0x1D49C
    case .fraktur:
      if let special = frakturSpecial[c] { return String(special) }
      upper = 0x1D504
    case .doubleStruck:
      if let special = doubleStruckSpecial[c] { return String(special) }
      upper = 0x1D538
    case .sans: upper = 0x1D5A0
    case .mono: upper = 0x1D670
    }
    let value: UInt32
    switch ascii {
    case 65...90: value = upper + UInt32(ascii) - 65
    case 97...122: value = upper + 26 + UInt32(ascii) - 97
    case 48...57:
      switch font {
      case .bold: value = 0x1D7CE + UInt32(ascii) - 48
      case .doubleStruck: value = 0x1D7D8 + UInt32(ascii) - 48
      default: return nil
      }
    default: return nil
    }
    return Unicode.Scalar(value).map { String(Character($0)) }
  }

  /// Whether an accent over one letter is drawn with the letter, in two dimensions too.
  static func hasMark(_ accent: MathAccent) -> Bool {
    switch accent {
    case .hat, .check, .tilde, .acute, .grave, .dot, .ddot, .breve, .ring, .overline, .vec: true
    default: false
    }
  }
}
