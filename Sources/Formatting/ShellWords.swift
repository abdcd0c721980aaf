/// Commands that people copy from what the program prints, and lines that shells read: one place for quoting them.
public enum ShellWords {
  /// A word as a shell reads it back: bare where that is safe, else in quotes.
  public static func quoted(_ word: String) -> String {
    let bytes = word.utf8
    if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return word }
    // By scalars: an accent behind a quote makes one character of both. A line end would end the line that is copied.
    let hasControls = bytes.contains { $0 < 0x20 || $0 == 0x7F }
    var text = hasControls ? "$'" : "'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "'": text += hasControls ? "\\'" : "'\\''"
      case "\\" where hasControls: text += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        text += "\\x" + Hex.string([UInt8(scalar.value)])
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "'"
  }

  /// A command from its words.
  public static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "/._-=:,@+%".utf8.contains(byte)
    }
  }
}
