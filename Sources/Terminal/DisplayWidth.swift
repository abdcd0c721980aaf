/// The one answer to "how many columns does this take?".
///
/// It measures what `Canvas.put` will draw: hostile characters as their visible stand-ins, an emoji sequence as its
/// first emoji, everything else scalar by scalar as terminals do. The same under every locale.
public enum DisplayWidth {
  /// Columns of one character (grapheme cluster). A zero-width joiner sequence or an emoji with a variation selector
  /// counts once, as its base.
  public static func of(_ c: Character) -> Int {
    let scalars = c.unicodeScalars
    if let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex,
      TextSafety.isSimple(first.value)
    {
      return scalar(first.value)
    }
    return of(String(c))
  }

  /// Columns of a string drawn on one line.
  public static func of(_ s: String) -> Int {
    if TextSafety.isPlain(s, allowNewline: false) { return s.utf8.count }
    var width = 0
    DisplayUnit.forEach(in: s) { unit in
      width += unit.width
      return true
    }
    return width
  }

  /// Cells that a character on a canvas begins: 0 for a mark that belongs to the one before, else 1 or 2.
  public static func cells(_ base: Unicode.Scalar) -> Int { scalar(base.value) }

  /// Columns of one scalar by itself: 0, 1 or 2.
  static func scalar(_ value: UInt32) -> Int {
    if value < 0x300 { return 1 }
    if WidthTable.contains(WidthTable.two, value) { return 2 }
    return WidthTable.contains(WidthTable.zero, value) ? 0 : 1
  }
}

/// Shortens a string to a number of columns.
///
/// Never splits a character; ends in `ellipsis` when something was cut. The result is `TextSafety.line` text.
public func clip(_ s: String, to columns: Int, ellipsis: String = "…") -> String {
  guard columns > 0 else { return "" }
  let text = TextSafety.line(s)
  guard DisplayWidth.of(text) > columns else { return text }
  let mark = DisplayWidth.of(ellipsis) <= columns ? ellipsis : ""
  let room = columns - DisplayWidth.of(mark)
  var used = 0
  var result = ""
  for character in text {
    let width = DisplayWidth.of(character)
    if used + width > room { break }
    used += width
    result.append(character)
  }
  return result + mark
}

/// What goes into one cell (or one cell and its continuation): a spacing scalar and its combining marks.
///
/// A grapheme cluster may be several units (a Devanagari conjunct) or less than itself (an emoji sequence, drawn as its
/// first emoji because terminals disagree about the rest; a flag, drawn as its two letters).
struct DisplayUnit {
  var base: UInt32
  /// Base and marks; nil when the base stands alone.
  var cluster: String?
  var width: Int
  /// Whether this unit begins a character; a clip may fall only here.
  var startsCharacter: Bool

  /// Calls `body` with each unit of a string until it returns false. Sanitises first.
  static func forEach(in text: String, _ body: (DisplayUnit) -> Bool) {
    if text.unicodeScalars.allSatisfy({ TextSafety.isSimple($0.value) }) {
      for scalar in text.unicodeScalars {
        let unit = DisplayUnit(
          base: scalar.value, cluster: nil, width: DisplayWidth.scalar(scalar.value), startsCharacter: true)
        if !body(unit) { return }
      }
      return
    }
    for character in TextSafety.line(text) where !units(of: character, body) { return }
  }

  private static func units(of character: Character, _ body: (DisplayUnit) -> Bool) -> Bool {
    let scalars = Array(character.unicodeScalars)
    guard let first = scalars.first else { return true }
    if scalars.count == 1 {
      let width = max(1, DisplayWidth.scalar(first.value))
      return body(DisplayUnit(base: first.value, cluster: nil, width: width, startsCharacter: true))
    }
    if isFlag(scalars) {
      for (index, scalar) in scalars.enumerated() {
        let letter = scalar.value - 0x1F1E6 + 0x41
        if !body(DisplayUnit(base: letter, cluster: nil, width: 1, startsCharacter: index == 0)) { return false }
      }
      return true
    }
    let isEmoji = first.value > 0xFF && first.properties.isEmoji
    var starts = true
    var index = 0
    while index < scalars.count {
      let base = scalars[index]
      index += 1
      var cluster = String.UnicodeScalarView([base])
      while index < scalars.count, DisplayWidth.scalar(scalars[index].value) == 0 {
        // Selectors and joiners change nothing once the sequence is reduced to its base, and terminals disagree
        // about their width.
        if !isJoiner(scalars[index].value) { cluster.append(scalars[index]) }
        index += 1
      }
      let width = max(1, DisplayWidth.scalar(base.value))
      let alone = cluster.count == 1
      let unit = DisplayUnit(
        base: base.value, cluster: alone ? nil : String(cluster), width: width, startsCharacter: starts)
      if !body(unit) { return false }
      if isEmoji { return true }
      starts = false
    }
    return true
  }

  private static func isJoiner(_ value: UInt32) -> Bool { value == 0x200D || value == 0xFE0E || value == 0xFE0F }

  private static func isFlag(_ scalars: [Unicode.Scalar]) -> Bool {
    scalars.count == 2 && scalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
  }
}
