import DeepCriticCore
import Foundation

/// One setting as it is shown.
struct Setting: Equatable {
  /// What can be done about it from the screen.
  enum Change {
    case theme, mouse, mode
  }

  var name: String
  /// What holds now.
  var value: String
  /// Where that comes from.
  var origin: String
  /// What it means, in sentences.
  var about: String
  /// What the files say instead, which holds when the program starts again.
  var next: String?
  var change: Change?

  /// Its value, with the one that follows.
  var words: String { value + (next.map { " (\($0) from the next start)" } ?? "") }
}

/// What the files of settings say, and what cannot be read of them.
struct SettingsReading {
  /// The user's own file; `nil` where the environment names no home.
  let own: String?
  /// The workspace's file.
  let shared: String
  /// The home folder, written as "~".
  private let home: String?
  let settings: WorkspaceSettings?
  let review: ReviewSettings?
  /// Why a file, or a part of it, cannot be used: file, line and reason.
  let problems: [String]
  /// How the files looked when they were read.
  private var stamps: [Date?] = []

  init(_ workspace: Workspace, environment: [String: String]) {
    own = SettingsFile.userPath(environment: environment)
    shared = workspace.settingsPath
    home = environment["HOME"]
    var problems: [String] = []
    func attempt<Value>(_ read: () throws -> Value) -> Value? {
      do { return try read() } catch {
        if !problems.contains("\(error)") { problems.append("\(error)") }
        return nil
      }
    }
    let (own, shared) = (own, shared)
    // Each file by itself: a mistake in one does not hide those in the other.
    for path in [own, shared].compactMap({ $0 }) { _ = attempt { try SettingsFile.read(path) } }
    let written = attempt { try WorkspaceSettings(workspace: shared, user: own) }
    settings = written
    review = attempt { try ReviewSettings(workspace: shared, user: own) }
    _ = attempt { try KeyMap(overrides: written?.keys ?? [:]) }
    // What other screens read of the workspace's file is shown here too.
    _ = attempt { try GenerateSettings(path: shared) }
    _ = attempt { try CurationSettings(path: shared) }
    _ = attempt { try LabelSettings(path: shared) }
    _ = attempt { try RLSettings(path: shared) }
    _ = attempt { try EvaluateSettings(path: shared) }
    _ = attempt { try EngineEnvironments(settings: shared, environment: environment) }
    self.problems = problems
    stamps = currentStamps
  }

  private var files: [String] { [own, shared].compactMap { $0 } }

  /// Whether a file was changed, made or removed since.
  var isOutdated: Bool { currentStamps != stamps }

  private var currentStamps: [Date?] {
    files.map { (try? FileManager.default.attributesOfItem(atPath: $0))?[.modificationDate] as? Date }
  }

  /// A path with the home folder as "~".
  func short(_ path: String) -> String {
    guard let home, path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.count)
  }

  /// Whose file a setting comes from.
  func origin(_ path: String?) -> String {
    path.map { $0 == shared ? "this workspace" : "your settings" } ?? "the default"
  }

  /// Whose file a key of `[review]` comes from.
  func reviewOrigin(_ key: String, isPersonal: Bool = true) -> String {
    origin(
      (isPersonal ? files : [shared]).first { path in
        // A value of another type is there too.
        do { return try SettingsTable("review", of: path)?.flag(key) != nil } catch { return true }
      })
  }
}
