import DeepCriticCore

/// What critics have written before, and what of it replaces a server that fails.
extension LiveScreen {
  /// The critiques of this solution, the latest last.
  var takesOfThis: [LiveRun] { takes.filter { $0.solution == solution } }

  /// The number of the take that is shown, and how many there are; `nil` where none is shown.
  var take: (number: Int, count: Int)? {
    let known = takesOfThis
    return known.firstIndex { $0 === run }.map { ($0 + 1, known.count) }
  }

  /// What replaces a critic whose server fails: the file that was named for it, else its last take.
  func recording(of critic: LiveCritic, at place: Int) -> [Int: String] {
    if request.fallbacks.indices.contains(place) { return [0: request.fallbacks[place]] }
    return recordings { $0.stage == nil && $0.model == critic.model && $0.endpoint == critic.endpoint.base }
  }

  func recordings(of stage: Stage) -> [Int: String] { recordings { $0.stage == stage } }

  /// The latest finished texts of a column in the takes of this solution, by step.
  private func recordings(where isWanted: (LiveColumn) -> Bool) -> [Int: String] {
    takesOfThis.filter { $0.mode == request.mode }.reduce(into: [:]) { texts, take in
      for column in take.snapshot().columns where isWanted(column) {
        for (step, text) in column.texts where text.phase == .done { texts[step] = text.text }
      }
    }
  }
}
