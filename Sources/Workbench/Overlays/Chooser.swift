import Terminal

/// A window with some things, of which one is chosen, or which are only read.
final class ChooserOverlay: Overlay {
  struct Item {
    var name: String
    var about: String
    /// Its digits select it.
    var number: Int?
  }

  let title: String
  let items: [Item]
  private(set) var list = ListState()
  /// Digits that were typed one after the other.
  private var typed = 0
  private let width: Int
  private let verb: String
  private let choose: ((Int) throws -> Void)?
  private let context: ScreenContext

  /// - Parameters:
  ///   - verb: what enter does, for the hints.
  ///   - choose: takes the number of the chosen item, from 0; `nil` for a window that is only read.
  init(
    _ context: ScreenContext, title: String, items: [Item], selected: Int = 0, width: Int = 84, verb: String = "choose",
    choose: ((Int) throws -> Void)?
  ) {
    self.context = context
    self.title = title
    self.items = items
    self.width = width
    self.verb = verb
    self.choose = choose
    list.setCount(items.count)
    list.select(selected)
  }

  func handle(_ key: Key) -> OverlayOutcome {
    if case .character(let character) = key, character.isASCII, let digit = character.wholeNumberValue {
      // "1", then "2", is 12 where there is one.
      for number in [typed * 10 + digit, digit] {
        guard let row = items.firstIndex(where: { $0.number == number }) else { continue }
        typed = number
        list.select(row)
        break
      }
      return .stays
    }
    typed = 0
    switch key {
    case .escape, .control("c"), .control("g"), .character("q"): return .closes
    case .up, .character("k"): list.move(by: -1)
    case .down, .character("j"): list.move(by: 1)
    case .pageUp, .pageDown: list.page(by: key == .pageUp ? -1 : 1)
    case .control("d"): list.move(by: max(list.viewport / 2, 1))
    case .control("u"): list.move(by: -max(list.viewport / 2, 1))
    case .home, .character("g"): list.home()
    case .end, .character("G"): list.end()
    case .enter:
      guard let navigator = context.navigator else { return .closes }
      navigator.overlay = nil
      guard let choose, let selected = list.selected, items.indices.contains(selected) else { return .stays }
      context.messages.current = nil
      navigator.attempt { try choose(selected) }
    default: break
    }
    return .stays
  }

  var hints: [(key: String, title: String)] {
    let arrows = context.glyphs.arrowKeys
    if choose == nil || items.isEmpty { return [(arrows, "scroll"), ("esc", "close")] }
    let digits = items.contains { $0.number != nil } ? [("0-9", "number")] : []
    return [(arrows, "select")] + digits + [("enter", verb), ("esc", "close")]
  }

  private func frame(_ size: Size) -> Rect {
    let width = min(size.width, width)
    let height = min(size.height - 2, max(items.count, 1) + 2, 24)
    return Rect(x: (size.width - width) / 2, y: max((size.height - height) / 3, 1), width: width, height: height)
  }

  func layOut(_ size: Size) { list.setViewport(max(frame(size).height - 2, 1)) }

  func draw(_ canvas: inout Canvas) {
    let frame = frame(canvas.size)
    guard frame.height >= 3, frame.width >= 20 else { return }
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: title)
    let room = items.contains { !$0.about.isEmpty } ? frame.width / 2 : frame.width - 5
    let names = min(items.map { DisplayWidth.of($0.name) }.max() ?? 0, room)
    for (index, item) in items.dropFirst(list.offset).prefix(list.viewport).enumerated() {
      let y = frame.y + 1 + index
      let isSelected = list.offset + index == list.selected
      if isSelected { canvas.put(context.glyphs.pointer, x: frame.x + 1, y: y, role: .accent) }
      canvas.put(item.name, x: frame.x + 3, y: y, role: isSelected ? .selection : .text, maxWidth: names)
      canvas.put(item.about, x: frame.x + 5 + names, y: y, role: .dim, maxWidth: max(frame.width - names - 7, 0))
    }
    if items.isEmpty { canvas.put("Nothing yet.", x: frame.x + 3, y: frame.y + 1, role: .dim) }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] {
    [title + ":"]
      + (items.isEmpty ? ["Nothing yet."] : items.map { $0.about.isEmpty ? $0.name : "\($0.name): \($0.about)" })
  }
}
