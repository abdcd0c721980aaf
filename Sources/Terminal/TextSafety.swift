import Formatting

/// Makes untrusted text harmless to display.
///
/// Model output and datasets may hold escape sequences, control characters, bidirectional overrides, invisible
/// characters and towers of combining marks. None of that may reach a terminal raw, and none of it may vanish either: a
/// reviewer has to see that it is present. So every such character becomes a visible stand-in:
///
/// - C0 controls and DEL: their control picture (`␛`, `␀`, `␡`);
/// - bidirectional controls, zero-width, private-use, tag, unassigned and other invisible characters: their code point
///   in angle quotes (`‹202E›`);
/// - blanks of every width: a plain space;
/// - more than four combining marks on one base: the first four, then `…`; a mark without a base stands on `◌`.
///
/// Both functions are idempotent.
public enum TextSafety {
  /// Combining marks kept per base character.
  public static let maximumMarks = 4

  /// One line: newlines become `⏎ `, tabs a space.
  public static func line(_ s: String) -> String {
    if isPlain(s, allowNewline: false) { return s }
    return sanitize(s, keepLines: false)
  }

  /// Several lines: every kind of line end (`\r\n`, `\r`, form feed, U+0085, U+2028, U+2029) becomes `\n`, tabs four
  /// spaces.
  public static func block(_ s: String) -> String {
    if isPlain(s, allowNewline: true) { return s }
    return sanitize(s, keepLines: true)
  }

  /// Whether the string is printable ASCII only.
  static func isPlain(_ s: String, allowNewline: Bool) -> Bool {
    s.utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || (allowNewline && $0 == 0x0A) }
  }

  private enum Treatment {
    case keep, mark, newline, formFeed, tab, space, wideSpace, picture, code
  }

  private static func sanitize(_ s: String, keepLines: Bool) -> String {
    var out = String.UnicodeScalarView()
    let scalars = Array(s.unicodeScalars)
    var marks = 0  // combining marks on the current base
    var hasBase = false
    var index = 0
    func append(_ text: String) { out.append(contentsOf: text.unicodeScalars) }

    while index < scalars.count {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      index += 1
      if isJoiner(scalar, after: out.last, before: next) {
        out.append(scalar)
        continue
      }
      let treatment = treatment(of: scalar)
      if treatment == .mark {
        if !hasBase {
          append("◌")
          hasBase = true
          marks = 0
        }
        marks += 1
        if marks <= maximumMarks {
          out.append(scalar)
        } else if marks == maximumMarks + 1 {
          // The dots are a base of their own, but further marks still belong to the tower being cut.
          append("…")
        }
        continue
      }
      marks = 0
      hasBase = false
      switch treatment {
      case .keep:
        out.append(scalar)
        hasBase = true
      case .newline:
        if scalar == "\r", next == "\n" { index += 1 }
        append(keepLines ? "\n" : "⏎ ")
      case .formFeed:
        append(keepLines ? "\n" : "␌")
      case .tab:
        append(keepLines ? "    " : " ")
      case .space:
        append(" ")
      case .wideSpace:
        append("  ")
      case .picture:
        out.append(Unicode.Scalar(scalar.value == 0x7F ? 0x2421 : 0x2400 + scalar.value) ?? "\u{FFFD}")
      case .code, .mark:
        append(code(scalar))
      }
    }
    return String(out)
  }

  /// The visible stand-in of an invisible character, such as `‹202E›`.
  private static func code(_ scalar: Unicode.Scalar) -> String { "‹\(Hex.padded(scalar.value, uppercase: true))›" }

  /// A zero-width joiner or variation selector in its one legitimate place: inside an emoji.
  private static func isJoiner(_ scalar: Unicode.Scalar, after last: Unicode.Scalar?, before next: Unicode.Scalar?)
    -> Bool
  {
    guard let last else { return false }
    switch scalar.value {
    case 0xFE0E, 0xFE0F:
      return last.properties.isEmoji
    case 0x200D:
      guard let next, next.value > 0xFF, next.properties.isEmoji else { return false }
      return last.value > 0xFF && (last.properties.isEmoji || last.value == 0xFE0F)
    default:
      return false
    }
  }

  /// Ranges without a single invisible, combining or unassigned character, to keep ordinary mathematics fast.
  static func isSimple(_ value: UInt32) -> Bool {
    switch value {
    case 0x20...0x7E, 0xA1...0xAC, 0xAE...0x2FF, 0x391...0x3A1, 0x3A3...0x3FF, 0x400...0x482, 0x48A...0x52F,
      0x2010...0x2027, 0x2030...0x205E, 0x2070...0x2071, 0x2074...0x208E, 0x20A0...0x20BF, 0x2100...0x218B,
      0x2190...0x23FF, 0x2500...0x2B73, 0x3041...0x3096, 0x30A0...0x30FF, 0x4E00...0x9FFF:
      true
    default:
      false
    }
  }

  private static func treatment(of scalar: Unicode.Scalar) -> Treatment {
    let value = scalar.value
    if isSimple(value) { return .keep }
    switch value {
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: return .newline
    case 0x0C: return .formFeed
    case 0x09: return .tab
    case 0x00...0x1F, 0x7F: return .picture
    case 0x80...0x9F: return .code
    case 0x3000: return .wideSpace
    case 0xFFFD: return .keep
    default: break
    }
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return .code }
    switch properties.generalCategory {
    case .spaceSeparator: return .space
    case .format, .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return .code
    case .nonspacingMark, .enclosingMark: return .mark
    default: return WidthTable.contains(WidthTable.zero, value) ? .mark : .keep
    }
  }
}
