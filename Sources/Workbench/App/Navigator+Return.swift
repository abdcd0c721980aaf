import DeepCriticCore
import Foundation
import Terminal

/// Where a reviewer was in a workspace, and what was listed.
struct LastPlace: Codable, Equatable {
  /// The solution's key and name, and the step; `nil` before any was open.
  var place: Bookmark?
  var filter = ""
  var sort = ""
  /// The saved queue that was open.
  var queue: String?
  /// It was reviewed blind.
  var isBlind: Bool?
}

/// Remembers, from session to session, where a reviewer was.
final class LastPlaces {
  private let path: String?
  private let name: String
  /// What the last session left; `nil` in a first one.
  private(set) var last: LastPlace?
  /// Nothing is written before a session on a screen has begun.
  var isRemembering = false

  init(path: String?, workspace: String, reviewer: String) {
    self.path = path
    name = URL(fileURLWithPath: workspace).standardizedFileURL.path + "\n" + reviewer
    last = read()[name]
  }

  private func read() -> [String: LastPlace] {
    path.flatMap { FileManager.default.contents(atPath: $0) }
      .flatMap { try? JSONDecoder().decode([String: LastPlace].self, from: $0) } ?? [:]
  }

  func note(_ place: LastPlace) {
    guard isRemembering, let path, place != last else { return }
    last = place
    var all = read()
    all[name] = place
    StateFile.write(try? JSONEncoder().encode(all), to: path)
  }
}

extension Navigator {
  /// Remembers where the reviewer is. Called again and again: a killed program loses a second of it.
  func notePlace() {
    guard services.lastPlaces.isRemembering else { return }
    let queue = services.queue
    // A list that was chosen one by one cannot be made again.
    var now = services.lastPlaces.last ?? LastPlace()
    if queue.subset == nil {
      now.filter = queue.filter.text
      now.sort = queue.sort.rawValue
      now.queue = queue.saved?.name
    }
    now.isBlind = session.mode == .blind
    if let review = top as? ReviewScreen, let place = review.currentPlace { now.place = place }
    services.lastPlaces.note(now)
  }

  /// Brings back the filter and the order of last time, and offers to continue: with the step, with a draft, with conflicts.
  ///
  /// - Parameter listed: a queue was asked for, and stays.
  public func welcomeBack(listed: Bool = false) {
    defer { services.lastPlaces.isRemembering = true }
    let last = services.lastPlaces.last
    // Labels must not appear because the program was started again.
    if last?.isBlind == true, session.mode == .audit, !session.isModeChosen {
      attempt { try enter(.blind) }
    }
    if let last, !listed { attempt { try restore(last) } }
    offerToGoOn(last?.place)
  }

  private func restore(_ last: LastPlace) throws {
    if let name = last.queue, try workspace.savedQueue(name) != nil { return try openQueue(name) }
    let sort = WorkspaceSchema.complete.sorts.first { $0.rawValue == last.sort } ?? .imported
    let filter = (try? QueueFilter(last.filter)) ?? .everything
    if !filter.reasons.isEmpty || sort == .curation {
      services.trainingSet.load()
      services.trainingSet.settle()
    }
    try services.queue.reload(sort: sort, filter: filter)
    if session.mode == .blind { try services.queue.hideLabels() }
  }

  /// The step to continue with: that of last time, or the next solution to do where that one is finished.
  private func next(after place: Bookmark) throws -> (id: Int64, step: Int?, words: String)? {
    guard let id = try workspace.solutionID(key: place.solution) else { return nil }
    let queue = services.queue
    let index = queue.index(of: id)
    if let index { queue.list.select(index) }
    if try workspace.finished(among: [id], reviewer: session.reviewer).isEmpty {
      return (id, place.step, place.step > 0 ? "\(place.name), step \(place.step)" : place.name)
    }
    guard let todo = try queue.nextTodo(from: index ?? 0, direction: 1) else { return nil }
    queue.list.select(todo)
    return (queue.ids[todo], nil, try queue.rows(todo..<(todo + 1)).first?.name ?? "")
  }

  private func offerToGoOn(_ place: Bookmark?) {
    let drafts = services.drafts.all
    var next: (id: Int64, step: Int?, words: String)?
    attempt { next = try place.flatMap(next(after:)) }
    guard place != nil || !drafts.isEmpty, overlay == nil else { return }
    var facts = place != nil && session.mode == .blind ? ["blind (\(context.keys(.modeToggle)) switches)"] : []
    var lines: [CardOverlay.Line] = []
    if let next {
      facts.append(next.words)
      lines.append(
        .init(key: .enter, words: "continue with \(next.words)", verb: "continue") { [unowned self] in
          try review(next.id, step: next.step)
        })
    }
    attempt { if place != nil, let words = try leftWords() { facts.append(words) } }
    if let draft = drafts.first {
      lines += draftLines(draft, others: drafts.count - 1, place)
    }
    let conflicts = context.keyMap.keys(for: AdjudicationScreen.opening?.id ?? "").first
    let card = CardOverlay(context, title: "Welcome back", text: [joined(facts)], lines: lines, passesOthers: true)
    card.follow(
      BackgroundReading { [path = workspace.path, reviewer = session.reviewer, mode = session.mode] in
        try ReturnFacts(path, reviewer, mode)
      }
    ) { [unowned self] (found: ReturnFacts) in
      if place != nil, let pace = found.pace, pace >= 1000 {
        facts.append("\(Figures.duration(Double(pace) / 1000)) a step")
      }
      if found.conflicts > 0, let conflicts, let id = AdjudicationScreen.opening?.id {
        facts.append("\(Figures.count(found.conflicts, "conflict")) \(found.conflicts == 1 ? "waits" : "wait")")
        lines.append(
          .init(key: conflicts, words: "resolve conflicts between reviewers", verb: "conflicts") { [unowned self] in
            perform(id)
          })
      }
      return ([joined(facts)], lines)
    }
    overlay = card
  }

  private func joined(_ facts: [String]) -> String { facts.joined(separator: " \(glyphs.separator) ") }

  /// "12 left", of what is listed.
  private func leftWords() throws -> String? {
    let ids = services.queue.ids
    guard !ids.isEmpty else { return nil }
    let done = Set(try workspace.done(by: session.reviewer))
    let left = done.isEmpty ? ids.count : ids.count { !done.contains($0) }
    return left == 0 ? "all done" : "\(left) left"
  }

  private func draftLines(_ draft: Draft, others: Int, _ place: Bookmark?) -> [CardOverlay.Line] {
    let more = others > 0 ? "; \(Figures.count(others, "more draft")) after it" : ""
    return [
      .init(
        key: .character("d"), words: "continue writing \(draft.words), \(draft.name) (\(draft.facts))\(more)",
        verb: "draft"
      ) { [unowned self] in try screen(ReviewScreen.self).take(up: draft) },
      .init(key: .character("X"), words: "discard that draft", verb: "discard") { [unowned self] in
        services.drafts.discard(draft.place)
        offerToGoOn(place)
        say(.info, "Draft discarded.")
      },
    ]
  }
}

/// What takes longer to find out than anybody waits for.
private struct ReturnFacts: Sendable {
  var pace: Int64?
  var conflicts = 0

  init(_ path: String, _ reviewer: String, _ mode: ReviewMode) throws {
    let workspace = try Workspace(at: path)
    pace = try workspace.medianElapsed(of: reviewer)
    // In blind mode that others disagree would reveal what they said.
    guard mode == .audit else { return }
    let settings = try CurationSettings(of: workspace)
    for solution in try workspace.contestedSolutions() where solution.id != nil {
      conflicts += Conflict.all(in: solution, settings: settings).count { $0.settled == nil }
    }
  }
}
