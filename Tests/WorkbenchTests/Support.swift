import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// The package's root folder.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A workspace with the sample data, and a reviewer at work in it.
struct Bench {
  let folder: TemporaryFolder
  let workspace: Workspace
  let model: Navigator

  init(
    size: Size = Size(width: 120, height: 40), mode: ReviewMode = .audit, glyphs: Glyphs = .unicode,
    files: [String] = ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"],
    keys: [String: [String]] = [:], settingsText: String? = nil, isReadOnly: Bool = false
  ) throws {
    folder = try TemporaryFolder()
    var workspace = try Workspace.create(at: folder.path + "/audit")
    for file in files {
      let path = file.hasPrefix("/") ? file : packageRoot.appendingPathComponent("SampleData/\(file)").path
      _ = try workspace.importFile(path)
    }
    if let settingsText { try Data(settingsText.utf8).write(to: URL(fileURLWithPath: workspace.settingsPath)) }
    if isReadOnly {
      try workspace.close()
      workspace = try Workspace(at: folder.path + "/audit", readOnly: true)
    }
    self.workspace = workspace
    var settings = WorkspaceSettings()
    settings.mode = mode
    model = try Navigator(
      session: Session(workspace: workspace, settings: settings, reviewer: "rt"), keyMap: KeyMap(overrides: keys),
      size: size, glyphs: glyphs, environment: [:])
  }

  /// Types keys given as in the settings, separated by blanks.
  func type(_ keys: String) throws {
    for name in keys.split(separator: " ") {
      model.handle(try #require(Key(String(name)), "no key '\(name)'"))
    }
  }

  /// Types the characters of a text, as into an open line.
  func write(_ text: String) { for character in text { model.handle(.character(character)) } }

  /// The screen when all is known that is worked out beside it.
  func screen() -> String {
    model.services.trainingSet.settle()
    model.layOut()
    model.overlay?.settle()
    return model.draw(theme: .terminal).text()
  }

  var queue: SolutionQueue { model.queue }
  var review: ReviewModel? { model.review }
  var reviewScreen: ReviewScreen { screen() }
  var curation: CurationScreen { screen() }
  var statistics: StatisticsScreen { screen() }
  var adjudication: AdjudicationScreen { screen() }
  var evaluation: EvaluationScreen { screen() }
  var generation: GenerationScreen { screen() }
  var runs: RunsScreen { screen() }
  var settings: SettingsScreen { screen() }
  var runForm: RunFormScreen { screen() }
  var live: LiveScreen { screen() }
  var demonstration: DemonstrationScreen { screen() }

  private func screen<S: Screen>() -> S {
    do { return try model.screen(S.self) } catch { fatalError("\(error)") }
  }
}

extension Navigator {
  var queue: SolutionQueue { services.queue }
  /// The solution under review, while its screen is open.
  var review: ReviewModel? { (top as? ReviewScreen)?.review }
  func resize(to size: Size) { take(.resize(size)) }
  func open(_ id: Int64) throws { try review(id) }
}

/// Compares a whole screen with the file of that name; with RECORD_SNAPSHOTS=1 in the environment it writes the file.
func expectSnapshot(_ screen: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let folder = packageRoot.appendingPathComponent("Tests/WorkbenchTests/Snapshots")
  let file = folder.appendingPathComponent(name + ".txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try (screen + "\n").write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  #expect(screen + "\n" == expected, "screen '\(name)' has changed", sourceLocation: sourceLocation)
}
