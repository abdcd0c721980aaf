import DeepCriticCore
import Foundation

extension LinearFrontEnd {
  /// The generation screen in sentences.
  func describeGeneration() {
    model.generation.waitForPlan()
    let snapshot = model.generation.snapshot
    let place = snapshot.endpoints.joined(separator: ", ")
    say("Generation with \(model.plannedModel ?? "no model named") at \(place.isEmpty ? "no server" : place).")
    for (index, row) in model.generation.rows.enumerated() {
      let sign = index == model.generation.list.selected ? "Selected: " : ""
      switch row {
      case .all, .stage:
        let name = row == .all ? "all stages" : row.stages.first?.rawValue ?? ""
        let size = model.generation.size(of: row)
        let what = size.map { Figures.count($0.requests, "request") + " to ask" } ?? "not known yet"
        say("\(sign)\(name): \(what).")
      case .standing(let count):
        let words = count.standing.words(withStep: false)
        say("\(sign)\(Figures.count(count.solutions, "solution")): \(words).")
      }
    }
    if let progress = snapshot.progress {
      let report = GenerationReport(progress, prices: snapshot.prices, separator: ",")
      if snapshot.isRunning {
        say(report.headline + ".")
        for row in report.rows { say("\(row.label): \(row.value).") }
      } else {
        say("The last run: \(report.summary)")
      }
    }
    if let problem = snapshot.problem { say(problem) }
  }
}

extension GenerationModel {
  /// Waits until it is known what is missing: plain text is not drawn again later.
  func waitForPlan() {
    while snapshot.isPlanning {
      Thread.sleep(forTimeInterval: 0.02)
      refresh()
    }
  }
}
