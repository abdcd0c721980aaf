import DeepCriticCore
import Terminal

/// Where the parts of the review screen stand, worked out from the screen's size and the texts' lengths.
///
/// One computation serves drawing and scrolling, so a page is always what is seen. Nothing moves from step to step: where
/// the parts meet depends on the solution as a whole.
struct ReviewLayout {
  /// Title rows are included in every rectangle but `steps` and `step`, whose titles are at `stepsTitle`.
  var problem = Rect(x: 0, y: 0, width: 0, height: 0)
  var stepsTitle = 0
  /// The page, or the list of steps.
  var steps = Rect(x: 0, y: 0, width: 0, height: 0)
  /// The steps in full; `nil` where they are a list.
  var page: ProofPage?
  /// Row of the step's own title; the same as `stepsTitle` where the two stand side by side.
  var stepTitle = 0
  /// The step in full beside or below the list; empty beside the page.
  var step = Rect(x: 0, y: 0, width: 0, height: 0)
  var rule: Int?
  /// Critique panes with their title row; one (with tabs) where there is no room for three.
  var critiques: [(stages: [Stage], rect: Rect)] = []
  /// The critiques are below each other beside the page.
  var isBeside = false
  let isWide: Bool
  /// Column of the line between steps and what is beside them.
  var divider: Int?
  /// The row that tells consequences, where there is room for it.
  var consequences: Int?

  private let screen: ReviewScreen
  private let review: ReviewModel

  /// Height from which a row tells consequences.
  private static let consequencesFrom = 20
  /// Width from which several critiques are in view.
  static let wideFrom = 100
  /// Width from which critiques are beside the page.
  static let besideFrom = 160
  /// Columns of text that are read with ease.
  private static let measure = 100
  private static let margin = 1

  /// The verdict matrix has headings of one letter.
  var hasCompactMatrix: Bool { !isWide || divider != nil && steps.width < Self.wideFrom }

  init(_ screen: ReviewScreen, _ review: ReviewModel) {
    self.screen = screen
    self.review = review
    let size = screen.size
    isWide = size.width >= Self.wideFrom
    let footer = Chrome.footerHeight + (review.stepCount > 0 && size.height >= Self.consequencesFrom ? 1 : 0)
    let bottom = max(size.height - footer, 1)
    if footer > Chrome.footerHeight { consequences = bottom }
    let all = Rect(x: Self.margin, y: 1, width: max(size.width - 2 * Self.margin, 1), height: max(bottom - 1, 0))
    if review.isZoomed, zoom(review.zoomable, all) { return }
    if screen.layoutChoice.showsList { placeList(all) } else { placePage(all) }
  }

  /// The first row of the page in view.
  func pageTop(_ review: ReviewModel) -> Int {
    guard let page else { return 0 }
    let wanted = review.scroll[.steps] ?? 0
    return review.followsStep
      ? page.top(wanted, showing: review.step, height: steps.height)
      : min(max(wanted, 0), max(page.rows.count - steps.height, 0))
  }

  private var showsCritiques: Bool { review.showsCritiques(mode: screen.session.mode) }

  // MARK: - The page

  private mutating func placePage(_ all: Rect) {
    let width = screen.size.width
    let bottom = all.maxY
    isBeside = showsCritiques && width >= Self.besideFrom && screen.layoutChoice.panes > 1
    let matrix = StepMatrix(screen, review, isCompact: !isWide).width
    let most = ProofPageView.textX + Self.measure + 1 + matrix
    let pageWidth = min(isBeside ? width * 60 / 100 : width, most)
    let textWidth = max(pageWidth - ProofPageView.textX - 1 - matrix, 4)

    // The problem in full where the page and the critiques leave room for it.
    let problemWidth = min(all.width, max(pageWidth - 1, Self.measure))
    let wantedProblem = screen.problemLines(review, width: problemWidth).count
    var page = ProofPage(screen, review, width: textWidth)
    let wantedBelow = showsCritiques && !isBeside ? rowsForCritiques(all.width) : 0
    let room = max(all.height - (review.stepCount > 0 ? 2 : 1), 0)
    let share =
      review.stepCount == 0 ? room : max(room / (review.referenceShown ? 2 : 3), all.height >= 15 ? 2 : 1)
    let problemHeight = min(wantedProblem, max(room - page.rows.count - wantedBelow, share))
    problem = Rect(x: all.x, y: all.y, width: problemWidth, height: min(1 + problemHeight, all.height))
    var y = problem.maxY
    guard review.stepCount > 0, y < bottom else { return }
    var left = bottom - y - 1 - wantedBelow
    if left > page.rows.count, problem.height > 1 {
      y += 1
      left -= 1
    }
    let spaced = page.rows.count + review.stepCount - 1
    if spaced <= left { page = ProofPage(screen, review, width: textWidth, hasGaps: true) }
    self.page = page

    stepsTitle = y
    stepTitle = y
    y += 1
    let height = max(bottom - y, 0)
    guard showsCritiques else {
      steps = Rect(x: 0, y: y, width: pageWidth, height: height)
      return
    }
    if isBeside {
      steps = Rect(x: 0, y: y, width: pageWidth, height: height)
      divider = pageWidth + 1
      stack(in: Rect(x: pageWidth + 3, y: stepsTitle, width: max(width - pageWidth - 4, 1), height: height + 1))
    } else {
      let share = max(height * 55 / 100, 1)
      let wanted = max(height - wantedBelow, min(page.rows.count, share))
      let pageHeight = min(page.rows.count, wanted) + screen.layoutChoice.split
      steps = Rect(x: 0, y: y, width: pageWidth, height: min(Self.clamped(pageHeight, height), height))
      placeCritiques(below: steps.maxY, bottom)
    }
  }

  /// Rows that critiques of this solution are likely to take below the page, with what is above them.
  private func rowsForCritiques(_ width: Int) -> Int {
    let widths = isWide ? Self.widths(groups.map(weight), of: width) : [width]
    let rows = zip(groups, widths).map { weight($0) / max($1 - 3, 1) + 2 }
    return (rows.max() ?? 0) + (isWide ? 2 : 1)
  }

  /// Letters of the longest critique that a pane has to show.
  private func weight(_ stages: [Stage]) -> Int {
    stages.map { review.longest($0, mode: screen.session.mode) }.max() ?? 0
  }

  private var groups: [[Stage]] {
    guard isWide else { return [Stage.allCases] }
    switch screen.layoutChoice.panes {
    case 1: return [Stage.allCases]
    case 2: return [[.initial, .deep], [.merged]]
    default: return Stage.allCases.map { [$0] }
    }
  }

  /// The critiques below each other, each as tall as its text while there is room for all.
  private mutating func stack(in area: Rect) {
    let groups = groups
    let wanted = groups.map { stages in
      let stage = stages.contains(review.tab) ? review.tab : stages.last ?? .merged
      return 1 + max(ReviewView.text(of: Pane(stage), screen, width: area.width).count, 1)
    }
    let gaps = groups.count - 1
    let hasGaps = wanted.reduce(gaps, +) <= area.height
    let heights = hasGaps ? wanted : Self.shares(wanted, of: area.height)
    var y = area.y
    for (stages, height) in zip(groups, heights) {
      critiques.append((stages, Rect(x: area.x, y: y, width: area.width, height: height)))
      y += height + (hasGaps ? 1 : 0)
    }
  }

  /// Shares out rows: who wants less than an equal part gets what it wants.
  static func shares(_ wanted: [Int], of total: Int) -> [Int] {
    var shares = wanted.map { _ in 0 }
    var left = total
    for (place, index) in wanted.indices.sorted(by: { wanted[$0] < wanted[$1] }).enumerated() {
      shares[index] = min(wanted[index], left / (wanted.count - place))
      left -= shares[index]
    }
    return shares
  }

  /// Shares out columns by how much text each has, so that the texts are about equally tall; none is too narrow to read.
  static func widths(_ weights: [Int], of total: Int) -> [Int] {
    let least = min(28, total / max(weights.count, 1))
    let sum = max(weights.reduce(0, +), 1)
    let spare = total - least * weights.count
    var widths = weights.map { least + spare * $0 / sum }
    if !widths.isEmpty { widths[widths.count - 1] += total - widths.reduce(0, +) }
    return widths
  }

  private mutating func placeCritiques(below row: Int, _ bottom: Int) {
    guard row + 1 < bottom else { return }
    guard isWide else {
      critiques = [
        (Stage.allCases, Rect(x: Self.margin, y: row, width: max(screen.size.width - 2, 1), height: bottom - row))
      ]
      return
    }
    rule = row
    let groups = groups
    var x = 0
    for (index, (stages, width)) in zip(groups, Self.widths(groups.map(weight), of: screen.size.width)).enumerated() {
      // A line and a blank stand before every pane but the first.
      let left = index == 0 ? Self.margin : 2
      critiques.append(
        (stages, Rect(x: x + left, y: row + 1, width: max(width - left - 1, 1), height: bottom - row - 1)))
      x += width
    }
  }

  // MARK: - The list

  private mutating func placeList(_ all: Rect) {
    let width = screen.size.width
    let bottom = all.maxY
    // The problem: a title and as much text as leaves room for the rest.
    let wantedProblem = screen.problemLines(review, width: all.width).count
    let share = review.referenceShown ? 2 : 6
    let mostProblem =
      review.stepCount == 0 ? bottom : max(screen.size.height / share, screen.size.height >= 18 ? 2 : 1)
    let problemHeight = min(1 + min(wantedProblem, mostProblem), all.height)
    problem = Rect(x: Self.margin, y: all.y, width: all.width, height: problemHeight)
    var y = problem.maxY
    if screen.size.height >= 36 { y += 1 }
    guard review.stepCount > 0, y < bottom else { return }

    stepsTitle = y
    y += 1
    let room = max(bottom - y, 0)
    if isWide {
      let left = min(max(width * 55 / 100, 54), width - 40)
      divider = left
      let stepWidth = max(width - left - 3, 1)
      let wanted = max(review.stepCount + 1, screen.stepLines(review, width: stepWidth).count, 3)
      let height =
        showsCritiques
        ? Self.clamped(min(wanted, max(room * 45 / 100, 3)) + screen.layoutChoice.split, room) : room
      steps = Rect(x: 0, y: y, width: left, height: min(height, room))
      stepTitle = stepsTitle
      step = Rect(x: left + 2, y: y, width: stepWidth, height: min(height, room))
      y += min(height, room)
    } else {
      let share = max(showsCritiques ? room * 35 / 100 : room / 2, 1)
      let split = showsCritiques ? screen.layoutChoice.split : 0
      let listHeight = Self.clamped(min(review.stepCount + 1, share) + split, room)
      steps = Rect(x: 0, y: y, width: width, height: min(listHeight, room))
      y += min(listHeight, room)
      stepTitle = y
      let left = max(bottom - y - 1, 0)
      let wanted = min(
        screen.stepLines(review, width: all.width).count, showsCritiques ? max(left * 40 / 100, 1) : left)
      step = Rect(x: Self.margin, y: y + 1, width: all.width, height: max(min(wanted, left), 0))
      y += 1 + step.height
    }
    if showsCritiques { placeCritiques(below: y, bottom) }
  }

  /// At least a row for the steps, and three for the critiques.
  private static func clamped(_ height: Int, _ room: Int) -> Int { max(min(height, room - 4), 1) }

  // MARK: - One pane

  /// Gives one pane the screen; a critique shares it with its step.
  ///
  /// - Returns: whether the pane can have it.
  private mutating func zoom(_ pane: Pane, _ all: Rect) -> Bool {
    switch pane {
    case .problem: problem = all
    case .step where review.stepCount > 0:
      stepTitle = all.y
      step = all.splitTop(1).rest
    case .initial, .deep, .merged:
      guard let stage = pane.stage else { return false }
      stepTitle = all.y
      if isWide {
        let left = all.width * 40 / 100
        step = Rect(x: all.x, y: all.y + 1, width: left - 1, height: max(all.height - 1, 0))
        divider = all.x + left
        let x = all.x + left + 2
        critiques = [([stage], Rect(x: x, y: all.y, width: all.maxX - x, height: all.height))]
      } else {
        let wanted = screen.stepLines(review, width: all.width).count
        step = Rect(x: all.x, y: all.y + 1, width: all.width, height: min(wanted, max(all.height / 3 - 1, 0)))
        critiques = [
          ([stage], Rect(x: all.x, y: step.maxY, width: all.width, height: max(all.maxY - step.maxY, 0)))
        ]
      }
    default: return false
    }
    return true
  }

  /// Text area of a pane, without its title; `nil` where the pane is not on screen.
  func area(_ pane: Pane) -> Rect? {
    switch pane {
    case .steps: return steps
    case .step: return step
    case .problem: return problem.splitTop(1).rest
    default:
      guard let stage = pane.stage, let found = critiques.first(where: { $0.stages.contains(stage) }) else {
        return nil
      }
      return found.rect.splitTop(1).rest
    }
  }
}
