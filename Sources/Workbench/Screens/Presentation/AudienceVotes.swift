import DeepCriticCore
import Terminal

/// How many people in the room say that a step is the first error.
struct AudienceVotes: Codable, Hashable, Sendable {
  /// People by the step that they named, −1 for "no error"; never 0 people.
  private(set) var counts: [Int: Int] = [:]

  /// The most people that fit into a room.
  static let most = 9999

  /// Nobody has voted.
  init() {}

  /// Reads "5:12 4:7 0:3", a step and how many people named it; 0 means that all steps are correct.
  ///
  /// - Throws: what cannot be read, and what would be right.
  init(_ text: String, steps: Int) throws {
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" }) {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let step = parts[0], let count = parts[1], (0...Self.most).contains(count) else {
        throw LiveError("'\(word)' is not a step and a number of people: write 5:12, and 0:3 for no error.")
      }
      guard (0...steps).contains(step) else {
        throw LiveError("There is no step \(step). Steps are 1 to \(steps); 0 means no error.")
      }
      self[step == 0 ? -1 : step] = count
    }
  }

  subscript(step: Int) -> Int {
    get { counts[step] ?? 0 }
    set { counts[step] = newValue > 0 ? min(newValue, Self.most) : nil }
  }

  var total: Int { counts.values.reduce(0, +) }

  /// What most people say; `nil` where nobody voted, or where two have as many.
  var leader: Int? {
    let most = counts.values.max()
    let leaders = counts.filter { $0.value == most }
    return leaders.count == 1 ? leaders.first?.key : nil
  }

  /// Nothing that came from outside is out of bounds.
  var isPossible: Bool {
    counts.count < 10_000
      && counts.allSatisfy { (-1...1_000_000).contains($0.key) && (1...Self.most).contains($0.value) }
  }

  /// The steps, those with the most people first.
  private var ordered: [(step: Int, count: Int)] {
    counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// "22 votes: 12 for step 5, 7 for step 4, 3 for no error."; empty without any.
  var words: String {
    guard total > 0 else { return "" }
    let parts = ordered.map { "\($0.count) for \($0.step == -1 ? "no error" : "step \($0.step)")" }
    return "\(Figures.count(total, "vote")): \(parts.joined(separator: ", "))."
  }
}

/// A window in which votes are typed while hands are up: a row for each step.
final class VotesOverlay: Overlay {
  private let steps: Int
  private(set) var votes: AudienceVotes
  private(set) var list = ListState()
  private let changed: (AudienceVotes) -> Void
  private let context: ScreenContext
  /// The selected row is typed into: the next digit belongs to the same number.
  private var isTyping = false

  private static let width = 44

  init(
    _ context: ScreenContext, steps: Int, _ votes: AudienceVotes, changed: @escaping (AudienceVotes) -> Void
  ) {
    self.context = context
    self.steps = steps
    self.votes = votes
    self.changed = changed
    list.setCount(steps + 1)
    list.select(0)
  }

  /// The step of a row: the last one is "no error".
  private func step(_ row: Int) -> Int { row < steps ? row + 1 : -1 }

  func handle(_ key: Key) -> OverlayOutcome {
    let row = list.selected ?? 0
    switch key {
    case .escape, .control("c"), .control("g"), .character("q"): return .closes
    case .enter, .tab, .down, .character("j"):
      if row == steps, key == .enter || key == .tab { return .closes }
      move { $0.move(by: 1) }
    case .backTab, .up, .character("k"): move { $0.move(by: -1) }
    case .home: move { $0.home() }
    case .end: move { $0.end() }
    case .pageUp: move { $0.page(by: -1) }
    case .pageDown: move { $0.page(by: 1) }
    case .backspace: set(votes[step(row)] / 10, of: row)
    case .delete: set(0, of: row)
    case .character(let character):
      guard let digit = character.wholeNumberValue, character.isASCII else { break }
      let number = (isTyping ? votes[step(row)] : 0) * 10 + digit
      if number <= AudienceVotes.most { set(number, of: row) }
    default: break
    }
    return .stays
  }

  private func move(_ body: (inout ListState) -> Void) {
    body(&list)
    isTyping = false
  }

  private func set(_ count: Int, of row: Int) {
    votes[step(row)] = count
    isTyping = true
    changed(votes)
  }

  // What was typed is taken over at once; a click beside it must not end the counting.
  func clickOutside() -> OverlayOutcome { .stays }

  var hints: [(key: String, title: String)] {
    [("0-9", "people"), (context.glyphs.arrowKeys, "step"), ("enter", "next"), ("esc", "close")]
  }

  private func frame(_ size: Size) -> Rect {
    let width = min(size.width, Self.width)
    let height = min(steps + 3, max(size.height - 2, 1))
    return Rect(x: (size.width - width) / 2, y: max((size.height - height) / 3, 0), width: width, height: height)
  }

  func layOut(_ size: Size) { list.setViewport(max(frame(size).height - 2, 1)) }

  func draw(_ canvas: inout Canvas) {
    let frame = frame(canvas.size)
    guard frame.height >= 3, frame.width >= 24 else { return }
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: votes.total == 0 ? "Votes" : "Votes: \(votes.total)")
    let most = max((1...steps + 1).map { votes[step($0 - 1)] }.max() ?? 0, 1)
    for (index, row) in (list.offset..<min(list.offset + list.viewport, steps + 1)).enumerated() {
      let y = frame.y + 1 + index
      let isSelected = row == list.selected
      let count = votes[step(row)]
      if isSelected { canvas.put(context.glyphs.pointer, x: frame.x + 1, y: y, role: .accent) }
      canvas.put(
        row < steps ? "Step \(row + 1)" : "No error", x: frame.x + 3, y: y, role: isSelected ? .selection : .text)
      canvas.put(Chrome.right(String(count), 5), x: frame.x + 12, y: y, role: count > 0 || isSelected ? .text : .dim)
      let room = frame.width - 21
      let bar = count > 0 ? max(count * room / most, 1) : 0
      canvas.put(
        String(repeating: canvas.glyphs.isUnicode ? "█" : "#", count: bar), x: frame.x + 19, y: y, role: .barFull)
    }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] {
    [votes.total == 0 ? "No votes yet." : votes.words]
  }
}
