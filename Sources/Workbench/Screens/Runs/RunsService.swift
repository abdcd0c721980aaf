import DeepCriticCore
import Terminal

/// Training runs: the list, what to show of them, and the actions on them.
final class RunsService: Service {
  /// Starts, stops and resumes.
  let controller: RunsController
  /// What the screen wants to know, while it is seen.
  var wanted = RunsWanted()
  /// The state of things at the last look.
  private(set) var snapshot = RunsController.Snapshot()
  /// What became of a run that was to be started, until the form takes it.
  private var outcome: RunsController.Notice?
  /// The run that was started last, until a list has selected it.
  var started: String?
  private var news: [Message] = []
  /// Without any run nobody looks.
  private var isWatching: Bool

  init(_ context: ScreenContext, environment: [String: String]) {
    controller = RunsController(workspace: context.session.workspace, environment: environment)
    isWatching = (try? context.session.workspace.runs().isEmpty) == false
  }

  var running: [TrainingRun] {
    snapshot.runs.filter { $0.status.phase == .running || $0.status.phase == .stopping }
  }

  var isBusy: Bool { controller.working != nil || (wanted.isOpen && controller.isLooking) }

  func look(_ wanted: RunsWanted) {
    isWatching = true
    self.wanted = wanted
    controller.look(wanted, atMostEvery: .milliseconds(400))
  }

  @discardableResult
  func refresh() -> Bool {
    let notices = controller.takeNotices()
    for notice in notices {
      news.append(Message(kind: notice.isGood ? .good : .error, text: notice.text))
      outcome = notice
      started = notice.started ?? started
    }
    guard isWatching else { return !notices.isEmpty }
    let before = snapshot
    snapshot = controller.snapshot
    controller.look(wanted, atMostEvery: wanted.isOpen ? .milliseconds(1000) : .seconds(5))
    return !notices.isEmpty || controller.working != nil || snapshot.isNewer(than: before)
  }

  func headerItem(on screen: ScreenID) -> String? {
    running.first.map { run in "training \(run.name)" + (run.fraction.map { " \(Int($0 * 100)) %" } ?? "") }
  }

  func takeNews() -> Message? { news.isEmpty ? nil : news.removeFirst() }

  /// Checks a specification and starts it; ``takeOutcome()`` says what became of it.
  func start(_ spec: RunSpecification, data: String) throws {
    isWatching = true
    // What was said before is about other runs.
    refresh()
    outcome = nil
    try controller.start(spec, data: data)
  }

  /// What became of the run that was to be started, once.
  func takeOutcome() -> RunsController.Notice? {
    defer { outcome = nil }
    return outcome
  }

  /// Waits until what is under way is done, and takes it over.
  func wait() {
    controller.wait()
    refresh()
  }
}
