/// JSON Lines: a JSON text a line.
public enum JSONLines {
  /// A JSON text that is one line for every reader: U+2028, U+2029 and U+0085, at which some readers split too, are written as
  /// `\u2028`, `\u2029` and `\u0085`. They stand within strings only, where that means the same; any other text is
  /// unchanged, byte for byte.
  public static func escaped(_ json: [UInt8]) -> [UInt8] {
    guard let first = json.indices.first(where: { escape(json, at: $0) != nil }) else { return json }
    var out = Array(json[..<first])
    out.reserveCapacity(json.count + 16)
    var at = first
    while at < json.count {
      if let (text, length) = escape(json, at: at) {
        out += text.utf8
        at += length
      } else {
        out.append(json[at])
        at += 1
      }
    }
    return out
  }

  private static func escape(_ json: [UInt8], at index: Int) -> (text: String, length: Int)? {
    switch json[index] {
    case 0xC2 where index + 1 < json.count && json[index + 1] == 0x85: ("\\u0085", 2)
    case 0xE2 where index + 2 < json.count && json[index + 1] == 0x80 && json[index + 2] == 0xA8: ("\\u2028", 3)
    case 0xE2 where index + 2 < json.count && json[index + 1] == 0x80 && json[index + 2] == 0xA9: ("\\u2029", 3)
    default: nil
    }
  }
}
