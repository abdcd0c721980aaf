import ArgumentParser
import DeepCriticCore
import Foundation

/// Which servers and how they are asked.
struct ServerOptions: ParsableArguments {
  @Option(
    name: [.customLong("endpoint")],
    help: ArgumentHelp(
      "An OpenAI-compatible server; several share the work by how fast they answer. Else the settings', else "
        + "OPENAI_BASE_URL, else \(GenerateSettings.defaultURL).", valueName: "url"))
  var endpoints: [String] = []
  @Option(help: ArgumentHelp("The model, as the server names it.", valueName: "name"))
  var model: String?
  @Option(
    help: ArgumentHelp(
      "Requests in flight at each server: a number, or auto, which grows while the server keeps up.",
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
      Take answers piece by piece, so that a server that hangs is noticed sooner; by default where one sample is asked \
      for at a time.
      """)
  var stream: Bool?
  @Option(help: ArgumentHelp("Longest silence of a server, in seconds.", valueName: "seconds"))
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
  @Option(name: .customLong("n"), help: ArgumentHelp("Samples of each step (1, 16, 1).", valueName: "samples"))
  var samples: Int?
  @Option(help: ArgumentHelp("Temperature (0.7, 1.0, 0.7).", valueName: "value"))
  var temperature: Double?
  @Option(help: ArgumentHelp("Top-p for nucleus sampling (0.9).", valueName: "value"))
  var topP: Double?
  @Option(help: ArgumentHelp("Longest answer in tokens (1024, 1024, 2048).", valueName: "tokens"))
  var maxTokens: Int?
  @Option(
    help: ArgumentHelp(
      "Seed of a step's first sample; each further one has the next number, in a request of its own.",
      valueName: "number"))
  var seed: Int?
  @Option(
    help: ArgumentHelp("Ask once more, with this many tokens, for an answer that was cut off.", valueName: "tokens"))
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
