/// How times are written for people.
extension Figures {
  private static let minute = 60
  private static let hour = 3600
  private static let day = 86_400

  /// "4.2 s".
  package static func seconds(_ seconds: Double) -> String { decimal(seconds, 1) + " s" }

  /// How long a server takes: "40 ms", "4.2 s".
  package static func latency(_ value: Double) -> String {
    value < 0.95 ? "\(Int((value * 1000).rounded())) ms" : seconds(value)
  }

  /// In two units: "8 s", "3 min 20 s", "2 h 05 min", "3 d 4 h".
  package static func duration(_ seconds: Double) -> String {
    guard let whole = whole(seconds) else { return "very long" }
    if whole < minute { return "\(whole) s" }
    if whole < hour { return "\(whole / minute) min \(twoDigits(whole % minute)) s" }
    return hours(whole)
  }

  /// As exact as an estimate deserves: "40 s", "12 min", "3 h 05 min", "3 d 4 h".
  package static func roughDuration(_ seconds: Double) -> String {
    guard let whole = whole(seconds) else { return "very long" }
    if whole < minute { return "\(whole) s" }
    return whole < hour ? "\(whole / minute) min" : hours(whole)
  }

  /// A place in a recording: "1:05".
  package static func clock(_ seconds: Double) -> String {
    let whole = whole(seconds) ?? 0
    return "\(whole / minute):\(twoDigits(whole % minute))"
  }

  private static func hours(_ whole: Int) -> String {
    whole < day
      ? "\(whole / hour) h \(twoDigits(whole % hour / minute)) min" : "\(whole / day) d \(whole % day / hour) h"
  }

  private static func whole(_ seconds: Double) -> Int? {
    seconds.isFinite && seconds < 1e9 ? Int(max(seconds, 0).rounded()) : nil
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
