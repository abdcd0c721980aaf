import DeepCriticCore

extension CurationScreen {
  func describe() -> [String] {
    if let emptyReason { return [emptyReason] }
    guard let balance = trainingSet.state?.index.balance else { return [] }
    let stages = FunnelStage.allCases.map { "\(balance.count($0)) \($0.word)" }.joined(separator: ", ")
    let set = "\(balance.included) in the set; \(balance.withError) with an error, \(balance.right) without"
    let selected = list.selected ?? 0
    return ["Curation: \(stages), \(set)."]
      + (0..<rowCount).compactMap { place in
        guard let row = row(place) else { return nil }
        let sign = place == list.selected ? "Selected: " : ""
        guard let id = id(of: row) else { return "\(sign)\(count(of: row)): \(row.words)." }
        // Those near the selected one: a reason may have thousands.
        guard abs(place - selected) <= 5 else { return nil }
        let name = (try? workspace.rows([id], reviewer: session.reviewer).first?.name) ?? ""
        return "\(sign)\(id). \(name)"
      }
  }

  var spokenState: [String] { ["\(list.selected ?? -1)", "\(rowCount)", "\(isHidden)"] }
}
