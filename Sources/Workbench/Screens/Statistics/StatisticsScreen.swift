import DeepCriticCore
import Terminal

/// Statistics: pages of figures, worked out beside the review.
final class StatisticsScreen: Screen {
  static let id: ScreenID = "statistics"
  static let heading = "On the statistics screen"
  static let opening: Action? = Action(
    "statistics.open", "figures", "Open the screen with statistics of labels, critiques and reviewers", keys: ["f6"],
    hint: 24)

  let context: ScreenContext
  private let reading: ShownReading<ReviewFigures>
  /// The pages; the selected one is shown.
  private(set) var list = ListState(count: FigureTopic.allCases.count, viewport: FigureTopic.allCases.count)
  /// The first line of the page that shows.
  private(set) var scroll = 0
  private(set) var figures: ReviewFigures?

  init(_ services: Services) {
    context = services.context
    let path = services.context.session.workspace.path
    let settings = services.reviewSettings
    reading = ShownReading {
      let workspace = try Workspace(at: path)
      return try ReviewFigures(
        of: workspace,
        options: FiguresOptions(review: settings, curation: try CurationSettings(of: workspace)))
    }
  }

  static let commands = CommandSet<StatisticsScreen>([
    Command(.rowNext) { $0.selectPage { $0.move(by: 1) } },
    Command(.rowPrevious) { $0.selectPage { $0.move(by: -1) } },
    Command(.rowPageDown) { $0.scrollPages(by: 1) },
    Command(.rowPageUp) { $0.scrollPages(by: -1) },
    Command(.rowFirst) { $0.selectPage { $0.home() } },
    Command(.rowLast) { $0.selectPage { $0.end() } },
    Command("statistics.again", "count again", "Count everything again", keys: ["r"], hint: 4) { screen in
      screen.reading.start()
      screen.say(.info, "Counting again.")
    },
  ])

  private func selectPage(_ body: (inout ListState) -> Void) {
    let before = list.selected
    body(&list)
    if list.selected == before { return glance(before == 0 ? "This is the first page." : "This is the last page.") }
    scroll = 0
  }

  private func scrollPages(by pages: Int) {
    let height = StatisticsView.pageArea(size).height
    let limit = max(StatisticsView.lineCount(self) - height, 0)
    let before = min(scroll, limit)
    scroll = min(max(before + pages * max(height - 2, 1), 0), limit)
    if scroll == before {
      glance(limit == 0 ? "The whole page is in view." : "This is the page's \(pages < 0 ? "beginning" : "end").")
    }
  }

  /// What the selected row is about.
  var topic: FigureTopic {
    let all = FigureTopic.allCases
    return all[min(max(list.selected ?? 0, 0), all.count - 1)]
  }

  /// The selected page; `nil` while there is nothing to show, with ``reason``.
  var page: FigurePage? {
    guard !hidesPage else { return nil }
    return session.mode == .blind ? figures?.page(topic, blindFor: session.reviewer) : figures?.page(topic)
  }

  /// Why there is no page.
  var reason: String {
    hidesPage
      ? "In blind mode this page would reveal labels; \(keys(.modeToggle)) switches to audit mode."
      : problem ?? "Counting\(glyphs.ellipsis)"
  }

  private var hidesPage: Bool { session.mode == .blind && topic.revealsHidden }

  // MARK: - Counting

  var isLoading: Bool { reading.isWorking }
  var isBusy: Bool { reading.isBusy }
  var problem: String? { reading.problem }

  func appear() { reading.appear() }
  func disappear() { reading.disappear() }
  func workspaceChanged() { reading.workspaceChanged() }
  func decided(about id: Int64, _ outcome: DecisionOutcome) { reading.workspaceChanged() }
  func refresh() -> Bool { reading.refresh { figures = $0 } }

  func settle() {
    reading.wait()
    _ = refresh()
  }

  func draw(_ canvas: inout Canvas) { StatisticsView.draw(&canvas, self) }

  // MARK: - In sentences

  func describe() -> [String] {
    page.map { FigureView.text($0, width: 200, glyphs: glyphs, bars: false) } ?? [reason]
  }

  var spokenState: [String] { [topic.rawValue, "\(session.mode)"] }
}

extension FigureTopic {
  /// Its figures depend on labels or critiques of solutions that a blind reviewer has not judged, or on other reviewers.
  public var revealsHidden: Bool {
    switch self {
    case .labels, .firstErrors, .stages, .corrections, .reviewers, .gold, .agreement, .pairs: true
    case .progress, .days: false
    }
  }
}
