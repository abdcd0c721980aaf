import CritiqueModel
import DatasetFormats

/// A condition of the filter language: its name, what may follow, and what it means.
public struct FilterField: Sendable {
  /// The name before the colon.
  public let name: String
  /// What may follow, for completion; empty for free text and numbers.
  public let values: [String]
  /// What it asks, in a few words.
  public let about: String
  /// Whether it compares a number, so that `<`, `<=`, `>` and `>=` may be used.
  public let isNumber: Bool
  let kind: Kind

  enum Place: Sendable { case text, critique }

  package typealias Meaning = @Sendable (_ value: String, _ comparison: String?) throws -> QueueFilter.Condition?

  enum Kind: Sendable {
    case condition(Meaning)
    case words(Place)
  }

  /// - Parameter make: the condition for a value; `nil` for a value that it does not know.
  package init(
    _ name: String, _ about: String, values: [String] = [], isNumber: Bool = false,
    _ make: @escaping Meaning
  ) {
    self.name = name
    self.about = about
    self.values = values
    self.isNumber = isNumber
    kind = .condition(make)
  }

  private init(_ name: String, _ about: String, words place: Place) {
    self.name = name
    self.about = about
    values = []
    isNumber = false
    kind = .words(place)
  }

  /// The same field with the values that another one of its name has; of a value that both know the other's meaning counts.
  func adding(_ other: FilterField) -> FilterField {
    guard case .condition(let make) = kind, case .condition(let more) = other.kind else { return self }
    return FilterField(name, about, values: values + other.values.filter { !values.contains($0) }, isNumber: isNumber) {
      try more($0, $1) ?? make($0, $1)
    }
  }

  func invalid(_ term: String) -> WorkspaceError {
    let choices =
      if isNumber {
        "a number, and '<', '<=', '>' or '>=' before it"
      } else if values.isEmpty {
        "a word, or several in double quotes"
      } else {
        values.count > 2
          ? values.dropLast().joined(separator: ", ") + " or " + (values.last ?? "") : values.joined(separator: " or ")
      }
    return .invalidFilter("'\(term)'; after '\(name):' comes \(choices)")
  }

  /// A name, or the only one that begins so.
  package static func unique(_ value: String, in names: [String]) -> String? {
    if names.contains(value) { return value }
    let fitting = names.filter { $0.hasPrefix(value) }
    return fitting.count == 1 ? fitting[0] : nil
  }

  /// The store's own conditions, in the order in which help lists them; then come those of features.
  static let own: [FilterField] = [
    FilterField("state", "your progress", values: ["todo", "started", "done", "skipped", "bad", "touched"]) {
      value, _ in
      switch value {
      case "todo":
        .init(sql: "coalesce(r.state,'untouched') IN ('untouched','started','skipped')", aboutReviewer: true)
      case "started", "skipped": .init(sql: "r.state = '\(value)'", aboutReviewer: true)
      case "done": .init(sql: "r.state IN (\(ReviewState.done))", aboutReviewer: true)
      case "bad": .init(sql: "r.state IN ('bad_problem','give_up')", aboutReviewer: true)
      case "touched": .init(sql: "r.state IS NOT NULL", aboutReviewer: true)
      default: nil
      }
    },
    FilterField("label", "conclusion of the labels", values: ["wrong", "right", "unknown", "-1", "0", "1"]) {
      value, _ in
      switch value {
      case "wrong": .init(sql: "s.first_error > 0", revealsLabels: true)
      case "right": .init(sql: "s.first_error = -1", revealsLabels: true)
      case "unknown": .init(sql: "s.first_error IS NULL", revealsLabels: true)
      case "-1": .init(sql: "instr(s.ratings, '-') > 0", revealsLabels: true)
      case "0": .init(sql: "instr(s.ratings, '0') > 0", revealsLabels: true)
      case "1": .init(sql: "instr(s.ratings, '+') > 0", revealsLabels: true)
      default: nil
      }
    },
    FilterField("error", "first error by the labels", values: ["none", "unknown"], isNumber: true) {
      value, comparison in
      switch (value, comparison) {
      case ("none", nil): return .init(sql: "s.first_error = -1", revealsLabels: true)
      case ("unknown", nil): return .init(sql: "s.first_error IS NULL", revealsLabels: true)
      default:
        guard let step = Int(value), step > 0 else { return nil }
        return .init(sql: "(s.first_error > 0 AND s.first_error \(comparison ?? "=") \(step))", revealsLabels: true)
      }
    },
    imported, settled,
    FilterField("label-changed", "whether the label differs from the imported one", values: ["yes", "no", "error"]) {
      value, _ in
      switch value {
      case "yes": .init(sql: "s.imported <> s.ratings", revealsLabels: true)
      case "no": .init(sql: "coalesce(s.imported, s.ratings) = s.ratings", revealsLabels: true)
      case "error": .init(sql: "coalesce(s.first_error, 0) IS NOT \(Workspace.importedError)", revealsLabels: true)
      default: nil
      }
    },
    FilterField("origin", "where labels come from", values: LabelOrigin.allCases.map(\.rawValue)) { value, _ in
      unique(value, in: LabelOrigin.allCases.map(\.rawValue)).flatMap(LabelOrigin.init(rawValue:)).map(Self.origin)
    },
    stage(.initial), stage(.deep), stage(.merged),
    FilterField("steps", "number of steps", isNumber: true) { value, comparison in
      Int(value).map { .init(sql: "s.steps \(comparison ?? "=") \($0)") }
    },
    FilterField("source", "format, file or name") { value, _ in
      .init(
        sql: """
          (s.format = ? OR s.name LIKE ? || '%'
           OR s.import_id IN (SELECT id FROM import WHERE path LIKE '%' || ? || '%')
           OR s.id IN (SELECT f.solution_id FROM further_record f JOIN record r ON r.id = f.record_id
             WHERE r.format = ? OR r.import_id IN (SELECT id FROM import WHERE path LIKE '%' || ? || '%')))
          """, arguments: [value, value, value, value, value])
    },
    FilterField("name", "a name or its beginning") { value, _ in
      .init(sql: "lower(substr(s.name, 1, ?)) = lower(?)", arguments: ["\(value.count)", value])
    },
    FilterField("reviewer", "who made decisions: a name, me or none", values: ["none", "me"]) { value, _ in
      switch value {
      case "none": .init(sql: "NOT EXISTS(SELECT 1 FROM review v WHERE v.solution = s.key)")
      case "me": .init(sql: "r.state IS NOT NULL", aboutReviewer: true)
      default:
        .init(
          sql: "EXISTS(SELECT 1 FROM review v WHERE v.solution = s.key AND v.reviewer = ?)", arguments: [value])
      }
    },
    FilterField("reviewers", "number of reviewers who finished it", isNumber: true) { value, comparison in
      Int(value).map {
        .init(
          sql: """
            (SELECT count(*) FROM review v WHERE v.solution = s.key AND v.state IN (\(ReviewState.done))) \
            \(comparison ?? "=") \($0)
            """)
      }
    },
    FilterField("has", "items it has", values: ["initial", "deep", "merged", "flag", "comment", "edit", "correction"]) {
      value, _ in
      switch value {
      case "initial", "deep", "merged": .init(sql: "s.\(value) <> ''", revealsLabels: true)
      case "flag": .init(sql: "EXISTS(SELECT 1 FROM flag f WHERE f.solution = s.key)", revealsLabels: true)
      case "comment": .init(sql: "EXISTS(SELECT 1 FROM comment c WHERE c.solution = s.key)", revealsLabels: true)
      case "edit":
        .init(
          sql: "EXISTS(SELECT 1 FROM critique c WHERE c.solution_id = s.id AND c.standing != 0)", revealsLabels: true)
      case "correction":
        .init(
          sql: "EXISTS(SELECT 1 FROM event e WHERE e.solution = s.key AND e.kind = 'correction')", revealsLabels: true)
      default: nil
      }
    },
    FilterField("tag", "a tag", values: ["none"]) { value, _ in
      value == "none"
        ? .init(sql: "NOT EXISTS(SELECT 1 FROM tag t WHERE t.solution = s.key)")
        : .init(sql: "EXISTS(SELECT 1 FROM tag t WHERE t.solution = s.key AND t.name = ?)", arguments: [value])
    },
    FilterField("differs", "what contradicts the labels", values: ["initial", "deep", "merged", "me"]) {
      value, _ in
      switch value {
      case "initial": .init(sql: "s.disagreement & 1", revealsLabels: true)
      case "deep": .init(sql: "s.disagreement & 2", revealsLabels: true)
      case "merged": .init(sql: "s.disagreement & 4", revealsLabels: true)
      case "me": .init(sql: "r.differs > 0", aboutReviewer: true, revealsLabels: true)
      default: nil
      }
    },
  ]

  /// Those about words, which help lists last.
  static let aboutWords: [FilterField] = [
    FilterField("text", "words in the problem and the steps", words: .text),
    FilterField("critique", "words in the critiques", words: .critique),
    FilterField("comment", "words in a comment") { value, _ in
      .init(
        sql: "EXISTS(SELECT 1 FROM comment c WHERE c.solution = s.key AND c.text LIKE '%' || ? || '%')",
        arguments: [value], revealsLabels: true)
    },
  ]

  private static let imported = FilterField(
    "imported", "first error by the imported labels", values: ["wrong", "right", "none", "unknown"],
    isNumber: true
  ) { value, comparison in
    switch (value, comparison) {
    case ("wrong", nil): return .init(sql: "\(Workspace.importedError) > 0", revealsLabels: true)
    case ("right", nil), ("none", nil): return .init(sql: "\(Workspace.importedError) = -1", revealsLabels: true)
    case ("unknown", nil): return .init(sql: "\(Workspace.importedError) = 0", revealsLabels: true)
    default:
      guard let step = Int(value), step > 0 else { return nil }
      return .init(
        sql: "(\(Workspace.importedError) > 0 AND \(Workspace.importedError) \(comparison ?? "=") \(step))",
        revealsLabels: true)
    }
  }

  private static let settled = FilterField(
    "settled", "whether a label is resolved, or by whom", values: ["yes", "no"]
  ) { value, _ in
    let settled = "EXISTS(SELECT 1 FROM adjudication a WHERE a.solution = s.key"
    return switch value {
    case "yes": .init(sql: "\(settled))", revealsLabels: true)
    case "no": .init(sql: "NOT \(settled))", revealsLabels: true)
    default: .init(sql: "\(settled) AND a.reviewer = ?)", arguments: [value], revealsLabels: true)
    }
  }

  private static func origin(_ origin: LabelOrigin) -> QueueFilter.Condition {
    // Labels that all came with the data are known from the format.
    let formats = DatasetFormat.allCases.filter { LabelTables.origin($0) == origin }.map { "'\($0.rawValue)'" }
    let data = "s.origins = '' AND s.format IN (\(formats.joined(separator: ","))) AND s.ratings GLOB '*[-0+]*'"
    return .init(sql: "(instr(s.origins, '\(origin.sign)') OR (\(data)))", revealsLabels: true)
  }

  private static func stage(_ stage: Stage) -> FilterField {
    let column = "s.\(stage.rawValue)"
    let bit = [Stage.initial: 1, .deep: 2, .merged: 4][stage] ?? 0
    return FilterField(
      stage.rawValue, "conclusion of the \(stage.rawValue) critiques",
      values: ["agrees", "disagrees", "correct", "incorrect", "none"]
    ) { value, _ in
      switch value {
      case "agrees":
        .init(sql: "(\(column) <> '' AND s.disagreement & \(bit) = 0)", revealsLabels: true)
      case "disagrees": .init(sql: "s.disagreement & \(bit)", revealsLabels: true)
      case "correct": .init(sql: "instr(\(column), '+') > 0", revealsLabels: true)
      case "incorrect": .init(sql: "instr(\(column), '-') > 0", revealsLabels: true)
      case "none": .init(sql: "\(column) = ''", revealsLabels: true)
      default: nil
      }
    }
  }
}
