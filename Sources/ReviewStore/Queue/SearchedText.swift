import Foundation

/// A word or text that is looked for.
public struct SearchedText: Sendable, Hashable {
  /// How much of the words around it belongs to it.
  public enum Extent: Sendable {
    /// It is one or several whole words.
    case whole
    /// A word begins with it.
    case beginning
    /// It may stand within a word.
    case anywhere
  }

  /// What is looked for; case and accents do not matter.
  public var text: String
  /// Where it is found.
  public var extent: Extent

  /// A text to look for.
  public init(_ text: String, _ extent: Extent) {
    self.text = text
    self.extent = extent
  }

  /// A word of a filter. Nearly every solution has words that begin with a given letter or two: such a word is a whole one.
  init(word: String, isQuoted: Bool) {
    self.init(word, isQuoted || (word.utf8.count <= 2) ? .whole : .beginning)
  }

  /// The same for SQLite's FTS5.
  var query: String { "\"\(text)\"" + (extent == .beginning ? "*" : "") }

  /// Where it is in a text, in order.
  public func ranges(in other: String) -> [Range<String.Index>] {
    func isInWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    var found: [Range<String.Index>] = []
    var rest = other.startIndex..<other.endIndex
    while let hit = other.range(of: text, options: [.caseInsensitive, .diacriticInsensitive], range: rest),
      !hit.isEmpty
    {
      rest = hit.upperBound..<other.endIndex
      if extent != .anywhere, hit.lowerBound > other.startIndex, isInWord(other[other.index(before: hit.lowerBound)]) {
        continue
      }
      if extent == .whole, hit.upperBound < other.endIndex, isInWord(other[hit.upperBound]) { continue }
      found.append(hit)
    }
    return found
  }
}
