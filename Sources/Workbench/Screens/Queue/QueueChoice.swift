import DeepCriticCore
import Foundation
import Terminal

extension QueueScreen {
  /// Name of the entry that shows everything.
  private static let everything = "(all solutions)"

  /// Opens the window with the saved queues.
  func chooseQueue() throws {
    let saved = try session.workspace.savedQueues()
    if saved.isEmpty {
      return say(.info, "There is no saved queue; \(keys(.queueSave)) saves this filter and order as one.")
    }
    let items =
      [ChooserOverlay.Item(name: Self.everything, about: "as imported")]
      + saved.map { ChooserOverlay.Item(name: $0.name, about: $0.about) }
    let open = queue.saved.flatMap { open in saved.firstIndex { $0.name == open.name }.map { $0 + 1 } }
    navigator?.overlay = ChooserOverlay(context, title: "Queues", items: items, selected: open ?? 0) {
      [unowned self] index in
      if index == 0 { try queue.open(nil) } else { try self.open(queue: items[index].name) }
    }
  }

  /// Opens the saved queue with a name, in its mode.
  func open(queue name: String) throws {
    guard let saved = try session.workspace.savedQueue(name) else {
      throw WorkspaceError.invalidQueue("There is no queue '\(name)'; 'deepcritic queues' lists them.")
    }
    if (saved.mode ?? session.mode) == .blind, try saved.sort.revealsLabels || QueueFilter(saved.filter).revealsLabels {
      throw RefusalError(
        "Queue \(saved.name) would reveal what blind mode hides; \(keys(.modeToggle)) switches to audit mode.")
    }
    if let mode = saved.mode, mode != session.mode { try navigator?.toggleMode() }
    if !(try QueueFilter(saved.filter)).reasons.isEmpty || saved.sort == .curation {
      trainingSet.load()
      trainingSet.settle()
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
    if let mode = saved.mode, mode != session.mode { try navigator?.toggleMode() }
    say(.good, "Saved as \(saved.name): \(saved.about).")
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
  /// - Throws: `WorkspaceError.invalidQueue` naming the rule.
  public mutating func set(_ name: String, to value: String) throws {
    func bad(_ words: String) -> WorkspaceError {
      .invalidQueue("'\(name)=\(value)' is not a rule of a queue: \(words).")
    }
    let isNone = value == "none"
    switch name {
    case "mode":
      guard isNone || ReviewMode(rawValue: value) != nil else { throw bad("a mode is blind, audit or none") }
      mode = ReviewMode(rawValue: value)
    case "quota", "overlap":
      guard isNone || Int(value).map(SavedQueue.limits.contains) ?? false else {
        throw bad("write a number from 1, or none")
      }
      if name == "quota" { quota = Int(value) } else { overlap = Int(value) }
    case "gold":
      guard let rate = Double(value), (0...1).contains(rate) else { throw bad("write a share from 0 to 1") }
      goldRate = rate
    case "seed":
      guard let number = UInt64(value) else { throw bad("write a number") }
      seed = number
    default: throw bad("there are mode=, quota=, overlap=, gold= and seed=")
    }
  }
}

extension Navigator {
  /// Opens the saved queue with a name, in its mode.
  public func openQueue(_ name: String) throws { try screen(QueueScreen.self).open(queue: name) }
}
