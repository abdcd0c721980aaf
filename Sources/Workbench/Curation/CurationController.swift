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
  private struct Progress {
    var isWorking = false
    var decided = 0
    var outcome: Result<CurationState, any Error>?
    /// Something changed while all was being decided.
    var mustWorkAgain = false
  }

  private let path: String
  private let progress = Mutex(Progress())

  init(workspace: Workspace) { path = workspace.path }

  var isWorking: Bool { progress.withLock { $0.isWorking } }
  /// Solutions decided about so far.
  var decided: Int { progress.withLock { $0.decided } }

  /// The result, once.
  func take() -> Result<CurationState, any Error>? {
    progress.withLock { progress in
      guard !progress.isWorking else { return nil }
      defer { progress.outcome = nil }
      return progress.outcome
    }
  }

  /// Begins to decide about everything.
  func load() {
    let mustStart = progress.withLock { progress in
      if progress.isWorking {
        progress.mustWorkAgain = true
        return false
      }
      progress.isWorking = true
      progress.decided = 0
      return true
    }
    guard mustStart else { return }
    BackgroundWork.start { [self] in
      var isWorking = true
      while isWorking {
        let outcome = Result { try state() }
        // Asked for again meanwhile: then this was not the last word, and nobody may take it for that.
        isWorking = progress.withLock { progress in
          progress.outcome = outcome
          progress.isWorking = progress.mustWorkAgain
          progress.mustWorkAgain = false
          return progress.isWorking
        }
      }
    }
  }

  private func state() throws -> CurationState {
    let workspace = try Workspace(at: path)
    let settings = try CurationSettings(path: workspace.settingsPath)
    let prompts = try PromptLibrary(replacing: try GenerateSettings(path: workspace.settingsPath).prompts)
    var curator = try Curator(workspace: workspace, settings: settings, prompts: prompts)
    let index = try curator.index { decided in self.progress.withLock { $0.decided = decided } }
    // Nobody waits for Python between two keys.
    curator.asksTokenizer = false
    return CurationState(
      curator: curator, index: index, benchmarks: try workspace.benchmarkProblems(paths: settings.benchmarks))
  }
}
