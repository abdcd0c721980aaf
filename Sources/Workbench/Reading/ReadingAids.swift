import DeepCriticCore
import Foundation
import Terminal

/// Which two critiques are compared word by word.
enum CritiqueComparison: CaseIterable, Hashable {
  case none
  case deepAndMerged
  case initialAndMerged
  case initialAndDeep
  /// The version shown, and the critique that it changes (or else the one that is used).
  case versionAndOriginal

  var stages: (Stage, Stage)? {
    switch self {
    case .none, .versionAndOriginal: nil
    case .deepAndMerged: (.deep, .merged)
    case .initialAndMerged: (.initial, .merged)
    case .initialAndDeep: (.initial, .deep)
    }
  }
}

/// What is found out about the texts of a step, kept as long as the texts are the same.
final class ReadingAids {
  private struct Key: Hashable {
    var initial: String?
    var deep: String?
    var merged: String?
    var comparison: CritiqueComparison
    var step: String
    var search: [SearchedText]
    var original: String?
  }

  /// Marks by pane, and where the merged critique's sentences come from.
  struct Found {
    var marks: [Pane: [Annotation]] = [:]
    var provenance: Provenance?
  }

  private var known: (key: Key, found: Found)?

  /// Everything about a step that may be shown.
  func found(
    step: String, texts: [Stage: String], comparison: CritiqueComparison, search: [SearchedText], problem: String,
    version: (stage: Stage, original: String)? = nil
  ) -> Found {
    let key = Key(
      initial: texts[.initial], deep: texts[.deep], merged: texts[.merged], comparison: comparison, step: step,
      search: search, original: version?.original)
    if let known, known.key == key { return known.found }
    var found = Found()
    for (stage, text) in texts {
      found.marks[Pane(stage)] = TurningPoints.ranges(in: text).map { Annotation(range: $0, mark: .turn) }
    }
    found.marks[.step] = [Stage.merged, .deep].compactMap { texts[$0] }.flatMap { critique in
      Quotations.ranges(of: step, quotedBy: critique).map { Annotation(range: $0, mark: .quoted) }
    }
    if let merged = texts[.merged], texts[.initial] != nil || texts[.deep] != nil {
      let provenance = Provenance(of: merged, initial: texts[.initial], deep: texts[.deep])
      found.provenance = provenance
      found.marks[.merged, default: []] += provenance.sentences.map { sentence in
        let mark: TextMark =
          switch sentence.origin {
          case .initial: .fromInitial
          case .deep: .fromDeep
          case .new: .isNew
          }
        return Annotation(range: sentence.range, mark: mark)
      }
    }
    if let (a, b) = comparison.stages, let first = texts[a], let second = texts[b] {
      let difference = WordDifference(from: first, to: second)
      found.marks[Pane(a), default: []] += difference.removed.map { Annotation(range: $0, mark: .changed) }
      found.marks[Pane(b), default: []] += difference.added.map { Annotation(range: $0, mark: .changed) }
    }
    if comparison == .versionAndOriginal, let version, let text = texts[version.stage] {
      let difference = WordDifference(from: version.original, to: text)
      found.marks[Pane(version.stage), default: []] += difference.added.map { Annotation(range: $0, mark: .changed) }
    }
    if !search.isEmpty {
      for (stage, text) in texts { found.marks[Pane(stage), default: []] += Self.hits(search, in: text) }
      found.marks[.step, default: []] += Self.hits(search, in: step)
      found.marks[.problem, default: []] += Self.hits(search, in: problem)
    }
    known = (key, found)
    return found
  }

  /// Places where one of the texts stands, in order.
  static func hits(_ search: [SearchedText], in text: String) -> [Annotation] {
    let hits = search.flatMap { $0.ranges(in: text) }.map { Annotation(range: $0, mark: .hit) }
    return search.count > 1 ? hits.sorted { $0.range.lowerBound < $1.range.lowerBound } : hits
  }
}

extension ReviewModel {
  /// The text that the version in view is compared with: the critique it changes, else the one that is used.
  var version: (stage: Stage, original: String)? {
    let stage = focus.stage ?? tab
    guard let shown = critique(stage), !shown.isWhole, shown.samples > 1 else { return nil }
    let all = critiques(stage)
    let edit = stored.views.values.lazy.flatMap(\.edits).first {
      $0.critique.stage == stage && $0.critique.step == self.step && $0.critique.text == shown.critique.critique.text
    }
    if let parent = edit?.parent, let original = all.first(where: { CritiqueKey(of: $0.critique) == parent }) {
      return (stage, original.critique.text)
    }
    return all[0].id == shown.critique.id ? nil : (stage, all[0].critique.text)
  }
}

extension StyleRole {
  /// The beginning of a sentence in which a critique thinks again.
  static let turningPoint = StyleRole(rawValue: "turningPoint")
  static let quoted = StyleRole(rawValue: "quote")
  /// What the compared critique does not have.
  static let changed = StyleRole(rawValue: "changed")
  /// A sentence of the merged critique that neither of the others has.
  static let newSentence = StyleRole(rawValue: "newSentence")
  /// The sign beside sentences of the initial critique, of the deep one, and of the merged one alone.
  static let fromInitial = StyleRole(rawValue: "stageInitial")
  static let fromDeep = StyleRole(rawValue: "stageDeep")
  static let fromMerge = StyleRole(rawValue: "stageMerged")
  static let searchHit = StyleRole(rawValue: "searchHit")
  static let unsoundSentence = StyleRole(rawValue: "unsound")
  static let chosenSentence = StyleRole(rawValue: "chosen")
}
