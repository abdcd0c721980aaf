import DeepCriticCore
import Terminal

/// Generation: what each stage lacks, the run beside the review, and where solutions stand.
enum GenerationScreen {
  /// Width from which the run stands beside the stages.
  private static let wideFrom = 110

  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    Chrome.header(&canvas, model)
    let size = canvas.size
    let bottom = size.height - Chrome.footerHeight
    drawTitle(&canvas, model)
    if size.width >= wideFrom {
      let left = size.width * 46 / 100
      let stages = Rect(x: 0, y: 2, width: left, height: max(bottom - 2, 0))
      let run = Rect(x: left + 3, y: 2, width: size.width - left - 4, height: max(bottom - 2, 0))
      canvas.vline(x: left + 1, y: 2, height: max(bottom - 2, 0))
      let y = drawStages(&canvas, model, stages)
      drawStandings(&canvas, model, stages.from(y + 1))
      let end = drawRun(&canvas, model, run)
      drawLatest(&canvas, model, run.from(end + 1))
    } else {
      let all = Rect(x: 0, y: 2, width: size.width, height: max(bottom - 2, 0))
      var y = drawStages(&canvas, model, all)
      let run = Rect(x: 1, y: y + 1, width: size.width - 2, height: max(bottom - y - 1, 0))
      y = drawRun(&canvas, model, run)
      let standings = generationRows(model)
      let wanted = standings + 2
      drawStandings(&canvas, model, all.from(y + 1))
      let rest = Rect(x: 1, y: y + wanted + 1, width: size.width - 2, height: max(bottom - y - wanted - 1, 0))
      drawLatest(&canvas, model, rest)
    }
    Chrome.status(&canvas, model, idle: idle(model))
    Chrome.hints(&canvas, model)
  }

  private static func generationRows(_ model: WorkbenchModel) -> Int {
    max(model.generation.snapshot.plan?.standings.count ?? 0, 1)
  }

  private static func idle(_ model: WorkbenchModel) -> String {
    let snapshot = model.generation.snapshot
    if snapshot.isPlanning { return "Looking what is missing" + model.glyphs.ellipsis }
    guard let plan = snapshot.plan else { return "" }
    var facts: [String] = []
    if plan.batched > 0 { facts.append("\(Figures.count(plan.batched, "request")) out in batch files") }
    let left = plan.leftOut.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\(Figures.count($0.value)) \($0.key.words)" }
    if !left.isEmpty { facts.append("left out: " + left.joined(separator: ", ")) }
    return facts.joined(separator: " \(model.glyphs.separator) ")
  }

  /// The second row: what the screen is, and whom it asks.
  private static func drawTitle(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    let used = canvas.put(" Generation", x: 0, y: 1, role: .title)
    let snapshot = model.generation.snapshot
    let names = (snapshot.plan?.stages ?? []).map(\.model)
    var facts: [String] = []
    if let one = model.plannedModel {
      facts.append(one)
    } else if names.allSatisfy({ $0 == nil }), snapshot.plan != nil {
      facts.append("no model named: \(model.keys(.generationModel))")
    } else if !names.isEmpty {
      facts.append(names.map { $0 ?? "?" }.joined(separator: ", "))
    }
    facts += snapshot.endpoints
    if let limit = model.generation.overrides.limit {
      facts.append("at most \(Figures.count(limit, "solution"))")
    }
    let text = facts.joined(separator: " \(model.glyphs.separator) ")
    let width = min(DisplayWidth.of(TextSafety.line(text)), max(canvas.size.width - used - 3, 0))
    canvas.put(text, x: canvas.size.width - width - 1, y: 1, role: .dim, maxWidth: width)
  }

  /// - Returns: the row below the last one used.
  private static func drawStages(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) -> Int {
    guard area.height > 1 else { return area.y }
    let columns = [area.x + 15, area.x + 28, area.x + 39]
    for (title, x) in zip(["solutions", "requests", "samples"], columns) {
      canvas.put(Chrome.right(title, 9), x: x - 2, y: area.y, role: .dim)
    }
    canvas.put("to ask", x: area.x + 3, y: area.y, role: .dim)
    let held = area.x + 50
    if area.maxX - held >= 12 { canvas.put("held back", x: held, y: area.y, role: .dim) }
    var y = area.y + 1
    for (index, row) in model.generation.rows.prefix(1 + Stage.allCases.count).enumerated() where y < area.maxY {
      let selected = index == model.generation.list.selected
      if selected { canvas.put(model.glyphs.pointer, x: area.x + 1, y: y, role: .accent) }
      canvas.put(name(of: row), x: area.x + 3, y: y, role: selected ? .selection : .text)
      if let size = model.generation.size(of: row) {
        for (number, x) in zip([size.solutions, size.requests, size.samples], columns) {
          canvas.put(
            Chrome.right(number == 0 ? model.glyphs.none : Figures.count(number), 9), x: x - 2, y: y,
            role: number == 0 ? .dim : .text)
        }
        if case .stage(let stage) = row, area.maxX - held >= 12 {
          let reasons = model.generation.snapshot.plan?.stages.first { $0.stage == stage }?.size.held ?? [:]
          canvas.put(
            Figures.tally(reasons), x: held, y: y, role: .dim, maxWidth: area.maxX - held - 1)
        }
      }
      y += 1
    }
    return y
  }

  private static func name(of row: GenerationModel.Row) -> String {
    switch row {
    case .all: "all stages"
    case .stage(let stage): stage.title
    case .standing(let count): count.standing.words(withStep: false)
    }
  }

  private static func drawStandings(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    guard area.height > 1 else { return }
    canvas.put("Where solutions stand", x: area.x + 1, y: area.y, role: .title)
    let standings = model.generation.snapshot.plan?.standings ?? []
    if standings.isEmpty {
      canvas.put("No solution has a critique yet.", x: area.x + 3, y: area.y + 1, role: .dim)
      return
    }
    let first = 1 + Stage.allCases.count
    // The selected row is always among those that are seen.
    let room = area.height - 1
    let selected = (model.generation.list.selected ?? 0) - first
    let offset = max(0, min(selected - room + 1, standings.count - room))
    for (index, count) in standings.enumerated().dropFirst(offset).prefix(room) {
      let y = area.y + 1 + index - offset
      if index == selected { canvas.put(model.glyphs.pointer, x: area.x + 1, y: y, role: .accent) }
      canvas.put(Chrome.right(Figures.count(count.solutions), 9), x: area.x + 2, y: y, role: .text)
      let (sign, role): (String, StyleRole) =
        switch count.reason {
        case .complete: (model.glyphs.check, .good)
        case .waiting: (model.glyphs.ellipsis, .dim)
        default: ("!", .warning)
        }
      canvas.put(sign, x: area.x + 12, y: y, role: role)
      let words = count.standing.words(withStep: false)
      canvas.put(
        words, x: area.x + 14, y: y, role: index == selected ? .selection : .text, maxWidth: area.maxX - area.x - 15)
    }
  }

  /// - Returns: the row below the last one used.
  private static func drawRun(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) -> Int {
    guard area.height > 0 else { return area.y }
    let snapshot = model.generation.snapshot
    var y = area.y
    guard let progress = snapshot.progress else {
      if let problem = snapshot.problem { return drawProblem(&canvas, problem, area, y) }
      canvas.put(
        "Nothing is running. \(model.keys(.generationStart)) starts the selected row.", x: area.x, y: y, role: .dim,
        maxWidth: area.width)
      return y + 1
    }
    let report = GenerationReport(progress, prices: snapshot.prices, separator: model.glyphs.separator)
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
    for line in TextLayout.wrap(report.summary, width: max(area.width, 1)) where y < area.maxY {
      canvas.put(line, x: area.x, y: y, role: .text)
      y += 1
    }
    if let problem = snapshot.problem { y = drawProblem(&canvas, problem, area, y) }
    return y
  }

  private static func drawProblem(_ canvas: inout Canvas, _ problem: String, _ area: Rect, _ start: Int) -> Int {
    var y = start
    for line in TextLayout.wrap("! " + TextSafety.line(problem), width: max(area.width, 1)) where y < area.maxY {
      canvas.put(line, x: area.x, y: y, role: .error)
      y += 1
    }
    return y
  }

  /// The last answers; in blind mode without what they say.
  private static func drawLatest(_ canvas: inout Canvas, _ model: WorkbenchModel, _ area: Rect) {
    guard area.height > 1, let progress = model.generation.snapshot.progress, !progress.latest.isEmpty else { return }
    canvas.put("Latest answers", x: area.x, y: area.y, role: .title)
    var y = area.y + 1
    for answer in progress.latest where y < area.maxY {
      var x = area.x
      if model.session.mode == .audit {
        let rating = answer.judgement?.rating
        canvas.put(
          rating == nil ? "!" : VerdictLook.glyph(rating, model.glyphs), x: x, y: y,
          role: rating == nil ? .warning : VerdictLook.role(rating))
        x += 2
      }
      let name = "\(answer.name) step \(answer.step), \(answer.stage.rawValue)"
      x += canvas.put(name, x: x, y: y, role: .text, maxWidth: max(area.maxX - x, 0)) + 2
      if model.session.mode == .audit, area.maxX - x > 12 {
        let text = answer.judgement == nil ? answer.outcome : model.oneLine(answer.excerpt)
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
