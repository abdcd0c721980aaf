import Foundation

/// How numbers are written for people: the same on screens, in commands and on pages.
package enum Figures {
  /// What stands for a value that is undefined.
  package static let undefined = "–"

  // MARK: Counts

  /// "12,300".
  package static func count(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var out = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return out
  }

  /// "1 request", "12,300 requests"; `many` for plurals that do not end in s.
  package static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? one : many ?? one + "s")"
  }

  /// "rate limited 8, no valid judgement 3": the most frequent first.
  package static func tally(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \(count($0.value))" }
      .joined(separator: ", ")
  }

  /// "left out: benchmark solution 4, bad problem 1"; `nil` where there is nothing.
  package static func tally<Reason: Hashable>(
    _ title: String, _ counts: [Reason: Int], words: (Reason) -> String
  ) -> String? {
    let named = Dictionary(counts.filter { $0.value > 0 }.map { (words($0.key), $0.value) }, uniquingKeysWith: +)
    return named.isEmpty ? nil : "\(title): \(tally(named))"
  }

  /// "12 Nov 2026", in the reader's time zone.
  ///
  /// - Parameter milliseconds: since 1970.
  package static func date(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(
      .dateTime.day().month(.abbreviated).year().locale(Locale(identifier: "en_GB")))
  }

  /// Counts, most frequent first.
  package static func ordered<Reason: RawRepresentable<String>>(
    _ counts: [Reason: Int]
  ) -> [(key: Reason, value: Int)] {
    counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
  }

  // MARK: Shares

  /// A part of 100 with one digit, "82.3".
  package static func percent(_ value: Double?) -> String { decimal(value, 1) }

  /// "82.3 %"; of nothing, "0.0 %".
  package static func percent(_ part: Int, of whole: Int, digits: Int = 1) -> String {
    decimal(100 * Double(part) / Double(max(whole, 1)), digits) + " %"
  }

  /// "83 %"; one that is not all and not nothing is never shown as 100 or 0. Empty of nothing.
  package static func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "" }
    let rounded = Int((Double(part) / Double(whole) * 100).rounded())
    if rounded == 0, part > 0 { return "<1 %" }
    if rounded == 100, part < whole { return ">99 %" }
    return "\(rounded) %"
  }

  /// A probability of an outcome by chance: "0.003", "< 0.001".
  package static func chance(_ p: Double?) -> String {
    guard let p, p < 0.001 else { return decimal(p, 3) }
    return "< 0.001"
  }

  // MARK: Decimals

  /// With a fixed number of digits after the point: "0.82"; never "-0.00".
  package static func decimal(_ value: Double?, _ digits: Int) -> String {
    guard let value else { return undefined }
    let text = String(format: "%.\(digits)f", value)
    return text.hasPrefix("-") && !text.contains(where: { "123456789in".contains($0) })
      ? String(text.dropFirst()) : text
  }

  /// A difference in points: "+3.2".
  package static func signed(_ value: Double?) -> String { value.map { String(format: "%+.1f", $0) } ?? undefined }

  /// With as many digits as say something, four at most: "0.125", "12.34", "1.5e-06" as "1.5e-6".
  package static func significant(_ value: Double) -> String {
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 1e5 || size < 1e-3 {
      let parts = String(format: "%.2e", value).split(separator: "e")
      guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
      var mantissa = String(parts[0])
      while mantissa.contains("."), let last = mantissa.last, last == "0" || last == "." { mantissa.removeLast() }
      return mantissa + "e\(exponent)"
    }
    if value == value.rounded() { return String(Int(value)) }
    return decimal(value, size >= 100 ? 1 : size >= 10 ? 2 : 3)
  }

  /// "12,300", or "8.4" below 100: a rate per second.
  package static func rate(_ value: Double) -> String {
    value >= 100 ? count(Int(saturating: value.rounded())) : decimal(value, 1)
  }

  /// A sum in a currency: "USD 12.30", "USD 0.0042".
  package static func money(_ value: Double, _ currency: String) -> String {
    currency + " " + decimal(value, value < 1 ? 4 : 2)
  }

  /// Bytes in units of 1000: "512 bytes", "3.4 kB", "12.5 MB", "1.3 GB".
  package static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    var units = ["kB", "MB", "GB", "TB"][...]
    var unit: String?
    while value >= 999.95, let next = units.popFirst() {
      value /= 1000
      unit = next
    }
    return unit.map { "\(decimal(value, 1)) \($0)" } ?? count(bytes, "byte")
  }
}
