/// What others say, as a part of our sentences.
public enum Clause {
  /// A message or an error without its full stop, so that one can follow.
  public static func of(_ words: some Any) -> String {
    let text = "\(words)"
    let end = text.lastIndex { !$0.isWhitespace && $0 != "." }
    return end.map { String(text[...$0]) } ?? ""
  }
}
