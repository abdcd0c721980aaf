import DeepCriticCore
import Terminal

extension WorkbenchModel {
  /// Opens the demonstration of the solution under review, else of the first in the queue that can be shown.
  ///
  /// - Throws: when no solution has critiques.
  public func openDemo() throws {
    if let review, let demonstration = Demonstration(review.stored) {
      begin(demonstration, review.stored)
    } else {
      try demonstrate(from: queue.list.selected ?? 0, by: 1)
    }
  }

  /// Opens what a session is to begin with.
  public func begin(with opening: Workbench.Opening?) {
    switch opening {
    case .live(let request): openLive(request)
    case .demo(let id):
      attempt {
        if let id, let index = queue.index(of: id) { queue.list.select(index) }
        try openDemo()
        demo.endsSession = true
      }
    case nil: break
    }
  }

  private func begin(_ demonstration: Demonstration, _ stored: StoredSolution) {
    session.showedLabels(of: stored.key)
    closeScreens()
    demo.isOpen = true
    demo.play(demonstration, name: stored.name)
  }

  /// Looks along the queue for a solution that can be shown.
  private func demonstrate(from first: Int, by offset: Int) throws {
    let count = queue.ids.count
    for turn in 0..<count {
      let index = ((first + turn * offset) % count + count) % count
      let stored = try session.workspace.solution(queue.ids[index])
      guard let demonstration = Demonstration(stored) else { continue }
      queue.list.select(index)
      begin(demonstration, stored)
      return
    }
    throw LiveTrouble("There is nothing to demonstrate: no solution of the queue has critiques.")
  }

  func performInDemo(_ id: ActionID) throws {
    switch id {
    case .demoPause:
      if demo.isOver { demo.restart() } else { demo.isPaused.toggle() }
    case .demoForward: demo.forward()
    case .demoBack: demo.back()
    case .demoFaster: demo.change(speed: 1)
    case .demoSlower: demo.change(speed: -1)
    case .demoRestart: demo.restart()
    case .demoPageUp, .demoPageDown: scrollDemo(pages: id == .demoPageUp ? 1 : -1)
    case .demoNext, .demoPrevious:
      let offset = id == .demoNext ? 1 : -1
      try demonstrate(from: (queue.list.selected ?? 0) + offset, by: offset)
    case .performanceGuess: try takeGuess()
    default: break
    }
  }

  /// Scrolls the critiques that are longer than their panes, all of them together; time waits meanwhile.
  private func scrollDemo(pages: Int) {
    let performance = DemoScreen.performance(self)
    let limits = performance.panes.indices.compactMap { PerformanceScreen.scrollLimit($0, performance, self) }
    let page = max(size.height / 5, 1)
    demo.scroll = min(max(demo.scroll + pages * page, 0), limits.max() ?? 0)
    if demo.scroll > 0, !demo.isOver { demo.isPaused = true }
  }

  /// Why an action of the demonstration cannot be done now.
  func demoReason(_ id: ActionID) -> String? {
    switch id {
    case .demoForward where demo.isOver: "This is the end; \(keys(.demoNext)) plays the next demonstration."
    case .modeToggle: "A demonstration shows everything; the mode is changed in the queue or in a review."
    default: nil
    }
  }
}

extension Demonstration {
  /// What a workspace has about a solution.
  init?(_ stored: StoredSolution) {
    var texts: [Stage: [Int: String]] = [:]
    for (stage, steps) in stored.critiques {
      for (step, critiques) in steps where step > 0 {
        guard let first = critiques.first else { continue }
        texts[stage, default: [:]][step] = first.critique.text
      }
    }
    self.init(stored.solution, critiques: texts)
  }
}
