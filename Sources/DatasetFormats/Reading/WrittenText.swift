import CritiqueModel

/// A text with a problem and its solution in place of records: it is read as one record with steps and no labels.
enum WrittenText {
  /// Longer texts are not looked at: nobody writes a solution of this size by hand.
  private static let limit = 4 << 20

  /// Reads the whole file where it is such a text: no JSON, and with a line "# Solution" or "Step 1:".
  ///
  /// - Returns: `nil` for any other file, of which nothing is taken then.
  /// - Throws: for a text without a problem or without steps.
  static func record(in buffer: InputBuffer, path: String) throws(DatasetError) -> Piece? {
    guard buffer.count > 0, ![UInt8(ascii: "{"), UInt8(ascii: "[")].contains(buffer[0]) else { return nil }
    while buffer.count <= limit, buffer.fill() {}
    guard buffer.count <= limit, let text = String(validating: buffer.copy(0..<buffer.count), as: UTF8.self),
      WrittenSolution.isMarked(text)
    else { return nil }
    do {
      let solution = try WrittenSolution.read(text)
      defer { buffer.discard(buffer.count) }
      return .record(GenericSteps.record(of: solution), line: buffer.line, unended: false)
    } catch {
      throw .unknownFormat(path: path, hint: "it looks like a written solution, but: \(error)")
    }
  }
}
