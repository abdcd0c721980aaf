import DeepCriticCore
import Foundation

extension WorkbenchModel {
  private static var ownPath: String? { SettingsFile.userPath(environment: ProcessInfo.processInfo.environment) }

  /// A path with the home folder as "~".
  private static func short(_ path: String) -> String {
    let home = NSHomeDirectory()
    return path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
  }

  /// Opens the window with the settings in force, and where each comes from.
  func showSettings() {
    let settings = session.settings
    func origin(_ name: String) -> String {
      settings.origins[name].map { "from \(Self.short($0))" } ?? "the default"
    }
    let review = reviewSettings
    var items = [
      ChooserModel.Item(name: "theme", about: "\(themeName ?? settings.theme), \(origin("theme")); enter changes it"),
      ChooserModel.Item(
        name: "mouse",
        about: "\(usesMouse ? "used here" : "left to the terminal"), \(origin("mouse")); enter changes it"),
      ChooserModel.Item(name: "mode", about: "\(session.mode.rawValue), \(origin("mode")); enter changes it for now"),
      ChooserModel.Item(name: "reviewer", about: "\(session.reviewer), \(origin("reviewer"))"),
      ChooserModel.Item(name: "daily goal", about: review.dailyGoal > 0 ? "\(review.dailyGoal) decisions" : "none"),
      ChooserModel.Item(name: "idle after", about: "\(review.idleSeconds) s without a key are not counted as work"),
      ChooserModel.Item(name: "known items", about: "\(Int((review.goldRate * 100).rounded())) % of a queue"),
    ]
    items += settings.keys.sorted { $0.key < $1.key }.map { action, keys in
      ChooserModel.Item(name: action, about: "\(keys.joined(separator: " ")), \(origin("keys." + action))")
    }
    let own = Self.ownPath.map(Self.short) ?? "your settings.toml"
    items.append(ChooserModel.Item(name: "files", about: "\(own), then \(session.workspace.settingsPath)"))
    overlay = .chooser(ChooserModel(.settings, title: "Settings", items: items))
  }

  /// Changes a setting from the window, and writes it down where it is the person's own.
  func change(_ name: String) throws {
    switch name {
    case "theme": chooseTheme()
    case "mouse":
      perform(.mouseToggle)
      try keep("mouse", usesMouse ? "true" : "false")
    case "mode": perform(.modeToggle)
    default:
      say(
        .info,
        "'\(name)' is set in a file: \(Self.ownPath ?? "your settings.toml") or \(session.workspace.settingsPath)."
      )
    }
  }

  /// Writes a setting into the person's own file.
  func keep(_ name: String, _ value: String) throws {
    guard session.statePath != nil, let path = Self.ownPath else { return }
    try SettingsFile.set(name, to: value, in: path)
  }
}
