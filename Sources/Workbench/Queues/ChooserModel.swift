import Terminal

/// A window with some things, of which one is chosen, or which are only read.
public struct ChooserModel {
  /// One of them.
  struct Item {
    /// What is chosen.
    var name: String
    /// What there is to say about it.
    var about: String
    /// Where it leads.
    var place: Bookmark?
  }

  /// What is chosen from.
  enum Kind { case queues, themes, messages, places, settings, models }

  let kind: Kind
  let title: String
  let items: [Item]
  /// Which one is selected.
  public var list = ListState()

  init(_ kind: Kind, title: String, items: [Item], selected: Int = 0) {
    self.kind = kind
    self.title = title
    self.items = items
    list.setCount(items.count)
    list.select(selected)
  }

  var selected: Item? { list.selected.flatMap { items.indices.contains($0) ? items[$0] : nil } }
}

/// Draws a chooser over the screen.
enum ChooserScreen {
  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel, _ chooser: ChooserModel) {
    let width = min(canvas.size.width, chooser.kind == .messages || chooser.kind == .settings ? 110 : 84)
    let height = min(canvas.size.height - 2, max(chooser.items.count, 1) + 2, 24)
    guard height >= 3, width >= 20 else { return }
    let frame = Rect(
      x: (canvas.size.width - width) / 2, y: max((canvas.size.height - height) / 3, 1), width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: chooser.title)
    var list = chooser.list
    list.setViewport(height - 2)
    let names = min(chooser.items.map { DisplayWidth.of($0.name) }.max() ?? 0, width / 2)
    for (index, item) in chooser.items.dropFirst(list.offset).prefix(list.viewport).enumerated() {
      let y = frame.y + 1 + index
      let selected = list.offset + index == list.selected
      if selected { canvas.put(model.glyphs.pointer, x: frame.x + 1, y: y, role: .accent) }
      canvas.put(item.name, x: frame.x + 3, y: y, role: selected ? .selection : .text, maxWidth: names)
      canvas.put(item.about, x: frame.x + 5 + names, y: y, role: .dim, maxWidth: max(frame.width - names - 7, 0))
    }
    if chooser.items.isEmpty { canvas.put("Nothing yet.", x: frame.x + 3, y: frame.y + 1, role: .dim) }
    OverlayScreens.tint(&canvas, frame)
  }

  /// One screen for newcomers.
  static func drawGuide(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    let lines = model.guideLines
    let width = min(canvas.size.width, 86)
    let height = min(canvas.size.height, lines.count + 4)
    guard height > 4, width > 30 else { return }
    let frame = Rect(
      x: (canvas.size.width - width) / 2, y: (canvas.size.height - height) / 2, width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: "DeepCritic: the first minute")
    for (index, line) in lines.prefix(height - 3).enumerated() {
      let y = frame.y + 1 + index
      if line.key.isEmpty {
        canvas.put(line.words, x: frame.x + 3, y: y, role: .text, maxWidth: width - 5)
      } else {
        canvas.put(line.key, x: frame.x + 3, y: y, role: .hintKey, maxWidth: 9)
        canvas.put(line.words, x: frame.x + 13, y: y, role: .text, maxWidth: width - 15)
      }
    }
    canvas.put("Any key begins.", x: frame.x + 3, y: frame.maxY - 2, role: .accent)
    OverlayScreens.tint(&canvas, frame)
  }
}
