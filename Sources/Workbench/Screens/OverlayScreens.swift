import Foundation
import Terminal

/// Help and the command palette, drawn over the screen.
enum OverlayScreens {
  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    switch model.overlay {
    case .help(let scroll, let search): drawHelp(&canvas, model, scroll: scroll, search: search)
    case .guide: ChooserScreen.drawGuide(&canvas, model)
    case .consequences(let scroll): drawConsequences(&canvas, model, scroll: scroll)
    case .palette(let palette): drawPalette(&canvas, model, palette)
    case .text(let entry): drawText(&canvas, model, entry)
    case .chooser(let chooser): ChooserScreen.draw(&canvas, model, chooser)
    default: break
    }
  }

  /// Where a text is written: over the critiques, so that the step stays in view; over everything where that is too small.
  static func textRect(_ model: WorkbenchModel) -> Rect {
    let size = model.size
    let all = Rect(x: 0, y: 0, width: size.width, height: max(size.height - Chrome.footerHeight, 1))
    let layout = ReviewScreen.layout(model)
    let wanted = layout.rule ?? layout.critiques.first?.rect.y ?? all.height - 12
    let top = max(min(wanted, all.height - 9), 0)
    if all.height - top < 8 { return all }
    var rect = all.splitTop(top).rest
    guard size.width >= 160, case .text(let entry) = model.overlay else { return rect }
    // Lines that the eye can follow; and what the text is made of stays in view beside it.
    let width = max(size.width * 11 / 20, 100)
    var isLeft = true
    if case .critique(let place, _) = entry.edited { isLeft = place.stage == .initial }
    rect = Rect(x: isLeft ? 0 : size.width - width, y: rect.y, width: width, height: rect.height)
    return rect
  }

  private static func drawText(_ canvas: inout Canvas, _ model: WorkbenchModel, _ entry: TextEntry) {
    let frame = textRect(model)
    canvas.fill(frame, role: .popup)
    guard frame.width >= 8, frame.height >= 3 else {
      entry.area.draw(in: &canvas, frame)
      return
    }
    canvas.box(frame, title: entry.title + (entry.isChanged ? " (changed)" : ""))
    let area = frame.inset(dx: 2, dy: 1)
    entry.area.draw(in: &canvas, area)
    let place = entry.area.position
    let words = " line \(place.line) of \(entry.area.lineCount), column \(place.column) "
    canvas.put(words, x: max(frame.maxX - DisplayWidth.of(words) - 2, frame.x), y: frame.maxY - 1, role: .dim)
    tint(&canvas, frame)
  }

  /// Every key, grouped by place; never cut: what does not fit is scrolled to.
  static func helpLines(_ model: WorkbenchModel) -> [(heading: Bool, key: String, words: String)] {
    var lines: [(Bool, String, String)] = []
    var search: String?
    if case .help(_, let text) = model.overlay { search = text.flatMap { $0.isEmpty ? nil : $0 } }
    func fits(_ action: Action, _ search: String) -> Bool {
      [action.title, action.summary, action.id.rawValue].contains { $0.localizedCaseInsensitiveContains(search) }
    }
    let places = [model.place, .everywhere] + Place.allCases.filter { $0 != model.place && $0 != .everywhere }
    for place in places {
      let all = ActionTable.all.filter { $0.places.contains(place) }
      if let search, !all.contains(where: { fits($0, search) }) { continue }
      if !lines.isEmpty { lines.append((false, "", "")) }
      lines.append((true, "", place.title))
      for action in ActionTable.all where action.places.contains(place) {
        if let search, !fits(action, search) { continue }
        let keys = model.keyMap.keys(for: action.id).map { $0.label(model.glyphs) }.joined(separator: " ")
        lines.append((false, keys, action.summary))
      }
    }
    return lines
  }

  /// How far the help can be scrolled.
  static func helpScrollLimit(_ model: WorkbenchModel) -> Int {
    max(wrappedHelp(model, width: helpFrame(model.size).width - 4).count - (helpFrame(model.size).height - 2), 0)
  }

  private static func helpFrame(_ size: Size) -> Rect {
    let width = min(size.width, 84)
    let height = max(min(size.height, size.height - 2), 1)
    return Rect(x: (size.width - width) / 2, y: (size.height - height) / 2, width: width, height: height)
  }

  private static let keyColumn = 16

  /// How far the preview can be scrolled.
  static func consequencesScrollLimit(_ model: WorkbenchModel) -> Int {
    let frame = helpFrame(model.size)
    return max(model.previewLines(width: frame.width - 4).count - (frame.height - 2), 0)
  }

  private static func drawConsequences(_ canvas: inout Canvas, _ model: WorkbenchModel, scroll: Int) {
    let lines = model.previewLines(width: helpFrame(canvas.size).width - 4)
    var frame = helpFrame(canvas.size)
    let height = min(frame.height, lines.count + 2)
    frame = Rect(x: frame.x, y: max((canvas.size.height - height) / 2, 0), width: frame.width, height: height)
    canvas.fill(frame, role: .popup)
    let shown = max(frame.height - 2, 0)
    let offset = min(scroll, max(lines.count - shown, 0))
    let mark =
      lines.count > shown
      ? " \(offset + 1)\(model.glyphs.rangeDash)\(min(offset + shown, lines.count))/\(lines.count), arrows scroll" : ""
    canvas.box(frame, title: "Training set: if step \(model.review?.step ?? 0)\(model.glyphs.ellipsis)\(mark)")
    for (index, line) in lines.dropFirst(offset).prefix(shown).enumerated() {
      canvas.put(line.text, x: frame.x + 2, y: frame.y + 1 + index, role: line.role, maxWidth: frame.width - 4)
    }
    tint(&canvas, frame)
  }

  private static func wrappedHelp(
    _ model: WorkbenchModel, width: Int
  ) -> [(heading: Bool, key: String, words: String)] {
    helpLines(model).flatMap { line in
      let wrapped = TextLayout.wrap(line.words, width: max(width - keyColumn, 8))
      if wrapped.count <= 1 || line.heading { return [line] }
      return wrapped.enumerated().map { (false, $0 == 0 ? line.key : "", $1) }
    }
  }

  private static func drawHelp(_ canvas: inout Canvas, _ model: WorkbenchModel, scroll: Int, search: String?) {
    let frame = helpFrame(canvas.size)
    canvas.fill(frame, role: .popup)
    let lines = wrappedHelp(model, width: frame.width - 4)
    let shown = max(frame.height - 2, 0)
    let offset = min(scroll, max(lines.count - shown, 0))
    let mark =
      lines.count > shown
      ? " \(offset + 1)\(model.glyphs.rangeDash)\(min(offset + shown, lines.count))/\(lines.count), arrows scroll" : ""
    canvas.box(frame, title: search.map { "Keys with: \($0)_" } ?? "Keys\(mark), / finds")
    if lines.isEmpty { canvas.put("No key's line holds that.", x: frame.x + 2, y: frame.y + 1, role: .dim) }
    for (index, line) in lines.dropFirst(offset).prefix(shown).enumerated() {
      let y = frame.y + 1 + index
      if line.heading {
        canvas.put(line.words, x: frame.x + 2, y: y, role: .title)
      } else {
        canvas.put(line.key, x: frame.x + 2, y: y, role: .hintKey, maxWidth: keyColumn - 1)
        canvas.put(line.words, x: frame.x + 2 + keyColumn, y: y, role: .text, maxWidth: frame.width - keyColumn - 4)
      }
    }
    tint(&canvas, frame)
  }

  /// Gives what was drawn in a window the window's background.
  static func tint(_ canvas: inout Canvas, _ frame: Rect) {
    let background = canvas.theme[.popup].background
    let plain = canvas.theme[.text].background
    canvas.restyle(frame) { style in
      if style.background != plain { return style }
      var style = style
      style.background = background
      return style
    }
  }

  private static func drawPalette(_ canvas: inout Canvas, _ model: WorkbenchModel, _ palette: PaletteModel) {
    let width = min(canvas.size.width, 72)
    let height = min(canvas.size.height - 2, 16)
    guard height >= 3 else { return }
    let frame = Rect(x: (canvas.size.width - width) / 2, y: 1, width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: "Commands")
    canvas.put("> ", x: frame.x + 2, y: frame.y + 1, role: .accent)
    var editor = palette.editor
    editor.draw(in: &canvas, x: frame.x + 4, y: frame.y + 1, width: frame.width - 6)
    var list = palette.list
    list.setViewport(max(height - 3, 1))
    if palette.matches.isEmpty { canvas.put("No command fits.", x: frame.x + 4, y: frame.y + 2, role: .dim) }
    for (index, action) in palette.matches.dropFirst(list.offset).prefix(list.viewport).enumerated() {
      let y = frame.y + 2 + index
      let selected = list.offset + index == list.selected
      let reason = model.unavailable(action.id)
      let key = model.keyMap.keys(for: action.id).first?.label(model.glyphs) ?? ""
      if selected { canvas.put(model.glyphs.pointer, x: frame.x + 2, y: y, role: .accent) }
      let keyWidth = DisplayWidth.of(key)
      canvas.put(
        action.summary, x: frame.x + 4, y: y,
        role: reason != nil ? .dim : selected ? .selection : .text, maxWidth: frame.width - keyWidth - 8)
      canvas.put(key, x: frame.maxX - keyWidth - 2, y: y, role: .hintKey)
    }
    if let action = palette.selected, let reason = model.unavailable(action.id) {
      // On the frame's lower edge: the row goes on saying what the command is.
      canvas.put(" \(reason) ", x: frame.x + 2, y: frame.maxY - 1, role: .warning, maxWidth: frame.width - 4)
    }
    tint(&canvas, frame)
  }
}
