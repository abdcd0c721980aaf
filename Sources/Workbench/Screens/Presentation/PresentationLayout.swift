import DeepCriticCore
import Terminal

/// Where the parts of a presentation stand.
struct PresentationLayout {
  /// The columns that are used: on large screens a measure that can be read, in the middle.
  var frame = Rect(x: 0, y: 0, width: 0, height: 0)
  var problem = Rect(x: 0, y: 0, width: 0, height: 0)
  var stepsTitle = 0
  var steps = Rect(x: 0, y: 0, width: 0, height: 0)
  /// The spoken-of step in full; empty where its row says it all.
  var step = Rect(x: 0, y: 0, width: 0, height: 0)
  var divider: Int?
  /// All steps in full, where no critic speaks yet: they scroll where they have no room.
  var isWhole = false
  /// For large letters: one step and one critique, with margins.
  var isFocused = false
  var rule: Int?
  /// A row for each critique that has no room beside the others.
  var summaries: [(pane: Int, rect: Rect)] = []
  /// With their title rows, by the pane's number.
  var panes: [(pane: Int, rect: Rect)] = []
  var caption = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The narrowest that a critique is read in beside others.
  private static let narrowest = 34
  /// Rows that steps have before a critic speaks, however long the problem is.
  private static let fewestSteps = 4
  /// The widest that a text is read in.
  static let measure = 90

  init(
    _ presentation: Presentation, size: Size, footer: Int, problemLines: (Int) -> Int, stepLines: (Int) -> Int
  ) {
    isFocused = size.width < 70
    let hasPanes = !presentation.panes.isEmpty
    let most = hasPanes ? max(presentation.panes.count * (Self.measure + 3), 132) : Self.measure + 12
    let width = min(size.width, most)
    frame = Rect(x: (size.width - width) / 2, y: 1, width: width, height: max(size.height - 1, 0))
    let margin = isFocused && size.width > 40 ? 3 : 1
    let left = frame.x + margin
    let inner = max(width - 2 * margin, 1)
    var bottom = max(size.height - footer, 1)
    if !presentation.caption.isEmpty, size.height >= 12 {
      let room = min(inner, hasPanes ? inner : Self.measure)
      let wanted = TextLayout.wrap(presentation.caption, width: room).count
      // As high for every caption, so that nothing jumps.
      let least = hasPanes && size.width < 100 ? 2 : 1
      let height = min(max(wanted, least), max(size.height * (isFocused ? 3 : 2) / 10, 1))
      bottom -= height + 1
      caption = Rect(x: left, y: bottom + 1, width: room, height: height)
    }
    var y = 1
    // Until the critics speak the problem is whole: steps give way.
    var rows = problemLines(min(inner, Self.measure))
    if hasPanes { rows = min(rows, max(size.height < 30 ? 2 : size.height / 6, size.height >= 18 ? 2 : 1)) }
    // In large letters the step and its critique have all of the room.
    // Some steps are seen below a problem that is longer than its room.
    let reserve = hasPanes || presentation.steps.isEmpty ? 0 : Self.fewestSteps + 1 + (size.height >= 30 ? 1 : 0)
    let height = hasPanes && isFocused ? 0 : min(rows + 1, max(bottom - y - reserve, 0))
    problem = Rect(x: left, y: y, width: min(inner, Self.measure), height: height)
    y += problem.height
    if size.height >= 30 { y += 1 }
    guard !presentation.steps.isEmpty, y + 1 < bottom else { return }
    stepsTitle = y
    y += 1
    let room = max(bottom - y, 0)
    if !hasPanes {
      isWhole = true
      steps = Rect(x: frame.x, y: y, width: width, height: room)
      return
    }
    let isWide = width >= 100
    if isWide {
      let part = min(max(width * 55 / 100, 54), width - 40)
      divider = frame.x + part
      let stepWidth = min(max(width - part - 3, 1), Self.measure)
      let wanted = max(presentation.rowCount, stepLines(stepWidth), 3)
      let height = min(min(wanted, max(room * 40 / 100, 3)), room)
      steps = Rect(x: frame.x, y: y, width: part, height: height)
      step = Rect(x: frame.x + part + 2, y: y, width: stepWidth, height: height)
      y += height
    } else {
      let height = isFocused ? 0 : min(presentation.rowCount, max(room * 40 / 100, 1))
      steps = Rect(x: frame.x, y: y, width: width, height: height)
      y += height
      let share = isFocused ? 40 : 30
      let wanted = min(stepLines(inner), max((bottom - y) * share / 100, isFocused ? 1 : 0))
      if wanted > (isFocused ? 0 : 1), presentation.selected > 0 {
        step = Rect(x: left, y: y, width: inner, height: wanted)
        y += wanted
      }
    }
    guard y + 1 < bottom else { return }
    rule = y
    y += 1
    placePanes(presentation, isWide: isWide, from: y, to: bottom, left: left, inner: inner)
  }

  /// Critiques side by side; those that have no room are a row each above the others.
  private mutating func placePanes(
    _ presentation: Presentation, isWide: Bool, from top: Int, to bottom: Int, left: Int, inner: Int
  ) {
    let beside = isFocused || presentation.showsOneWhereNarrow && !isWide ? 1 : frame.width / Self.narrowest
    let together = max(min(presentation.panes.count, beside), 1)
    let shown =
      together == presentation.panes.count ? Array(presentation.panes.indices) : Self.around(presentation, together)
    var y = top
    for pane in presentation.panes.indices
    where !shown.contains(pane) && y + 3 < bottom && !presentation.panes[pane].says.text.isEmpty {
      summaries.append((pane, Rect(x: left, y: y, width: inner, height: 1)))
      y += 1
    }
    let part = frame.width / shown.count
    for (index, pane) in shown.enumerated() {
      let start = index * part
      let gap = index == 0 ? left - frame.x : 2
      let end = index == shown.count - 1 ? frame.width - start : part
      let width = max(end - gap - (shown.count == 1 ? gap : 1), 1)
      let spare = max(width - Self.measure, 0) / 2
      panes.append(
        (
          pane,
          Rect(
            x: frame.x + start + gap + (shown.count == 1 ? spare : 0), y: y, width: min(width, Self.measure),
            height: max(bottom - y, 0))
        ))
    }
  }

  /// The panes up to the one that speaks, where not all have room.
  private static func around(_ presentation: Presentation, _ count: Int) -> [Int] {
    let last = max(min(presentation.focus, presentation.panes.count - 1), count - 1)
    return Array((last - count + 1)...last)
  }
}
