/// What changes between two rows, line by line: what both begin and end with is left out but for some lines around it.
public struct RowDifference: Sendable, Hashable {
  /// One line.
  public enum Line: Sendable, Hashable {
    /// In both.
    case same(String)
    /// Only in the row now.
    case removed(String)
    /// Only in the row then.
    case added(String)
    /// The number of common lines that are not shown.
    case skipped(Int)
  }

  /// In order; empty when the rows are the same.
  public var lines: [Line]

  /// Compares the critic's turns of two rows (the others are the same for one solution); `nil` stands for no row.
  ///
  /// Rows of one solution differ at their end, or in one critique: what both begin and end with is enough to find it, and
  /// costs the same for texts of any length.
  public init(from before: TrainingRow?, to after: TrainingRow?, around: Int = 1) {
    func split(_ row: TrainingRow?) -> [Substring] {
      row.map { $0.assistant.split(separator: "\n", omittingEmptySubsequences: false) } ?? []
    }
    let old = split(before)
    let new = split(after)
    guard old != new else {
      lines = []
      return
    }
    let head = zip(old, new).prefix { $0 == $1 }.count
    let rest = min(old.count, new.count) - head
    let tail = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.prefix(rest).count
    lines = []
    let shownHead = min(head, around)
    if head > shownHead { lines.append(.skipped(head - shownHead)) }
    lines += old[(head - shownHead)..<head].map { .same(String($0)) }
    lines += old[head..<(old.count - tail)].map { .removed(String($0)) }
    lines += new[head..<(new.count - tail)].map { .added(String($0)) }
    let shownTail = min(tail, around)
    lines += new[(new.count - tail)..<(new.count - tail + shownTail)].map { .same(String($0)) }
    if tail > shownTail { lines.append(.skipped(tail - shownTail)) }
  }

  /// Lines of one kind that follow each other.
  public enum Block: Sendable, Hashable {
    /// In both.
    case same([String])
    /// Only in the row now.
    case removed([String])
    /// Only in the row then.
    case added([String])
    /// The number of common lines that are not shown.
    case skipped(Int)
  }

  /// The lines by kind, in order: a formula may go over several.
  public var blocks: [Block] {
    lines.reduce(into: []) { blocks, line in
      switch (line, blocks.last) {
      case (.same(let text), .same(let before)): blocks[blocks.count - 1] = .same(before + [text])
      case (.removed(let text), .removed(let before)): blocks[blocks.count - 1] = .removed(before + [text])
      case (.added(let text), .added(let before)): blocks[blocks.count - 1] = .added(before + [text])
      case (.same(let text), _): blocks.append(.same([text]))
      case (.removed(let text), _): blocks.append(.removed([text]))
      case (.added(let text), _): blocks.append(.added([text]))
      case (.skipped(let count), _): blocks.append(.skipped(count))
      }
    }
  }
}
