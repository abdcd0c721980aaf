/// A rectangle of characters with a baseline.
public struct MathBox: Sendable, Hashable {
  /// The rows from top to bottom; each fills `width` columns.
  public var rows: [[MathRun]]
  /// Columns.
  public var width: Int
  /// The row on which neighbours stand, counted from 0 at the top.
  public var baseline: Int
  /// Rows.
  public var height: Int { rows.count }

  /// The rows as strings, without blanks at their ends.
  public var lines: [String] {
    rows.map { row in
      var text = ""
      for run in row { text += run.text }
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  static let empty = MathBox(rows: [[]], width: 0, baseline: 0)

  static func blank(_ width: Int) -> MathBox {
    width <= 0 ? .empty : MathBox(rows: [[blankRun(width)]], width: width, baseline: 0)
  }

  static func blankRun(_ width: Int) -> MathRun {
    MathRun(text: String(repeating: " ", count: width), role: .text)
  }

  /// Adds runs to a row, joining runs of one role.
  static func append(_ runs: [MathRun], to row: inout [MathRun]) {
    for run in runs {
      if let last = row.last, last.role == run.role {
        row[row.count - 1].text += run.text
      } else {
        row.append(run)
      }
    }
  }

  /// Boxes side by side on one baseline.
  static func beside(_ boxes: [MathBox]) -> MathBox {
    if boxes.count == 1 { return boxes[0] }
    var above = 0
    var below = 0
    var width = 0
    for box in boxes {
      above = max(above, box.baseline)
      below = max(below, box.height - 1 - box.baseline)
      width += box.width
    }
    var rows = [[MathRun]](repeating: [], count: above + below + 1)
    for box in boxes where box.width > 0 {
      let top = above - box.baseline
      for index in rows.indices {
        let inner = index - top
        if inner >= 0, inner < box.height {
          append(box.rows[inner], to: &rows[index])
        } else {
          append([blankRun(box.width)], to: &rows[index])
        }
      }
    }
    return MathBox(rows: rows, width: width, baseline: above)
  }

  func widened(to columns: Int, _ side: MathMatrix.Alignment = .centre) -> MathBox {
    guard columns > width else { return self }
    let extra = columns - width
    let left = side == .left ? 0 : side == .right ? extra : extra / 2
    var result = self
    result.width = columns
    for index in rows.indices {
      var row: [MathRun] = []
      if left > 0 { row.append(Self.blankRun(left)) }
      Self.append(rows[index], to: &row)
      if extra - left > 0 { Self.append([Self.blankRun(extra - left)], to: &row) }
      result.rows[index] = row
    }
    return result
  }

  /// Boxes below one another, centred; the baseline is that of the box at `base`.
  static func stacked(_ boxes: [MathBox], base: Int, _ side: MathMatrix.Alignment = .centre) -> MathBox {
    let width = boxes.reduce(0) { max($0, $1.width) }
    var rows: [[MathRun]] = []
    var baseline = 0
    for (index, box) in boxes.enumerated() {
      if index == base { baseline = rows.count + box.baseline }
      rows.append(contentsOf: box.widened(to: width, side).rows)
    }
    return MathBox(rows: rows, width: width, baseline: baseline)
  }
}
