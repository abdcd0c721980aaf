import DeepCriticCore
import Terminal

extension LinearFrontEnd {
  /// The runs screen in sentences.
  func describeRuns() {
    model.runs.waitUntilKnown()
    if let form = model.runs.form { return describe(form) }
    let runs = model.runs.runs
    if let problem = model.runs.snapshot.problem { say(problem) }
    if runs.isEmpty { return say("Runs: none yet. 'runs.new' starts one.") }
    say("Runs: \(runs.count), \(model.runs.running.count) running.")
    for (index, run) in runs.enumerated() where abs(index - (model.runs.list.selected ?? 0)) <= 8 {
      let sign = index == model.runs.list.selected ? "Selected: " : ""
      var words = "\(sign)\(run.name), \(run.status.phase.rawValue), step \(run.entry.step)"
      if let total = run.entry.total { words += " of \(total)" }
      if let left = run.secondsLeft { words += ", \(Figures.roughDuration(left)) left" }
      say(words + ".")
    }
    guard let run = model.runs.selected else { return }
    if let detail = run.status.detail { say(detail) }
    switch model.runs.pane {
    case .chart:
      for line in model.runs.snapshot.lines {
        guard let metric = model.runs.snapshot.metric, let last = line.ys.last, let all = line.extent(0..<line.count)
        else {
          continue
        }
        say(
          "\(metric) of \(line.name): \(Figures.significant(last)) at step \(Int(line.xs.last ?? 0)), between "
            + "\(Figures.significant(all.low)) and \(Figures.significant(all.high)).")
      }
    case .samples:
      guard model.session.mode == .audit, let sample = model.runs.selectedSample else { return }
      say(
        "Sample of step \(sample.step), reward \(sample.reward.map { Figures.significant($0) } ?? "unknown"), says "
          + "\(sample.answer.map { String($0) } ?? "nothing"), label \(sample.groundTruth.map { String($0) } ?? "unknown"):"
      )
      say(sample.completion)
    case .log: for line in model.runs.snapshot.log.suffix(10) { say(line) }
    case .settings:
      if let comparison = model.runs.snapshot.comparison {
        for setting in comparison.settings {
          say("\(setting.key): " + setting.values.map { $0 ?? "none" }.joined(separator: ", ") + ".")
        }
      } else if let spec = run.specification {
        for pair in spec.flat { say("\(pair.key): \(pair.value).") }
      }
    }
  }

  private func describe(_ form: RunForm) {
    say(
      "New run. 'run-form.change' changes the selected field, 'run-form.type TEXT' types it, 'run-form.start' starts.")
    for field in form.fields {
      let sign = field == form.selected ? "Selected: " : ""
      let problem = form.problems[RunForm.key(field)].map { ", but it \($0)" } ?? ""
      say("\(sign)\(RunForm.key(field)): \(form.value(field))\(problem).")
    }
    if let field = form.selected { say(form.summary(field)) }
  }
}
