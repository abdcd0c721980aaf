import Foundation

/// Local dates of times, fast for times that follow each other.
struct DayClock {
  private let calendar: Calendar
  private var begin: Int64 = 1
  private var end: Int64 = 0
  private var name = ""

  init(_ calendar: Calendar) { self.calendar = calendar }

  /// The date of a time in milliseconds since 1970, as 2026-03-31.
  mutating func day(of time: Int64) -> String {
    if time >= begin, time < end { return name }
    // A time beyond what a calendar knows must not end the program: such an event may come from any file.
    let limit: Int64 = 253_402_300_799_000
    let date = Date(timeIntervalSince1970: Double(min(max(time, -limit), limit)) / 1000)
    let start = calendar.startOfDay(for: date)
    let next = calendar.date(byAdding: .day, value: 1, to: start) ?? start.addingTimeInterval(86400)
    begin = Int64(start.timeIntervalSince1970 * 1000)
    end = Int64(next.timeIntervalSince1970 * 1000)
    let parts = calendar.dateComponents([.year, .month, .day], from: date)
    func padded(_ number: Int?, _ width: Int) -> String {
      let text = String(number ?? 0)
      return String(repeating: "0", count: max(width - text.count, 0)) + text
    }
    name = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    return name
  }
}
