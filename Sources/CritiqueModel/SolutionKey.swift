import Formatting
import Hashing

/// The identity of a solution by its content, the same in every workspace whatever file it came from.
///
/// A PRM800K record and the DeepCritic stage file made from it have the same key, so critiques and reviews find the
/// solution they belong to. Formatted as 32 lowercase hexadecimal digits (128 bits of SHA-256).
public struct SolutionKey: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The 32 digits.
  public let description: String

  /// Reads a key; `nil` when the text is not 32 lowercase hexadecimal digits.
  public init?(_ text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
      return nil
    }
    description = text
  }

  /// Hashes the problem, the step texts and the human ratings; for a problem without steps, the problem and its answer.
  ///
  /// Ratings are part of the identity because PRM800K has the same solution labelled by several people.
  public init(of solution: Solution) {
    var hash = SHA256()
    func feed(_ text: String) {
      var text = text
      text.withUTF8 { bytes in
        // The length first, so that no two different sequences of texts feed the same bytes.
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      }
    }
    feed(solution.problem)
    if solution.steps.isEmpty {
      feed(solution.referenceAnswer ?? "")
    }
    for step in solution.steps {
      feed(step.text)
      feed(step.rating.map { String($0.rawValue) } ?? "")
    }
    description = Hex.string(hash.finalize().prefix(16))
  }
}
