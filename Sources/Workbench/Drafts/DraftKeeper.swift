import DeepCriticCore
import Terminal

/// Writes down what is being typed in a window, a moment after it was typed.
final class DraftKeeper {
  /// How long a text may be newer than its draft, looked at with every key and a few times a second.
  static let delay: Duration = .milliseconds(400)

  private let drafts: Drafts
  private let context: ScreenContext
  private let make: (String) -> Draft
  private let place: Draft.Place
  private var changedAt: ContinuousClock.Instant?
  private var hasFailed = false

  init(_ drafts: Drafts, _ context: ScreenContext, _ place: Draft.Place, name: String, parent: String?) {
    self.drafts = drafts
    self.context = context
    self.place = place
    make = { Draft(place, name: name, parent: parent, text: $0) }
  }

  /// Something is typed that is not written down.
  var isDue: Bool { changedAt != nil }

  func changed() { if changedAt == nil { changedAt = .now } }

  /// Writes the text down when its time has come.
  func refresh(_ text: () -> String) {
    if let changedAt, ContinuousClock.now - changedAt >= Self.delay { keep(text()) }
  }

  func keep(_ text: String) {
    changedAt = nil
    do {
      try drafts.keep(make(text))
      hasFailed = false
    } catch {
      // Said once: the text is on the screen, and typing continues.
      if !hasFailed { context.say(.warning, "No draft of this text can be kept on the disk: \(Clause.of(error)).") }
      hasFailed = true
    }
  }

  func discard() {
    changedAt = nil
    drafts.discard(place)
  }
}
