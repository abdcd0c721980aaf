import Foundation

extension JSONEncoder {
  /// Writes equal values as equal bytes: keys sorted, slashes as they are.
  ///
  /// For small documents. Records, and whatever is written by the thousand, go through ``JSONWriter``.
  package static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
