import ArgumentParser
import DeepCriticCore
import Foundation

/// `--benchmark [NAME=]FILE`.
struct BenchmarkOption: ExpressibleByArgument {
  var name: String?
  var path: String

  init(name: String?, path: String) {
    self.name = name
    self.path = path
  }

  init?(argument: String) {
    if FileManager.default.fileExists(atPath: argument) {
      path = argument
      return
    }
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2, !parts[0].isEmpty { name = parts[0] }
    path = parts.last ?? argument
  }
}

/// How a critic is asked.
struct AskingOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "processbench: paragraphs counted from 0, temperature 0. deepcritic: steps counted from 1, temperature 0.6.",
      valueName: "processbench|deepcritic"))
  var asking: CriticProtocol?
  @Option(help: ArgumentHelp("Answers of each row; the majority counts (temperature 1.0).", valueName: "k"))
  var vote: Int?
  @Option(help: ArgumentHelp("Maximum number of rows of each benchmark.", valueName: "n"))
  var limit: Int?
  @Option(
    help: ArgumentHelp(
      "Random seed: of the first response (others count up) and of the rows of --limit.",
      valueName: "number"))
  var seed: Int?
  @Option(
    help: ArgumentHelp(
      "A file with the prompt ('deepcritic prompts critic' or 'paragraphs' to start from).", valueName: "file"))
  var prompt: String?
  @Option(help: ArgumentHelp("Temperature.", valueName: "value"))
  var temperature: Double?
  @Option(help: ArgumentHelp("Top-p for nucleus sampling.", valueName: "value"))
  var topP: Double?
  @Option(help: ArgumentHelp("Longest answer in tokens (8192, 32768).", valueName: "tokens"))
  var maxTokens: Int?

  func validate() throws {
    try OptionCheck.range(vote, RequestLimits.samples, "--vote")
    try OptionCheck.positive(limit, "--limit")
    try OptionCheck.range(seed, RequestLimits.seed, "--seed")
    try OptionCheck.range(temperature, RequestLimits.temperature, "--temperature")
    try OptionCheck.range(topP, 0...1, "--top-p")
    try OptionCheck.range(maxTokens, RequestLimits.tokens, "--max-tokens")
  }

  /// Lays the options over the settings.
  func apply(to settings: inout EvaluateSettings) {
    settings.asking = asking ?? settings.asking
    settings.votes = vote ?? settings.votes
    settings.seed = seed ?? settings.seed
    settings.prompt = prompt ?? settings.prompt
    settings.temperature = temperature ?? settings.temperature
    settings.topP = topP ?? settings.topP
    settings.maxTokens = maxTokens ?? settings.maxTokens
  }
}

/// How answers are read.
struct ReadingOptions: ParsableArguments {
  @Flag(
    help: """
      Find answers exactly as the public evaluation scripts do: the last match of \\boxed\\{([^}]*)\\}, votes counted as \
      texts, cut-off answers too.
      """)
  var strictReference = false
  @Flag(help: "A text without a line 'Answer: …' says nothing (DeepCritic's rule for votes).")
  var requireAnswerLine = false
  @Option(
    help: ArgumentHelp(
      "Number of the first step in imported predictions (default: found from the file's labels).",
      valueName: "0|1"))
  var indexBase: Int?
  @Option(help: ArgumentHelp("A step whose score is below is wrong (0.5).", valueName: "score"))
  var threshold: Double?

  func validate() throws {
    if let indexBase, indexBase != 0, indexBase != 1 { throw ValidationError("--index-base is 0 or 1.") }
    try OptionCheck.range(threshold, -1e6...1e6, "--threshold")
  }

  var rule: ExtractionRule { strictReference ? .strictReference : .standard }

  /// - Parameter base: of the protocol; the option goes before it.
  func extractor(_ base: IndexBase) -> AnswerExtractor {
    AnswerExtractor(
      rule, base: indexBase.flatMap(IndexBase.init) ?? base, requiresAnswerLine: requireAnswerLine)
  }
}

/// In what form scores are written.
struct ScoreFormOptions: ParsableArguments {
  @Flag(help: "Write everything as JSON.")
  var json = false
  @Flag(help: "Write tables as Markdown.")
  var markdown = false
  @Flag(help: "Write the first table as comma-separated values.")
  var csv = false
  @Flag(help: "Also votes, groups, distances and calibration.")
  var details = false
  @Option(help: ArgumentHelp("Also write a report that any browser shows, in one file.", valueName: "file"))
  var html: String?
  @Option(help: "Score by the benchmark's own labels, or by the resolved labels of this workspace.")
  var labels = LabelChoice.imported
  @Option(help: ArgumentHelp("Resamples of the bootstrap (10000).", valueName: "n"))
  var resamples: Int?

  func validate() throws {
    if [json, markdown, csv].count(where: { $0 }) > 1 {
      throw ValidationError("--json, --markdown and --csv cannot be combined.")
    }
    try OptionCheck.range(resamples, RequestLimits.resamples, "--resamples")
  }

  func bootstrap(_ settings: EvaluateSettings) -> Bootstrap { Bootstrap(resamples: resamples ?? settings.resamples) }
}

extension CriticProtocol: ExpressibleByArgument {}
extension Baseline: ExpressibleByArgument {}
