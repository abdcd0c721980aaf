import DeepCriticCore

extension LiveScreen {
  func describe() -> [String] {
    guard let solution else { return ["Live critique. No solution yet; 'live.compose TEXT' takes one."] }
    func plain(_ text: String) -> String { ReadableText.oneLine(text, ascii: !glyphs.isUnicode) }
    var words = ["Live critique\(name.isEmpty ? "" : " of \(name)"). Problem: \(plain(solution.problem))"]
    words += solution.steps.enumerated().map { "Step \($0 + 1): \(plain($1.text))" }
    let shown = LiveView.presentation(self)
    for (index, column) in snapshot.columns.enumerated() where shown.panes.indices.contains(index) {
      words.append("\(shown.panes[index].title): \(shown.panes[index].says.text)")
      if let text = text(column) {
        words += ReadableText.spoken(text, of: column.stage, unicode: glyphs.isUnicode)
      }
    }
    return words + [shown.caption, shown.status].filter { !$0.isEmpty }
  }

  var spokenState: [String] { ["\(name) \(shownStep) \(snapshot.columns.count)"] }
}
