import DeepCriticCore

extension Navigator {
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

  /// Writes a setting into the person's own file.
  func keep(_ name: String, _ value: String) throws {
    guard session.statePath != nil, let path = SettingsFile.userPath(environment: services.environment) else { return }
    try SettingsFile.set(name, to: value, in: path)
  }
}
