/// A line of a chart: values over growing positions, with the least and greatest of every range at hand.
///
/// A pyramid of extremes stands over the values: each level holds the extremes of sixteen entries of the one below. Any
/// range is then looked up in some dozen steps, so that drawing a million values costs no more than drawing a thousand,
/// and no spike is ever lost between two columns.
///
/// ```swift
/// var reward = ChartSeries(name: "rl-2")
/// reward.append(x: 10, y: 0.61)
/// ```
public struct ChartSeries: Sendable {
  /// The name in the legend.
  public var name: String
  /// Positions, not falling.
  public private(set) var xs: [Double] = []
  /// Values, all finite.
  public private(set) var ys: [Double] = []
  /// Values that were no finite numbers, and stand nowhere.
  public private(set) var skipped = 0
  /// Full buckets of each level, from the lowest.
  private var levels: [[Extent]] = []

  /// The least and the greatest value of a range.
  public struct Extent: Sendable, Hashable {
    /// The least value.
    public var low: Double
    /// The greatest value.
    public var high: Double

    init(_ value: Double) { (low, high) = (value, value) }

    mutating func join(_ other: Extent) {
      low = min(low, other.low)
      high = max(high, other.high)
    }
  }

  static let fan = 16

  /// A line with no values.
  public init(name: String) { self.name = name }

  /// A line of positions and values.
  public init(name: String, points: [(Double, Double)]) {
    self.init(name: name)
    for (x, y) in points { append(x: x, y: y) }
  }

  /// How many values there are.
  public var count: Int { xs.count }

  /// Adds a value. Values at this position or behind it are replaced: something that is done again from an earlier
  /// position on counts as it was done last.
  public mutating func append(x: Double, y: Double) {
    guard x.isFinite, y.isFinite else {
      skipped += 1
      return
    }
    if let last = xs.last, x <= last { truncate(to: index(from: x)) }
    xs.append(x)
    ys.append(y)
    var size = Self.fan
    var level = 0
    while xs.count % size == 0 {
      if levels.count == level { levels.append([]) }
      var extent: Extent
      if level == 0 {
        extent = Extent(ys[ys.count - Self.fan])
        for value in ys.suffix(Self.fan) { extent.join(Extent(value)) }
      } else {
        extent = levels[level - 1][levels[level - 1].count - Self.fan]
        for other in levels[level - 1].suffix(Self.fan) { extent.join(other) }
      }
      levels[level].append(extent)
      level += 1
      size *= Self.fan
    }
  }

  private mutating func truncate(to count: Int) {
    xs.removeLast(xs.count - count)
    ys.removeLast(ys.count - count)
    var size = Self.fan
    for level in levels.indices {
      levels[level].removeLast(levels[level].count - count / size)
      size *= Self.fan
    }
  }

  /// The first value at or behind a position.
  public func index(from x: Double) -> Int {
    var (low, high) = (0, xs.count)
    while low < high {
      let middle = (low + high) / 2
      if xs[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The extremes of a range of values; `nil` for an empty one.
  public func extent(_ range: Range<Int>) -> Extent? {
    guard let first = range.first, range.upperBound <= ys.count, first >= 0 else { return nil }
    var found = Extent(ys[first])
    var i = first
    while i < range.upperBound {
      var level = 0
      var size = Self.fan
      // The largest bucket that begins here and does not end behind the range.
      while level < levels.count, i % size == 0, i + size <= range.upperBound {
        level += 1
        size *= Self.fan
      }
      if level == 0 {
        found.join(Extent(ys[i]))
        i += 1
      } else {
        size /= Self.fan
        found.join(levels[level - 1][i / size])
        i += size
      }
    }
    return found
  }

  /// The line as an exponential moving average: what was before counts with a share of `weight` (0 for no smoothing, less
  /// than 1). The beginning is not drawn towards zero.
  public func smoothed(_ weight: Double) -> ChartSeries {
    guard weight > 0, weight < 1 else { return self }
    var smooth = ChartSeries(name: name)
    smooth.skipped = skipped
    var (sum, share) = (0.0, 0.0)
    for (x, y) in zip(xs, ys) {
      sum = sum * weight + y * (1 - weight)
      share = share * weight + (1 - weight)
      smooth.append(x: x, y: sum / share)
    }
    return smooth
  }
}

/// A line in one row.
public enum Sparkline {
  /// The course of a series in at most this many columns; empty without values.
  public static func text(_ series: ChartSeries, width: Int, glyphs: Glyphs) -> String {
    guard let all = series.extent(0..<series.count), let last = series.xs.last, let first = series.xs.first, width > 0
    else { return "" }
    let columns = min(width, series.count)
    let span = last - first
    var text = ""
    for column in 0..<columns {
      let from = series.index(from: first + span * Double(column) / Double(columns))
      let to =
        column == columns - 1 ? series.count : series.index(from: first + span * Double(column + 1) / Double(columns))
      let mean = from < to ? series.ys[from..<to].suffix(64).reduce(0, +) / Double(min(to - from, 64)) : nil
      guard let mean else {
        text += text.last.map { String($0) } ?? glyphs.sparks[0]
        continue
      }
      let share = all.high > all.low ? (mean - all.low) / (all.high - all.low) : 0.5
      let level = share.isFinite ? Int(share * Double(glyphs.sparks.count)) : 0
      text += glyphs.sparks[max(min(level, glyphs.sparks.count - 1), 0)]
    }
    return text
  }
}
