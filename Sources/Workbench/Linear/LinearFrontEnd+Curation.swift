import DeepCriticCore
import Foundation

extension LinearFrontEnd {
  /// The curation screen in sentences.
  func describeCuration() {
    model.curation.waitUntilKnown()
    guard let balance = model.curation.state?.index.balance else {
      if let problem = model.curation.problem { say(problem) }
      return
    }
    let stages = FunnelStage.allCases.map { "\(balance.count($0)) \($0.word)" }.joined(separator: ", ")
    say(
      "Curation: \(stages), \(balance.included) in the set; \(balance.withError) with an error, \(balance.right) without."
    )
    for place in 0..<model.curation.rowCount {
      guard let row = model.curation.row(place) else { continue }
      let sign = place == model.curation.list.selected ? "Selected: " : ""
      if let id = model.curation.id(of: row) {
        // Those near the selected one: a reason may have thousands.
        guard abs(place - (model.curation.list.selected ?? 0)) <= 5 else { continue }
        let name = (try? model.session.workspace.rows([id], reviewer: model.session.reviewer).first?.name) ?? ""
        say("\(sign)\(id). \(name)")
      } else {
        say("\(sign)\(model.curation.count(of: row)): \(WorkbenchModel.words(of: row)).")
      }
    }
  }
}

extension CurationModel {
  /// Waits until it is known: plain text is not drawn again later.
  func waitUntilKnown() {
    while isLoading { Thread.sleep(forTimeInterval: 0.01) }
    _ = refresh()
  }
}
