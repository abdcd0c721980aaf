import DeepCriticCore
import Foundation
import Terminal

/// Training runs: the list above, below it the chart, sampled critiques, log or settings.
enum RunsView {
  /// Width from which a second pane is beside the chart.
  private static let wideFrom = 120

  static func areas(_ screen: RunsScreen, _ size: Size) -> (list: Rect, below: Rect) {
    let bottom = max(size.height - Chrome.footerHeight, 2)
    let room = max(bottom - 2, 0)
    let rows = min(max(screen.runs.count, 1), max(room / 4, 2)) + 1
    let list = Rect(x: 0, y: 2, width: size.width, height: min(rows, room))
    return (
      list, Rect(x: 1, y: list.maxY + 1, width: size.width - 2, height: max(bottom - list.maxY - 1, 0))
    )
  }

  static func draw(_ canvas: inout Canvas, _ screen: RunsScreen) {
    Chrome.header(&canvas, screen)
    let size = canvas.size
    let (list, below) = areas(screen, size)
    defer { Chrome.footer(&canvas, screen, idle: idle(screen)) }
    Chrome.title(&canvas, "Runs", facts(screen))
    drawList(&canvas, screen, list)
    guard below.height > 1, screen.selected != nil else { return }
    if size.width >= wideFrom {
      let left = below.width * 58 / 100
      let chart = Rect(x: below.x, y: below.y, width: left, height: below.height)
      let side = Rect(x: below.x + left + 3, y: below.y, width: below.width - left - 3, height: below.height)
      canvas.vline(x: side.x - 2, y: below.y, height: below.height)
      drawChart(&canvas, screen, chart)
      drawPane(&canvas, screen, screen.pane == .chart ? sidePane(screen) : screen.pane, side)
    } else if screen.pane == .chart {
      drawChart(&canvas, screen, below)
    } else {
      drawPane(&canvas, screen, screen.pane, below)
    }
  }

  /// What is beside the chart where nothing was chosen.
  private static func sidePane(_ screen: RunsScreen) -> RunsScreen.Pane {
    screen.snapshot.samples.isEmpty ? .log : .samples
  }

  private static func idle(_ screen: RunsScreen) -> String {
    if let working = screen.service.controller.working { return working + screen.glyphs.ellipsis }
    if let problem = screen.snapshot.problem { return problem }
    guard let run = screen.selected else {
      return screen.snapshot.hasLooked ? "" : "Looking" + screen.glyphs.ellipsis
    }
    if let detail = run.status.detail { return detail }
    if run.status.phase == .written, let instruction = run.instruction { return "To start it: " + instruction }
    if run.entry.badLines > 0 { return "\(run.entry.badLines) lines of its feed could not be read" }
    return run.folder.note.map { "\(run.name): \($0)" } ?? "runs/" + run.name
  }

  private static func facts(_ screen: RunsScreen) -> [String] {
    let snapshot = screen.snapshot
    var facts: [String] = []
    if let metric = snapshot.metric {
      let place = (snapshot.metrics.firstIndex(of: metric) ?? 0) + 1
      facts.append("\(metric) (\(place) of \(snapshot.metrics.count), \(screen.keys(.runsMetric)))")
    }
    if screen.smoothing > 0 { facts.append("smoothed \(screen.smoothing)") }
    if screen.zoom != nil { facts.append("zoomed") }
    if !screen.service.running.isEmpty { facts.append("\(screen.service.running.count) running") }
    return facts
  }

  // MARK: - The list

  private static func drawList(_ canvas: inout Canvas, _ screen: RunsScreen, _ area: Rect) {
    let runs = screen.runs
    guard !runs.isEmpty else {
      let words =
        screen.snapshot.hasLooked
        ? "No run yet. \(screen.keys(.runsNew)) starts one; so does 'deepcritic train'."
        : "Looking\(screen.glyphs.ellipsis)"
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
    let list = screen.list
    let shown = screen.shown
    let markers = Chart.markers(screen.glyphs)
    for (row, index) in list.visible.enumerated() {
      let run = runs[index]
      let y = area.y + 1 + row
      let isSelected = index == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
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
      if let course = screen.snapshot.courses[run.name] {
        canvas.put(
          Sparkline.text(course, width: 13, glyphs: screen.glyphs), x: columns[3], y: y, role: .accent, maxWidth: 13)
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

  private static func drawChart(_ canvas: inout Canvas, _ screen: RunsScreen, _ area: Rect) {
    let snapshot = screen.snapshot
    var chart = Chart(title: snapshot.metric.map(MetricNames.title) ?? "", xTitle: "step")
    chart.series = snapshot.lines
    chart.xRange = screen.zoom
    chart.draw(in: &canvas, area: area)
  }

  private static func drawPane(
    _ canvas: inout Canvas, _ screen: RunsScreen, _ pane: RunsScreen.Pane, _ area: Rect
  ) {
    var x = area.x
    for one in RunsScreen.Pane.allCases where one != .chart || area.width > 90 {
      let title = one == .settings && screen.shown.count > 1 ? "differences" : one.rawValue
      x +=
        canvas.put(title, x: x, y: area.y, role: one == pane ? .tabActive : .tabInactive, maxWidth: area.maxX - x) + 2
    }
    let rest = Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
    switch pane {
    case .samples, .chart: drawSamples(&canvas, screen, rest)
    case .log: drawLog(&canvas, screen, rest)
    case .settings: drawSettings(&canvas, screen, rest)
    }
  }

  private static func drawSamples(_ canvas: inout Canvas, _ screen: RunsScreen, _ area: Rect) {
    let samples = screen.snapshot.samples
    guard !samples.isEmpty else {
      canvas.put(
        "No samples: only reinforcement learning writes some.", x: area.x, y: area.y, role: .dim, maxWidth: area.width)
      return
    }
    let isBlind = screen.session.mode == .blind
    let list = screen.sample
    let digits = list.visible.map { String(samples[$0].step).count }.max() ?? 1
    for (row, index) in list.visible.enumerated() {
      let sample = samples[index]
      let y = area.y + row
      let isSelected = index == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: area.x, y: y, role: .accent) }
      var x = area.x + 2
      let step = "step " + Chrome.right(String(sample.step), digits)
      x += canvas.put(step, x: x, y: y, role: isSelected ? .selection : .text) + 2
      if !isBlind {
        let isRight = (sample.reward ?? 0) > 0
        x +=
          canvas.put(
            (isRight ? screen.glyphs.correct : screen.glyphs.incorrect)
              + " reward \(sample.reward.map { Figures.significant($0) } ?? "?")",
            x: x, y: y, role: isRight ? .good : .bad) + 2
        let words =
          "says \(sample.answer.map { String($0) } ?? "nothing"), label \(sample.groundTruth.map { String($0) } ?? "?")"
        x += canvas.put(words, x: x, y: y, role: .text, maxWidth: max(area.maxX - x, 0)) + 2
      }
      let name = sample.solution.flatMap { screen.snapshot.names[$0] } ?? ""
      if x < area.maxX { canvas.put(name, x: x, y: y, role: .dim, maxWidth: area.maxX - x) }
    }
    guard let sample = screen.selectedSample else { return }
    let y = area.y + list.visible.count + 1
    if isBlind {
      canvas.put(
        "In blind mode samples are hidden: they would reveal labels.", x: area.x, y: y, role: .dim, maxWidth: area.width
      )
      return
    }
    canvas.wrap(
      TextSafety.block(sample.completion), x: area.x, y: y, width: area.width, most: area.maxY - y, role: .text)
  }

  private static func drawLog(_ canvas: inout Canvas, _ screen: RunsScreen, _ area: Rect) {
    let lines = screen.snapshot.log.flatMap { TextLayout.wrap(TextSafety.line($0), width: max(area.width, 8)) }
    guard !lines.isEmpty else {
      canvas.put("Nothing was printed yet.", x: area.x, y: area.y, role: .dim, maxWidth: area.width)
      return
    }
    let end = max(lines.count - screen.logScroll, min(area.height, lines.count))
    for (row, line) in lines[..<end].suffix(area.height).enumerated() {
      canvas.put(line, x: area.x, y: area.y + row, role: .text, maxWidth: area.width)
    }
  }

  private static func drawSettings(_ canvas: inout Canvas, _ screen: RunsScreen, _ area: Rect) {
    var rows: [(String, [String])] = []
    if let comparison = screen.snapshot.comparison {
      rows.append(("", comparison.runs))
      rows += comparison.settings.map { ($0.key, $0.values.map { $0 ?? screen.glyphs.none }) }
    } else if let spec = screen.selected?.specification {
      rows = spec.flat.map { ($0.key, [$0.value]) }
    }
    let width = min(rows.map { DisplayWidth.of($0.0) }.max() ?? 0, area.width / 2)
    let columns = max((area.width - width - 2) / max(rows.map(\.1.count).max() ?? 1, 1), 4)
    let first = min(screen.logScroll, max(rows.count - area.height, 0))
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
