import DeepCriticCore
import Terminal

/// Statistics: the pages left, the selected one right.
enum StatisticsView {
  private static let listWidth = 15

  /// Where the page stands, its title not counted.
  static func pageArea(_ size: Size) -> Rect {
    let x = listWidth + 3
    return Rect(
      x: x, y: 3, width: max(size.width - x - 1, 0), height: max(size.height - Chrome.footerHeight - 3, 0))
  }

  /// Lines of the selected page, headings included.
  static func lineCount(_ screen: StatisticsScreen) -> Int {
    guard let page = screen.page else { return 0 }
    return FigureView.lines(page, width: pageArea(screen.size).width).count + FigureView.headingHeight(page)
  }

  static func draw(_ canvas: inout Canvas, _ screen: StatisticsScreen) {
    Chrome.header(&canvas, screen)
    canvas.put(" Statistics", x: 0, y: 1, role: .title)
    let size = canvas.size
    let bottom = size.height - Chrome.footerHeight
    for (index, topic) in FigureTopic.allCases.enumerated() where 2 + index < bottom {
      let isSelected = topic == screen.topic
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: 2 + index, role: .accent) }
      canvas.put(topic.title, x: 3, y: 2 + index, role: isSelected ? .selection : .text, maxWidth: listWidth - 3)
    }
    canvas.vline(x: listWidth + 1, y: 2, height: max(bottom - 2, 0))
    let area = pageArea(size)
    if let page = screen.page {
      canvas.put(page.topic.title, x: area.x, y: 2, role: .title, maxWidth: area.width)
      let scroll = min(screen.scroll, max(lineCount(screen) - area.height, 0))
      FigureView.draw(in: &canvas, page, area: area, scroll: scroll)
    } else {
      canvas.wrap(screen.reason, x: area.x, y: 2, width: area.width, role: screen.problem == nil ? .dim : .error)
    }
    Chrome.footer(&canvas, screen, idle: idle(screen, area))
  }

  private static func idle(_ screen: StatisticsScreen, _ area: Rect) -> String {
    if screen.isLoading, screen.figures != nil { return "Counting again" + screen.glyphs.ellipsis }
    let count = lineCount(screen)
    guard count > area.height else { return "" }
    let scroll = min(screen.scroll, count - area.height)
    return "lines \(scroll + 1)\(screen.glyphs.rangeDash)\(scroll + area.height) of \(count); "
      + "\(screen.keys(.rowPageDown)) shows more"
  }
}
