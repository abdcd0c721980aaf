/// What two texts do not share, word by word. A formula counts as one word.
public struct WordDifference: Sendable, Hashable {
  /// Parts of the first text that the second lacks, in order.
  public var removed: [Range<String.Index>]
  /// Parts of the second text that the first lacks, in order.
  public var added: [Range<String.Index>]

  /// Compares two texts; longer ones than some thousand words are compared by sentences, to stay quick.
  public init(from first: String, to second: String) {
    let a = WordToken.tokens(of: first)
    let b = WordToken.tokens(of: second)
    guard a.count + b.count <= 6000 else {
      self.init(first, Self.sentences(first), second, Self.sentences(second))
      return
    }
    self.init(first, a, second, b)
  }

  private init(_ first: String, _ a: [WordToken], _ second: String, _ b: [WordToken]) {
    var gone = Set<Int>()
    var come = Set<Int>()
    for change in b.map(\.normal).difference(from: a.map(\.normal)) {
      switch change {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): come.insert(offset)
      }
    }
    removed = Self.runs(a, gone)
    added = Self.runs(b, come)
  }

  private static func sentences(_ text: String) -> [WordToken] {
    Sentences.ranges(of: text).map { WordToken(range: $0, normal: String(text[$0]), isPunctuation: false) }
  }

  /// Neighbouring words as one part.
  private static func runs(_ tokens: [WordToken], _ chosen: Set<Int>) -> [Range<String.Index>] {
    var out: [Range<String.Index>] = []
    var last = -2
    for index in chosen.sorted() {
      if index == last + 1, let before = out.popLast() {
        out.append(before.lowerBound..<tokens[index].range.upperBound)
      } else {
        out.append(tokens[index].range)
      }
      last = index
    }
    return out
  }
}
