import ArgumentParser
import DeepCriticCore

/// What must not be asked in blind mode.
enum Blindness {
  /// - Throws: `ValidationError` for a list that would tell labels or what critics say.
  static func check(_ mode: ReviewMode, _ filter: QueueFilter, _ sort: QueueSort = .imported) throws {
    guard mode == .blind, sort.revealsLabels || filter.revealsLabels else { return }
    let what = sort.revealsLabels ? "The order \(sort.rawValue)" : "A condition on labels or critics"
    throw ValidationError("\(what) would tell what blind mode hides; '--mode audit' allows it.")
  }

  /// - Throws: `ValidationError` where the reviewer has not finished a solution.
  static func check(_ who: ReviewContext, _ solution: Int64, _ opened: Workspace) throws {
    guard who.mode == .blind, try opened.finished(among: [solution], reviewer: who.reviewer).isEmpty else { return }
    throw ValidationError("This would tell what blind mode hides until you have finished it; use '--mode audit'.")
  }
}
