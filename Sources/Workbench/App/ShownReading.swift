/// What a screen reads beside the review: read again when the screen shows it and something has changed, every few seconds
/// at most.
final class ShownReading<Value: Sendable> {
  /// Why nothing could be read.
  private(set) var problem: String?
  private let reading: BackgroundReading<Value>
  private var isShown = false
  private var isStale = true
  private var readAt: ContinuousClock.Instant?

  /// - Parameter read: called on another thread.
  init(_ read: @escaping @Sendable () throws -> Value) { reading = BackgroundReading(read) }

  var isWorking: Bool { reading.isWorking }
  var isBusy: Bool { reading.isWorking || reading.hasOutcome }

  /// The screen shows it from now on. What is known may still be true.
  func appear() {
    isShown = true
    if isStale { start() }
  }

  func disappear() { isShown = false }

  func start() {
    isStale = false
    reading.start()
  }

  func workspaceChanged() {
    isStale = true
    startIfDue()
  }

  private func startIfDue() {
    guard isShown, isStale, !reading.isWorking else { return }
    if let readAt, ContinuousClock.now - readAt < .seconds(3) { return }
    start()
  }

  /// Hands over what was read, once.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh(_ take: (Value) -> Void) -> Bool {
    guard let outcome = reading.take() else {
      startIfDue()
      return false
    }
    readAt = .now
    switch outcome {
    case .success(let value):
      problem = nil
      take(value)
    case .failure(let error): problem = "\(error)"
    }
    return isShown
  }

  func wait() { reading.wait() }
}
