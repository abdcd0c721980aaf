/// The output of the plain-text front end. It cannot throw, so the first failure is kept.
final class LinearOutput {
  private let output = StandardOutput()
  private(set) var failure: (any Error)?

  func writeLine(_ line: String) { attempt { try output.writeLine(line) } }

  /// Writes a prompt, which has no line end, and everything before it at once.
  func prompt(_ text: String) {
    attempt {
      try output.write(text.utf8)
      try output.flush()
    }
  }

  /// - Throws: the first failure.
  func end() throws {
    try output.flush()
    if let failure { throw failure }
  }

  private func attempt(_ work: () throws -> Void) {
    do { try work() } catch { failure = failure ?? error }
  }
}
