import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// Random actions in the real model, thousands of them: nobody is ever stuck, and what is said is true.
@Suite struct RandomWalk {
  /// Where walks begin.
  enum Start: String, CaseIterable {
    case empty, samples, blind, evaluated, disputed, readOnly, demonstration

    func bench() throws -> Bench {
      switch self {
      case .empty: return try Bench(files: [])
      case .samples: return try Bench()
      case .blind: return try Bench(mode: .blind)
      case .evaluated: return try Bench.evaluated()
      case .disputed:
        let bench = try Bench()
        try bench.reviewedByTwo()
        return bench
      case .readOnly: return try Bench(isReadOnly: true)
      case .demonstration:
        let bench = try Bench()
        try bench.model.begin(with: .demo(nil))
        return bench
      }
    }
  }

  /// What a person sees and what is remembered: an action that changes none of it has done nothing.
  private struct Picture {
    var screen: ScreenID
    var canvas: Canvas
    var overlay: ObjectIdentifier?
    var events: Int
    var effect: Effect?
    var message: Message?
    var mouse: Bool

    init(_ bench: Bench) throws {
      let model = bench.model
      message = model.message
      model.context.messages.current = nil
      screen = model.top.id
      canvas = model.draw(theme: .terminal)
      overlay = model.overlay.map(ObjectIdentifier.init)
      events = try bench.workspace.events().count
      effect = model.context.effect
      mouse = model.usesMouse
      model.context.messages.current = message
    }

    func isSame(as other: Picture) -> Bool {
      screen == other.screen && overlay == other.overlay && events == other.events && effect == other.effect
        && mouse == other.mouse && canvas.looksLike(other.canvas)
    }
  }

  /// Actions whose effect is none of the screen's, and those that go to where one may be already.
  private static let unseen: Set<ActionID> = [
    .redraw, .paneInitial, .paneDeep, .paneMerged, .stepFirst, .stepLast, .demoRestart, .demoBack,
  ]

  private static let sizes = [(80, 24), (120, 40), (200, 60), (60, 20), (20, 5), (1, 1)].map(Size.init)
  private static let typed = [
    "", "x", "label:-1", "3", "0", "-1", "state:todo prime", "mode=blind", "1-2", "\u{1B}[31m",
  ]

  @Test(arguments: Start.allCases, [1, 2, 3]) func nobodyIsEverStuck(start: Start, seed: UInt64) throws {
    let bench = try start.bench()
    let model = bench.model
    // No servers are asked and no programs started.
    model.context.isRehearsal = true
    var random = SplitMix(seed: seed &* 1000 &+ UInt64(Start.allCases.firstIndex(of: start) ?? 0))
    var trail: [String] = []
    func note(_ words: String) {
      trail.append(words)
      if trail.count > 12 { trail.removeFirst() }
    }
    for turn in 0..<600 {
      _ = model.tick()
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        let size = Self.sizes.randomElement(using: &random) ?? Size(width: 80, height: 24)
        note("resize \(size)")
        model.take(.resize(size))
      case 1:
        let text = Self.typed.randomElement(using: &random) ?? ""
        note("paste \(text)")
        model.take(.paste(text))
      case 2:
        let kinds: [PointerEvent.Kind] = [.press, .wheelUp, .wheelDown, .drag, .release]
        let pointer = PointerEvent(
          kinds.randomElement(using: &random) ?? .press,
          x: Int.random(in: 0..<max(model.size.width, 1), using: &random),
          y: Int.random(in: 0..<max(model.size.height, 1), using: &random))
        note("\(pointer)")
        model.take(.pointer(pointer))
      case 3...5:
        let keys: [Key] = [.up, .down, .enter, .escape, .tab, .pageDown, .home, .end, .character("x"), .backspace]
        let key = keys.randomElement(using: &random) ?? .escape
        note("key \(key)")
        model.handle(key)
      default:
        // An action of this screen, of everywhere, or of another one.
        let actions = Bool.random(using: &random) ? model.availableActions : ActionTable.all
        guard let action = actions.randomElement(using: &random) else { continue }
        note("\(action.id) on \(model.top.id.rawValue)")
        try perform(action, bench, typing: Self.typed.randomElement(using: &random) ?? "", trail)
      }
      if case .edit = model.takeEffect() { model.finishEditing("Written. \\boxed{1}") }
      #expect(ScreenRegistry.registration(model.top.id) != nil)
      _ = model.draw(theme: .terminal)
      if turn % 20 == 19 { try leave(bench, trail) }
    }
  }

  /// An action that is offered does something; one that is not says why, and changes nothing.
  private func perform(_ action: Action, _ bench: Bench, typing text: String, _ trail: [String]) throws {
    let model = bench.model
    if model.overlay != nil { return model.perform(action.id) }
    model.settle()
    let reason = model.disabledReason(action.id)
    let before = try Picture(bench)
    model.perform(action.id)
    let after = try Picture(bench)
    if let reason {
      #expect(reason.hasSuffix(".") && reason.count > 10, "\(action.id): '\(reason)'")
      #expect(model.message?.text == reason, "\(trail)")
      #expect(before.canvas.looksLike(after.canvas) && before.events == after.events, "refused, and yet done: \(trail)")
    } else if !Self.unseen.contains(action.id), model.size.width >= 80, model.size.height >= 24 {
      #expect(after.message != nil || !after.isSame(as: before), "\(action.id) did nothing and said nothing: \(trail)")
    }
    if model.overlay is PromptOverlay {
      for character in text { model.handle(.character(character)) }
      model.handle(.enter)
    }
    // Global actions are never refused because of the screen that is open.
    for global in [ActionID.back, .close, .quit, .help, .palette, .modeToggle, .redraw, .messagesShow, .settingsShow] {
      #expect(model.disabledReason(global) == nil, "\(global) is refused: \(trail)")
    }
    for registration in ScreenRegistry.all {
      if let opening = registration.openedBy?.action { #expect(model.disabledReason(opening.id) == nil, "\(trail)") }
    }
  }

  /// From everywhere, escape closes what lies over the screen, going back reaches the first screen, and once more ends.
  private func leave(_ bench: Bench, _ trail: [String]) throws {
    let model = bench.model
    var presses = 0
    while model.overlay != nil, presses < 10 {
      model.handle(.escape)
      presses += 1
    }
    #expect(model.overlay == nil, "escape does not close \(String(describing: model.overlay)): \(trail)")
    model.perform(.quit)
    #expect(model.takeEffect() == .quit, "quitting does not quit: \(trail)")
    presses = 0
    while !model.isAtRoot, presses < 60 {
      model.perform(.back)
      #expect(model.takeEffect() == nil, "going back ended the program too early: \(trail)")
      presses += 1
    }
    #expect(model.isAtRoot, "going back leads nowhere: \(trail)")
    #expect(model.top.id == .queue || model.top.id == .demonstration, "\(trail)")
    while try model.top.goBack() {}
    model.perform(.back)
    if let effect = model.takeEffect() {
      #expect(effect == .quit, "\(trail)")
    } else {
      // What is unfinished is asked about, once.
      #expect(model.message?.kind == .warning, "\(trail)")
      model.perform(.back)
      #expect(model.takeEffect() == .quit, "\(trail)")
    }
  }

  /// With no run, no evaluation and no conflict every screen is left as it was come to (a trap once).
  @Test(arguments: [Key.character("q"), .escape]) func emptyScreensAreLeft(key: Key) throws {
    let bench = try Bench(files: [])
    for registration in ScreenRegistry.all {
      guard let opening = registration.openedBy?.action else { continue }
      bench.model.perform(opening.id)
      bench.model.settle()
      #expect(bench.model.top.id == registration.id)
      bench.model.handle(key)
      #expect(bench.model.top.id == .queue, "\(registration.id.rawValue)")
    }
  }

  /// Going back returns to the screen one came from, with its selection.
  @Test func goingBackReturnsToWhereOneWas() throws {
    let bench = try Bench()
    try bench.type("j j j f3")
    bench.model.settle()
    try bench.type("j enter j enter")
    #expect(bench.model.top.id == .review)
    try bench.type("f6 q")
    #expect(bench.model.top.id == .review)
    for _ in 0..<3 where bench.model.top.id != "curation" { try bench.type("q") }
    #expect(bench.model.top.id == "curation" && bench.curation.id(of: bench.curation.selected) != nil)
    try bench.type("q")
    #expect(bench.model.top.id == .queue && bench.queue.list.selected == 3 && bench.queue.subset == nil)
    // A review below keeps its solution and step.
    try bench.type("enter j f3 g L j enter")
    #expect(bench.review?.stored.id != 4)
    for _ in 0..<4 where bench.review?.stored.id != 4 { try bench.type("q") }
    #expect(bench.review?.stored.id == 4 && bench.review?.step == 2)
  }
}

extension Canvas {
  /// Whether the same signs are in the same styles.
  func looksLike(_ other: Canvas) -> Bool {
    size == other.size && (0..<size.height).allSatisfy { row($0) == other.row($0) }
  }
}
