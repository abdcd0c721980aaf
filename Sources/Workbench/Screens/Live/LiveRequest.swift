import DeepCriticCore

/// What a live critique is begun with.
public struct LiveRequest: Hashable, Sendable {
  /// The solution; `nil` takes the one under review, or the first of the queue.
  public var solution: Solution?
  /// The number of a solution of the workspace, in place of it.
  public var stored: Int64?
  /// Servers; empty for the settings'.
  public var endpoints: [String] = []
  /// Models; empty for the settings', or the only one that the server lists.
  public var models: [String] = []
  /// As a whole, or in three stages.
  public var mode = LiveMode.whole
  /// The critics' names are hidden until they are asked for.
  public var isBlind = false
  /// The audience guesses first.
  public var isChallenge = false
  /// Longest whole critique in tokens; `nil` for the default.
  public var maxTokens: Int?
  /// Temperature of whole critiques; `nil` for the paper's.
  public var temperature: Double?
  /// Whole critiques that replace those of a server that fails, one for each critic.
  public var fallbacks: [String] = []
  /// Begins at once.
  public var startsAtOnce = false

  /// A request with the defaults.
  public init() {}

  /// Names as somebody types them: with blanks, commas or semicolons between them.
  static func names(in text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
  }

  /// The workspace's settings with these servers.
  public func settings(of workspace: Workspace) throws -> GenerateSettings {
    var settings = try GenerateSettings(path: workspace.settingsPath)
    if !endpoints.isEmpty { settings.servers = endpoints.map { ServerSettings(url: $0) } }
    if !fallbacks.isEmpty {
      // Something else can be shown: nobody waits long for a server.
      settings.client.maximumAttempts = 1
      settings.client.silenceTimeout = min(settings.client.silenceTimeout, 15)
      settings.client.idleTimeout = min(settings.client.idleTimeout, 15)
    }
    return settings
  }

  /// The critics by servers and models; `nil` where no model is named and the server's list must be asked.
  public func critics(_ endpoints: [Endpoint], _ settings: GenerateSettings) throws -> [LiveCritic]? {
    var models = models
    if models.isEmpty, let model = settings.stages[.merged]?.model ?? endpoints.compactMap(\.model).first {
      models = [model]
    }
    if models.isEmpty { return nil }
    return try LiveCritic.pairs(endpoints, models: models).map { critic in
      var critic = critic
      if let maxTokens { critic.sampling.maxTokens = maxTokens }
      if let temperature { critic.sampling.temperature = temperature }
      return critic
    }
  }
}

/// Something on the live screen that cannot be done.
struct LiveError: Error, CustomStringConvertible {
  /// A sentence with its remedy.
  let description: String

  init(_ description: String) { self.description = description }
}
