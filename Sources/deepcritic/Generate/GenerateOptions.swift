import ArgumentParser
import DeepCriticCore
import Foundation

/// Which servers and how they are asked.
struct ServerOptions: ParsableArguments {
  @Option(
    name: [.customLong("endpoint")],
    help: ArgumentHelp(
      "OpenAI-compatible server; repeatable (default: settings, OPENAI_BASE_URL or \(GenerateSettings.defaultURL)).",
      valueName: "url"))
  var endpoints: [String] = []
  @Option(help: ArgumentHelp("Model name on the server.", valueName: "name"))
  var model: String?
  @Option(
    help: ArgumentHelp(
      "Requests in flight per server: a number, or auto to adapt.",
      valueName: "auto|n"),
    transform: { text in
      guard let value = Concurrency(text) else {
        throw ValidationError("--concurrency \(Concurrency.expectation), not '\(text)'.")
      }
      return value
    })
  var concurrency: Concurrency?
  @Flag(
    inversion: .prefixedNo,
    help: """
      Stream responses, to notice a stalled server early (default: for single samples).
      """)
  var stream: Bool?
  @Option(help: ArgumentHelp("Seconds to wait for a silent server.", valueName: "seconds"))
  var idleTimeout: Double?

  func validate() throws {
    try OptionCheck.range(idleTimeout, RequestLimits.seconds, "--idle-timeout")
  }

  /// Lays the options over the settings.
  func apply(to settings: inout GenerateSettings) {
    if !endpoints.isEmpty {
      // An address that the settings know keeps its own key and model name.
      let known = Dictionary(settings.servers.map { ($0.url, $0) }, uniquingKeysWith: { first, _ in first })
      settings.servers = endpoints.map { known[$0] ?? ServerSettings(url: $0) }
    }
    if let model { for stage in Stage.allCases { settings.stages[stage]?.model = model } }
    if let concurrency { settings.client.concurrency = concurrency }
    if let stream { settings.client.streams = stream }
    if let idleTimeout { settings.client.idleTimeout = idleTimeout }
  }
}

/// How answers are drawn.
struct SamplingOptions: ParsableArguments {
  @Option(name: .customLong("n"), help: ArgumentHelp("Samples per step (default: 1, 16, 1).", valueName: "samples"))
  var samples: Int?
  @Option(help: ArgumentHelp("Temperature (default: 0.7, 1.0, 0.7).", valueName: "value"))
  var temperature: Double?
  @Option(help: ArgumentHelp("Top-p (default: 0.9).", valueName: "value"))
  var topP: Double?
  @Option(help: ArgumentHelp("Maximum tokens per response (default: 1024, 1024, 2048).", valueName: "tokens"))
  var maxTokens: Int?
  @Option(
    help: ArgumentHelp(
      "Seed of the first sample; further samples count up, one request each.",
      valueName: "number"))
  var seed: Int?
  @Option(
    help: ArgumentHelp("Retry truncated responses once with this many tokens.", valueName: "tokens"))
  var retryTokens: Int?

  func validate() throws {
    try OptionCheck.range(samples, RequestLimits.samples, "--n")
    try OptionCheck.range(temperature, RequestLimits.temperature, "--temperature")
    try OptionCheck.range(topP, 0...1, "--top-p")
    try OptionCheck.range(maxTokens, RequestLimits.tokens, "--max-tokens")
    try OptionCheck.range(seed, RequestLimits.seed, "--seed")
    try OptionCheck.range(retryTokens, RequestLimits.tokens, "--retry-tokens")
  }

  func apply(to settings: inout StageSettings) {
    settings.samples = samples ?? settings.samples
    settings.temperature = temperature ?? settings.temperature
    settings.topP = topP ?? settings.topP
    settings.maxTokens = maxTokens ?? settings.maxTokens
    settings.seed = seed ?? settings.seed
    settings.retryTokens = retryTokens ?? settings.retryTokens
  }
}

/// `--prompt STAGE=FILE`.
struct PromptReplacement: ExpressibleByArgument {
  var purpose: PromptPurpose
  var file: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let purpose = PromptPurpose(rawValue: parts[0]), !parts[1].isEmpty else { return nil }
    self.purpose = purpose
    file = parts[1]
  }
}

extension [PromptReplacement] {
  /// The templates that the settings name, with these in their places.
  func library(_ workspace: Workspace) throws -> PromptLibrary {
    var files = try GenerateSettings(path: workspace.settingsPath).prompts
    for replacement in self { files[replacement.purpose] = replacement.file }
    return try PromptLibrary(replacing: files)
  }
}

/// What `generate` is asked to do.
enum StageChoice: String, ExpressibleByArgument, CaseIterable {
  case initial
  case deep
  case merged
  case all

  var stages: [Stage] { self == .all ? Stage.allCases : Stage.allCases.filter { $0.rawValue == rawValue } }
}
