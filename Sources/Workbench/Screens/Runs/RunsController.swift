import DeepCriticCore
import Foundation
import Synchronization
import Terminal

/// What the runs screen wants to know.
struct RunsWanted: Sendable, Hashable {
  /// The runs whose lines are drawn, the selected one first.
  var shown: [String] = []
  /// What is drawn; `nil` for the most telling line.
  var metric: String?
  /// How much of the past counts.
  var smoothing = 0.0
  /// Somebody looks at the screen; else only states count.
  var isOpen = false
}

/// Looks at runs beside the review, on a connection of its own, and starts, stops and resumes them there.
final class RunsController: Sendable {
  /// What the screen shows.
  struct Snapshot: Sendable {
    var runs: [TrainingRun] = []
    /// The course of each run's most telling line, by its name.
    var courses: [String: ChartSeries] = [:]
    /// What can be drawn of the shown runs.
    var metrics: [String] = []
    var metric: String?
    /// The lines of the shown runs, smoothed.
    var lines: [ChartSeries] = []
    /// Of the first shown run.
    var samples: [RunSample] = []
    /// Names of the solutions of samples, by key.
    var names: [String: String] = [:]
    var log: [String] = []
    var comparison: RunComparison?
    /// What it was made for.
    var wanted = RunsWanted()
    /// What could not be looked at.
    var problem: String?
    var hasLooked = false

    /// Whether there is something else to see.
    func isNewer(than other: Snapshot) -> Bool {
      hasLooked != other.hasLooked || problem != other.problem || wanted != other.wanted
        || runs.map(\.entry.feedOffset) != other.runs.map(\.entry.feedOffset)
        || runs.map(\.status) != other.runs.map(\.status)
    }
  }

  /// Something to tell once.
  struct Notice: Sendable {
    var isGood: Bool
    var text: String
    /// Settings that cannot be used, of a run that was to be started.
    var problems: [RunSettingError] = []
    var started: String?
  }

  /// A line that is kept, so that only what is new is read.
  private struct Line: Sendable {
    var series: ChartSeries
    var attempt: Int
    var offset: Int64
    var smoothed: (weight: Double, count: Int, series: ChartSeries)?
  }

  private struct State {
    var shown = Snapshot()
    var isLooking = false
    var lookedAt: ContinuousClock.Instant?
    var workspace: Workspace?
    var lines: [String: Line] = [:]
    var working: String?
    var notices: [Notice] = []
    var isUpdating = false
    /// What was said by places of runs that do not answer.
    var unreachable: String?
  }

  private let path: String
  private let environment: [String: String]
  private let state = Mutex(State())
  private let hasEnded = ChangeSignal()

  init(workspace: Workspace, environment: [String: String]) {
    path = workspace.path
    self.environment = environment
  }

  var snapshot: Snapshot { state.withLock { $0.shown } }
  /// What is being done, in words.
  var working: String? { state.withLock { $0.working } }
  var isLooking: Bool { state.withLock { $0.isLooking } }

  /// What there is to tell, once.
  func takeNotices() -> [Notice] {
    state.withLock { state in
      defer { state.notices = [] }
      return state.notices
    }
  }

  /// Looks again, unless that is under way or was done a moment ago.
  ///
  /// - Returns: whether a look began.
  @discardableResult
  func look(_ wanted: RunsWanted, atMostEvery pause: Duration) -> Bool {
    let mustStart = state.withLock { state in
      guard !state.isLooking else { return false }
      if let last = state.lookedAt, ContinuousClock.now - last < pause, state.shown.wanted == wanted { return false }
      state.isLooking = true
      return true
    }
    guard mustStart else { return false }
    BackgroundWork.start { [self] in
      let outcome = Result { try made(wanted) }
      state.withLock { state in
        switch outcome {
        case .success(let made): state.shown = made
        case .failure(let error): state.shown.problem = "\(error)"
        }
        state.shown.hasLooked = true
        state.lookedAt = .now
        state.isLooking = false
      }
      hasEnded.send()
    }
    return true
  }

  /// Waits until what is under way has ended.
  func wait() { hasEnded.wait { state.withLock { $0.isLooking || $0.working != nil } } }

  private func opened() throws -> Workspace {
    if let known = state.withLock({ $0.workspace }) { return known }
    let workspace = try Workspace(at: path)
    state.withLock { $0.workspace = workspace }
    return workspace
  }

  private func manager() throws -> RunManager {
    RunManager(
      workspace: try opened(),
      environments: try EngineEnvironments(
        settings: path + "/" + Workspace.settingsName, environment: environment), program: "deepcritic workbench")
  }

  /// Asks clusters how their runs are. They may take their time: the answers are for the next look.
  private func update(_ runs: [TrainingRun], _ manager: RunManager) {
    let mustStart = state.withLock { state in
      defer { state.isUpdating = true }
      return !state.isUpdating
    }
    guard mustStart else { return }
    Task(priority: .utility) { [self] in
      var problem: String?
      _ = await manager.update(runs) { problem = $0 }
      state.withLock { ($0.isUpdating, $0.unreachable) = (false, problem) }
    }
  }

  private static let sampleLimit = 60

  private func made(_ wanted: RunsWanted) throws -> Snapshot {
    let workspace = try opened()
    var made = Snapshot()
    made.wanted = wanted
    made.runs = try RunCatalog(workspace).runs()
    update(made.runs.filter(\.status.phase.isOpen), try manager())
    made.problem = state.withLock { $0.unreachable }
    guard wanted.isOpen else { return made }
    for run in made.runs.prefix(50) {
      let name = run.values["reward"] == nil ? "loss" : "reward"
      made.courses[run.name] = try line(of: run, name, workspace, smoothing: 0)
    }
    let shown = wanted.shown.compactMap { name in made.runs.first { $0.name == name } }
    let metrics = Set(shown.flatMap(\.values.keys)).subtracting(["epoch"])
    made.metrics = MetricNames.sorted(Array(metrics))
    made.metric = wanted.metric.flatMap { metrics.contains($0) ? $0 : nil } ?? made.metrics.first
    if let metric = made.metric {
      made.lines = try shown.map { try line(of: $0, metric, workspace, smoothing: wanted.smoothing) }
    }
    if let first = shown.first {
      made.samples = try workspace.runSamples(of: first.entry.id, limit: Self.sampleLimit)
      for key in Set(made.samples.compactMap(\.solution)) { made.names[key] = try workspace.solutionName(key: key) }
      made.log = first.folder.logTail(200)
    }
    if shown.count > 1 { made.comparison = try RunComparison(shown) }
    return made
  }

  private func line(
    of run: TrainingRun, _ metric: String, _ workspace: Workspace, smoothing: Double
  ) throws -> ChartSeries {
    let key = run.name + "\u{0}" + metric
    var line = state.withLock { $0.lines.removeValue(forKey: key) }
    // A run that was resumed has gone over some steps again; one whose feed was replaced has begun again.
    if line?.attempt != run.status.attempt || (line?.offset ?? 0) > run.entry.feedOffset { line = nil }
    var current = line ?? Line(series: ChartSeries(name: run.name), attempt: run.status.attempt, offset: 0)
    if current.offset < run.entry.feedOffset || line == nil {
      let after = current.series.xs.last.map { Int($0) } ?? -1
      for point in try workspace.runPoints(of: run.entry.id, series: metric, after: after) {
        current.series.append(x: Double(point.step), y: point.value)
      }
      current.offset = run.entry.feedOffset
    }
    var drawn = current.series
    if smoothing > 0 {
      if let known = current.smoothed, known.weight == smoothing, known.count == current.series.count {
        drawn = known.series
      } else {
        drawn = current.series.smoothed(smoothing)
        current.smoothed = (smoothing, current.series.count, drawn)
      }
    }
    state.withLock { $0.lines[key] = current }
    return drawn
  }

  // MARK: - Doing

  /// Does something that may take its time; one thing at a time.
  private func work(_ words: String, _ body: @escaping @Sendable (RunManager) async throws -> Notice) {
    let mustStart = state.withLock { state in
      guard state.working == nil else { return false }
      state.working = words
      return true
    }
    guard mustStart else { return }
    Task(priority: .utility) { [self] in
      let notice: Notice
      do { notice = try await body(try manager()) } catch let error as SpecificationError {
        notice = Notice(isGood: false, text: "\(error)", problems: error.problems)
      } catch { notice = Notice(isGood: false, text: "\(error)") }
      state.withLock { state in
        state.working = nil
        state.lookedAt = nil
        state.notices.append(notice)
      }
      hasEnded.send()
    }
  }

  /// Asks a run to stop; the second time ends it at once.
  func stop(_ run: TrainingRun) {
    let isSecond = run.status.phase == .stopping
    work("Stopping \(run.name)") { manager in
      try await manager.stop(run, now: isSecond)
      return Notice(
        isGood: true,
        text: isSecond
          ? "\(run.name) has ended."
          : "\(run.name) stops after the step under way, with a checkpoint; again ends it at once.")
    }
  }

  /// Starts a run again from its last checkpoint.
  ///
  /// - Throws: `UntrustedError`, before anything is done.
  func resume(_ run: TrainingRun) throws {
    try manager().checkTrust(run)
    let hasCheckpoint = run.folder.checkpointList().contains(where: \.isComplete)
    work("Resuming \(run.name)") { manager in
      _ = try await manager.resume(run)
      // What a cluster keeps is not seen from here.
      let isLocal = run.entry.launcher == LauncherKind.local.rawValue
      let place =
        isLocal && !hasCheckpoint
        ? "from the beginning: it has no complete checkpoint"
        : "from its last checkpoint" + (hasCheckpoint ? "" : ", if there is one")
      return Notice(isGood: true, text: "\(run.name) resumes \(place).", started: run.name)
    }
  }

  func note(_ run: TrainingRun, _ text: String) {
    work("Writing the note") { manager in
      try manager.note(run, text)
      return Notice(isGood: true, text: text.isEmpty ? "\(run.name) has no note." : "\(run.name): \(text)")
    }
  }

  /// Deletes a run of which nothing would be lost.
  func delete(_ run: TrainingRun) {
    work("Deleting \(run.name)") { manager in
      try manager.delete(run)
      return Notice(isGood: true, text: "\(run.name) is deleted.")
    }
  }

  /// - Throws: `UntrustedError`, before anything is done.
  func start(_ spec: RunSpecification, data: String) throws {
    try manager().checkTrust(spec)
    work("Checking the new run") { manager in
      let run = try await manager.start(try await manager.prepare(spec, data: data))
      let words =
        run.instruction.map { "\(run.name) is written. To start it: \($0)" }
        ?? "\(run.name) has started, and keeps running when you close the workbench."
      return Notice(isGood: true, text: words, started: run.name)
    }
  }
}
