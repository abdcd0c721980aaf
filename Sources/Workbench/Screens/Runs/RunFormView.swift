import DeepCriticCore
import Terminal

/// The form of a new run.
enum RunFormView {
  /// Rows of the form on a screen of a size.
  static func listHeight(_ size: Size) -> Int { max(size.height - Chrome.footerHeight - 5, 1) }

  static func draw(_ canvas: inout Canvas, _ screen: RunFormScreen) {
    let form = screen.form
    Chrome.header(&canvas, screen)
    Chrome.title(
      &canvas, "New run", ["\(screen.keys(.runFormChange)) changes, \(screen.keys(.runFormStart)) checks and starts"])
    let list = form.list
    let fields = form.fields
    for (row, index) in list.visible.enumerated() {
      let field = fields[index]
      let y = 2 + row
      let key = RunForm.key(field)
      let isSelected = index == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
      canvas.put(key, x: 3, y: y, role: isSelected ? .selection : .dim, maxWidth: 24)
      let value = form.value(field)
      let problem = form.problems[key]
      let isDefault = form.isDefault(field)
      let used = canvas.put(
        value.isEmpty ? screen.glyphs.none : value, x: 28, y: y,
        role: problem != nil ? .error : isDefault ? .text : .accent, maxWidth: canvas.size.width - 30)
      if problem != nil { canvas.put("!", x: 26, y: y, role: .error) }
      if !isDefault { canvas.put(" (changed)", x: 28 + used, y: y, role: .dim) }
    }
    if let field = form.selected {
      let y = canvas.size.height - Chrome.footerHeight - 2
      let problem = form.problems[RunForm.key(field)]
      let words = problem.map { "'\(RunForm.key(field))' \($0)" } ?? form.summary(field)
      canvas.wrap(
        TextSafety.line(words), x: 3, y: y, width: canvas.size.width - 4, most: 2, role: problem == nil ? .text : .error
      )
    }
    let working = screen.runs.controller.working.map { $0 + screen.glyphs.ellipsis }
    let memory = form.memory.map { "About \(Figures.size($0.total)) per device: \($0.parts)" }
    Chrome.footer(&canvas, screen, idle: working ?? memory ?? "")
  }
}
