import DeepCriticCore
import Foundation
import Terminal

/// The statistics screen: pages of figures, worked out beside the review.
public final class StatisticsModel {
  private let reading: BackgroundReading<ReviewFigures>
  /// The screen is open.
  var isOpen = false
  /// The pages; the selected one is shown.
  var list = ListState(count: FigureTopic.allCases.count)
  /// The first line of the page that shows.
  var scroll = 0
  private(set) var figures: ReviewFigures?
  /// Why nothing could be counted.
  private(set) var problem: String?
  private var countedAt: ContinuousClock.Instant?
  private var isStale = true

  init(_ session: Session, _ settings: ReviewSettings) {
    let path = session.workspace.path
    reading = BackgroundReading {
      let workspace = try Workspace(at: path)
      return try ReviewFigures(
        of: workspace,
        options: FiguresOptions(review: settings, curation: try CurationSettings(path: workspace.settingsPath)))
    }
  }

  /// What the selected row is about.
  var topic: FigureTopic {
    let all = FigureTopic.allCases
    return all[min(max(list.selected ?? 0, 0), all.count - 1)]
  }

  var isLoading: Bool { reading.isWorking }
  /// Something was worked out that the screen does not show yet.
  var hasNews: Bool { reading.hasOutcome }

  /// Counts, unless what is known is still true.
  func load() {
    if isStale { countAgain() }
  }

  func countAgain() {
    isStale = false
    reading.start()
  }

  /// A decision was made, here or elsewhere: counted again when the screen shows it, every few seconds at most.
  func workspaceChanged() {
    isStale = true
    countIfDue()
  }

  private func countIfDue() {
    guard isOpen, isStale, !reading.isWorking else { return }
    if let countedAt, ContinuousClock.now - countedAt < .seconds(3) { return }
    countAgain()
  }

  /// Takes over what was counted in the background.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() -> Bool {
    guard let outcome = reading.take() else {
      countIfDue()
      return false
    }
    countedAt = .now
    switch outcome {
    case .success(let figures):
      self.figures = figures
      problem = nil
    case .failure(let error): problem = "\(error)"
    }
    return isOpen
  }

  /// Waits until it is known: for plain text, which is not drawn again later, and for tests.
  func waitUntilKnown() {
    while isLoading { Thread.sleep(forTimeInterval: 0.01) }
    _ = refresh()
  }
}

extension WorkbenchModel {
  /// Opens the screen; what is not known yet is counted beside it.
  func openStatistics() {
    closeScreens()
    statistics.isOpen = true
    statistics.load()
    statistics.list.setViewport(FigureTopic.allCases.count)
  }

  func performInStatistics(_ id: ActionID) {
    let before = statistics.list.selected
    switch id {
    case .rowNext: statistics.list.move(by: 1)
    case .rowPrevious: statistics.list.move(by: -1)
    case .rowFirst: statistics.list.home()
    case .rowLast: statistics.list.end()
    case .rowPageDown: scrollStatistics(by: max(StatisticsScreen.pageArea(size).height - 2, 1))
    case .rowPageUp: scrollStatistics(by: -max(StatisticsScreen.pageArea(size).height - 2, 1))
    case .statisticsAgain:
      statistics.countAgain()
      say(.info, "Counting again.")
    default: break
    }
    if statistics.list.selected != before { statistics.scroll = 0 }
  }

  private func scrollStatistics(by lines: Int) {
    statistics.scroll = min(
      max(statistics.scroll + lines, 0),
      max(StatisticsScreen.lineCount(self) - StatisticsScreen.pageArea(size).height, 0))
  }
}
