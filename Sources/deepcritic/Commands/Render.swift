import ArgumentParser
import DeepCriticCore
import Foundation
import MathText
import Terminal
import Workbench

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render text with mathematics, or report how much of a file renders.",
    discussion: """
      The text may contain LaTeX and Markdown; formulas that cannot be rendered stay as source. With --report, FILE \
      is plain text or a dataset in any known format.
      """)

  @Argument(help: ArgumentHelp("File, or - for standard input.", valueName: "file"))
  var file = "-"
  @Option(help: ArgumentHelp("Width in columns (default: the terminal's, else 80).", valueName: "n"))
  var width: Int?
  @Flag(help: "Write the whole text on one line.")
  var linear = false
  @Flag(help: "Show the source, wrapped.")
  var source = false
  @Flag(help: "Use ASCII characters only.")
  var ascii = false
  @Flag(help: "Count formulas that render and formulas left as source.")
  var report = false
  @Flag(
    help: "Read one formula per line (LaTeX as a JSON string); write its linear form and the time as JSON Lines.")
  var formulas = false
  @Flag(help: "With --report: write JSON.")
  var json = false
  @ParentCommand var root: DeepCritic

  // These flags belong to the root too, which takes them wherever they stand.
  private var drawsASCII: Bool { ascii || root.look.ascii }
  private var isOneLine: Bool { linear || root.linear }

  func validate() throws {
    if let width, !(1...10_000).contains(width) { throw ValidationError("--width is a number from 1 to 10000.") }
    if json && !report { throw ValidationError("--json requires --report.") }
  }

  func run() throws {
    if isOneLine && source { throw ValidationError("--linear and --source cannot be combined.") }
    if formulas && (report || isOneLine || source) {
      throw ValidationError("--formulas can be combined only with --ascii.")
    }
    if report { return try writeReport() }
    if formulas { return try writeFormulas() }
    let text = try text()
    let ascii = drawsASCII || !TerminalChecks.localeIsUTF8
    let lines =
      isOneLine
      ? [ReadableText.oneLine(text, ascii: ascii)]
      : ReadableText.plain(
        text, width: width ?? Screen.columns(STDOUT_FILENO) ?? 80, mode: source ? .source : .rendered, ascii: ascii)
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  private func text() throws -> String {
    String(decoding: try Input.bytes(file), as: UTF8.self)
  }

  // MARK: - Formulas

  /// What became of one formula.
  private struct Outcome: Encodable {
    /// The formula on one line.
    var linear: String
    /// Pieces left as source.
    var leftAsSource: [String]
    /// Time to read it and to write it on a line.
    var nanoseconds: Int64
  }

  private func writeFormulas() throws {
    let clock = ContinuousClock()
    let output = StandardOutput()
    for (number, line) in try text().split(separator: "\n").enumerated() {
      let formula: String?
      do { formula = try JSONDocument(parsing: Array(line.utf8)).root.string } catch {
        throw CommandError(
          "\(file):\(number + 1): not valid JSON: \(Clause.of(error)). Write one JSON string per line.")
      }
      guard let formula else { throw CommandError("\(file):\(number + 1): a formula must be a JSON string.") }
      var node = MathNode.empty
      var linear = ""
      let time = clock.measure {
        node = MathText.parse(formula)
        linear = MathText.linear(node, ascii: drawsASCII)
      }.components
      try output.writeLine(
        JSONOutput.line(
          Outcome(
            linear: linear, leftAsSource: node.sourcePieces,
            nanoseconds: time.seconds * 1_000_000_000 + time.attoseconds / 1_000_000_000)))
    }
    try output.flush()
  }

  // MARK: - Report

  private func writeReport() throws {
    var found = MathReport()
    var texts = 0
    try forEachText {
      texts += 1
      found.add($0)
    }
    let summary = Summary(found, texts: texts)
    if json { return try JSONOutput.write(summary) }
    var lines = [
      "texts                   \(texts)",
      "formulas                \(found.formulas)",
      "fully rendered          \(Self.percent(found.fullyRendered, of: found.formulas))",
      "linear form reads back  \(Self.percent(found.readBack, of: found.fullyRendered)) of these",
      "slowest                 \(Figures.decimal(Double(found.slowestNanoseconds) / 1e6, 3)) ms: \(found.slowestSource.prefix(200))",
    ]
    if !found.leftAsSource.isEmpty { lines.append("left as source") }
    for (piece, count) in summary.leftAsSource.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("  \(count)  \(piece)")
    }
    try StandardOutput.write(lines: lines.map(TextSafety.line))
  }

  /// Problems, steps and critiques of a data file; the whole text of any other file.
  private func forEachText(_ body: (String) -> Void) throws {
    guard file != "-" else { return body(try text()) }
    let reader: DatasetReader
    do { reader = try DatasetReader(path: file) } catch DatasetError.unknownFormat, DatasetError.notJSON {
      return body(try text())
    }
    while let item = try reader.next() {
      switch item {
      case .bad(let bad): StandardError.write("\(bad)")
      case .record(let record):
        for solution in record.content.solutions {
          body(solution.problem)
          for step in solution.steps {
            body(step.text)
            for alternative in step.alternatives { body(alternative.text) }
          }
        }
        for critique in record.content.critiques { body(critique.text) }
      }
    }
  }

  /// Two places: the last half percent of the formulas is what the report is read for.
  private static func percent(_ part: Int, of whole: Int) -> String {
    "\(part) (\(Figures.percent(whole == 0 ? 1 : part, of: whole, digits: 2)))"
  }

  private struct Summary: Encodable {
    var texts: Int
    var formulas: Int
    var fullyRendered: Int
    var readBack: Int
    var share: Double
    var leftAsSource: [String: Int]
    var slowest: String
    var slowestNanoseconds: Int64

    init(_ report: MathReport, texts: Int) {
      self.texts = texts
      formulas = report.formulas
      fullyRendered = report.fullyRendered
      readBack = report.readBack
      share = report.share
      leftAsSource = report.leftAsSource
      slowest = report.slowestSource
      slowestNanoseconds = report.slowestNanoseconds
    }
  }
}
