/// Finds what a critique quotes of a step: in quotation marks, in back quotes, or as a formula.
public enum Quotations {
  /// Fewest characters of a quotation, without blanks: shorter ones occur by chance.
  static let shortest = 4

  /// Where in the step the quoted parts stand, in order and without overlaps.
  public static func ranges(of step: String, quotedBy critique: String) -> [Range<String.Index>] {
    let folded = Folded(step)
    var found: [Range<String.Index>] = []
    for quotation in quotations(in: critique) {
      let wanted = Folded(String(quotation))
      guard wanted.characters.count >= shortest, let range = folded.range(of: wanted.characters) else { continue }
      found.append(range)
    }
    return joined(found)
  }

  /// Quoted text, and formulas that are more than a name.
  private static func quotations(in text: String) -> [Substring] {
    var found: [Substring] = []
    var i = text.startIndex
    while i < text.endIndex {
      if let end = WordToken.formulaEnd(text[...], i) {
        var content = text[i..<end]
        while let first = content.first, first == "$" { content = content.dropFirst() }
        while let last = content.last, last == "$" { content = content.dropLast() }
        if content.contains(where: { "=<>+^\\".contains($0) }) { found.append(content) }
        i = end
        continue
      }
      let pairs: [Character: Character] = ["“": "”", "\"": "\"", "`": "`", "«": "»"]
      if let close = pairs[text[i]] {
        let start = text.index(after: i)
        let rest = text[start...].prefix(400)
        if let end = rest.firstIndex(of: close), !rest[..<end].contains("\n\n") {
          found.append(text[start..<end])
          i = text.index(after: end)
          continue
        }
      }
      i = text.index(after: i)
    }
    return found
  }

  private static func joined(_ ranges: [Range<String.Index>]) -> [Range<String.Index>] {
    ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { out, range in
      if let last = out.last, range.lowerBound <= last.upperBound {
        out[out.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        out.append(range)
      }
    }
  }

  /// A text without blanks, dollars and case, with the place of each character that is left.
  private struct Folded {
    var characters: [Character] = []
    private var places: [String.Index] = []
    private let text: String

    init(_ text: String) {
      self.text = text
      for index in text.indices where !text[index].isWhitespace && text[index] != "$" {
        for character in text[index].lowercased() {
          characters.append(character)
          places.append(index)
        }
      }
    }

    func range(of wanted: [Character]) -> Range<String.Index>? {
      guard let first = wanted.first, wanted.count <= characters.count else { return nil }
      for start in 0...(characters.count - wanted.count) where characters[start] == first {
        if characters[start..<start + wanted.count].elementsEqual(wanted) {
          return places[start]..<text.index(after: places[start + wanted.count - 1])
        }
      }
      return nil
    }
  }
}
