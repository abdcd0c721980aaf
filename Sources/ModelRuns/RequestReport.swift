import Formatting
import ModelClient

/// The state of a run as short words, the same on every front end.
public struct RequestReport: Sendable {
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
      "\(work): \(Figures.count(progress.counts.requests)) of \(Figures.count(progress.planned.requests, "request"))",
      "\(Int(fraction * 100)) %",
    ]
    if progress.isStopping {
      facts.append("stopping")
    } else if let left = progress.secondsLeft, progress.left > 0 {
      facts.append(Figures.duration(left) + " left")
    }
    return facts.joined(separator: ", ")
  }

  /// Everything there is to say, in rows; the latest answers are ``RequestProgress/latest``.
  public var rows: [Row] {
    var rows = [Row(label: "answers", value: joined(answers))]
    if !progress.counts.failed.isEmpty {
      rows.append(Row(label: "unusable", value: Figures.tally(progress.counts.failed), isProblem: true))
    }
    rows.append(Row(label: "rate", value: joined(rates)))
    for endpoint in progress.client?.endpoints ?? [] { rows.append(row(endpoint)) }
    if let cost { rows.append(Row(label: "cost", value: cost)) }
    rows.append(Row(label: "time", value: joined(times)))
    return rows
  }

  private func joined(_ facts: [String]) -> String { facts.joined(separator: separator) }

  private var answers: [String] {
    var facts = [
      "\(Figures.count(progress.counts.usable)) usable of \(Figures.count(progress.counts.samples, "sample"))"
    ]
    if progress.counts.reused > 0 { facts.append("\(Figures.count(progress.counts.reused)) known already") }
    facts.append("\(Figures.count(progress.left, "request")) left")
    return facts
  }

  private var rates: [String] {
    let rate = progress.rate
    return [
      "\(Figures.rate(rate.requests)) requests/s", "\(Figures.rate(rate.promptTokens)) tokens/s in",
      "\(Figures.rate(rate.completionTokens)) out",
    ]
  }

  private func row(_ endpoint: ClientStatus.EndpointStatus) -> Row {
    if let reason = endpoint.setAside {
      var words = "set aside: \(reason)"
      if let left = endpoint.setAsideSeconds, left >= 1 { words += ", again in \(Figures.duration(left))" }
      return Row(label: "server", value: joined([endpoint.endpoint, words]), isProblem: true)
    }
    var facts = [endpoint.endpoint, "\(endpoint.inFlight) of \(endpoint.limit) in flight"]
    if endpoint.answered > 0 {
      facts.append("\(Figures.count(endpoint.answered)) answered in \(Figures.latency(endpoint.latency)) each")
    }
    if endpoint.failed > 0 {
      let last = endpoint.lastFailure.map { ", the last: \($0)" } ?? ""
      facts.append("\(Figures.count(endpoint.failed, "attempt")) failed\(last)")
    }
    let waits = endpoint.waits
    return Row(label: "server", value: joined(facts + waits + endpoint.learned), isProblem: !waits.isEmpty)
  }

  /// What the servers keep waiting, in a few words: "given up in 8 min 30 s: 7 requests silent for 1 min 30 s".
  public var waits: [String] { (progress.client?.endpoints ?? []).flatMap(\.waits) }

  /// What the servers' refusals taught, each with its address.
  public var learned: [String] {
    (progress.client?.endpoints ?? []).flatMap { server in server.learned.map { "\(server.endpoint): \($0)" } }
  }

  /// The cost so far and, for the stage, what it will be at this rate; `nil` without prices.
  public var cost: String? {
    guard let prices else { return nil }
    let total = progress.total
    let soFar = prices.cost(prompt: total.promptTokens, completion: total.completionTokens)
    var words = Figures.money(soFar, prices.currency) + " so far"
    if progress.work != nil, progress.counts.requests >= 5, progress.left > 0 {
      let counts = progress.counts
      let stage = prices.cost(prompt: counts.promptTokens, completion: counts.completionTokens)
      let left = stage / Double(counts.requests) * Double(progress.left)
      words += ", about \(Figures.money(soFar + left, prices.currency)) at this stage's end"
    }
    return words
  }

  private var times: [String] {
    var facts = [Figures.duration(progress.seconds) + " so far"]
    if progress.work != nil, progress.left > 0 {
      facts.append(progress.secondsLeft.map { Figures.duration($0) + " left of this stage" } ?? "time left unknown")
    }
    return facts
  }

  /// What the whole run did, as one sentence.
  public var summary: String {
    let total = progress.total
    var facts = ["\(Figures.count(total.samples, "sample")) stored, \(Figures.count(total.usable)) usable"]
    if total.reused > 0 { facts.append("\(Figures.count(total.reused)) known already") }
    if !total.failed.isEmpty { facts.append(Figures.tally(total.failed)) }
    if total.promptTokens + total.completionTokens > 0 {
      facts.append(
        "\(Figures.count(total.promptTokens)) tokens in, \(Figures.count(total.completionTokens)) out")
    }
    if let prices {
      facts.append(
        Figures.money(prices.cost(prompt: total.promptTokens, completion: total.completionTokens), prices.currency))
    }
    facts.append(Figures.duration(progress.seconds))
    return facts.joined(separator: "; ") + "."
  }
}

extension ClientStatus.EndpointStatus {
  /// Why its requests wait, and for how long at most.
  public var waits: [String] {
    var facts: [String] = []
    if let silence {
      facts.append(
        "given up in \(Figures.duration(silence.limit - silence.seconds)): "
          + "\(Figures.count(silence.requests, "request")) silent for \(Figures.duration(silence.seconds))")
    }
    if let pause {
      facts.append(
        "\(Figures.count(pause.requests, "request")) waiting (\(pause.reason)), again in "
          + Figures.duration(pause.secondsLeft))
    }
    return facts
  }
}
