import DeepCriticCore
import Foundation
import Terminal

/// The runs screen: which run is selected, which lines are drawn, what stands below.
public final class RunsModel {
  /// What stands beside or below the list.
  enum Pane: String, CaseIterable {
    case chart, samples, log, settings
  }

  let controller: RunsController
  private let workspace: Workspace
  /// The screen is open.
  var isOpen = false
  var list = ListState()
  /// Runs whose lines are drawn beside the selected one's.
  private(set) var overlaid: [String] = []
  var pane = Pane.chart
  var metric: String?
  var smoothing = 0.0
  /// The part of the steps that is drawn; `nil` for all.
  var zoom: ClosedRange<Double>?
  /// The selected sample.
  var sample = ListState()
  var logScroll = 0
  /// The form of a new run, while it is filled in.
  var form: RunForm?
  /// The state of things at the last look.
  private(set) var snapshot = RunsController.Snapshot()
  /// Whether any run was there when the workbench opened: without one nobody looks.
  private var isWatching: Bool

  static let smoothings = [0.0, 0.6, 0.9, 0.97]

  init(_ session: Session, environment: [String: String]) {
    workspace = session.workspace
    controller = RunsController(workspace: session.workspace, environment: environment)
    isWatching = (try? session.workspace.runs().isEmpty) == false
  }

  var runs: [TrainingRun] { snapshot.runs }

  var selected: TrainingRun? { list.selected.flatMap { runs.indices.contains($0) ? runs[$0] : nil } }

  /// The runs whose lines are drawn, the selected one first.
  var shown: [String] {
    guard let name = selected?.name else { return [] }
    return [name] + overlaid.filter { $0 != name }.prefix(3)
  }

  var selectedSample: RunSample? {
    sample.selected.flatMap { snapshot.samples.indices.contains($0) ? snapshot.samples[$0] : nil }
  }

  /// Runs that train now.
  var running: [TrainingRun] { runs.filter { $0.status.phase == .running || $0.status.phase == .stopping } }

  var isBusy: Bool { isOpen && (controller.isLooking || controller.working != nil) }

  func open() {
    isOpen = true
    isWatching = true
    look()
  }

  /// Asks for a look at once.
  func look() {
    controller.look(
      RunsWanted(shown: shown, metric: metric, smoothing: smoothing, isOpen: isOpen), atMostEvery: .milliseconds(400))
  }

  func toggleOverlay() {
    guard let name = selected?.name else { return }
    if let place = overlaid.firstIndex(of: name) {
      overlaid.remove(at: place)
    } else {
      overlaid.append(name)
      if overlaid.count > 4 { overlaid.removeFirst() }
    }
  }

  /// Takes over what was looked at.
  ///
  /// - Returns: whether something may have changed.
  func refresh() -> Bool {
    guard isWatching else { return false }
    let before = selected?.name
    let wasShown = (
      snapshot.hasLooked, snapshot.runs.map(\.entry.feedOffset), snapshot.runs.map(\.status), snapshot.wanted
    )
    snapshot = controller.snapshot
    list.setCount(runs.count)
    if let before, let place = runs.firstIndex(where: { $0.name == before }) { list.select(place) }
    sample.setCount(snapshot.samples.count)
    // The list that came first decides what is drawn.
    let wanted = RunsWanted(shown: shown, metric: metric, smoothing: smoothing, isOpen: isOpen)
    controller.look(wanted, atMostEvery: isOpen ? .milliseconds(1000) : .seconds(5))
    let isShown = (
      snapshot.hasLooked, snapshot.runs.map(\.entry.feedOffset), snapshot.runs.map(\.status), snapshot.wanted
    )
    return wasShown != isShown || controller.working != nil
  }

  /// Waits until all is known: for plain text and tests, which are not drawn again later.
  func waitUntilKnown() {
    guard isOpen else { return }
    for _ in 0..<500 {
      _ = refresh()
      let wanted = RunsWanted(shown: shown, metric: metric, smoothing: smoothing, isOpen: isOpen)
      if snapshot.hasLooked, snapshot.wanted == wanted, controller.working == nil { return }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// What decides whether something new has to be read out.
  var state: [String] {
    [
      selected?.name ?? "", pane.rawValue, metric ?? "", "\(smoothing)", "\(sample.selected ?? -1)", "\(overlaid)",
      form.map { "\($0.list.selected ?? -1) \($0.spec.flat) \($0.data) \($0.problems)" } ?? "",
    ]
  }

  /// Draws a smaller or larger part of the steps, or one further on.
  func changeZoom(by factor: Double, shift: Double = 0) {
    let firsts = snapshot.lines.compactMap(\.xs.first)
    let lasts = snapshot.lines.compactMap(\.xs.last)
    guard let first = firsts.min(), let last = lasts.max(), last > first else { return }
    let now = zoom ?? first...last
    let width = min(max((now.upperBound - now.lowerBound) * factor, min(4, last - first)), last - first)
    var low = (now.lowerBound + now.upperBound) / 2 - width / 2 + shift * width
    low = min(max(low, first), last - width)
    zoom = width >= last - first ? nil : low...(low + width)
  }
}
