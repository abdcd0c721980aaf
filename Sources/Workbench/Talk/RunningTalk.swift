import DeepCriticCore
import Foundation
import Terminal

/// A talk that is being given: which item is on, and how long each took.
final class RunningTalk {
  let talk: Talk
  private(set) var index = 0
  /// What tells the time; tests turn it themselves.
  var now: () -> Date = { Date() }
  /// Where the speaker's notes are followed from; `nil` for nowhere.
  private let feed: TalkFeed?
  private var began: Date
  private var itemBegan: Date
  /// Seconds of each item, without the current visit.
  private var spent: [Double]
  private unowned let navigator: Navigator

  init(_ talk: Talk, on navigator: Navigator, feed: TalkFeed?) {
    self.talk = talk
    self.navigator = navigator
    self.feed = feed
    began = Date()
    itemBegan = began
    spent = Array(repeating: 0, count: talk.items.count)
  }

  var item: Talk.Item { talk.items[index] }

  /// Shows an item, where it was left.
  ///
  /// - Throws: why it cannot be shown; the one before stays.
  func show(_ next: Int) throws {
    guard talk.items.indices.contains(next) else {
      let count = talk.items.count
      throw RefusalError(
        next == count
          ? "This is the last item; \(navigator.keys(.back)) ends the talk."
          : next == -1 ? "This is the first item." : "There \(count == 1 ? "is 1 item" : "are \(count) items").")
    }
    try navigator.begin(with: talk.items[next].opening)
    spent[index] += now().timeIntervalSince(itemBegan)
    index = next
    itemBegan = now()
    publish()
  }

  func move(by offset: Int) throws { try show(index + offset) }

  /// The state that the notes in another terminal show.
  var state: TalkState {
    let screen = navigator.top as? any AudienceScreen
    return TalkState(
      process: getpid(), path: talk.path, title: talk.title,
      items: talk.items.enumerated().map { number, item in
        TalkState.Item(title: item.title, notes: item.notes, minutes: item.minutes, spent: spent[number])
      },
      index: index, began: began, itemBegan: itemBegan, scene: screen?.sceneName ?? "",
      votes: screen?.votes ?? AudienceVotes(), isBlack: navigator.overlay is BlackOverlay, beat: now())
  }

  /// Tells the notes where the talk is.
  func publish() {
    guard let feed, let problem = feed.publish(state) else { return }
    navigator.say(.warning, problem)
  }

  func end() { feed?.remove() }
}

extension Navigator {
  /// Opens the list of the talk's items.
  func showItems(of running: RunningTalk) {
    overlay = ChooserOverlay(
      context, title: TextSafety.line(running.talk.title),
      items: running.talk.items.enumerated().map { number, item in
        ChooserOverlay.Item(
          name: "\(number + 1). \(TextSafety.line(item.title))", about: item.minutes.map(TalkState.planned) ?? "",
          number: number + 1)
      }, selected: running.index, width: 70, verb: "show"
    ) { [weak running] in try running?.show($0) }
  }
}
