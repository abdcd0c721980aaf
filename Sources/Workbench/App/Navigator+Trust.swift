import DeepCriticCore
import Terminal

extension Navigator {
  /// Asks whether a workspace from elsewhere may do what it wants; what needed it is done by pressing its key again.
  func askForTrust(_ error: UntrustedError) {
    let wishes = error.items.map {
      ChooserOverlay.Item(name: TextSafety.line($0.setting), about: TextSafety.line($0.words))
    }
    let allow = ChooserOverlay.Item(name: "Allow", about: "all of this, as long as it stays unchanged")
    overlay = ChooserOverlay(
      context, title: "This workspace came from elsewhere and wants to",
      items: wishes + [ChooserOverlay.Item(name: "Not now", about: "nothing is run, read or sent"), allow],
      selected: wishes.count, width: 100
    ) { [weak self] place in
      guard place == wishes.count + 1 else { return }
      try WorkspaceTrust.allow(error.items, in: error.workspace)
      self?.say(.good, "Allowed. Press the key again.")
    }
  }
}
