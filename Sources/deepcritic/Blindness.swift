import ArgumentParser
import DeepCriticCore
import Workbench

/// What must not be asked in blind mode.
enum Blindness {
  /// - Throws: `ValidationError` for a list that would reveal labels or what critics say.
  static func check(_ mode: ReviewMode, _ filter: QueueFilter, _ sort: QueueSort = .imported) throws {
    guard mode == .blind, sort.revealsLabels || filter.revealsLabels else { return }
    let what = sort.revealsLabels ? "The order \(sort.rawValue)" : "A condition on labels, critics or other reviewers"
    throw ValidationError("\(what) would reveal what blind mode hides; '--mode audit' allows it.")
  }

  /// - Throws: `ValidationError` where the reviewer has not finished a solution.
  static func check(_ who: ReviewContext, _ solution: Int64, _ opened: Workspace) throws {
    guard who.mode == .blind, try opened.finished(among: [solution], reviewer: who.reviewer).isEmpty else { return }
    throw ValidationError("This would reveal what blind mode hides until you have finished it; use '--mode audit'.")
  }

  /// - Parameter keys: the solutions that would be revealed.
  /// - Throws: `ValidationError` where the reviewer has not finished all of them.
  static func check(_ who: ReviewContext, keys: some Sequence<String>, _ opened: Workspace) throws {
    guard who.mode == .blind else { return }
    try check(who, ids: Array(opened.solutionIDs(keys: Array(Set(keys))).values), opened)
  }

  /// - Parameter ids: the solutions that would be revealed.
  static func check(_ who: ReviewContext, ids: [Int64], _ opened: Workspace) throws {
    guard who.mode == .blind else { return }
    let hidden = ids.count - (try opened.finished(among: ids, reviewer: who.reviewer)).count
    guard hidden > 0 else { return }
    throw ValidationError(
      "This would reveal what blind mode hides of \(Figures.count(hidden, "solution")) that you have not finished; "
        + "'--mode audit' allows it.")
  }

  /// - Throws: `ValidationError` for figures that depend on labels, critics or other reviewers.
  static func check(_ who: ReviewContext, _ page: FigureTopic) throws {
    guard who.mode == .blind, page.revealsHidden else { return }
    throw ValidationError("The page \(page.rawValue) would reveal what blind mode hides; '--mode audit' allows it.")
  }
}

extension ReviewerOptions {
  /// What the reviewer may see of solutions.
  func visibility(_ root: DeepCritic, _ opened: Workspace) throws -> Visibility {
    let settings = try ReviewSettings(workspace: opened.settingsPath, user: WorkspaceSettings.userPath)
    return Visibility(or(root).mode(settings: try opened.settings()), reveal: settings.reveal)
  }
}
