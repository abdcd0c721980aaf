import Formatting

/// What a page of figures is about, in the order in which pages are shown.
public enum FigureTopic: String, Sendable, Hashable, Codable, CaseIterable {
  case progress
  case labels
  case firstErrors = "first-errors"
  case stages
  case corrections
  case reviewers
  case gold
  case agreement
  case pairs
  case days

  /// The words shown to people.
  public var title: String {
    switch self {
    case .progress: "Progress"
    case .labels: "Labels"
    case .firstErrors: "First error"
    case .stages: "Critiques"
    case .corrections: "Corrections"
    case .reviewers: "Reviewers"
    case .gold: "Known labels"
    case .agreement: "Agreement"
    case .pairs: "Pairs"
    case .days: "Days"
    }
  }
}

/// What is drawn beside the numbers of a row.
public enum FigureBar: Sendable, Hashable {
  /// A bar from 0 to a share of the whole width, 0…1.
  case share(Double)
  /// A value with its interval on the page's scale.
  case interval(value: Double, low: Double?, high: Double?)
}

/// One line of a page.
public struct FigureRow: Sendable, Hashable {
  /// How the line is meant.
  public enum Kind: Sendable, Hashable {
    /// The heading of the lines below it.
    case heading
    /// Numbers.
    case figure
    /// A sentence.
    case note
  }

  /// How the line is meant.
  public var kind: Kind
  /// What the numbers are about, or the sentence.
  public var label: String
  /// Numbers as text, one per column of the page, in its order; fewer leave the last columns empty.
  public var cells: [String]
  /// What is drawn beside them.
  public var bar: FigureBar?

  init(_ label: String, _ cells: [String] = [], bar: FigureBar? = nil) {
    kind = .figure
    self.label = label
    self.cells = cells
    self.bar = bar
  }

  static func share(_ label: String, _ share: Share) -> FigureRow {
    FigureRow(label, [share.percent, Figures.count(share.whole)], bar: share.value.map(FigureBar.share))
  }

  static func heading(_ words: String) -> FigureRow {
    var row = FigureRow(words)
    row.kind = .heading
    return row
  }

  static func note(_ words: String) -> FigureRow {
    var row = FigureRow(words)
    row.kind = .note
    return row
  }

  static let blank = FigureRow.note("")
}

/// A page of figures: lines with aligned numbers and a bar each. The screen and the command line draw the very same.
public struct FigurePage: Sendable, Hashable {
  /// What it is about.
  public var topic: FigureTopic
  /// Headings of the columns of numbers.
  public var columns: [String]
  /// Columns that a narrow line can do without, the least needed first.
  public var droppable: [Int]
  /// The lines.
  public var rows: [FigureRow]
  /// The scale of intervals; bars always go from 0 to 1.
  public var scale: ClosedRange<Double>

  init(
    _ topic: FigureTopic, columns: [String], droppable: [Int] = [], rows: [FigureRow],
    scale: ClosedRange<Double> = 0...1
  ) {
    self.topic = topic
    self.columns = columns
    self.droppable = droppable
    self.rows = rows
    self.scale = scale
  }
}
