import DeepCriticCore
import Terminal

/// Generation: what each stage lacks, the run beside the review, and where solutions stand.
enum GenerationView {
  /// Width from which the run is beside the stages.
  private static let wideFrom = 110

  static func draw(_ canvas: inout Canvas, _ screen: GenerationScreen) {
    Chrome.header(&canvas, screen)
    let size = canvas.size
    let bottom = size.height - Chrome.footerHeight
    Chrome.title(&canvas, "Generation", facts(screen))
    if size.width >= wideFrom {
      let left = size.width * 46 / 100
      let stages = Rect(x: 0, y: 2, width: left, height: max(bottom - 2, 0))
      let run = Rect(x: left + 3, y: 2, width: size.width - left - 4, height: max(bottom - 2, 0))
      canvas.vline(x: left + 1, y: 2, height: max(bottom - 2, 0))
      let y = drawStages(&canvas, screen, stages)
      drawStandings(&canvas, screen, stages.from(y + 1))
      let end = drawRun(&canvas, screen, run)
      drawLatest(&canvas, screen, run.from(end + 1))
    } else {
      let all = Rect(x: 0, y: 2, width: size.width, height: max(bottom - 2, 0))
      var y = drawStages(&canvas, screen, all)
      let run = Rect(x: 1, y: y + 1, width: size.width - 2, height: max(bottom - y - 1, 0))
      y = drawRun(&canvas, screen, run)
      let wanted = max(screen.standings.count, 1) + 2
      drawStandings(&canvas, screen, all.from(y + 1))
      let rest = Rect(x: 1, y: y + wanted + 1, width: size.width - 2, height: max(bottom - y - wanted - 1, 0))
      drawLatest(&canvas, screen, rest)
    }
    Chrome.footer(&canvas, screen, idle: idle(screen))
  }

  private static func idle(_ screen: GenerationScreen) -> String {
    let snapshot = screen.snapshot
    if snapshot.isPlanning { return "Looking what is missing" + screen.glyphs.ellipsis }
    guard let plan = snapshot.plan, !screen.isHidden else { return "" }
    var facts: [String] = []
    if plan.batched > 0 { facts.append("\(Figures.count(plan.batched, "request")) out in batch files") }
    if let left = Figures.tally("left out", plan.leftOut, words: \.words) { facts.append(left) }
    return facts.joined(separator: " \(screen.glyphs.separator) ")
  }

  /// Whom it asks.
  private static func facts(_ screen: GenerationScreen) -> [String] {
    let snapshot = screen.snapshot
    let names = (snapshot.plan?.stages ?? []).map(\.model)
    var facts: [String] = []
    if let one = screen.plannedModel {
      facts.append(one)
    } else if names.allSatisfy({ $0 == nil }), snapshot.plan != nil {
      facts.append("no model named: \(screen.keys(.generationModel))")
    } else if !names.isEmpty {
      facts.append(names.map { $0 ?? "?" }.joined(separator: ", "))
    }
    facts += snapshot.endpoints
    if let limit = screen.generation.overrides.limit {
      facts.append("at most \(Figures.count(limit, "solution"))")
    }
    return facts
  }

  /// - Returns: the row below the last one used.
  private static func drawStages(_ canvas: inout Canvas, _ screen: GenerationScreen, _ area: Rect) -> Int {
    guard area.height > 1 else { return area.y }
    let columns = [area.x + 15, area.x + 28, area.x + 39]
    for (title, x) in zip(["solutions", "requests", "samples"], columns) {
      canvas.put(Chrome.right(title, 9), x: x - 2, y: area.y, role: .dim)
    }
    canvas.put("to ask", x: area.x + 3, y: area.y, role: .dim)
    let held = area.x + 50
    if area.maxX - held >= 12 { canvas.put("held back", x: held, y: area.y, role: .dim) }
    var y = area.y + 1
    for (index, row) in screen.rows.prefix(1 + Stage.allCases.count).enumerated() where y < area.maxY {
      let selected = index == screen.list.selected
      if selected { canvas.put(screen.glyphs.pointer, x: area.x + 1, y: y, role: .accent) }
      canvas.put(name(of: row), x: area.x + 3, y: y, role: selected ? .selection : .text)
      if let size = screen.size(of: row) {
        for (number, x) in zip([size.solutions, size.requests, size.samples], columns) {
          canvas.put(
            Chrome.right(number == 0 ? screen.glyphs.none : Figures.count(number), 9), x: x - 2, y: y,
            role: number == 0 ? .dim : .text)
        }
        if case .stage(let stage) = row, area.maxX - held >= 12 {
          let reasons = screen.snapshot.plan?.stages.first { $0.stage == stage }?.size.held ?? [:]
          canvas.put(
            Figures.tally(reasons), x: held, y: y, role: .dim, maxWidth: area.maxX - held - 1)
        }
      }
      y += 1
    }
    return y
  }

  private static func name(of row: GenerationScreen.Row) -> String {
    switch row {
    case .all: "all stages"
    case .stage(let stage): stage.title
    case .standing(let count): count.standing.words(withStep: false)
    }
  }

  private static func drawStandings(_ canvas: inout Canvas, _ screen: GenerationScreen, _ area: Rect) {
    guard area.height > 1 else { return }
    canvas.put("Where solutions stand", x: area.x + 1, y: area.y, role: .title)
    let standings = screen.standings
    if standings.isEmpty {
      let words = screen.isHidden ? "Hidden in blind mode, as is what is missing." : "No solution has a critique yet."
      canvas.put(words, x: area.x + 3, y: area.y + 1, role: .dim, maxWidth: area.maxX - area.x - 4)
      return
    }
    let first = 1 + Stage.allCases.count
    // The selected row is always among those that are seen.
    let room = area.height - 1
    let selected = (screen.list.selected ?? 0) - first
    let offset = max(0, min(selected - room + 1, standings.count - room))
    for (index, count) in standings.enumerated().dropFirst(offset).prefix(room) {
      let y = area.y + 1 + index - offset
      if index == selected { canvas.put(screen.glyphs.pointer, x: area.x + 1, y: y, role: .accent) }
      canvas.put(Chrome.right(Figures.count(count.solutions), 9), x: area.x + 2, y: y, role: .text)
      let (sign, role): (String, StyleRole) =
        switch count.reason {
        case .complete: (screen.glyphs.check, .good)
        case .waiting: (screen.glyphs.ellipsis, .dim)
        default: ("!", .warning)
        }
      canvas.put(sign, x: area.x + 12, y: y, role: role)
      let words = count.standing.words(withStep: false)
      canvas.put(
        words, x: area.x + 14, y: y, role: index == selected ? .selection : .text, maxWidth: area.maxX - area.x - 15)
    }
  }

  /// - Returns: the row below the last one used.
  private static func drawRun(_ canvas: inout Canvas, _ screen: GenerationScreen, _ area: Rect) -> Int {
    guard area.height > 0 else { return area.y }
    let snapshot = screen.snapshot
    var y = area.y
    guard let progress = snapshot.progress else {
      if let problem = snapshot.problem ?? snapshot.planProblem { return drawProblem(&canvas, problem, area, y) }
      canvas.put(
        "Nothing is running. \(screen.keys(.generationStart)) starts the selected row.", x: area.x, y: y, role: .dim,
        maxWidth: area.width)
      return y + 1
    }
    let report = RequestReport(progress, prices: snapshot.prices, separator: screen.glyphs.separator)
    if snapshot.isRunning {
      canvas.put(report.headline, x: area.x, y: y, role: .title, maxWidth: area.width)
      y += 1
      if y < area.maxY {
        ProgressBar.draw(in: &canvas, x: area.x, y: y, width: min(area.width, 60), fraction: report.fraction)
        y += 1
      }
      for row in report.rows where y < area.maxY {
        canvas.put(row.label, x: area.x, y: y, role: .dim)
        canvas.put(
          row.value, x: area.x + 10, y: y, role: row.isProblem ? .warning : .text, maxWidth: max(area.width - 10, 0))
        y += 1
      }
      return y
    }
    canvas.put("The last run", x: area.x, y: y, role: .title)
    y += 1
    y = canvas.wrap(report.summary, x: area.x, y: y, width: area.width, most: area.maxY - y, role: .text)
    if let problem = snapshot.problem ?? snapshot.planProblem { y = drawProblem(&canvas, problem, area, y) }
    return y
  }

  private static func drawProblem(_ canvas: inout Canvas, _ problem: String, _ area: Rect, _ start: Int) -> Int {
    canvas.wrap(
      "! " + TextSafety.line(problem), x: area.x, y: start, width: area.width, most: area.maxY - start, role: .error)
  }

  /// The last answers; none in blind mode.
  private static func drawLatest(_ canvas: inout Canvas, _ screen: GenerationScreen, _ area: Rect) {
    guard area.height > 1, !screen.isHidden, let progress = screen.snapshot.progress, !progress.latest.isEmpty
    else { return }
    canvas.put("Latest answers", x: area.x, y: area.y, role: .title)
    var y = area.y + 1
    for answer in progress.latest where y < area.maxY {
      let rating = answer.judgement?.rating
      canvas.put(
        rating == nil ? "!" : VerdictLook.glyph(rating, screen.glyphs), x: area.x, y: y,
        role: rating == nil ? .warning : VerdictLook.role(rating))
      var x = area.x + 2
      let name = "\(answer.name) step \(answer.step), \(answer.stage.rawValue)"
      x += canvas.put(name, x: x, y: y, role: .text, maxWidth: max(area.maxX - x, 0)) + 2
      if area.maxX - x > 12 {
        let text = answer.judgement == nil ? answer.outcome : screen.context.oneLine(answer.excerpt)
        canvas.put(text, x: x, y: y, role: answer.judgement == nil ? .warning : .dim, maxWidth: area.maxX - x)
      }
      y += 1
    }
  }
}

extension Rect {
  /// What is left of it from a row on.
  fileprivate func from(_ row: Int) -> Rect {
    Rect(x: x, y: row, width: width, height: max(maxY - row, 0))
  }
}
