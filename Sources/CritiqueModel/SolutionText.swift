/// How a solution is written in prompts.
public enum SolutionText {
  /// "Step 1: …", "Step 2: …" with blank lines between. A number is written before every step, also before one whose text
  /// speaks of steps itself; only a step that begins with exactly its own number ("Step 3:") does not get it twice.
  public static func numbered(_ solution: Solution) -> String {
    pieces(solution).joined()
  }

  /// The same as pieces that only have to be put together.
  public static func pieces(_ solution: Solution) -> [Substring] {
    var pieces: [Substring] = []
    pieces.reserveCapacity(solution.steps.count * 2)
    for (index, step) in solution.steps.enumerated() {
      let heading = "Step \(index + 1):"
      let text = TrainingText.trimmed(step.text)
      let start = text.utf8.starts(with: heading.utf8) ? "" : heading + " "
      pieces.append(Substring(index > 0 ? "\n\n" + start : start))
      pieces.append(text)
    }
    return pieces
  }

  /// Every step in a tag with its number from 0, as ProcessBench's protocol writes them.
  public static func paragraphs(_ solution: Solution) -> String {
    solution.steps.enumerated().map { index, step in
      "<paragraph_\(index)>\n\(step.text)\n</paragraph_\(index)>"
    }.joined(separator: "\n\n")
  }

  /// Unicode scalars of the problem and the numbered steps together.
  public static func size(_ solution: Solution) -> Int {
    var size = TrainingText.scalars(solution.problem.utf8)
    for (index, step) in solution.steps.enumerated() {
      let heading = "Step \(index + 1):"
      let text = TrainingText.trimmed(step.text)
      if index > 0 { size += 2 }
      if !text.utf8.starts(with: heading.utf8) { size += heading.utf8.count + 1 }
      size += TrainingText.scalars(text.utf8)
    }
    return size
  }
}

/// Texts as they go into training examples: without white space around them, counted in Unicode scalars (what Python's
/// `len` counts).
public enum TrainingText {
  /// The text without white space at its beginning and end.
  public static func trimmed(_ text: String) -> Substring {
    // Nearly all texts begin and end with visible ASCII.
    if let first = text.utf8.first, let last = text.utf8.last, (0x21..<0x7F).contains(first),
      (0x21..<0x7F).contains(last)
    {
      return text[...]
    }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return text[first...last]
  }

  /// Unicode scalars of the text without white space around it.
  public static func size(_ text: String) -> Int { scalars(trimmed(text).utf8) }

  /// Unicode scalars of UTF-8: the bytes that continue none.
  static func scalars(_ utf8: some Collection<UInt8>) -> Int {
    utf8.withContiguousStorageIfAvailable { bytes in bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
      ?? utf8.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}
