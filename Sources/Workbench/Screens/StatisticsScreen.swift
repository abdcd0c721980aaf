import DeepCriticCore
import Terminal

/// Statistics: the pages left, the selected one right.
enum StatisticsScreen {
  private static let listWidth = 15

  /// Where the page stands, its title not counted.
  static func pageArea(_ size: Size) -> Rect {
    let x = listWidth + 3
    return Rect(
      x: x, y: 3, width: max(size.width - x - 1, 0), height: max(size.height - Chrome.footerHeight - 3, 0))
  }

  /// Lines of the selected page, headings included.
  static func lineCount(_ model: WorkbenchModel) -> Int {
    guard let page = model.statistics.figures?.page(model.statistics.topic) else { return 0 }
    return FigureView.lines(page, width: pageArea(model.size).width).count + FigureView.headingHeight(page)
  }

  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    Chrome.header(&canvas, model)
    canvas.put(" Statistics", x: 0, y: 1, role: .title)
    let size = canvas.size
    let bottom = size.height - Chrome.footerHeight
    for (index, topic) in FigureTopic.allCases.enumerated() where 2 + index < bottom {
      let isSelected = topic == model.statistics.topic
      if isSelected { canvas.put(model.glyphs.pointer, x: 1, y: 2 + index, role: .accent) }
      canvas.put(topic.title, x: 3, y: 2 + index, role: isSelected ? .selection : .text, maxWidth: listWidth - 3)
    }
    canvas.vline(x: listWidth + 1, y: 2, height: max(bottom - 2, 0))
    let area = pageArea(size)
    if let page = model.statistics.figures?.page(model.statistics.topic) {
      canvas.put(page.topic.title, x: area.x, y: 2, role: .title, maxWidth: area.width)
      let scroll = min(model.statistics.scroll, max(lineCount(model) - area.height, 0))
      FigureView.draw(in: &canvas, page, area: area, scroll: scroll)
    } else {
      let words = model.statistics.problem ?? "Counting\(model.glyphs.ellipsis)"
      for (row, line) in TextLayout.wrap(words, width: max(area.width, 8)).enumerated() {
        canvas.put(line, x: area.x, y: 2 + row, role: model.statistics.problem == nil ? .dim : .error)
      }
    }
    Chrome.status(&canvas, model, idle: idle(model, area))
    Chrome.hints(&canvas, model)
  }

  private static func idle(_ model: WorkbenchModel, _ area: Rect) -> String {
    if model.statistics.isLoading, model.statistics.figures != nil { return "Counting again" + model.glyphs.ellipsis }
    let count = lineCount(model)
    guard count > area.height else { return "" }
    let scroll = min(model.statistics.scroll, count - area.height)
    return "lines \(scroll + 1)\(model.glyphs.rangeDash)\(scroll + area.height) of \(count); "
      + "\(model.keys(.rowPageDown)) shows more"
  }
}
