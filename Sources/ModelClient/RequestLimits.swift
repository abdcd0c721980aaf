/// What the numbers of a request may be, from settings and options alike: beyond these lie mistakes, and numbers that overflow.
public enum RequestLimits {
  /// Answers of one question.
  public static let samples = 1...1000
  /// Tokens of one answer.
  public static let tokens = 1...1_000_000
  /// A seed; sample k has the seed plus k.
  public static let seed = 0...Int(UInt32.max)
  /// Requests made for one answer.
  public static let attempts = 1...1000
  /// Requests in flight at one server.
  public static let concurrency = 1...4096
  /// Seconds that a request or a part of it may take: up to a week.
  public static let seconds = 0.1...604_800.0
  /// Sampling temperature.
  public static let temperature = 0.0...10.0
  /// Resamples of a bootstrap.
  public static let resamples = 1...1_000_000
}
