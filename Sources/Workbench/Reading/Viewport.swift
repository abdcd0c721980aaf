/// Which rows of a text are in view. What takes several rows together, as a formula does, is never cut through by an edge
/// where it has room as a whole: until then its rows are left free.
struct Viewport {
  let count: Int
  let height: Int
  /// Rows that belong together and have room together.
  private let blocks: [Range<Int>]

  init(_ lines: [TextLine], height: Int) {
    count = lines.count
    self.height = max(height, 0)
    var blocks: [Range<Int>] = []
    for (row, line) in lines.enumerated() where row > 0 && line.first?.isInside == true {
      if let last = blocks.last, last.upperBound == row {
        blocks[blocks.count - 1] = last.lowerBound..<row + 1
      } else {
        blocks.append(row - 1..<row + 1)
      }
    }
    self.blocks = blocks.filter { $0.count <= height }
  }

  /// The last row that may be the first in view.
  var limit: Int { max(count - height, 0) }

  /// What an edge before a row would cut through.
  private func cut(before row: Int) -> Range<Int>? { blocks.first { $0.lowerBound < row && row < $0.upperBound } }

  /// The rows that are seen where a row is the first in view.
  func shown(from first: Int) -> Range<Int> {
    let end = min(first + height, count)
    let top = min(cut(before: first)?.upperBound ?? first, end)
    return top..<max(cut(before: end)?.lowerBound ?? end, top)
  }

  /// The first row in view after a move; nothing that belongs together is passed over unseen.
  func moved(from first: Int, by rows: Int) -> Int {
    var to = min(max(first + rows, 0), limit)
    if rows > 0 {
      if let next = cut(before: first + height) { to = min(to, next.lowerBound) }
      if let left = cut(before: to) { to = min(left.upperBound, limit) }
    } else {
      if let next = cut(before: first) { to = max(to, next.upperBound - height) }
      // What comes in at the top waits for the next move where it is longer than this one.
      if let come = cut(before: to) { to = come.upperBound < first ? come.upperBound : come.lowerBound }
    }
    return min(max(to, 0), limit)
  }
}
