import DeepCriticCore
import Terminal

/// A critic at work, as an audience sees it: live critiques and demonstrations draw the same picture.
struct Presentation {
  struct Step {
    var text: String
    /// How much of it is written already, from 0 to 1.
    var written = 1.0
  }

  /// One voice of the matrix.
  struct Column {
    var title: String
    var rating: (Int) -> Rating?
    var current: Int?
  }

  /// One critique.
  struct Pane {
    var title: String
    /// What it concludes, or how far it is, at the right of the title.
    var says: (text: String, role: StyleRole)
    /// Its lines at a width.
    var lines: (Int) -> [TextLine]
    /// The first line that is shown; `nil` follows the end.
    var scroll: Int?
    /// Rows before the end, where that is followed.
    var back = 0
  }

  var title: String
  /// At the right of the first row.
  var facts: String
  var problem: String
  /// Steps that can be seen.
  var steps: [Step] = []
  /// All steps, where they are to be read in full before a critic speaks; those that cannot be seen yet take their room.
  var texts: [String] = []
  /// The 1-based step that is spoken of; 0 for none.
  var selected = 0
  var columns: [Column] = []
  var panes: [Pane] = []
  /// The pane that speaks, or has the focus.
  var focus = 0
  /// On narrow screens only the critique that speaks is shown, as large as can be.
  var showsOneWhereNarrow = false
  /// Words for the audience, below everything.
  var caption = ""
  /// The row above the hints.
  var status = ""
}

/// Where the parts of a presentation stand.
struct PresentationLayout {
  var problem = Rect(x: 0, y: 0, width: 0, height: 0)
  var stepsTitle = 0
  var steps = Rect(x: 0, y: 0, width: 0, height: 0)
  /// The spoken-of step in full; empty where its row says it all.
  var step = Rect(x: 0, y: 0, width: 0, height: 0)
  var divider: Int?
  /// All steps in full, where no critic speaks yet and all of them have room.
  var wholeSteps: WholeSteps?

  /// The lines of every step, and the empty rows between two.
  struct WholeSteps {
    var steps: [[TextLine]]
    var gap: Int
  }
  var rule: Int?
  /// With their title rows, by the pane's number.
  var panes: [(pane: Int, rect: Rect)] = []
  var caption = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The narrowest that a critique is read in beside others.
  private static let narrowest = 34

  /// - Parameter wholeSteps: all steps in full in a width and a height; `nil` where there is no room for them.
  init(
    _ presentation: Presentation, size: Size, problemLines: (Int) -> Int, stepLines: (Int) -> Int,
    wholeSteps: (Int, Int) -> WholeSteps?
  ) {
    let width = size.width
    let inner = max(width - 2, 1)
    var bottom = max(size.height - Chrome.footerHeight, 1)
    if !presentation.caption.isEmpty, size.height >= 12 {
      let wanted = TextLayout.wrap(presentation.caption, width: inner).count
      // As high for every caption, so that nothing jumps.
      let height = min(max(wanted, size.width >= 100 ? 1 : 2), max(size.height / 5, 1))
      bottom -= height + 1
      caption = Rect(x: 1, y: bottom + 1, width: inner, height: height)
    }
    var y = 1
    let hasPanes = !presentation.panes.isEmpty
    // The problem has been read when the critics speak.
    let share = hasPanes || size.height >= 30 ? 6 : 3
    let most = max(min(size.height / share, hasPanes && size.height < 30 ? 2 : .max), size.height >= 18 ? 2 : 1)
    problem = Rect(x: 1, y: y, width: inner, height: min(min(problemLines(inner), most) + 1, max(bottom - y, 0)))
    y += problem.height
    if size.height >= 30 { y += 1 }
    guard !presentation.steps.isEmpty, y + 1 < bottom else { return }
    stepsTitle = y
    y += 1
    let room = max(bottom - y, 0)
    let isWide = width >= 100
    if !hasPanes, !presentation.texts.isEmpty {
      // On a small screen the problem, which has been read, gives rows to the steps.
      let spare = max(problem.height - 3, 0)
      for taken in [0, spare] {
        guard let found = wholeSteps(width, room + taken) else { continue }
        self.wholeSteps = found
        problem.height -= taken
        stepsTitle -= taken
        steps = Rect(x: 0, y: y - taken, width: width, height: room + taken)
        return
      }
    }
    if isWide {
      let left = min(max(width * 55 / 100, 54), width - 40)
      divider = left
      let stepWidth = max(width - left - 3, 1)
      let wanted = max(presentation.steps.count, stepLines(stepWidth), 3)
      let height = min(hasPanes ? min(wanted, max(room * 40 / 100, 3)) : room, room)
      steps = Rect(x: 0, y: y, width: left, height: height)
      step = Rect(x: left + 2, y: y, width: stepWidth, height: height)
      y += height
    } else {
      let height = min(presentation.steps.count, hasPanes ? max(room * 40 / 100, 1) : room)
      steps = Rect(x: 0, y: y, width: width, height: height)
      y += height
      let wanted = min(stepLines(inner), max((bottom - y) * (hasPanes ? 30 : 100) / 100, 0))
      if wanted > 1, presentation.selected > 0 {
        step = Rect(x: 1, y: y, width: inner, height: wanted)
        y += wanted
      }
    }
    guard hasPanes, y + 1 < bottom else { return }
    rule = y
    y += 1
    let beside = presentation.showsOneWhereNarrow && !isWide ? 1 : width / Self.narrowest
    let together = max(min(presentation.panes.count, beside), 1)
    let shown =
      together == presentation.panes.count ? Array(presentation.panes.indices) : Self.around(presentation, together)
    let part = width / shown.count
    for (index, pane) in shown.enumerated() {
      let x = index * part
      let left = index == 0 ? 1 : 2
      let paneWidth = (index == shown.count - 1 ? width - x : part) - left - 1
      panes.append((pane, Rect(x: x + left, y: y, width: max(paneWidth, 1), height: max(bottom - y, 0))))
    }
  }

  /// The panes up to the one that speaks, where not all have room.
  private static func around(_ presentation: Presentation, _ count: Int) -> [Int] {
    let last = max(min(presentation.focus, presentation.panes.count - 1), count - 1)
    return Array((last - count + 1)...last)
  }
}
