import DatasetFormats
import Formatting

/// A report that any browser shows: one file, no scripts, nothing loaded from elsewhere.
public struct HTMLReport: Sendable {
  private let scores: [CriticScore]
  private let comparisons: [NamedComparison]
  private let published: [PublishedScore]

  /// A report about some critics.
  ///
  /// - Parameters:
  ///   - comparisons: of pairs among them.
  ///   - published: what others have published, marked as such.
  public init(scores: [CriticScore], comparisons: [NamedComparison] = [], published: [PublishedScore] = []) {
    self.scores = scores
    self.comparisons = comparisons
    self.published = published
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `FileWriteError`.
  public func write(to path: String) throws(FileWriteError) {
    var file = try AtomicFileWriter(path: path)
    try file.write(page.utf8)
    try file.commit()
  }

  /// The page.
  public var page: String {
    var body = "<h1>Critics on benchmarks</h1>"
    if scores.count > 1 || scores.first?.sets.count ?? 0 > 1 { body += overview }
    for score in scores { body += section(score) }
    for comparison in comparisons {
      body +=
        "<h2>\(HTML.escaped(comparison.first)) against \(HTML.escaped(comparison.second))</h2>"
        + Self.table(comparison.table) + Self.list(comparison.notes)
    }
    if !published.isEmpty {
      let table = PublishedScore.table(published, title: "published, not measured here")
      body += "<h2>Published figures</h2>" + Self.table(table)
    }
    body += """
      <footer>Accuracies with Wilson's 95 % intervals; F1 is the harmonic mean of error accuracy and correct accuracy, \
      its intervals come from the bootstrap over rows. Rows without an answer count as wrong.</footer>
      """
    return """
      <!doctype html><html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>Critics on benchmarks</title><style>\(Self.style)</style></head><body>\(body)</body></html>
      """
  }

  private var overview: String {
    let names = scores.setNames
    // A mean over fewer sets is another mean.
    let hasMeans =
      names.count > 1
      && scores.contains { score in
        names.allSatisfy { name in score.sets.contains { $0.set == name } }
      }
    let series = scores.map { score in
      let own = names.map { name in score.sets.first { $0.set == name } }
      let hasAll = own.allSatisfy { $0 != nil }
      return SVGChart.Series(
        name: score.name, values: own.map { $0?.scores.f1 } + (hasMeans ? [hasAll ? score.meanF1 : nil] : []),
        intervals: own.map { $0?.f1Interval } + (hasMeans ? [hasAll ? score.meanInterval : nil] : []))
    }
    return "<h2>F1 by set</h2>" + SVGChart.bars(names + (hasMeans ? ["mean"] : []), series, label: "F1 by set")
  }

  private func section(_ score: CriticScore) -> String {
    let report = CriticReport(score)
    var html = "<h2>\(HTML.escaped(score.name))</h2>"
    html += "<p class=\"conditions\">\(HTML.escaped(score.conditions))</p>"
    html += Self.table(report.summary) + Self.list(report.notes)
    if let steps = report.steps { html += "<h3>Single steps</h3>" + Self.table(steps) }
    let most = score.sets.map(\.curve.count).max() ?? 0
    if most > 1 {
      html +=
        "<h3>Votes</h3>"
        + SVGChart.lines(most, votes(score, most), label: "F1 by number of votes", axis: "answers")
    }
    for set in score.sets where set.scores.error.rows > 0 {
      html += "<h3>\(HTML.escaped(set.set)): predicted minus first error</h3>" + distances(set)
    }
    html += "<details><summary>Groups</summary>\(Self.table(report.groups))</details>"
    if let calibration = report.calibration {
      html += "<details><summary>Calibration of votes</summary>\(Self.table(calibration))</details>"
    }
    for set in score.sets {
      guard let confusion = report.confusion(set.set) else { continue }
      html +=
        "<details><summary>Confusion: \(HTML.escaped(set.set))</summary>\(Self.table(confusion))</details>"
    }
    return html
  }

  private func votes(_ score: CriticScore, _ most: Int) -> [SVGChart.Series] {
    score.sets.flatMap { set -> [SVGChart.Series] in
      let points = (0..<most).map { set.curve.indices.contains($0) ? set.curve[$0] : nil }
      return [
        SVGChart.Series(name: "\(set.set), majority", values: points.map { $0?.f1 }),
        SVGChart.Series(name: "\(set.set), best of k", values: points.map { $0?.bestF1 }),
      ]
    }
  }

  private func distances(_ set: SetScore) -> String {
    let far = 4
    let counts = set.distances.counts(within: far)
    let names = (-far...far).map { step in
      step == -far ? "≤ −\(far)" : step == far ? "≥ +\(far)" : step == 0 ? "exact" : step > 0 ? "+\(step)" : "−\(-step)"
    }
    return SVGChart.counts(
      names + ["missed", "no answer"], counts + [set.distances.missed, set.distances.silent],
      label: "Distance of predictions in \(set.set)")
  }

  private static func table(_ table: TextTable) -> String { "<div class=\"scroll\">\(table.html)</div>" }

  private static func list(_ notes: [String]) -> String {
    notes.isEmpty ? "" : "<ul>" + notes.map { "<li>\(HTML.escaped($0))</li>" }.joined() + "</ul>"
  }

  private static let style = """
    :root{color-scheme:light dark;--ink:#1c2024;--dim:#60656c;--line:#d9dce0;--page:#fff;
    --c0:#2f6fb0;--c1:#c2571a;--c2:#2e8b57;--c3:#8a4fa3;--c4:#9a7d0a;--c5:#59636e}
    @media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--dim:#9aa1a9;--line:#3a4047;--page:#16191c;
    --c0:#6aa5e0;--c1:#e58b52;--c2:#63bb8c;--c3:#bd8fd3;--c4:#cdb14a;--c5:#9aa4ae}}
    body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:60rem;margin:2rem auto;
    padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid var(--line);
    padding-top:1rem}h3{font-size:1rem;margin:1.5rem 0 .3rem}.conditions,footer{color:var(--dim);font-size:.85rem}
    .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
    th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
    .t{text-align:left}td.t{white-space:normal;min-width:8rem}th{color:var(--dim);font-weight:600}
    svg{width:100%;min-width:34rem;height:auto;display:block}
    svg text{font:11px system-ui,sans-serif;fill:var(--dim)}.g{stroke:var(--line);stroke-width:1}
    .w{stroke:var(--ink);stroke-width:1.2;fill:none}polyline{fill:none;stroke-width:2}
    .s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}.s4{fill:var(--c4)}.s5{fill:var(--c5)}
    .l0{stroke:var(--c0)}.l1{stroke:var(--c1)}.l2{stroke:var(--c2)}.l3{stroke:var(--c3)}.l4{stroke:var(--c4)}
    .l5{stroke:var(--c5)}.legend span{display:inline-block;margin-right:1.2rem;font-size:.85rem;overflow-wrap:anywhere}
    .legend i{display:inline-block;width:.8em;height:.8em;margin-right:.4em;border-radius:2px}
    .k0{background:var(--c0)}.k1{background:var(--c1)}.k2{background:var(--c2)}.k3{background:var(--c3)}
    .k4{background:var(--c4)}.k5{background:var(--c5)}summary{cursor:pointer;margin:.6rem 0}footer{margin:3rem 0 1rem}
    """
}
