import DeepCriticCore
import Terminal

/// The settings as a list, below it what the selected one means.
enum SettingsView {
  private static let top = 2
  private static let detailHeight = 4

  /// Problems of the files, wrapped; they are above the list.
  private static func problemLines(_ size: Size, _ screen: SettingsScreen) -> [String] {
    let lines = screen.problems.flatMap { TextLayout.wrap(TextSafety.line($0), width: max(size.width - 6, 1)) }
    return Array(lines.prefix(max(size.height / 3 - 2, 1)))
  }

  /// Rows of the list on a screen of a size.
  static func listHeight(_ size: Size, _ screen: SettingsScreen) -> Int {
    let problems = problemLines(size, screen).count
    let above = top + 1 + (problems > 0 ? problems + 1 : 0)
    return max(min(size.height - above - Chrome.footerHeight - detailHeight - 1, screen.rows.count), 1)
  }

  static func draw(_ canvas: inout Canvas, _ screen: SettingsScreen) {
    Chrome.header(&canvas, screen)
    let problems = problemLines(canvas.size, screen)
    Chrome.title(
      &canvas, "Settings", problems.isEmpty ? [] : ["some settings could not be read; those from the start apply"])
    var y = top
    for (index, line) in problems.enumerated() {
      if index == 0 { canvas.put("!", x: 1, y: y, role: .error) }
      canvas.put(line, x: 3, y: y, role: .error)
      y += 1
    }
    if !problems.isEmpty { y += 1 }
    let isAboutShown = drawList(&canvas, screen, y: y)
    y += 1 + screen.list.viewport
    if y < canvas.size.height - Chrome.footerHeight { canvas.hline(x: 0, y: y, width: canvas.size.width) }
    if let selected = screen.selected { drawDetail(&canvas, screen, selected, y: y + 1, isAboutShown) }
    Chrome.footer(&canvas, screen, idle: "")
  }

  /// - Returns: whether there was room for what each setting means.
  private static func drawList(_ canvas: inout Canvas, _ screen: SettingsScreen, y: Int) -> Bool {
    let (width, rows) = (canvas.size.width, screen.rows)
    func longest(_ words: (Setting) -> String) -> Int { rows.map { DisplayWidth.of(words($0)) }.max() ?? 0 }
    let name = (x: 3, width: min(longest(\.name), width / 4))
    let originWidth = longest(\.origin)
    let room = width - name.x - name.width - originWidth - 5
    let value = (x: name.x + name.width + 2, width: max(min(longest(\.words), room), 5))
    let origin = (x: value.x + value.width + 2, width: originWidth)
    let about = origin.x + origin.width + 2
    var columns = [("setting", name.x), ("value", value.x), ("from", origin.x)]
    // Half a sentence is worse than none: the selected setting's is below the list.
    let isAboutShown = about + longest(\.about) < width
    if isAboutShown { columns.append(("meaning", about)) }
    for (title, x) in columns { canvas.put(title, x: x, y: y, role: .dim, maxWidth: max(width - x, 0)) }
    for (line, place) in screen.list.visible.enumerated() {
      let (row, y) = (rows[place], y + 1 + line)
      let isSelected = place == screen.list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
      canvas.put(row.name, x: name.x, y: y, role: isSelected ? .selection : .text, maxWidth: name.width)
      canvas.put(
        TextSafety.line(row.words), x: value.x, y: y, role: row.next == nil ? .text : .warning, maxWidth: value.width)
      canvas.put(row.origin, x: origin.x, y: y, role: .dim, maxWidth: max(width - origin.x - 1, 0))
      if isAboutShown { canvas.put(row.about, x: about, y: y, role: .dim, maxWidth: width - about - 1) }
    }
    return isAboutShown
  }

  private static func drawDetail(
    _ canvas: inout Canvas, _ screen: SettingsScreen, _ setting: Setting, y: Int, _ isAboutShown: Bool
  ) {
    let (width, bottom) = (canvas.size.width - 2, canvas.size.height - Chrome.footerHeight)
    var y = y
    func put(_ text: String, _ role: StyleRole) {
      for line in TextLayout.wrap(TextSafety.line(text), width: max(width - 2, 1)) where y < bottom {
        canvas.put(line, x: 1, y: y, role: role, maxWidth: width)
        y += 1
      }
    }
    put("\(setting.name): \(setting.words)", .title)
    if !isAboutShown { put(setting.about, .text) }
    if let reason = screen.changeReason { put(reason, .dim) }
  }
}
