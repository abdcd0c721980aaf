import DeepCriticCore
import Foundation
import Terminal

extension WorkbenchModel {
  /// Name of the entry that shows everything.
  private static let everything = "(all solutions)"

  /// Opens the window with the saved queues.
  func chooseQueue() throws {
    let saved = try session.workspace.savedQueues()
    if saved.isEmpty {
      say(.info, "There is no saved queue; \(keys(.queueSave)) saves this filter and order as one.")
      return
    }
    let items =
      [ChooserModel.Item(name: Self.everything, about: "as imported")]
      + saved.map { ChooserModel.Item(name: $0.name, about: $0.about) }
    overlay = .chooser(
      ChooserModel(
        .queues, title: "Queues", items: items,
        selected: queue.saved.flatMap { open in saved.firstIndex { $0.name == open.name }.map { $0 + 1 } } ?? 0))
  }

  /// Opens the saved queue with a name, in its mode.
  public func openQueue(_ name: String) throws {
    guard let saved = try session.workspace.savedQueue(name) else {
      throw WorkspaceError.invalidFilter("there is no queue '\(name)'; 'deepcritic queues' lists them")
    }
    if let mode = saved.mode, mode != session.mode { perform(.modeToggle) }
    if !(try QueueFilter(saved.filter)).reasons.isEmpty || saved.sort == .curation {
      curation.load()
      curation.waitUntilKnown()
    }
    try queue.open(saved)
    say(
      .info,
      "Queue \(saved.name): \(queue.ids.count) \(queue.ids.count == 1 ? "solution" : "solutions"), \(saved.about).")
  }

  /// Saves filter and order under a name, with rules written after it.
  func saveQueue(_ text: String) throws {
    var saved = SavedQueue(name: "")
    saved.filter = queue.filter.text
    saved.sort = queue.sort
    saved.mode = queue.saved?.mode
    saved.quota = queue.saved?.quota
    saved.overlap = queue.saved?.overlap
    saved.goldRate = queue.saved?.goldRate ?? 0
    saved.seed = queue.saved?.seed ?? 0
    var name: [Substring] = []
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        name.append(word)
        continue
      }
      try saved.set(String(parts[0]), to: String(parts[1]))
    }
    saved.name = name.joined(separator: " ")
    try session.workspace.save(saved)
    try queue.open(saved)
    if let mode = saved.mode, mode != session.mode { perform(.modeToggle) }
    say(.good, "Saved as \(saved.name): \(saved.about).")
  }

  /// Opens the window with what was said.
  func showMessages() {
    let format = DateFormatter()
    format.dateFormat = "HH:mm:ss"
    let items = messages.map { ChooserModel.Item(name: format.string(from: $0.at), about: $0.message.text) }
    overlay = .chooser(ChooserModel(.messages, title: "Messages", items: items, selected: max(items.count - 1, 0)))
  }

  /// Opens the window with the themes.
  func chooseTheme() {
    guard let themes else { return }
    overlay = .chooser(
      ChooserModel(
        .themes, title: "Colours", items: themes.names.map { ChooserModel.Item(name: $0.name, about: $0.about) }))
  }

  /// Takes a key for an open chooser.
  func handleChooser(_ chooser: ChooserModel, _ key: Key) {
    var chooser = chooser
    chooser.list.setViewport(max(min(size.height - 4, 22), 1))
    switch key {
    case .escape, .control("c"), .control("g"), .character("q"): overlay = nil
    case .up, .character("k"): chooser.list.move(by: -1)
    case .down, .character("j"): chooser.list.move(by: 1)
    case .pageUp, .pageDown: chooser.list.page(by: key == .pageUp ? -1 : 1)
    case .home: chooser.list.select(0)
    case .end: chooser.list.select(max(chooser.items.count - 1, 0))
    case .enter:
      overlay = nil
      take(chooser)
      return
    default: break
    }
    if case .chooser = overlay { overlay = .chooser(chooser) }
  }

  private func take(_ chooser: ChooserModel) {
    guard let item = chooser.selected else { return }
    message = nil
    attempt {
      switch chooser.kind {
      case .queues: if item.name == Self.everything { try queue.open(nil) } else { try openQueue(item.name) }
      case .themes:
        chosenTheme = try themes?.load(item.name)
        themeName = item.name
        try keep("theme", "\"\(item.name)\"")
        say(.info, "Colours: \(item.name).")
      case .places: if let place = item.place { try go(to: place) }
      case .settings: try change(item.name)
      case .models: try chooseModel(item.name)
      case .messages: break
      }
    }
  }

  /// Hands over a theme that was chosen, once.
  public func takeTheme() -> Theme? {
    defer { chosenTheme = nil }
    return chosenTheme
  }
}

extension SavedQueue {
  /// Its rules in words.
  public var about: String {
    var parts = [filter.isEmpty ? "all" : filter, sort.words]
    if let mode { parts.append(mode.rawValue) }
    if let quota { parts.append("quota \(quota)") }
    if let overlap { parts.append(overlap == 1 ? "one reviewer each" : "\(overlap) reviewers each") }
    if goldRate > 0 { parts.append("\(Int((goldRate * 100).rounded())) % known") }
    return parts.joined(separator: ", ")
  }

  /// Sets a rule by its name.
  ///
  /// - Throws: `WorkspaceError.invalidFilter` naming the rule.
  public mutating func set(_ name: String, to value: String) throws {
    func bad(_ words: String) -> WorkspaceError { .invalidFilter("'\(name)=\(value)': \(words)") }
    let isNone = value == "none"
    switch name {
    case "mode":
      guard isNone || ReviewMode(rawValue: value) != nil else { throw bad("a mode is blind, audit or none") }
      mode = ReviewMode(rawValue: value)
    case "quota", "overlap":
      guard isNone || Int(value) != nil else { throw bad("write a number, or none") }
      if name == "quota" { quota = Int(value) } else { overlap = Int(value) }
    case "gold":
      guard let rate = Double(value) else { throw bad("write a share from 0 to 1") }
      goldRate = rate
    case "seed":
      guard let number = UInt64(value) else { throw bad("write a number") }
      seed = number
    default: throw bad("there are mode=, quota=, overlap=, gold= and seed=")
    }
  }
}
