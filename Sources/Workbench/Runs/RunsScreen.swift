import DeepCriticCore
import Foundation
import Terminal

/// Training runs: the list above, below it the chart, sampled critiques, log or settings.
enum RunsScreen {
  /// Width from which a second pane stands beside the chart.
  private static let wideFrom = 120

  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    if model.runs.form != nil { return RunFormScreen.draw(&canvas, model) }
    Chrome.header(&canvas, model)
    let size = canvas.size
    let bottom = max(size.height - Chrome.footerHeight, 2)
    drawTitle(&canvas, model)
    let room = max(bottom - 2, 0)
    let rows = min(max(model.runs.runs.count, 1), max(room / 4, 2)) + 1
    let list = Rect(x: 0, y: 2, width: size.width, height: min(rows, room))
    drawList(&canvas, model, list)
    let below = Rect(x: 1, y: list.maxY + 1, width: size.width - 2, height: max(bottom - list.maxY - 1, 0))
    guard below.height > 1, model.runs.selected != nil else {
      return finish(&canvas, model)
    }
    if size.width >= wideFrom {
      let left = below.width * 58 / 100
      let chart = Rect(x: below.x, y: below.y, width: left, height: below.height)
      let side = Rect(x: below.x + left + 3, y: below.y, width: below.width - left - 3, height: below.height)
      canvas.vline(x: side.x - 2, y: below.y, height: below.height)
      drawChart(&canvas, model, chart)
      drawPane(&canvas, model, model.runs.pane == .chart ? sidePane(model) : model.runs.pane, side)
    } else if model.runs.pane == .chart {
      drawChart(&canvas, model, below)
    } else {
      drawPane(&canvas, model, model.runs.pane, below)
    }
    finish(&canvas, model)
  }

  private static func finish(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    Chrome.status(&canvas, model, idle: idle(model))
    Chrome.hints(&canvas, model)
  }

  /// What stands beside the chart where nothing was chosen.
  private static func sidePane(_ model: WorkbenchModel) -> RunsModel.Pane {
    model.runs.snapshot.samples.isEmpty ? .log : .samples
  }

  private static func idle(_ model: WorkbenchModel) -> String {
    if let working = model.runs.controller.working { return working + model.glyphs.ellipsis }
    if let problem = model.runs.snapshot.problem { return problem }
    guard let run = model.runs.selected else {
      return model.runs.snapshot.hasLooked ? "" : "Looking" + model.glyphs.ellipsis
    }
    if let detail = run.status.detail { return detail }
    if run.status.phase == .written, let instruction = run.instruction { return "To start it: " + instruction }
    if run.entry.badLines > 0 { return "\(run.entry.badLines) lines of its feed could not be read" }
    return "runs/" + run.name
  }

  private static func drawTitle(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    let used = canvas.put(" Runs", x: 0, y: 1, role: .title)
    let snapshot = model.runs.snapshot
    var facts: [String] = []
    if let metric = snapshot.metric {
      let place = (snapshot.metrics.firstIndex(of: metric) ?? 0) + 1
      facts.append("\(metric) (\(place) of \(snapshot.metrics.count), \(model.keys(.runsMetric)))")
    }
    if model.runs.smoothing > 0 { facts.append("smoothed \(model.runs.smoothing)") }
    if model.runs.zoom != nil { facts.append("zoomed") }
    if !model.runs.running.isEmpty { facts.append("\(model.runs.running.count) running") }
    let text = facts.joined(separator: " \(model.glyphs.separator) ")
    let width = min(DisplayWidth.of(text), max(canvas.size.width - used - 3, 0))
    canvas.put(text, x: canvas.size.width - width - 1, y: 1, role: .dim, maxWidth: width)
  }

  // MARK: - The list

  private static func drawList(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    let runs = model.runs.runs
    guard !runs.isEmpty else {
      let words =
        model.runs.snapshot.hasLooked
        ? "No run yet. \(model.keys(.runsNew)) starts one; so does 'deepcritic train'."
        : "Looking\(model.glyphs.ellipsis)"
      canvas.put(words, x: 3, y: area.y, role: .dim, maxWidth: area.width - 4)
      return
    }
    let isWide = area.width >= 100
    let columns = isWide ? [16, 28, 42, 58, 74, 88, 94] : [16, 28, 42, 56, 70]
    let titles =
      isWide
      ? ["state", "step", "value", "course", "time left", "by", "data and model"]
      : ["state", "step", "value", "course"]
    canvas.put("run", x: 5, y: area.y, role: .dim)
    for (title, x) in zip(titles, columns) where x < area.width { canvas.put(title, x: x, y: area.y, role: .dim) }
    var list = model.runs.list
    list.setViewport(area.height - 1)
    let shown = model.runs.shown
    let markers = Chart.markers(model.glyphs)
    for (row, index) in list.visible.enumerated() {
      let run = runs[index]
      let y = area.y + 1 + row
      let isSelected = index == list.selected
      if isSelected { canvas.put(model.glyphs.pointer, x: 1, y: y, role: .accent) }
      if shown.count > 1, let place = shown.firstIndex(of: run.name) {
        canvas.put(markers[place], x: 3, y: y, role: Chart.roles[place])
      }
      canvas.put(run.name, x: 5, y: y, role: isSelected ? .selection : .text, maxWidth: 10)
      canvas.put(run.status.phase.rawValue, x: columns[0], y: y, role: role(run.status.phase), maxWidth: 11)
      let progress = run.entry.total.map { "\(run.entry.step)/\($0)" } ?? "\(run.entry.step)"
      canvas.put(progress, x: columns[1], y: y, role: .text, maxWidth: 13)
      let name = run.values["reward"] == nil ? "loss" : "reward"
      if let value = run.values[name] {
        canvas.put("\(name) \(Figures.significant(value))", x: columns[2], y: y, role: .text, maxWidth: 15)
      }
      if let course = model.runs.snapshot.courses[run.name] {
        canvas.put(
          Sparkline.text(course, width: 13, glyphs: model.glyphs), x: columns[3], y: y, role: .accent, maxWidth: 13)
      }
      if let left = run.secondsLeft, columns[4] < area.width {
        canvas.put(Figures.roughDuration(left), x: columns[4], y: y, role: .text, maxWidth: 12)
      }
      if isWide {
        canvas.put(run.entry.engine, x: columns[5], y: y, role: .dim)
        let model = (run.entry.model as NSString).lastPathComponent
        canvas.put(
          "\(run.entry.dataset.prefix(8))  \(model)", x: columns[6], y: y, role: .dim, maxWidth: area.width - columns[6]
        )
      }
    }
  }

  private static func role(_ phase: RunPhase) -> StyleRole {
    switch phase {
    case .running, .stopping: .accent
    case .finished: .good
    case .failed, .dead: .error
    case .stopped: .warning
    case .written, .queued, .elsewhere: .dim
    }
  }

  // MARK: - Below

  private static func drawChart(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    let snapshot = model.runs.snapshot
    var chart = Chart(title: snapshot.metric.map(MetricNames.title) ?? "", xTitle: "step")
    chart.series = snapshot.lines
    chart.xRange = model.runs.zoom
    chart.draw(in: &canvas, area: area)
  }

  private static func drawPane(
    _ canvas: inout Canvas, _ model: WorkbenchModel, _ pane: RunsModel.Pane, _ area: Rect
  ) {
    var x = area.x
    for one in RunsModel.Pane.allCases where one != .chart || area.width > 90 {
      let title = one == .settings && model.runs.shown.count > 1 ? "differences" : one.rawValue
      x +=
        canvas.put(title, x: x, y: area.y, role: one == pane ? .tabActive : .tabInactive, maxWidth: area.maxX - x) + 2
    }
    let rest = Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
    switch pane {
    case .samples, .chart: drawSamples(&canvas, model, rest)
    case .log: drawLog(&canvas, model, rest)
    case .settings: drawSettings(&canvas, model, rest)
    }
  }

  private static func drawSamples(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    let samples = model.runs.snapshot.samples
    guard !samples.isEmpty else {
      canvas.put(
        "No samples: only reinforcement learning writes some.", x: area.x, y: area.y, role: .dim, maxWidth: area.width)
      return
    }
    let isBlind = model.session.mode == .blind
    var list = model.runs.sample
    list.setViewport(max(area.height / 3, 1))
    let digits = list.visible.map { String(samples[$0].step).count }.max() ?? 1
    for (row, index) in list.visible.enumerated() {
      let sample = samples[index]
      let y = area.y + row
      let isSelected = index == list.selected
      if isSelected { canvas.put(model.glyphs.pointer, x: area.x, y: y, role: .accent) }
      var x = area.x + 2
      let step = "step " + Chrome.right(String(sample.step), digits)
      x += canvas.put(step, x: x, y: y, role: isSelected ? .selection : .text) + 2
      if !isBlind {
        let isRight = (sample.reward ?? 0) > 0
        x +=
          canvas.put(
            (isRight ? model.glyphs.correct : model.glyphs.incorrect)
              + " reward \(sample.reward.map { Figures.significant($0) } ?? "?")",
            x: x, y: y, role: isRight ? .good : .bad) + 2
        let words =
          "says \(sample.answer.map { String($0) } ?? "nothing"), label \(sample.groundTruth.map { String($0) } ?? "?")"
        x += canvas.put(words, x: x, y: y, role: .text, maxWidth: max(area.maxX - x, 0)) + 2
      }
      let name = sample.solution.flatMap { model.runs.snapshot.names[$0] } ?? ""
      if x < area.maxX { canvas.put(name, x: x, y: y, role: .dim, maxWidth: area.maxX - x) }
    }
    guard let sample = model.runs.selectedSample else { return }
    var y = area.y + list.visible.count + 1
    if isBlind {
      canvas.put(
        "In blind mode samples are hidden: they would tell labels.", x: area.x, y: y, role: .dim, maxWidth: area.width)
      return
    }
    for line in TextLayout.wrap(TextSafety.block(sample.completion), width: max(area.width, 8)) where y < area.maxY {
      canvas.put(line, x: area.x, y: y, role: .text, maxWidth: area.width)
      y += 1
    }
  }

  private static func drawLog(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    let lines = model.runs.snapshot.log.flatMap { TextLayout.wrap(TextSafety.line($0), width: max(area.width, 8)) }
    guard !lines.isEmpty else {
      canvas.put("Nothing was printed yet.", x: area.x, y: area.y, role: .dim, maxWidth: area.width)
      return
    }
    let end = max(lines.count - model.runs.logScroll, min(area.height, lines.count))
    for (row, line) in lines[..<end].suffix(area.height).enumerated() {
      canvas.put(line, x: area.x, y: area.y + row, role: .text, maxWidth: area.width)
    }
  }

  private static func drawSettings(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    var rows: [(String, [String])] = []
    if let comparison = model.runs.snapshot.comparison {
      rows.append(("", comparison.runs))
      rows += comparison.settings.map { ($0.key, $0.values.map { $0 ?? model.glyphs.none }) }
    } else if let spec = model.runs.selected?.specification {
      rows = spec.flat.map { ($0.key, [$0.value]) }
    }
    let width = min(rows.map { DisplayWidth.of($0.0) }.max() ?? 0, area.width / 2)
    let columns = max((area.width - width - 2) / max(rows.map(\.1.count).max() ?? 1, 1), 4)
    let first = min(model.runs.logScroll, max(rows.count - area.height, 0))
    for (index, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      let y = area.y + index
      canvas.put(row.0, x: area.x, y: y, role: .dim, maxWidth: width)
      for (column, value) in row.1.enumerated() {
        canvas.put(
          value, x: area.x + width + 2 + column * columns, y: y, role: row.0.isEmpty ? .title : .text,
          maxWidth: columns - 1)
      }
    }
  }
}
