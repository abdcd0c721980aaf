import DeepCriticCore

extension SettingsScreen {
  func describe() -> [String] {
    let settings = rows.enumerated().map { place, row in
      "\(place + 1). \(row.name): \(row.words)" + (row.origin.isEmpty ? "." : ", \(row.origin).")
    }
    return problems.map { "Not read: \($0)" } + settings
  }

  func describeSelection() -> [String] {
    guard let selected else { return [] }
    return ["\(selected.name): \(selected.words). \(selected.about)", changeReason].compactMap { $0 }
  }

  func take(number: Int) -> [String]? {
    guard rows.indices.contains(number - 1) else { return ["There are \(rows.count) settings here."] }
    list.select(number - 1)
    return describeSelection()
  }

  var spokenState: [String] { problems + rows.map(\.words) }
  var spokenSelection: [String] { ["\(list.selected ?? -1)"] }
}
