import DeepCriticCore
import Foundation

extension Navigator {
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
    let review = services.reviewSettings
    var items = [
      ChooserOverlay.Item(name: "theme", about: "\(themeName ?? settings.theme), \(origin("theme")); enter changes it"),
      ChooserOverlay.Item(
        name: "mouse",
        about: "\(usesMouse ? "used here" : "left to the terminal"), \(origin("mouse")); enter changes it"),
      ChooserOverlay.Item(name: "mode", about: "\(session.mode.rawValue), \(origin("mode")); enter changes it for now"),
      ChooserOverlay.Item(name: "reviewer", about: "\(session.reviewer), \(origin("reviewer"))"),
      ChooserOverlay.Item(name: "daily goal", about: review.dailyGoal > 0 ? "\(review.dailyGoal) decisions" : "none"),
      ChooserOverlay.Item(name: "idle after", about: "\(review.idleSeconds) s without a key are not counted as work"),
      ChooserOverlay.Item(name: "known items", about: "\(Int((review.goldRate * 100).rounded())) % of a queue"),
    ]
    items += settings.keys.sorted { $0.key < $1.key }.map { action, keys in
      ChooserOverlay.Item(name: action, about: "\(keys.joined(separator: " ")), \(origin("keys." + action))")
    }
    let own = Self.ownPath.map(Self.short) ?? "your settings.toml"
    items.append(ChooserOverlay.Item(name: "files", about: "\(own), then \(session.workspace.settingsPath)"))
    overlay = ChooserOverlay(context, title: "Settings", items: items, width: 110, verb: "change") {
      [unowned self] index in try change(items[index].name)
    }
  }

  /// Changes a setting from the window, and writes it down where it is the person's own.
  private func change(_ name: String) throws {
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

  func showMessages() {
    let format = DateFormatter()
    format.dateFormat = "HH:mm:ss"
    let items = context.messages.all.map {
      ChooserOverlay.Item(name: format.string(from: $0.at), about: $0.message.text)
    }
    overlay = ChooserOverlay(
      context, title: "Messages", items: items, selected: max(items.count - 1, 0), width: 110, choose: nil)
  }

  func chooseTheme() {
    guard let themes else { return }
    let items = themes.names.map { ChooserOverlay.Item(name: $0.name, about: $0.about) }
    overlay = ChooserOverlay(context, title: "Colours", items: items) { [unowned self] index in
      let name = items[index].name
      chosenTheme = try themes.load(name)
      themeName = name
      try keep("theme", "\"\(name)\"")
      say(.info, "Colours: \(name).")
    }
  }
}
