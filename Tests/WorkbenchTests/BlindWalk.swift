import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// Until a solution is finished, nothing that blind mode shows, says, offers or refuses depends on what is hidden.
@Suite struct BlindWalk {
  /// What the two workspaces differ in.
  enum Hidden: CaseIterable { case labels, reviewers }

  private func twins(_ hidden: Hidden) throws -> [Bench] {
    switch hidden {
    case .labels: return try [false, true].map(twin)
    case .reviewers:
      return try [["ada", "bo"], ["bo", "ada"]].map { names in
        let bench = try Bench(mode: .blind)
        try reviewedByOthers(bench, names)
        return bench
      }
    }
  }

  /// Others have rated, flagged, commented, corrected, settled and judged; the two of them the other way round in the twin, so
  /// that what they said differs, and not that they did.
  private func reviewedByOthers(_ bench: Bench, _ names: [String]) throws {
    for id in Int64(1)...31 {
      let stored = try bench.workspace.solution(id)
      let count = stored.solution.steps.count
      guard count > 0 else { continue }
      for name in names.sorted() {
        var decisions: [ReviewDecision] = (1...count).map {
          ReviewDecision(
            solution: stored.key, step: $0, .verdict($0 == (name == names[0] ? 1 : 2) ? .incorrect : .correct))
        }
        decisions.append(ReviewDecision(solution: stored.key, step: 1, .comment("Says \(names[0])")))
        if name == names[0] { decisions.append(ReviewDecision(solution: stored.key, step: 1, .correction("It is 7."))) }
        if names[0] == "ada" { decisions.append(ReviewDecision(solution: stored.key, step: 1, .flag(true))) }
        if let critique = stored.critique(.deep, step: 1)?.critique {
          decisions.append(
            ReviewDecision(
              solution: stored.key, step: 1,
              .soundness(name == names[0], of: CritiqueReference(critique), note: names[0])))
        }
        try bench.workspace.record(decisions, by: ReviewContext(reviewer: name))
      }
      // How many conflicts are open is counted on some screens.
      try bench.workspace.record(
        ReviewDecision(solution: stored.key, step: 1, .adjudication(.correct, note: names[0])),
        by: ReviewContext(reviewer: "chief"))
    }
    _ = bench.model.refreshIfChanged()
    try bench.queue.reload()
  }

  /// The samples, with labels and judgements the other way round and other words in critiques if so wished.
  private func twin(isTurned: Bool) throws -> Bench {
    let folder = try TemporaryFolder()
    var files: [String] = []
    for name in ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"] {
      let text = try String(contentsOf: packageRoot.appendingPathComponent("SampleData/\(name)"), encoding: .utf8)
      let lines = try text.split(separator: "\n").map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try JSONSerialization.data(
          withJSONObject: isTurned ? turned(object, key: "") : object, options: [.sortedKeys])
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
    let canvases = try [false, true].map(twin).map { bench in
      try bench.type("m \(keys)")
      bench.model.settle()
      bench.model.context.messages.current = nil
      return bench.model.draw(theme: .terminal)
    }
    #expect(!canvases[0].looksLike(canvases[1]))
  }

  /// All that a person or a script is shown: the screen, the same in sentences, the palette, and why what is refused.
  private func told(_ bench: Bench) -> [String] {
    let model = bench.model
    let palette = PaletteOverlay(model.context, model.availableActions)
    palette.layOut(model.size)
    // The twins lie in folders of their own, which the settings name.
    func bare(_ text: String) -> String { text.replacing(#/deepcritic-test-[0-9A-F-]*/#, with: "") }
    // A longer path moves what comes after it.
    let cells = model.draw(theme: .terminal).text().split(separator: "\n").map { row in
      bare(String(row)).filter { !$0.isWhitespace }
    }
    let sentences = model.top.describe() + model.top.describeSelection()
    func refusal(_ id: ActionID) -> String { "\(id): \(model.disabledReason(id) ?? "")" }
    let offered = palette.matches.compactMap { if case .action(let action) = $0 { action.id } else { nil } }
    let refusals = offered.map(refusal) + ActionTable.all.map { refusal($0.id) }
    return cells + (sentences + refusals + [model.message?.text ?? ""]).map(bare)
  }

  @Test(arguments: Hidden.allCases, [1, 2, 3]) func nothingTells(hidden: Hidden, seed: UInt64) throws {
    let benches = try twins(hidden)
    for bench in benches {
      bench.model.context.isRehearsal = true
      let hasCritiques = try bench.workspace.solution(1).hasCritiques
      #expect(hasCritiques, "the samples have no critiques any more")
    }
    let differences = try benches.map { bench in
      try (
        bench.workspace.solution(1).solution.steps.map(\.rating),
        bench.workspace.views(of: bench.workspace.solution(1).key)
      )
    }
    #expect(differences[0].0 != differences[1].0 || differences[0].1 != differences[1].1, "the twins do not differ")
    // Whatever ends blindness; and what only the clock decides.
    let excluded: Set<ActionID> = [.modeToggle, .messagesShow, .settingsChange]
    var random = SplitMix(seed: seed)
    var trail: [String] = []
    for turn in 0..<400 {
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
        // What is finished is shown: it is opened again before anything is compared.
        while try !bench.workspace.done(by: "rt").isEmpty { bench.model.perform(.undo) }
        bench.model.settle()
      }
      trail.append(choice == 0 ? "\(size)" : choice < 3 ? "\(key)" : "\(action.id)")
      if trail.count > 15 { trail.removeFirst() }
      let told = benches.map(told)
      guard told[0] == told[1] else {
        let lines = zip(told[0], told[1]).filter { $0 != $1 }
        Issue.record("turn \(turn): revealed: \(lines.prefix(4)), after \(trail)")
        return
      }
      if turn % 25 == 24 {
        for bench in benches {
          for _ in 0..<4 where bench.model.overlay != nil { bench.model.handle(.escape) }
        }
      }
    }
  }

  /// Every solution in sentences and on every kind of page, step by step until it is finished.
  @Test(arguments: Hidden.allCases) func noPageTells(hidden: Hidden) throws {
    let benches = try twins(hidden)
    for id in Int64(1)...31 {
      let count = try benches[0].workspace.solution(id).solution.steps.count
      for step in 0..<min(count, 4) {
        if step > 0 {
          for bench in benches {
            let stored = try bench.workspace.solution(id)
            let decision = stored.decision(.verdict(.correct), step: step, by: "rt", Visibility(.blind))
            try bench.workspace.record(decision, by: ReviewContext(reviewer: "rt"))
          }
        }
        let pages = try benches.map { bench in
          let item = ShownItem(try bench.workspace.solution(id), reviewer: "rt", Visibility(.blind))
          let picture = ItemPicture.canvas(item, width: 120, theme: .terminal, glyphs: .unicode)
          return [
            ItemText(item, columns: 80, isSource: false, isASCII: false).lines.joined(separator: "\n"),
            ItemMarkdown(item).page, ItemPage(item).page, picture.text(),
          ].map { page in
            // The key is a hash of all that there is; the folder's name may be broken between two lines.
            page.filter { !$0.isWhitespace }.replacing("&#8288;", with: "").replacing(
              #/deepcritic-test-[0-9A-F-]*/#, with: ""
            )
            .replacing(item.stored.key, with: "")
          }
        }
        for (one, other) in zip(pages[0], pages[1]) where one != other {
          let same = one.commonPrefix(with: other).count
          Issue.record(
            "solution \(id) after \(step) verdicts: \(one.dropFirst(max(same - 60, 0)).prefix(120)) | \(other.dropFirst(same).prefix(60))"
          )
          return
        }
      }
    }
  }
}
