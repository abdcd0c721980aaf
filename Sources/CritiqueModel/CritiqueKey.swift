import Formatting
import Hashing

/// The identity of a critique by its content, the same in every workspace: what is thought of a critique finds it there.
///
/// 32 lowercase hexadecimal digits (128 bits of SHA-256 over stage, step and text).
public struct CritiqueKey: Sendable, Hashable, CustomStringConvertible {
  /// The 32 digits.
  public let description: String

  /// Reads a key; `nil` when the text is not 32 lowercase hexadecimal digits.
  public init?(_ text: String) {
    guard let key = SolutionKey(text) else { return nil }
    description = key.description
  }

  /// Hashes a critique.
  public init(stage: Stage, step: Int, text: String) {
    var hash = SHA256()
    hash.update(data: Array("\(stage.rawValue) \(step)\n".utf8))
    var text = text
    text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    description = Hex.string(hash.finalize().prefix(16))
  }

  /// The key of a critique.
  public init(of critique: Critique) { self.init(stage: critique.stage, step: critique.step, text: critique.text) }
}
