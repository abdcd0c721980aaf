import Foundation

/// Reads how long a server asks to wait.
enum RetryAfter {
  /// Seconds from `retry-after-ms`, or `Retry-After` as a number of seconds or as an HTTP date; `nil` without either.
  static func seconds(milliseconds: String?, after: String?, now: Date = Date()) -> Double? {
    if let milliseconds, let value = Double(milliseconds.trimmingCharacters(in: .whitespaces)), value >= 0 {
      return min(value / 1000, longest)
    }
    guard let text = after?.trimmingCharacters(in: .whitespaces) else { return nil }
    if let value = Double(text) { return value >= 0 && value.isFinite ? min(value, longest) : nil }
    return date(text).map { min(max($0.timeIntervalSince(now), 0), longest) }
  }

  /// A year: no server means more.
  private static let longest = 365.25 * 86_400

  /// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; the two obsolete forms are not sent any more).
  private static func date(_ text: String) -> Date? {
    let parts = text.split(whereSeparator: { " ,".contains($0) })
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2])), let day = Int(parts[1]), (1...31).contains(day),
      let year = Int(parts[3]), (1900...9999).contains(year)
    else { return nil }
    let time = parts[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, time.allSatisfy({ (0...60).contains($0) }) else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    return calendar.date(
      from: DateComponents(
        year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]))
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
