/// The distinct words of a solution, as the search index wants them.
///
/// The index keeps neither places nor numbers of occurrences (`detail=none`), so a word needs to be given to it only
/// once; most of the time of an import would go into words that the index has already seen in the same solution.
struct SearchWords {
  private var bytes: [UInt8] = []
  /// Where each word begins and ends in `bytes`; the slots of the hash table point here, 0 is an empty slot.
  private var ends: [(start: Int32, end: Int32, hash: UInt32)] = []
  private var slots: [UInt32] = Array(repeating: 0, count: 1024)

  /// Adds the words of a text.
  ///
  /// A word here is a run of ASCII letters and digits and of any bytes beyond ASCII: `unicode61` cuts at every other
  /// ASCII character, so cutting there loses no word, and cuts inside such a run remain for it to make.
  mutating func add(_ text: String) {
    var text = text
    let table = Self.folded
    text.withUTF8 { input in
      var start = bytes.count
      var hash: UInt32 = 2_166_136_261
      bytes.reserveCapacity(bytes.count + input.count + 1)
      for byte in input {
        let folded = table[Int(byte)]
        if folded != 0 {
          bytes.append(folded)
          hash = (hash ^ UInt32(folded)) &* 16_777_619
        } else if bytes.count > start {
          end(start, hash)
          start = bytes.count
          hash = 2_166_136_261
        }
      }
      if bytes.count > start { end(start, hash) }
    }
  }

  /// The words with blanks between them; begins anew.
  mutating func take() -> String {
    defer {
      bytes.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
      for k in slots.indices { slots[k] = 0 }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Keeps the word at the end of `bytes`, with a blank after it, unless it is there already.
  private mutating func end(_ start: Int, _ hash: UInt32) {
    let length = bytes.count - start
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let known = ends[Int(slots[slot]) - 1]
      if known.hash == hash, Int(known.end - known.start) == length,
        bytes[Int(known.start)..<Int(known.end)].elementsEqual(bytes[start...])
      {
        bytes.removeLast(length)
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    ends.append((Int32(start), Int32(bytes.count), hash))
    slots[slot] = UInt32(ends.count)
    bytes.append(UInt8(ascii: " "))
    if ends.count * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (index, word) in ends.enumerated() {
      var slot = Int(word.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// ASCII letters in lower case, digits and bytes beyond ASCII as they are, 0 for what separates words.
  private static let folded: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) + 32
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: UInt8(byte)
    default: 0
    }
  }
}
