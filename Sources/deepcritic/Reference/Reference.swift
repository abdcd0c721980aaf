import ArgumentParser
import DeepCriticCore

/// Writes the pages of docs/reference.
struct Reference: ParsableCommand {
  enum Page: String, CaseIterable, ExpressibleByArgument {
    case commands, conditions, events, formats, settings
  }

  static let configuration = CommandConfiguration(
    abstract: "Print a page of the reference as Markdown.", shouldDisplay: false)

  @Argument(help: "Page of the reference.")
  var page: Page

  func run() throws {
    let lines =
      switch page {
      case .commands: try Self.commands()
      case .conditions: Self.conditions
      case .events: Self.events
      case .formats: Self.formats
      case .settings: Self.settings
      }
    try StandardOutput.write(lines: ["<!-- Written by 'deepcritic reference \(page.rawValue)'. -->", ""] + lines)
  }

  static func table(_ titles: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    return [line(titles), "|" + titles.map { _ in "---|" }.joined()] + rows.map(line)
  }

  // MARK: - Conditions

  private static var conditions: [String] {
    [
      "# Filter conditions", "",
      "A filter combines words and conditions; all must match. `-` negates a condition. Numbers take `<`, `<=`, `>` and",
      "`>=`; values with spaces need double quotes. Filters work in the queue (`/`), in `deepcritic list` and in `--filter`.",
      "",
    ]
      + table(
        ["condition", "matches", "values"],
        WorkspaceSchema.complete.filterFields.all.map { field in
          let values = field.values.map { "`\($0)`" } + (field.isNumber ? ["a number"] : [])
          return ["`\(field.name):`", field.about, values.isEmpty ? "text" : values.joined(separator: ", ")]
        })
      + ["", "## Orders", ""]
      + table(["order", "first"], WorkspaceSchema.complete.sorts.map { ["`\($0.rawValue)`", $0.words] })
  }

  // MARK: - Formats

  private static var formats: [String] {
    [
      "# Dataset formats", "",
      "`deepcritic import` recognises a format by the keys of its records, never by the file name. Files are JSON or",
      "JSON Lines, plain or gzipped. `export solutions --format NAME` returns imported records byte for byte; formats",
      "marked *convertible* also take solutions imported in another format (`--convert`).", "",
    ]
      + table(
        ["name", "format", "recognised by", "export"],
        DatasetFormat.allCases.map {
          [
            "`\($0.rawValue)`", $0.title, keys(of: $0),
            RecordEncoder.formats.contains($0) ? "convertible" : "as imported",
          ]
        })
      + ["", "## Training sets", "", "| command | `--format` |", "|---|---|"]
      + [
        ("export sft", SFTFormat.allCases.map(\.rawValue)), ("export prm", PRMFormat.allCases.map(\.rawValue)),
        ("export rl", RLFormat.allCases.map(\.rawValue)),
      ].map { "| `\($0.0)` | \($0.1.map { "`\($0)`" }.joined(separator: ", ")) |" }
      + ["", "The rows of each are described in [training sets](../explanation/curation.md#files)."]
  }

  private static func keys(of format: DatasetFormat) -> String {
    switch format {
    case .prm800k: "`question` and `label` with rated completions per step"
    case .processbench: "`steps` and `label`, the 0-based first error or −1, with a `generator`"
    case .mrgsm8k: "ProcessBench rows with a whole-number `id` and no generator"
    case .mrgsm8kOriginal: "`model_output_steps`; the first error is 1-based or \"N/A\""
    case .prmbench: "`modified_process` and the 1-based list `error_steps`"
    case .deepcritic: "processed input, and initial, deep and merged stage files"
    case .sft: "`messages` of a system, a user and an assistant turn"
    case .rollout: "`prompt`, `answer` and later `solutions`, `correct_solutions`"
    case .problems: "a problem with an answer: MATH, GSM8K, NuminaMath"
    case .generic: "a problem, `steps` and a `label`"
    case .reviews: "a header line, then one event per line (`export reviews`)"
    }
  }
}
