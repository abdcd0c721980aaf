import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

extension FigureTopic: ExpressibleByArgument {}
extension ComparedVerdicts: ExpressibleByArgument {}

/// Figures on standard output.
enum FigureOutput {
  /// The figures of a workspace with its settings.
  ///
  /// - Throws: `SettingsError` for a setting that cannot be used.
  static func figures(_ workspace: Workspace) throws -> ReviewFigures {
    try ReviewFigures(
      of: workspace,
      options: FiguresOptions(
        review: try ReviewSettings(workspace: workspace.settingsPath, user: WorkspaceSettings.userPath),
        curation: try CurationSettings(of: workspace)))
  }

  /// Pages below each other: as wide as the terminal and with bars, or whole and without for a file or pipe.
  static func write(_ pages: [FigurePage]) throws {
    let columns = Screen.columns(STDOUT_FILENO)
    let glyphs: Glyphs = TerminalChecks.localeIsUTF8 ? .unicode : .ascii
    var lines: [String] = []
    for page in pages {
      if !lines.isEmpty { lines.append("") }
      lines += FigureView.text(page, width: columns ?? 200, glyphs: glyphs, bars: columns != nil)
    }
    try StandardOutput.write(lines: lines)
  }
}

extension FigurePage {
  /// Whether there is any number on it.
  var tellsSomething: Bool { rows.contains { $0.kind == .figure } }
}

/// `stats --json`: the counts of the workspace, and under "review" the figures of the review.
struct StatisticsDocument: Encodable {
  var counts: WorkspaceStatistics
  var review: ReviewFigures

  private enum Key: CodingKey { case review }

  func encode(to encoder: any Encoder) throws {
    try counts.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(review, forKey: .review)
  }
}
