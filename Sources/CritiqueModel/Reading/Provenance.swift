/// Where the sentences of a merged critique come from: the initial critique, the deep one, or neither.
///
/// A merge is supposed to keep what matters of both and to add the turns between them (paper, section 3.1). What is in
/// neither was made up by the merge, and deserves a look.
public struct Provenance: Sendable, Hashable {
  /// Where a sentence comes from.
  public enum Origin: Sendable, Hashable {
    case initial
    case deep
    /// In neither of them.
    case new
  }

  /// One sentence of the merged critique.
  public struct Sentence: Sendable, Hashable {
    /// Its range in the merged critique.
    public var range: Range<String.Index>
    /// Where it comes from.
    public var origin: Origin
    /// The sentence of that critique which is most like it; `nil` for a new one.
    public var source: Range<String.Index>?
  }

  /// In order.
  public var sentences: [Sentence]

  /// Least share of a sentence's pairs of neighbouring words that must occur in a critique for it to come from there.
  static let threshold = 0.5

  /// Compares by pairs of neighbouring words, so that a changed word or order here and there does not hide an origin. Of
  /// two origins that fit alike the initial critique is the earlier one.
  public init(of merged: String, initial: String?, deep: String?) {
    let first = initial.map(Source.init)
    let second = deep.map(Source.init)
    sentences = Sentences.ranges(of: merged).map { range in
      let words = Self.words(merged[range])
      let fits: [(Origin, Source, Double)] = [(Origin.initial, first), (.deep, second)].compactMap { origin, source in
        source.map { (origin, $0, $0.share(of: words)) }
      }
      guard let best = fits.reduce(nil, { ($0?.2 ?? 0) >= $1.2 ? $0 : $1 } as (Fit?, Fit) -> Fit?),
        best.2 >= Self.threshold
      else { return Sentence(range: range, origin: .new, source: nil) }
      return Sentence(range: range, origin: best.0, source: best.1.mostLike(words))
    }
  }

  private typealias Fit = (Origin, Source, Double)

  fileprivate static func words(_ text: Substring) -> [String] {
    WordToken.tokens(of: text).filter { !$0.isPunctuation }.map(\.normal)
  }

  /// A critique that sentences may come from.
  private struct Source {
    private let sentences: [(range: Range<String.Index>, words: Set<String>)]
    private let pairs: Set<[String]>
    private let all: Set<String>

    init(_ text: String) {
      var sentences: [(Range<String.Index>, Set<String>)] = []
      var all: Set<String> = []
      var pairs: Set<[String]> = []
      for range in Sentences.ranges(of: text) {
        let words = Provenance.words(text[range])
        sentences.append((range, Set(words)))
        all.formUnion(words)
        pairs.formUnion(zip(words, words.dropFirst()).map { [$0, $1] })
      }
      self.sentences = sentences
      self.all = all
      self.pairs = pairs
    }

    /// The share of a sentence's pairs of words that stand here; of a single word, whether it does.
    func share(of words: [String]) -> Double {
      guard words.count > 1 else { return words.first.map { all.contains($0) ? 1 : 0 } ?? 0 }
      let found = zip(words, words.dropFirst()).count { pairs.contains([$0, $1]) }
      return Double(found) / Double(words.count - 1)
    }

    func mostLike(_ words: [String]) -> Range<String.Index>? {
      let wanted = Set(words)
      return sentences.max { a, b in Self.likeness(a.words, wanted) < Self.likeness(b.words, wanted) }?.range
    }

    private static func likeness(_ a: Set<String>, _ b: Set<String>) -> Double {
      a.isEmpty && b.isEmpty ? 0 : Double(2 * a.intersection(b).count) / Double(a.count + b.count)
    }
  }
}
