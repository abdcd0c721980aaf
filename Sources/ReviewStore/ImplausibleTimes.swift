import Formatting
import Foundation
import GRDB

/// What wall clocks can say, in milliseconds since 1970.
enum WallTime {
  /// The years 1970 to 9999.
  static let range: ClosedRange<Int64> = 0...253_402_300_799_999

  /// A date as milliseconds, within ``range`` whatever the machine's clock says.
  static func milliseconds(_ date: Date) -> Int64 {
    let value = date.timeIntervalSince1970 * 1000
    return value.isNaN ? 0 : Int64(min(max(value, Double(range.lowerBound)), Double(range.upperBound)))
  }
}

/// Decisions that are dated later than this machine's clock says now: one of the clocks is wrong.
public struct DecisionsAhead: Sendable, Hashable, Codable {
  /// How many decisions.
  public private(set) var count = 0
  /// Who made them, in alphabetical order.
  public private(set) var reviewers: [String] = []
  /// How far the last one is ahead, in milliseconds.
  public private(set) var milliseconds: Int64 = 0

  /// Clocks may differ by this much without a report.
  public static let tolerance: Int64 = 5 * 60 * 1000

  /// No such decisions.
  public init() {}

  /// Counts a decision if it is dated ahead of `now`.
  mutating func add(_ event: ReviewEvent, now: Int64) { add(1, by: event.reviewer, until: event.at, now: now) }

  mutating func add(_ count: Int, by reviewer: String, until at: Int64, now: Int64) {
    let lead = at.subtractingReportingOverflow(now)
    guard lead.overflow || lead.partialValue > Self.tolerance else { return }
    self.count += count
    if !reviewers.contains(reviewer) { reviewers = (reviewers + [reviewer]).sorted() }
    milliseconds = max(milliseconds, lead.overflow ? .max : lead.partialValue)
  }

  /// These and others.
  func joined(_ others: DecisionsAhead?) -> DecisionsAhead {
    guard let others else { return self }
    var all = self
    all.count += others.count
    all.reviewers = Set(reviewers + others.reviewers).sorted()
    all.milliseconds = max(milliseconds, others.milliseconds)
    return all
  }

  /// "12 decisions by ada are dated up to 3 days ahead of this clock".
  public var words: String {
    let who =
      reviewers.prefix(3).joined(separator: ", ") + (reviewers.count > 3 ? " and \(reviewers.count - 3) more" : "")
    let verb = count == 1 ? "is" : "are"
    return
      "\(Figures.count(count, "decision")) by \(who) \(verb) dated \(count == 1 ? "" : "up to ")\(lead) ahead of this clock"
  }

  /// The same with what it means, for whoever decides or imports.
  public var remark: String { words + ": one of the clocks is wrong. The order of decisions is kept all the same." }

  private var lead: String {
    let minutes = milliseconds / 60_000
    let units: [(Int64, String)] = [(60 * 24 * 365, "year"), (60 * 24, "day"), (60, "hour"), (1, "minute")]
    for (size, name) in units where minutes >= size { return Figures.count(Int(minutes / size), name) }
    return "moments"
  }
}

extension Workspace {
  /// The decisions that are dated ahead of this machine's clock; `nil` when there are none.
  public func decisionsAhead(now: Date = Date()) throws -> DecisionsAhead? {
    let now = WallTime.milliseconds(now)
    return try database.read { db in
      var ahead = DecisionsAhead()
      let rows = try Row.fetchAll(
        db, sql: "SELECT reviewer, count(*), max(at) FROM event WHERE at > ? GROUP BY reviewer",
        arguments: [now + DecisionsAhead.tolerance])
      for row in rows { ahead.add(row[1], by: row[0], until: row[2], now: now) }
      return ahead.count > 0 ? ahead : nil
    }
  }
}
