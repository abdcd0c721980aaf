import DeepCriticCore
import Terminal

/// Training runs: the list above, below it the chart, sampled critiques, log or settings.
final class RunsScreen: ListScreen {
  static let id: ScreenID = "runs"
  static let heading = "On the runs screen"
  static let opening: Action? = Action(
    "runs.open", "runs", "Open the screen that starts and watches training runs", keys: ["f4"], hint: 23)

  /// What is beside or below the list.
  enum Pane: String, CaseIterable {
    case chart, samples, log, settings

    var next: Pane { Self.allCases[((Self.allCases.firstIndex(of: self) ?? 0) + 1) % Self.allCases.count] }
  }

  let context: ScreenContext
  let service: RunsService
  var list = ListState()
  /// Runs whose lines are drawn beside the selected one's.
  private(set) var overlaid: [String] = []
  var pane = Pane.chart { didSet { logScroll = 0 } }
  private(set) var metric: String?
  private(set) var smoothing = 0.0
  /// The part of the steps that is drawn; `nil` for all.
  private(set) var zoom: ClosedRange<Double>?
  private(set) var sample = ListState()
  private(set) var logScroll = 0
  /// What was seen when the screen was last in view: what is looked at beside other screens is less.
  private(set) var snapshot = RunsController.Snapshot()

  private var isSeen = false

  private static let smoothings = [0.0, 0.6, 0.9, 0.97]

  init(_ services: Services) {
    context = services.context
    service = services.runs
  }

  func appear() {
    isSeen = true
    look()
  }

  func disappear() {
    isSeen = false
    service.wanted = wanted
  }

  func refresh() -> Bool {
    let made = service.snapshot
    guard isSeen, made.wanted.isOpen || made.problem != nil || !snapshot.hasLooked else { return false }
    let before = selected?.name
    snapshot = made
    list.setCount(runs.count)
    if let before, let place = runs.firstIndex(where: { $0.name == before }) { list.select(place) }
    if let started = service.started, let place = runs.firstIndex(where: { $0.name == started }) {
      list.select(place)
      service.started = nil
    }
    sample.setCount(snapshot.samples.count)
    // The list that came first decides what is drawn.
    if service.wanted != wanted { look() }
    return false
  }

  func settle() {
    // The first look finds the runs, the next what is to be seen of the selected one; something done changes both.
    for _ in 0..<8 {
      service.wait()
      _ = refresh()
      if snapshot.hasLooked, snapshot.wanted == wanted { return }
      look()
    }
  }

  func draw(_ canvas: inout Canvas) { RunsView.draw(&canvas, self) }

  func layOut(_ size: Size) {
    let areas = RunsView.areas(self, size)
    list.setViewport(areas.list.height - 1)
    // A third of what is below the tabs.
    sample.setViewport(max((areas.below.height - 1) / 3, 1))
  }

  // MARK: - What is seen

  var runs: [TrainingRun] { snapshot.runs }

  var selected: TrainingRun? { list.selected(of: runs) }

  /// The runs whose lines are drawn, the selected one first.
  var shown: [String] {
    guard let name = selected?.name else { return [] }
    return [name] + overlaid.filter { $0 != name }.prefix(3)
  }

  var selectedSample: RunSample? { sample.selected(of: snapshot.samples) }

  private var wanted: RunsWanted {
    RunsWanted(shown: shown, metric: metric, smoothing: smoothing, isOpen: isSeen)
  }

  private func look() { service.look(wanted) }

  // MARK: - What can be changed

  func selectionChanged() {
    sample.home()
    logScroll = 0
    zoom = nil
    look()
  }

  func toggleOverlay() {
    guard let name = selected?.name else { return }
    if let place = overlaid.firstIndex(of: name) {
      overlaid.remove(at: place)
    } else {
      overlaid.append(name)
      if overlaid.count > 4 { overlaid.removeFirst() }
    }
    look()
  }

  func changeMetric(by step: Int) {
    let all = snapshot.metrics
    guard !all.isEmpty else { return }
    let place = all.firstIndex { $0 == (metric ?? snapshot.metric) } ?? 0
    metric = all[(place + step + all.count) % all.count]
    pane = .chart
    look()
  }

  func smoothMore() {
    let all = Self.smoothings
    smoothing = all[((all.firstIndex(of: smoothing) ?? 0) + 1) % all.count]
    look()
  }

  var steps: ClosedRange<Double>? {
    let lines = snapshot.lines
    guard let first = lines.compactMap(\.xs.first).min(), let last = lines.compactMap(\.xs.last).max(), last > first
    else { return nil }
    return first...last
  }

  /// Draws a smaller or larger part of the steps, or one further on.
  func changeZoom(by factor: Double, shift: Double = 0) {
    guard let all = steps else { return }
    let (first, last) = (all.lowerBound, all.upperBound)
    let now = zoom ?? all
    let width = min(max((now.upperBound - now.lowerBound) * factor, min(4, last - first)), last - first)
    var low = (now.lowerBound + now.upperBound) / 2 - width / 2 + shift * width
    low = min(max(low, first), last - width)
    zoom = width >= last - first ? nil : low...(low + width)
  }

  func zoomOut() { zoom = nil }

  func moveInPane(by step: Int) {
    if pane == .log || pane == .settings {
      logScroll = max(logScroll + (pane == .log ? -step : step), 0)
    } else {
      pane = .samples
      sample.move(by: step)
    }
  }

  /// From the list to the samples, and from a sample to the solution that it is about.
  func enter() throws {
    guard pane == .samples, let key = selectedSample?.solution else {
      pane = .samples
      return
    }
    guard let solution = try workspace.solutionID(key: key) else {
      return say(.warning, "The solution of this sample is not in this workspace.")
    }
    try navigator?.review(solution)
  }

  func fillInForm(like spec: RunSpecification?) throws {
    try navigator?.screen(RunFormScreen.self).begin(like: spec)
    try navigator?.open(.runForm)
  }
}
