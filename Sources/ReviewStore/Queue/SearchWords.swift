/// The distinct words of a solution, as the search index wants them.
///
/// The index keeps neither places nor numbers of occurrences (`detail=none`), so a word needs to be given to it only
/// once; most of the time of an import would go into words that the index has already seen in the same solution.
struct SearchWords {
  /// A word that was kept: its place in `bytes`, and its slot in the hash table.
  private struct Word {
    var start: Int
    var length: Int
    var hash: UInt32
    var slot: Int
  }

  /// The words kept so far with a blank after each, in the first `used` bytes.
  private var bytes: [UInt8] = []
  private var used = 0
  private var words: [Word] = []
  /// Hash table: a number in `words`, counted from 1; 0 is an empty slot.
  private var slots: [UInt32] = Array(repeating: 0, count: 1024)

  /// Adds the words of a text.
  ///
  /// A word here is a run of ASCII letters and digits and of any bytes beyond ASCII: `unicode61` cuts at every other
  /// ASCII character, so cutting there loses no word, and cuts inside such a run remain for it to make.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    // The whole text may be words; and words are read eight bytes at a time, so eight more can be read at the end.
    let room = used + text.count + 9
    if bytes.count < room { bytes.append(contentsOf: repeatElement(0, count: max(room, bytes.count))) }
    let most = words.count + text.count / 2 + 1
    if slots.count < 2 * most { grow(toHold: most) }
    // Taken out, so that none of the three is copied while the others change.
    var words: [Word] = []
    swap(&words, &self.words)
    defer { swap(&words, &self.words) }
    var end = used
    bytes.withUnsafeMutableBufferPointer { bytes in
      slots.withUnsafeMutableBufferPointer { slots in
        Self.folded.withUnsafeBufferPointer { folds in
          guard let out = bytes.baseAddress else { return }
          var start = end
          for byte in text {
            let folded = folds[Int(byte)]
            if folded != 0 {
              out[end] = folded
              end += 1
            } else if end > start {
              end = Self.keep(start, end, out, slots, &words)
              start = end
            }
          }
          if end > start { end = Self.keep(start, end, out, slots, &words) }
        }
      }
    }
    used = end
  }

  /// The words with blanks between them, added to `out`; begins again.
  mutating func take(into out: inout [UInt8]) {
    out.append(contentsOf: bytes[..<used])
    for word in words { slots[word.slot] = 0 }
    words.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Keeps the word at the end, with a blank after it, unless it already exists; returns the end of what is kept.
  @inline(__always)
  private static func keep(
    _ start: Int, _ end: Int, _ out: UnsafeMutablePointer<UInt8>, _ slots: UnsafeMutableBufferPointer<UInt32>,
    _ words: inout [Word]
  ) -> Int {
    let length = end - start
    let hash = hash(out + start, length)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let known = words[Int(slots[slot]) - 1]
      if known.hash == hash, known.length == length, equal(out + known.start, out + start, length) { return start }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(Word(start: start, length: length, hash: hash, slot: slot))
    slots[slot] = UInt32(words.count)
    out[end] = UInt8(ascii: " ")
    return end + 1
  }

  private mutating func grow(toHold count: Int) {
    var size = slots.count
    while size < 2 * count { size *= 2 }
    slots = Array(repeating: 0, count: size)
    for index in words.indices {
      var slot = Int(words[index].hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(index + 1)
      words[index].slot = slot
    }
  }

  // MARK: Words as whole numbers of eight bytes

  /// Up to eight bytes of a word, the rest 0. Eight can be read at any byte of a word.
  @inline(__always)
  private static func block(_ word: UnsafeMutablePointer<UInt8>, _ length: Int) -> UInt64 {
    let bytes = UInt64(littleEndian: UnsafeRawPointer(word).loadUnaligned(as: UInt64.self))
    return length >= 8 ? bytes : bytes & ((1 << UInt64(8 * length)) - 1)
  }

  @inline(__always)
  private static func hash(_ word: UnsafeMutablePointer<UInt8>, _ length: Int) -> UInt32 {
    var hash = UInt64(truncatingIfNeeded: length)
    var at = 0
    repeat {
      hash = (hash ^ block(word + at, length - at)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      at += 8
    } while at < length
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  @inline(__always)
  private static func equal(
    _ a: UnsafeMutablePointer<UInt8>, _ b: UnsafeMutablePointer<UInt8>, _ length: Int
  ) -> Bool {
    var at = 0
    repeat {
      if block(a + at, length - at) != block(b + at, length - at) { return false }
      at += 8
    } while at < length
    return true
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
