/// Finds what someone means from a few letters, for the command palette and for filters.
public enum FuzzyMatcher {
  // Longest query and candidate looked at, in characters.
  private static let limit = (query: 64, candidate: 512)

  /// Matches the query's characters in order. Beginnings of words and adjacent characters count more, gaps less.
  ///
  /// Blanks in the query are ignored; case counts only where the query has a capital. An empty query matches all.
  public static func score(_ query: String, _ candidate: String) -> (score: Int, positions: [Int])? {
    let exact = query.contains { $0.isUppercase }
    let needle = query.filter { !$0.isWhitespace }.prefix(limit.query).map { exact ? String($0) : $0.lowercased() }
    if needle.isEmpty { return (0, []) }
    let shown = Array(candidate.prefix(limit.candidate))
    let hay = shown.map { exact ? String($0) : $0.lowercased() }
    guard needle.count <= hay.count else { return nil }
    var at = 0
    for character in hay where at < needle.count && character == needle[at] { at += 1 }
    guard at == needle.count else { return nil }

    // best[i][j]: the best score of the first i+1 letters with the last one at j; from[i][j] where the one before was.
    let bonuses = shown.indices.map { bonus(shown, $0) }
    let none = Int.min / 2
    var best = [[Int]](repeating: [Int](repeating: none, count: hay.count), count: needle.count)
    var from = [[Int]](repeating: [Int](repeating: -1, count: hay.count), count: needle.count)
    for i in needle.indices {
      var running = none
      var runningAt = -1
      for j in hay.indices {
        if i > 0, j > 0 {
          // A gap costs one per character, so the running best fades.
          if running > none { running -= 1 }
          if best[i - 1][j - 1] > running { (running, runningAt) = (best[i - 1][j - 1], j - 1) }
        }
        guard hay[j] == needle[i] else { continue }
        if i == 0 {
          best[i][j] = 16 + 2 * bonuses[j] - min(j, 12)
        } else {
          var score = running > none ? running + 16 + bonuses[j] : none
          var origin = runningAt
          if j > 0, best[i - 1][j - 1] > none, best[i - 1][j - 1] + 16 + max(bonuses[j], 10) >= score {
            score = best[i - 1][j - 1] + 16 + max(bonuses[j], 10)
            origin = j - 1
          }
          best[i][j] = score
          from[i][j] = origin
        }
      }
    }
    guard let last = best.last, let score = last.max(), score > none, var j = last.firstIndex(of: score) else {
      return nil
    }
    var positions = [j]
    for i in needle.indices.dropFirst().reversed() {
      j = from[i][j]
      positions.append(j)
    }
    // Of two equal hits the shorter candidate is the better one.
    return (score - min(hay.count / 8, 8), positions.reversed())
  }

  private static func bonus(_ characters: [Character], _ index: Int) -> Int {
    guard index > 0 else { return 12 }
    let before = characters[index - 1]
    let here = characters[index]
    if before == "/" || before == "." { return 11 }
    if !before.isLetter, !before.isNumber { return 10 }
    if before.isLowercase, here.isUppercase { return 8 }
    if here.isNumber, !before.isNumber { return 6 }
    return 0
  }
}
