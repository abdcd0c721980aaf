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

/// Numbers as people read them.
enum FigureWords {
  /// 12,345
  static func count(_ number: Int) -> String {
    var digits = String(abs(number))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// "1 step", "12,345 steps"
  static func count(_ number: Int, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

  /// "0.82", "−0.10"
  static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let text = String(abs(hundredths) + 1000)
    return (hundredths < 0 ? "-" : "") + "\(abs(hundredths) / 100).\(text.suffix(2))"
  }

  /// "0.71 to 0.90"
  static func interval(_ estimate: Estimate) -> String {
    guard let low = estimate.low, let high = estimate.high else { return "" }
    return "\(decimal(low)) to \(decimal(high))"
  }

  /// "4.2 s"
  static func seconds(_ milliseconds: Int64?) -> String {
    guard let milliseconds else { return "" }
    let tenths = (milliseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// "3 h 05 min", "12 min", "40 s"
  static func duration(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    if minutes < 60 { return "\(minutes) min" }
    return "\(minutes / 60) h " + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60) min"
  }
}
