import DeepCriticCore
import Terminal

/// Curation: the funnel left, the reasons as a tree right.
enum CurationView {
  /// Width from which the tree is beside the funnel.
  private static let wideFrom = 100

  static func listHeight(_ size: Size) -> Int { max(Self.areas(size).tree.height - 1, 1) }

  private static func areas(_ size: Size) -> (funnel: Rect, tree: Rect) {
    let bottom = max(size.height - Chrome.footerHeight, 0)
    if size.width >= wideFrom {
      let left = min(size.width * 40 / 100, 60)
      return (
        Rect(x: 1, y: 2, width: left - 1, height: max(bottom - 2, 0)),
        Rect(x: left + 2, y: 2, width: size.width - left - 3, height: max(bottom - 2, 0))
      )
    }
    let height = min(FunnelStage.allCases.count + 2, max(bottom - 2, 0) / 2)
    return (
      Rect(x: 1, y: 2, width: size.width - 2, height: height),
      Rect(x: 1, y: 3 + height, width: size.width - 2, height: max(bottom - 3 - height, 0))
    )
  }

  static func draw(_ canvas: inout Canvas, _ screen: CurationScreen) {
    Chrome.header(&canvas, screen)
    let size = canvas.size
    let areas = areas(size)
    let settings = screen.trainingSet.state?.curator.settings
    Chrome.title(&canvas, "Curation", settings.map { ["seed \($0.seed)", lengths($0)] } ?? [])
    if size.width >= wideFrom { canvas.vline(x: areas.tree.x - 2, y: 2, height: areas.tree.height) }
    if let index = screen.trainingSet.state?.index, !screen.isHidden {
      drawFunnel(&canvas, index.balance, areas.funnel)
      drawTree(&canvas, screen, areas.tree)
    } else {
      let problem = screen.isHidden ? screen.emptyReason : screen.trainingSet.problem
      let words =
        problem ?? "Deciding about all solutions\(screen.glyphs.ellipsis) \(screen.trainingSet.decidedSoFar) so far"
      canvas.wrap(
        words, x: areas.funnel.x, y: areas.funnel.y, width: areas.funnel.width,
        role: problem == nil || screen.isHidden ? .dim : .error)
    }
    Chrome.footer(&canvas, screen, idle: idle(screen))
  }

  private static func lengths(_ settings: CurationSettings) -> String {
    settings.tokenizer != nil ? "lengths in tokens" : "lengths in characters"
  }

  /// The remedy of the selected reason, or what keeps the selected solution out.
  private static func idle(_ screen: CurationScreen) -> String {
    guard let index = screen.trainingSet.state?.index, !screen.isHidden else { return "" }
    if screen.trainingSet.isLoading { return "Looking again" + screen.glyphs.ellipsis }
    switch screen.selected {
    case .reason(let reason):
      let sole = index.balance.soleCount(reason)
      return (sole > 0 ? "The only reason for \(sole). " : "") + reason.remedy
    case .item:
      guard let id = screen.id(of: screen.selected) else { return "" }
      let reasons = index.reasons(of: id) ?? []
      return reasons.isEmpty ? "in the set" : "out: " + reasons.map(\.words).joined(separator: "; ")
    default: return "A solution is in the set unless a reason excludes it."
    }
  }

  private static func drawFunnel(_ canvas: inout Canvas, _ balance: CurationBalance, _ area: Rect) {
    canvas.put("Funnel", x: area.x, y: area.y, role: .title)
    let all = max(balance.count(.imported), 1)
    var rows = FunnelStage.allCases.map { ($0.word, balance.count($0)) }
    rows.append(("in the set", balance.included))
    let digits = max(Figures.count(all).count, 4)
    let bar = Rect(
      x: area.x + 12 + digits + 2, y: 0, width: max(min(area.width - 14 - digits - 8, 40), 0), height: 1)
    var y = area.y + 1
    for (name, count) in rows where y < area.maxY {
      canvas.put(name, x: area.x, y: y, role: name == "in the set" ? .accent : .text)
      canvas.put(Chrome.right(Figures.count(count), digits), x: area.x + 12, y: y, role: .text)
      if bar.width >= 4 {
        ProgressBar.draw(in: &canvas, x: bar.x, y: y, width: bar.width, fraction: Double(count) / Double(all))
        canvas.put(
          Chrome.right(Share(count, of: all).percent, 5), x: bar.x + bar.width + 1, y: y, role: .dim,
          maxWidth: area.maxX - bar.maxX)
      }
      y += 1
    }
    y += 1
    guard y + 2 < area.maxY else { return }
    canvas.put("In the set", x: area.x, y: y, role: .title)
    y += 1
    let facts = [
      ("with an error", balance.withError), ("without", balance.right),
      ("corrected, without", balance.correctedRight), ("corrected, with", balance.correctedWrong),
    ]
    for (name, count) in facts where y < area.maxY {
      canvas.put(name, x: area.x, y: y, role: .text)
      canvas.put(Chrome.right(Figures.count(count), digits), x: area.x + 20, y: y, role: .text)
      y += 1
    }
    y += 1
    let steps = balance.firstErrors.filter { $0.key > 0 }
    guard y + 2 < area.maxY, let most = steps.values.max(), let last = steps.keys.max() else { return }
    canvas.put("First error", x: area.x, y: y, role: .title)
    y += 1
    for step in 1...last where y < area.maxY {
      let count = steps[step] ?? 0
      canvas.put(Chrome.right(String(step), 3), x: area.x, y: y, role: .dim)
      canvas.put(Chrome.right(Figures.count(count), digits), x: area.x + 4, y: y, role: .text)
      let width = max(min(area.width - digits - 8, 30), 0)
      if count > 0 {
        ProgressBar.draw(
          in: &canvas, x: area.x + 6 + digits, y: y, width: max(width * count / most, 1), fraction: 1)
      }
      y += 1
    }
  }

  private static func drawTree(_ canvas: inout Canvas, _ screen: CurationScreen, _ area: Rect) {
    guard area.height > 1 else { return }
    canvas.put("Why solutions are in or out", x: area.x, y: area.y, role: .title)
    let list = screen.list
    let all = max(screen.trainingSet.state?.index.balance.count(.imported) ?? 1, 1)
    let digits = max(Figures.count(all).count, 4)
    for (line, place) in list.visible.enumerated() {
      guard let row = screen.row(place) else { continue }
      let y = area.y + 1 + line
      let isSelected = place == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: area.x - 1, y: y, role: .accent) }
      if let id = screen.id(of: row) {
        guard let solution = screen.shown[id] else { continue }
        var x = area.x + 5 + digits
        x +=
          canvas.put(
            solution.name, x: x, y: y, role: isSelected ? .selection : .text, maxWidth: max(min(20, area.maxX - x), 0))
          + 2
        canvas.put(screen.context.oneLine(solution.excerpt), x: x, y: y, role: .dim, maxWidth: max(area.maxX - x, 0))
        continue
      }
      let count = screen.count(of: row)
      // Another sign than the pointer beside it.
      let sign = screen.open == row ? "-" : "+"
      canvas.put(sign, x: area.x + 1, y: y, role: .dim)
      canvas.put(Chrome.right(Figures.count(count), digits), x: area.x + 3, y: y, role: .text)
      let x = area.x + 5 + digits
      let words = row.words
      let used = canvas.put(
        words, x: x, y: y, role: isSelected ? .selection : row == .included ? .accent : .text,
        maxWidth: max(area.maxX - x, 0))
      let bar = area.maxX - (x + max(used, 42)) - 2
      if bar >= 6 {
        ProgressBar.draw(
          in: &canvas, x: x + max(used, 42) + 1, y: y, width: min(bar, 24), fraction: Double(count) / Double(all))
      }
    }
  }
}
