/// What a million tokens cost, in any currency.
public struct TokenPrices: Sendable, Hashable {
  /// Of requests.
  public var input: Double
  /// Of answers.
  public var output: Double
  /// Written before amounts.
  public var currency: String

  /// Prices per million tokens.
  public init(input: Double, output: Double, currency: String = "$") {
    self.input = input
    self.output = output
    self.currency = currency
  }

  /// The cost of some tokens.
  public func cost(prompt: Int, completion: Int) -> Double {
    (Double(prompt) * input + Double(completion) * output) / 1e6
  }
}
