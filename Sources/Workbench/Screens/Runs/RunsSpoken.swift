import DeepCriticCore
import Terminal

extension RunsScreen {
  func describe() -> [String] {
    var words = [snapshot.problem].compactMap { $0 }
    if runs.isEmpty { return words + ["Runs: none yet. 'runs.new' starts one."] }
    words.append("Runs: \(runs.count), \(service.running.count) running.")
    for (index, run) in runs.enumerated() where abs(index - (list.selected ?? 0)) <= 8 {
      var line = "\(index == list.selected ? "Selected: " : "")\(run.name), \(run.status.phase.rawValue), "
      line += "step \(run.entry.step)"
      if let total = run.entry.total { line += " of \(total)" }
      if let left = run.secondsLeft { line += ", \(Figures.roughDuration( left)) left" }
      words.append(line + ".")
    }
    guard let run = selected else { return words }
    if let detail = run.status.detail { words.append(detail) }
    return words + describePane(of: run)
  }

  private func describePane(of run: TrainingRun) -> [String] {
    switch pane {
    case .chart:
      return snapshot.lines.compactMap { line in
        guard let metric = snapshot.metric, let last = line.ys.last, let all = line.extent(0..<line.count) else {
          return nil
        }
        return "\(metric) of \(line.name): \(Figures.significant(last)) at step \(Int(line.xs.last ?? 0)), between "
          + "\(Figures.significant(all.low)) and \(Figures.significant(all.high))."
      }
    case .samples:
      guard session.mode == .audit, let sample = selectedSample else { return [] }
      let reward = sample.reward.map { Figures.significant($0) } ?? "unknown"
      let says = sample.answer.map { String($0) } ?? "nothing"
      let label = sample.groundTruth.map { String($0) } ?? "unknown"
      return ["Sample of step \(sample.step), reward \(reward), says \(says), label \(label):", sample.completion]
    case .log: return Array(snapshot.log.suffix(10))
    case .settings:
      if let comparison = snapshot.comparison {
        return comparison.settings.map { setting in
          "\(setting.key): " + setting.values.map { $0 ?? "none" }.joined(separator: ", ") + "."
        }
      }
      return run.specification?.flat.map { "\($0.key): \($0.value)." } ?? []
    }
  }

  var spokenState: [String] {
    [
      selected?.name ?? "", pane.rawValue, metric ?? "", "\(smoothing)", "\(sample.selected ?? -1)", "\(overlaid)",
    ]
  }
}

extension RunFormScreen {
  var prompt: String { "runs" }

  func describe() -> [String] {
    var words = [
      "New run. 'run-form.change' changes the selected field, 'run-form.type TEXT' types it, 'run-form.start' starts."
    ]
    for field in form.fields {
      let key = RunForm.key(field)
      let problem = form.problems[key].map { ", but it \($0)" } ?? ""
      words.append("\(field == form.selected ? "Selected: " : "")\(key): \(form.value(field))\(problem).")
    }
    if let field = form.selected { words.append(form.summary(field)) }
    if let memory = form.memory { words.append("Memory per device: about \(Figures.size(memory.total)).") }
    return words
  }

  var spokenState: [String] { ["\(form.list.selected ?? -1) \(form.spec.flat) \(form.data) \(form.problems)"] }
}
