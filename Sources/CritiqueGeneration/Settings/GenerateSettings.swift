import CritiqueModel
import Foundation
import ModelClient
import ModelRuns
import ReviewStore

/// One server as settings and options name it.
public struct ServerSettings: Sendable, Hashable {
  /// Its address.
  public var url: String
  /// The model's name at this server, where it differs from the one that all are asked for.
  public var model: String?
  /// The environment variable that holds this server's key.
  public var keyVariable: String?
  /// A file with this server's key, in place of the common one.
  public var keyFile: String?
  /// The workspace whose settings name it; `nil` where the user does.
  public var workspace: String?

  /// A server known by its address only.
  public init(url: String, model: String? = nil, keyVariable: String? = nil, keyFile: String? = nil) {
    self.url = url
    self.model = model
    self.keyVariable = keyVariable
    self.keyFile = keyFile
  }
}

/// The table `[generate]` of `deepcritic.toml`: where critiques come from and how they are asked for.
public struct GenerateSettings: Sendable {
  /// The servers; empty for the default.
  public var servers: [ServerSettings] = []
  /// A file with the API key, mode 0600.
  public var keyFile: String?
  /// The workspace whose settings name that file; `nil` where the user does.
  public var keyFileWorkspace: String?
  /// How the client behaves.
  public var client = ClientConfiguration()
  /// By stage, the model's name included.
  public var stages: [Stage: StageSettings]
  /// Files that replace built-in templates, as absolute paths or relative to the current folder.
  public var prompts: [PromptPurpose: String] = [:]
  /// `nil` when no prices are set: then no cost is shown.
  public var prices: TokenPrices?
  /// Which solutions.
  public var selection = SeedSelectionOptions()

  /// Where a server is looked for when nobody names one: vLLM's own default.
  public static let defaultURL = "http://localhost:8000/v1"

  /// The defaults: the paper's values.
  public init() {
    stages = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, StageSettings($0)) })
  }

  /// Reads the tables of a workspace's `deepcritic.toml` and of the user's own file, which wins; what neither has is the
  /// default.
  ///
  /// - Parameters:
  ///   - path: the workspace's file.
  ///   - user: the user's file.
  /// - Throws: `SettingsError` naming file and key.
  public init(path: String, user: String? = SettingsFile.userPath(environment: ProcessInfo.processInfo.environment))
    throws
  {
    self.init()
    try read(path, workspace: (path as NSString).deletingLastPathComponent)
    if let user { try read(user, workspace: nil) }
  }

  private mutating func read(_ path: String, workspace: String?) throws {
    guard let table = try SettingsTable("generate", of: path) else { return }
    try table.refuse(allBut: Self.known)
    let named = try Self.servers(table)
    if !named.isEmpty {
      servers = named.map { server in
        var server = server
        server.workspace = workspace
        return server
      }
    }
    if let file = try table.file("api_key_file") { (keyFile, keyFileWorkspace) = (file, workspace) }
    let common = try table.text("model")
    for stage in Stage.allCases {
      var settings = stages[stage] ?? StageSettings(stage)
      settings.model = common ?? settings.model
      if let own = try table.table(stage.rawValue) { try settings.read(own, allowing: ["retry_tokens"]) }
      stages[stage] = settings
    }
    try readClient(table)
    if let table = try table.table("prompts") {
      try table.refuse(allBut: PromptPurpose.allCases.map(\.rawValue))
      for purpose in PromptPurpose.allCases {
        prompts[purpose] = try table.file(purpose.rawValue) ?? prompts[purpose]
      }
    }
    if let table = try table.table("prices") {
      try table.refuse(allBut: ["input", "output", "currency"])
      prices = TokenPrices(
        input: try table.number("input", in: 0...1e6) ?? 0,
        output: try table.number("output", in: 0...1e6) ?? 0,
        currency: try table.text("currency") ?? "$")
    }
    if let seed = try table.integer("shuffle_seed") { selection.seed = UInt64(seed) }
    selection.keepsDuplicates = try table.flag("keep_duplicates") ?? selection.keepsDuplicates
    selection.includesBenchmarks = try table.flag("include_benchmarks") ?? selection.includesBenchmarks
  }

  private static let known =
    [
      "endpoints", "model", "api_key_file", "concurrency", "stream", "connect_timeout", "idle_timeout",
      "silence_timeout", "request_timeout", "attempts", "max_answer_mb", "token_limit", "prompts", "prices",
      "shuffle_seed", "keep_duplicates", "include_benchmarks",
    ] + Stage.allCases.map(\.rawValue)

  /// `endpoints` is an address, a list of addresses, or a list of tables with `url` and more.
  private static func servers(_ table: SettingsTable) throws -> [ServerSettings] {
    if let urls = try? table.texts("endpoints") { return urls.map { ServerSettings(url: $0) } }
    return try (table.tables("endpoints") ?? []).map { server in
      try server.refuse(allBut: ["url", "model", "api_key_variable", "api_key_file"])
      guard let url = try server.text("url") else { throw server.problem("url", "is missing") }
      return ServerSettings(
        url: url, model: try server.text("model"), keyVariable: try server.text("api_key_variable"),
        keyFile: try server.file("api_key_file"))
    }
  }

  private mutating func readClient(_ table: SettingsTable) throws {
    if let text = try table.textOrInteger("concurrency") {
      guard let value = Concurrency(text) else { throw table.problem("concurrency", Concurrency.expectation) }
      client.concurrency = value
    }
    let seconds = RequestLimits.seconds
    client.streams = try table.flag("stream") ?? client.streams
    client.connectTimeout = try table.number("connect_timeout", in: seconds) ?? client.connectTimeout
    client.idleTimeout = try table.number("idle_timeout", in: seconds) ?? client.idleTimeout
    client.silenceTimeout = try table.number("silence_timeout", in: seconds) ?? client.silenceTimeout
    client.requestTimeout = try table.number("request_timeout", in: seconds) ?? client.requestTimeout
    client.maximumAttempts = try table.integer("attempts", in: RequestLimits.attempts) ?? client.maximumAttempts
    if let megabytes = try table.number("max_answer_mb", in: 0.1...1024) {
      client.maximumAnswerBytes = Int(megabytes * 1_048_576)
    }
    if let name = try table.text("token_limit") {
      guard let limit = ServerDialect.TokenLimit(rawValue: name) else {
        throw table.problem("token_limit", "is \"max_tokens\" or \"max_completion_tokens\"")
      }
      client.dialect.tokenLimit = limit
    }
  }
}

extension StageSettings {
  /// Reads a table of `deepcritic.toml`; what is not in it stays.
  ///
  /// - Parameter keys: keys besides those of every table.
  /// - Throws: `SettingsError` naming file and key.
  public mutating func read(_ table: SettingsTable, allowing keys: [String] = []) throws {
    try table.refuse(allBut: ["n", "temperature", "top_p", "max_tokens", "seed", "model"] + keys)
    samples = try table.integer("n", in: RequestLimits.samples) ?? samples
    temperature = try table.number("temperature", in: RequestLimits.temperature) ?? temperature
    topP = try table.number("top_p", in: 0...1) ?? topP
    maxTokens = try table.integer("max_tokens", in: RequestLimits.tokens) ?? maxTokens
    seed = try table.integer("seed", in: RequestLimits.seed) ?? seed
    model = try table.text("model") ?? model
    retryTokens = try table.integer("retry_tokens", in: RequestLimits.tokens) ?? retryTokens
  }
}

extension GenerateSettings {
  /// The servers ready to be asked, each with its key.
  ///
  /// Without any server in settings or options: the address in `OPENAI_BASE_URL`, else ``defaultURL``.
  ///
  /// - Throws: `EndpointError`, `APIKeyError`; `UntrustedError` where the workspace names a server elsewhere or a key that
  ///   the user has not allowed.
  public func endpoints(environment: [String: String]) throws -> [Endpoint] {
    var servers = servers
    if servers.isEmpty {
      let named = environment["OPENAI_BASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
      servers = [ServerSettings(url: named ?? Self.defaultURL)]
    }
    for server in servers {
      if let workspace = server.workspace { try WorkspaceTrust.require(server.trustItems, in: workspace) }
    }
    let hasOwnKey = APIKey.variables.contains { environment[$0]?.isEmpty == false }
    if let keyFile, let keyFileWorkspace, !hasOwnKey {
      let items = [TrustItem.keyFile(keyFile, "generate.api_key_file", url: servers.map(\.url).joined(separator: ", "))]
      try WorkspaceTrust.require(items, in: keyFileWorkspace)
    }
    let common = try APIKey.find(environment: environment, file: keyFile)
    return try servers.map { server in
      var key = common
      if let variable = server.keyVariable {
        guard let value = environment[variable], !value.isEmpty else { throw APIKeyError.unset(variable, server.url) }
        guard let own = APIKey(value) else { throw APIKeyError.unusable("the variable \(variable)") }
        key = own
      } else if let file = server.keyFile {
        key = try APIKey.find(environment: [:], file: file)
      }
      return try Endpoint(server.url, model: server.model, key: key)
    }
  }
}
