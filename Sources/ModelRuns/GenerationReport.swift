import Foundation
import ModelClient

/// The state of a run as short words, the same on every front end.
public struct GenerationReport: Sendable {
  /// One fact about the run.
  public struct Row: Sendable, Hashable {
    /// What it is about, one word or two.
    public var label: String
    /// The fact.
    public var value: String
    /// Something is wrong.
    public var isProblem = false
  }

  private let progress: RequestProgress
  private let prices: TokenPrices?
  private let separator: String

  /// A report on a snapshot.
  ///
  /// - Parameter separator: stands between the facts of a row; some terminals have no "·".
  public init(_ progress: RequestProgress, prices: TokenPrices?, separator: String = "·") {
    self.progress = progress
    self.prices = prices
    self.separator = " \(separator) "
  }

  /// The share of the stage's requests that have ended, 0 to 1.
  public var fraction: Double {
    guard progress.work != nil else { return 1 }
    guard progress.planned.requests > 0 else { return 1 }
    return min(Double(progress.counts.requests) / Double(progress.planned.requests), 1)
  }

  /// "deep: 1,200 of 27,000 requests, 4 %, 12 min left".
  public var headline: String {
    guard let work = progress.work else { return "done" }
    var facts = [
      "\(work): \(Self.grouped(progress.counts.requests)) of \(Self.counted(progress.planned.requests, "request"))",
      "\(Int(fraction * 100)) %",
    ]
    if progress.isStopping {
      facts.append("stopping")
    } else if let left = progress.secondsLeft, progress.left > 0 {
      facts.append(Self.duration(left) + " left")
    }
    return facts.joined(separator: ", ")
  }

  /// Everything there is to say, in rows; the latest answers are ``latest``.
  public var rows: [Row] {
    var rows = [Row(label: "answers", value: joined(answers))]
    if !progress.counts.failed.isEmpty {
      rows.append(Row(label: "unusable", value: Self.reasons(progress.counts.failed), isProblem: true))
    }
    rows.append(Row(label: "rate", value: joined(rates)))
    for endpoint in progress.client?.endpoints ?? [] { rows.append(row(endpoint)) }
    if let cost { rows.append(Row(label: "cost", value: cost)) }
    rows.append(Row(label: "time", value: joined(times)))
    return rows
  }

  private func joined(_ facts: [String]) -> String { facts.joined(separator: separator) }

  private var answers: [String] {
    var facts = ["\(Self.grouped(progress.counts.usable)) usable of \(Self.counted(progress.counts.samples, "sample"))"]
    if progress.counts.reused > 0 { facts.append("\(Self.grouped(progress.counts.reused)) known already") }
    facts.append("\(Self.counted(progress.left, "request")) left")
    return facts
  }

  private var rates: [String] {
    let rate = progress.rate
    return [
      "\(Self.rate(rate.requests)) requests/s", "\(Self.rate(rate.promptTokens)) tokens/s in",
      "\(Self.rate(rate.completionTokens)) out",
    ]
  }

  private func row(_ endpoint: ClientStatus.EndpointStatus) -> Row {
    if let reason = endpoint.setAside {
      return Row(label: "server", value: joined([endpoint.endpoint, "set aside: \(reason)"]), isProblem: true)
    }
    var facts = [endpoint.endpoint, "\(endpoint.inFlight) of \(endpoint.limit) in flight"]
    if endpoint.answered > 0 {
      facts.append("\(Self.grouped(endpoint.answered)) answered in \(Self.seconds(endpoint.latency)) each")
    }
    if endpoint.failed > 0 { facts.append("\(Self.counted(endpoint.failed, "attempt")) failed") }
    return Row(label: "server", value: joined(facts))
  }

  /// The cost so far and, for the stage, what it will be at this rate; `nil` without prices.
  public var cost: String? {
    guard let prices else { return nil }
    let total = progress.total
    let soFar = prices.cost(prompt: total.promptTokens, completion: total.completionTokens)
    var words = Self.money(soFar, prices) + " so far"
    if progress.work != nil, progress.counts.requests >= 5, progress.left > 0 {
      let counts = progress.counts
      let stage = prices.cost(prompt: counts.promptTokens, completion: counts.completionTokens)
      let left = stage / Double(counts.requests) * Double(progress.left)
      words += ", about \(Self.money(soFar + left, prices)) at this stage's end"
    }
    return words
  }

  private var times: [String] {
    var facts = [Self.duration(progress.seconds) + " so far"]
    if progress.work != nil, progress.left > 0 {
      facts.append(progress.secondsLeft.map { Self.duration($0) + " left of this stage" } ?? "time left unknown")
    }
    return facts
  }

  /// What the whole run did, as one sentence.
  public var summary: String {
    let total = progress.total
    var facts = ["\(Self.counted(total.samples, "sample")) stored, \(Self.grouped(total.usable)) usable"]
    if total.reused > 0 { facts.append("\(Self.grouped(total.reused)) known already") }
    if !total.failed.isEmpty { facts.append(Self.reasons(total.failed)) }
    if total.promptTokens + total.completionTokens > 0 {
      facts.append(
        "\(Self.grouped(total.promptTokens)) tokens in, \(Self.grouped(total.completionTokens)) out")
    }
    if let prices {
      facts.append(Self.money(prices.cost(prompt: total.promptTokens, completion: total.completionTokens), prices))
    }
    facts.append(Self.duration(progress.seconds))
    return facts.joined(separator: "; ") + "."
  }

  /// "rate limited 8, no valid judgement 3": the most frequent first.
  public static func reasons(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \(grouped($0.value))" }
      .joined(separator: ", ")
  }

  /// "12,300".
  public static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var out = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return out
  }

  /// "1 request", "12,300 requests".
  public static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// "8 s", "3 min 20 s", "2 h 05 min", "3 d 4 h".
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "very long" }
    let whole = Int(max(seconds, 0).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min " + String(format: "%02d s", whole % 60) }
    if whole < 86_400 { return "\(whole / 3600) h " + String(format: "%02d min", whole % 3600 / 60) }
    return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
  }

  private static func rate(_ value: Double) -> String {
    value >= 100 ? grouped(Int(value.rounded())) : String(format: "%.1f", value)
  }

  private static func seconds(_ value: Double) -> String {
    value < 0.95 ? "\(Int((value * 1000).rounded())) ms" : String(format: "%.1f s", value)
  }

  private static func money(_ value: Double, _ prices: TokenPrices) -> String {
    prices.currency + " " + String(format: value < 1 ? "%.4f" : "%.2f", value)
  }
}
