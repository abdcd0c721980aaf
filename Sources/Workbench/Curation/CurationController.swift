import DeepCriticCore
import Foundation
import Synchronization

/// What curation needs to know to tell the consequence of a decision.
struct CurationState: Sendable {
  var curator: Curator
  var index: CurationIndex
  var benchmarks: BenchmarkProblems
}

/// Decides about all solutions beside the review, on a connection of its own: neither waits for the other.
final class CurationController: Sendable {
  private let work: BackgroundReading<CurationState>
  private let count: Counter

  /// Solutions decided about so far.
  private final class Counter: Sendable {
    let decided = Mutex(0)
  }

  init(workspace: Workspace) {
    let count = Counter()
    self.count = count
    work = BackgroundReading { [path = workspace.path] in
      try Self.state(path) { decided in count.decided.withLock { $0 = decided } }
    }
  }

  var isWorking: Bool { work.isWorking }
  /// All is decided about, and nobody has taken the result yet.
  var hasOutcome: Bool { work.hasOutcome }
  /// Solutions decided about so far.
  var decided: Int { count.decided.withLock { $0 } }

  /// The result, once.
  func take() -> Result<CurationState, any Error>? { work.take() }

  /// Begins to decide about everything.
  func load() {
    if !isWorking { count.decided.withLock { $0 = 0 } }
    work.start()
  }

  private static func state(_ path: String, progress: (Int) -> Void) throws -> CurationState {
    let workspace = try Workspace(at: path)
    let settings = try CurationSettings(path: workspace.settingsPath)
    let prompts = try PromptLibrary(replacing: try GenerateSettings(path: workspace.settingsPath).prompts)
    var curator = try Curator(workspace: workspace, settings: settings, prompts: prompts)
    let index = try curator.index(progress: progress)
    // Nobody waits for Python between two keys.
    curator.asksTokenizer = false
    return CurationState(
      curator: curator, index: index, benchmarks: try workspace.benchmarkProblems(paths: settings.benchmarks))
  }
}
