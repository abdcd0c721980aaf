import DeepCriticCore
import Terminal

extension Navigator {
  /// Asks whether a workspace from elsewhere may do what it wants; what needed it is done by pressing its key again.
  func askForTrust(_ error: UntrustedError) {
    let width = 100
    // A setting's name above what it does: an address that is cut off could be anything.
    let wishes = error.items.flatMap { item in
      [ChooserOverlay.Item(name: TextSafety.line(item.setting), about: "")]
        + TextLayout.wrap(TextSafety.line(item.words), width: max(min(size.width, width) - 18, 1)).map {
          ChooserOverlay.Item(name: "", about: $0)
        }
    }
    let allow = ChooserOverlay.Item(name: "Allow", about: "all of this, as long as it stays unchanged")
    overlay = ChooserOverlay(
      context, title: "This workspace came from elsewhere and wants to",
      items: wishes + [ChooserOverlay.Item(name: "Not now", about: "nothing is run, read or sent"), allow],
      selected: wishes.count, width: width
    ) { [weak self] place in
      guard place == wishes.count + 1 else { return }
      try WorkspaceTrust.allow(error.items, in: error.workspace)
      self?.say(.good, "Allowed. Press the key again.")
    }
  }
}
