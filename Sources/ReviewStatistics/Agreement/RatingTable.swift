/// Who rated what how: the table that every measure of agreement starts from. Ratings may be missing.
///
/// A *unit* is what is rated (a step, or a solution's first error), a *value* any whole number. Values are compared by
/// their order where a measure knows one. A *cluster* is what the bootstrap draws (a solution with all its steps), since
/// the steps of a solution are not independent of each other.
public struct RatingTable: Sendable {
  /// One unit with the ratings it got.
  public struct Unit: Sendable, Hashable {
    /// Which solution it belongs to: any number, the same for the same solution.
    public var cluster: Int
    /// Each rating with its rater's place in ``RatingTable/raters``; a rater at most once.
    public var ratings: [Rated]
  }

  /// One rating.
  public struct Rated: Sendable, Hashable {
    /// The rater's place in ``RatingTable/raters``.
    public var rater: Int
    /// The value given.
    public var value: Int
  }

  /// Names, in the order in which ratings refer to them.
  public let raters: [String]
  /// Units that at least two raters rated; others say nothing about agreement.
  public private(set) var units: [Unit] = []

  /// An empty table.
  public init(raters: [String]) { self.raters = raters }

  /// A table from rows of ratings, one row per unit and one column per rater, `nil` where there is none. Each unit is a
  /// cluster of its own.
  public init(raters: [String], rows: [[Int?]]) {
    self.init(raters: raters)
    for (index, row) in rows.enumerated() {
      add(
        Unit(
          cluster: index,
          ratings: row.prefix(raters.count).enumerated().compactMap { rater, value in
            value.map { Rated(rater: rater, value: $0) }
          }))
    }
  }

  /// Adds a unit. One with fewer than two ratings is left out.
  public mutating func add(_ unit: Unit) {
    if unit.ratings.count >= 2 { units.append(unit) }
  }

  /// The distinct values in their order.
  var values: [Int] { Set(units.lazy.flatMap(\.ratings).map(\.value)).sorted() }
}
