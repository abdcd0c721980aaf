import DeepCriticCore
import Terminal

/// Where the parts of the review screen stand, worked out from the screen's size and the texts' lengths.
///
/// One computation serves drawing and scrolling, so a page is always what is seen.
struct ReviewLayout {
  /// Title rows are included in every rectangle but `steps` and `step`, whose titles are at `stepsTitle`.
  var problem = Rect(x: 0, y: 0, width: 0, height: 0)
  var stepsTitle = 0
  var steps = Rect(x: 0, y: 0, width: 0, height: 0)
  /// Row of the step's own title; the same as `stepsTitle` where the two stand side by side.
  var stepTitle = 0
  var step = Rect(x: 0, y: 0, width: 0, height: 0)
  var rule: Int?
  /// Critique panes with their title row; one (with tabs) where there is no room for three.
  var critiques: [(stages: [Stage], rect: Rect)] = []
  var isWide: Bool
  /// Column of the line between steps and step.
  var divider: Int?

  /// The row that tells consequences, where there is room for it.
  var consequences: Int?

  /// Height from which a row tells consequences.
  private static let consequencesFrom = 20
  /// Width from which three critiques stand side by side.
  static let wideFrom = 100
  private static let margin = 1

  init(
    size: Size, stepCount: Int, hasCritiques: Bool, showsReference: Bool = false, choice: LayoutChoice = LayoutChoice(),
    zoom: Pane? = nil, problemLines: (Int) -> Int, stepLines: (Int) -> Int
  ) {
    let width = size.width
    isWide = width >= Self.wideFrom
    let inner = max(width - 2 * Self.margin, 1)
    let footer = Chrome.footerHeight + (stepCount > 0 && size.height >= Self.consequencesFrom ? 1 : 0)
    let bottom = max(size.height - footer, 1)
    if footer > Chrome.footerHeight { consequences = bottom }
    var y = 1

    let all = Rect(x: Self.margin, y: y, width: inner, height: max(bottom - y, 0))
    if let zoom, zoomed(zoom, all, stepCount) { return }

    // The problem: a title and as much text as leaves room for the rest.
    let wantedProblem = problemLines(inner)
    let share = showsReference ? 2 : 6
    let mostProblem = stepCount == 0 ? bottom : max(size.height / share, size.height >= 18 ? 2 : 1)
    let problemHeight = min(1 + min(wantedProblem, mostProblem), max(bottom - y, 0))
    problem = Rect(x: Self.margin, y: y, width: inner, height: problemHeight)
    y += problemHeight
    if size.height >= 36 { y += 1 }
    guard stepCount > 0, y < bottom else { return }

    stepsTitle = y
    y += 1
    let room = max(bottom - y, 0)
    if isWide {
      let left = min(max(width * 55 / 100, 54), width - 40)
      divider = left
      let stepWidth = max(width - left - 3, 1)
      let wanted = max(stepCount + 1, stepLines(stepWidth), 3)
      let height = hasCritiques ? Self.clamped(min(wanted, max(room * 45 / 100, 3)) + choice.split, room) : room
      steps = Rect(x: 0, y: y, width: left, height: min(height, room))
      stepTitle = stepsTitle
      step = Rect(x: left + 2, y: y, width: stepWidth, height: min(height, room))
      y += min(height, room)
    } else {
      let share = max(hasCritiques ? room * 35 / 100 : room / 2, 1)
      let listHeight = Self.clamped(min(stepCount + 1, share) + (hasCritiques ? choice.split : 0), room)
      steps = Rect(x: 0, y: y, width: width, height: min(listHeight, room))
      y += min(listHeight, room)
      stepTitle = y
      let left = max(bottom - y - 1, 0)
      let wanted = min(stepLines(inner), hasCritiques ? max(left * 40 / 100, 1) : left)
      step = Rect(x: Self.margin, y: y + 1, width: inner, height: max(min(wanted, left), 0))
      y += 1 + step.height
    }
    guard hasCritiques, y + 1 < bottom else { return }

    if isWide {
      rule = y
      y += 1
      let groups: [[Stage]] =
        switch choice.panes {
        case 1: [Stage.allCases]
        case 2: [[.initial, .deep], [.merged]]
        default: Stage.allCases.map { [$0] }
        }
      let part = width / groups.count
      var x = 0
      for (index, stages) in groups.enumerated() {
        let paneWidth = index == groups.count - 1 ? width - x : part
        // A line and a blank stand before every pane but the first.
        let left = index == 0 ? Self.margin : 2
        critiques.append(
          (stages, Rect(x: x + left, y: y, width: max(paneWidth - left - 1, 1), height: max(bottom - y, 0))))
        x += part
      }
    } else {
      critiques = [(Stage.allCases, Rect(x: Self.margin, y: y, width: inner, height: max(bottom - y, 0)))]
    }
  }

  /// At least a row for the list, and three for the critiques.
  private static func clamped(_ height: Int, _ room: Int) -> Int { max(min(height, room - 4), 1) }

  /// Gives one pane the whole screen.
  ///
  /// - Returns: whether the pane can have it.
  private mutating func zoomed(_ pane: Pane, _ all: Rect, _ stepCount: Int) -> Bool {
    switch pane {
    case .problem:
      problem = all
    case .step where stepCount > 0:
      stepTitle = all.y
      step = all.splitTop(1).rest
    case .initial, .deep, .merged:
      critiques = pane.stage.map { [([$0], all)] } ?? []
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
