import DeepCriticCore

extension GenerationScreen {
  func describe() -> [String] {
    let place = snapshot.endpoints.joined(separator: ", ")
    var words = ["Generation with \(plannedModel ?? "no model named") at \(place.isEmpty ? "no server" : place)."]
    for (index, row) in rows.enumerated() {
      let sign = index == list.selected ? "Selected: " : ""
      if case .standing(let count) = row {
        let stands = count.standing.words(withStep: false)
        words.append("\(sign)\(Figures.count(count.solutions, "solution")): \(stands).")
      } else {
        let name = row == .all ? "all stages" : row.stages.first?.rawValue ?? ""
        let what = size(of: row).map { Figures.count($0.requests, "request") + " to ask" }
        words.append("\(sign)\(name): \(what ?? (isHidden ? "hidden in blind mode" : "not known yet")).")
      }
    }
    if let progress = snapshot.progress {
      let report = RequestReport(progress, prices: snapshot.prices, separator: ",")
      if snapshot.isRunning {
        words += [report.headline + "."] + report.rows.map { "\($0.label): \($0.value)." }
      } else {
        words.append("The last run: \(report.summary)")
      }
    }
    return words + [snapshot.problem, snapshot.planProblem].compactMap { $0 }
  }

  var spokenState: [String] { ["\(list.selected ?? -1)", "\(isHidden)"] }
}
