import CritiqueModel
import ModelClient

/// A model that critiques before an audience.
public struct LiveCritic: Sendable, Hashable {
  /// The server.
  public var endpoint: Endpoint
  /// The model, as the server names it.
  public var model: String
  /// How whole critiques are drawn.
  public var sampling: Sampling = defaultSampling

  /// The paper's sampling for single answers (temperature 0.6, top_p 0.9), with shorter texts than in evaluations: who
  /// watches does not wait for thirty thousand tokens.
  public static let defaultSampling = Sampling(temperature: 0.6, topP: 0.9, maxTokens: 4096)

  /// Pairs servers and models: one server with several models, several servers with one model, or as many of both.
  ///
  /// - Throws: ``LiveCritiqueError`` when the numbers do not go together.
  public static func pairs(_ endpoints: [Endpoint], models: [String]) throws(LiveCritiqueError) -> [LiveCritic] {
    guard let first = endpoints.first else {
      throw LiveCritiqueError("There is no server: name one with --endpoint URL.")
    }
    if endpoints.count == 1 { return models.map { LiveCritic(endpoint: first, model: $0) } }
    if models.count == 1 { return endpoints.map { LiveCritic(endpoint: $0, model: $0.model ?? models[0]) } }
    guard endpoints.count == models.count else {
      throw LiveCritiqueError(
        "\(endpoints.count) servers and \(models.count) models do not go together: name as many of both, or one of either."
      )
    }
    return zip(endpoints, models).map { LiveCritic(endpoint: $0, model: $1) }
  }
}

/// Why a live critique cannot begin.
public struct LiveCritiqueError: Error, Sendable, CustomStringConvertible {
  /// A sentence with its remedy.
  public let description: String

  init(_ description: String) { self.description = description }
}
