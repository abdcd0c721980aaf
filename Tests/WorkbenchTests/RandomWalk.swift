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
    #expect(model.takeEffect() == .quit, "\(trail)")
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
    try bench.type("enter j f3 g o j enter")
    #expect(bench.review?.stored.id != 4)
    for _ in 0..<4 where bench.review?.stored.id != 4 { try bench.type("q") }
    #expect(bench.review?.stored.id == 4 && bench.review?.step == 2)
  }
}

/// In blind mode nothing on the screen depends on labels and critiques before the verdict.
@Suite struct BlindWalk {
  /// The samples, with labels and judgements the other way round and other words in critiques.
  private func twin() throws -> Bench {
    let folder = try TemporaryFolder()
    var files: [String] = []
    for name in ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"] {
      let text = try String(contentsOf: packageRoot.appendingPathComponent("SampleData/\(name)"), encoding: .utf8)
      let lines = try text.split(separator: "\n").map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try JSONSerialization.data(withJSONObject: turned(object, key: ""), options: [.sortedKeys])
      }
      let path = folder.path + "/" + name
      try Data(lines.joined(separator: Data([0x0A])) + [0x0A]).write(to: URL(fileURLWithPath: path))
      files.append(path)
    }
    return try Bench(mode: .blind, files: files)
  }

  private func turned(_ value: Any, key: String) -> Any {
    switch value {
    case let object as [String: Any]:
      return Dictionary(uniqueKeysWithValues: object.map { ($0.key, turned($0.value, key: $0.key)) })
    case let list as [Any]: return list.map { turned($0, key: key) }
    case let number as Int where ["rating", "critic_labels"].contains(key): return -number
    case let text as String where key.hasPrefix("critique") || key.hasPrefix("merged"):
      return text.replacingOccurrences(of: "boxed{1}", with: "boxed{#}")
        .replacingOccurrences(of: "boxed{-1}", with: "boxed{1}")
        .replacingOccurrences(of: "boxed{#}", with: "boxed{-1}")
        .replacingOccurrences(of: "the", with: "quite another")
    default: return value
    }
  }

  /// The comparison would see it: what blind mode keeps back differs on every one of these screens in audit mode.
  @Test(arguments: ["enter", "f2", "f3", "f6 j", "D"]) func inAuditModeTheTwinsDiffer(keys: String) throws {
    let canvases = try [Bench(mode: .blind), try twin()].map { bench in
      try bench.type("m \(keys)")
      bench.model.settle()
      bench.model.context.messages.current = nil
      return bench.model.draw(theme: .terminal)
    }
    #expect(!canvases[0].looksLike(canvases[1]))
  }

  @Test(arguments: [1, 2, 3]) func nothingTells(seed: UInt64) throws {
    let benches = [try Bench(mode: .blind), try twin()]
    for bench in benches {
      bench.model.context.isRehearsal = true
      let hasCritiques = try bench.workspace.solution(1).hasCritiques
      #expect(hasCritiques, "the samples have no critiques any more")
    }
    let ratings = try benches.map { try $0.workspace.solution(1).solution.steps.map(\.rating) }
    #expect(ratings[0] != ratings[1], "the twins do not differ")
    // Whatever ends blindness or gives a verdict; and what only the clock decides.
    let excluded: Set<ActionID> = [
      .modeToggle, .verdictCorrect, .verdictIncorrect, .verdictNeutral, .verdictAccept, .verdictFix, .messagesShow,
      .settingsChange,
    ]
    var random = SplitMix(seed: seed)
    var trail: [String] = []
    for turn in 0..<500 {
      let model = benches[0].model
      let actions = (Bool.random(using: &random) ? model.availableActions : ActionTable.all)
        .filter { !excluded.contains($0.id) }
      let choice = Int.random(in: 0..<12, using: &random)
      let size = Size(width: [80, 120, 200][choice % 3], height: [24, 40, 60][choice % 3])
      guard let action = actions.randomElement(using: &random) else { continue }
      let key: Key = [.down, .enter, .escape, .character("j")].randomElement(using: &random) ?? .escape
      for bench in benches {
        if choice == 0 {
          bench.model.take(.resize(size))
        } else if choice < 3 {
          // On the settings screen the key may end blindness.
          bench.model.handle(key == .enter && bench.model.top is SettingsScreen ? .escape : key)
        } else {
          bench.model.perform(action.id)
        }
        if case .edit = bench.model.takeEffect() { bench.model.editing = nil }
        bench.model.settle()
      }
      trail.append(choice == 0 ? "\(size)" : choice < 3 ? "\(key)" : "\(action.id)")
      if trail.count > 15 { trail.removeFirst() }
      let canvases = benches.map { $0.model.draw(theme: .terminal) }
      // The twins lie in folders of their own, which the settings name.
      let told = canvases.map {
        $0.text().filter { !$0.isWhitespace }.replacing(#/deepcritic-test-[0-9A-F-]*/#, with: "")
      }
      guard canvases[0].looksLike(canvases[1]) || told[0] == told[1] else {
        let texts = canvases.map { $0.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        let lines = zip(texts[0], texts[1]).filter { $0 != $1 }
        Issue.record("turn \(turn): the screen tells: \(lines.prefix(4)), after \(trail)")
        return
      }
      if turn % 25 == 24 {
        for bench in benches {
          for _ in 0..<4 where bench.model.overlay != nil { bench.model.handle(.escape) }
        }
      }
    }
  }
}

extension Canvas {
  /// Whether the same signs stand in the same styles.
  fileprivate func looksLike(_ other: Canvas) -> Bool {
    size == other.size && (0..<size.height).allSatisfy { row($0) == other.row($0) }
  }
}
