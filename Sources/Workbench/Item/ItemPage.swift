import DeepCriticCore
import MathText
import Recording
import Terminal

/// An item as a page that any browser shows: one file without scripts that loads nothing, light or dark as its reader has
/// it, fit to be printed.
public struct ItemPage {
  private let item: ShownItem
  private let glyphs = Glyphs.unicode
  private let light: Theme
  private let dark: Theme

  /// Columns of the problem and of steps, and of critiques.
  private static let wide = 96
  private static let narrow = 42

  /// A page.
  public init(_ item: ShownItem) {
    self.item = item
    light = ThemeFiles.builtIn("light")
    dark = ThemeFiles.builtIn("dark")
  }

  /// The page.
  public var page: String {
    let stored = item.stored
    let name = Markup.escaped(TextSafety.line(stored.name))
    var body = "<h1>\(name)</h1><p class=\"d\">\(Markup.escaped("\(item.sharedSource), key \(stored.key)"))</p>"
    body += "<h2>Problem</h2>" + text(stored.solution.problem, Self.wide)
    if let answer = item.answer {
      body += "<h2>Reference answer</h2>" + text(answer, Self.wide)
    } else if item.isAnswerHidden {
      body += "<p class=\"d\">The reference answer is hidden in blind mode.</p>"
    }
    if item.isWhole {
      body +=
        item.hasMatrix
        ? table : "<p class=\"d\">Labels and critiques are shown \(item.revealWords) (blind mode).</p>"
      let facts = item.facts + [item.seed, item.estimate].compactMap { $0 }
      body += facts.isEmpty ? "" : "<p>" + facts.map(Markup.escaped).joined(separator: "<br>") + "</p>"
    }
    for step in item.steps { body += section(step) }
    for remark in item.remarks { body += "<p>\(Markup.escaped(remark.words))</p>" }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      base-uri 'none'; form-action 'none'">
      <meta name="generator" content="deepcritic">
      <title>\(name)</title><style>\(style)</style></head><body>\(body)</body></html>

      """
  }

  // MARK: Parts

  private func verdict(_ rating: Rating?, _ word: String = "") -> String {
    let words = word.isEmpty ? "" : " \(word)"
    return "<span class=\"\(VerdictLook.role(rating).rawValue)\">\(VerdictLook.glyph(rating, glyphs))\(words)</span>"
  }

  private var table: String {
    let titles = ["label"] + item.stages.map { $0.title.lowercased() } + item.reviewers.map(Markup.escaped)
    var rows = "<tr><th>step</th><th></th>" + titles.map { "<th>\($0)</th>" }.joined() + "</tr>"
    for step in item.steps {
      let summary = clip(ReadableText.oneLine(String(step.text.prefix(400)), ascii: false, abbreviated: true), to: 60)
      rows +=
        "<tr><td><a href=\"#step\(step.number)\">\(step.number)</a></td><td class=\"m\">\(Markup.grid(summary))</td>"
        + item.ratings(of: step).map { "<td>\(step.isHidden && $0 == nil ? "" : verdict($0))</td>" }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table>\(rows)</table></div>"
  }

  private func section(_ step: ShownItem.Step) -> String {
    var heading = "Step \(step.number) of \(item.stored.solution.steps.count)"
    if !step.isHidden { heading += " <small>label \(verdict(step.label, step.label?.word ?? "none"))</small>" }
    var html = "<section id=\"step\(step.number)\"><h2>\(heading)</h2>" + text(step.text, Self.wide)
    if step.isHidden { html += "<p class=\"d\">Label and critiques are hidden in blind mode.</p>" }
    for given in step.verdicts {
      let mode = given.mode == .blind ? " (blind)" : ""
      html +=
        "<p>Verdict of \(Markup.escaped(given.reviewer)): \(verdict(given.rating, given.rating.word))\(mode)</p>"
    }
    for alternative in step.alternatives {
      html += "<h3>Alternative \(verdict(alternative.rating, alternative.rating?.word ?? "none"))</h3>"
      html += text(alternative.text, Self.wide)
    }
    let readings = Stage.allCases.compactMap { step.reading($0) }
    if !readings.isEmpty {
      html += "<div class=\"critiques\">"
      for reading in readings {
        let others = step.others(reading.stage)
        let more = others > 0 ? " <small>\(others) more \(others == 1 ? "sample" : "samples")</small>" : ""
        let says = verdict(reading.judgement?.rating, reading.judgement?.word ?? "nothing clear")
        html += "<div><h3>\(reading.stage.title) <small>says</small> \(says)\(more)</h3>"
        html += text(reading.text, Self.narrow) + "</div>"
      }
      html += "</div>"
    }
    for remark in step.remarks { html += "<p>\(Markup.escaped(remark.words))</p>" }
    return html + "</section>"
  }

  /// A text with its mathematics laid out, and its source behind a fold where that says more.
  private func text(_ text: String, _ width: Int) -> String {
    let lines = ReadableText.lines(text, width: width, mode: .rendered, ascii: false).map { line in
      line.map { run in
        let words = Markup.grid(run.text)
        return run.role.map { "<span class=\"\($0.rawValue)\">\(words)</span>" } ?? words
      }.joined()
    }
    let page = "<pre>" + lines.joined(separator: "\n") + "</pre>"
    guard !MathText.formulas(in: text).isEmpty else { return page }
    return page + "<details><summary>LaTeX</summary><pre class=\"source\">\(Markup.escaped(text))</pre></details>"
  }

  // MARK: Style

  private static let roles: [StyleRole] =
    [.verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictNone]
    + [MathRole.number, .op, .function, .source, .boxed, .emphasis, .strong, .heading, .code, .listMarker]
    .compactMap { StyleRole($0) }

  private var style: String {
    Self.look + Self.rules(light) + "@media screen and (prefers-color-scheme:dark){" + Self.rules(dark) + "}"
  }

  private static func rules(_ theme: Theme) -> String {
    let palette = Palette(theme: theme)
    let faint = palette.color(theme[.dim].foreground, else: palette.foreground)
    let line = palette.color(theme[.selection].background, else: palette.background)
    var css = ":root{--ink:\(palette.foreground.hex);--page:\(palette.background.hex);--faint:\(faint.hex);"
    css += "--line:\(line.hex)}"
    for role in roles {
      let style = theme[role]
      var rule = ""
      if case .indexed = style.foreground { rule += "color:\(palette.color(style.foreground, else: .init(0)).hex);" }
      if style.bold { rule += "font-weight:bold;" }
      if style.italic { rule += "font-style:italic;" }
      if style.underline { rule += "text-decoration:underline;" }
      if !rule.isEmpty { css += ".\(role.rawValue){\(rule)}" }
    }
    return css
  }

  private static let look = """
    :root{color-scheme:light dark}body{background:var(--page);color:var(--ink);font:15px/1.45 system-ui,sans-serif;
    max-width:79rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
    h3{font-size:1rem;margin:.9rem 0 .3rem}small{font-weight:normal;color:var(--faint)}.d{color:var(--faint);margin:.2rem 0}
    pre,.m{font:14px/1.25 \(Markup.fontStack);margin:0}pre{overflow-x:auto}.source{white-space:pre-wrap;color:var(--faint)}
    .b,.w{display:inline-block;width:1ch}.w{width:2ch}
    section{border-top:1px solid var(--line);margin-top:1.6rem}
    .scroll{overflow-x:auto;margin-top:1.2rem}table{border-collapse:collapse}
    th,td{padding:.15rem .7rem;text-align:center;border-bottom:1px solid var(--line);white-space:nowrap}
    th{color:var(--faint);font-weight:normal}td.m{text-align:left}a{color:inherit}
    .critiques{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(23.8rem,100%),1fr));gap:0 1.6rem;margin-top:.6rem}
    .critiques>div{min-width:0}details{margin:.2rem 0}summary{cursor:pointer;color:var(--faint);font-size:.8rem}
    @media print{body{max-width:none;margin:0;font-size:10px}pre,.m{font-size:8px}details{display:none}
    .critiques{grid-template-columns:repeat(3,1fr)}pre,.critiques>div,tr{break-inside:avoid}}
    """
}
