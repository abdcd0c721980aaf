import Hashing

extension JSONDocument {
  /// The SHA-256 (32 bytes) of the canonical form, by which imports recognise a record they have already seen.
  ///
  /// Canonical form: no white space between tokens; object keys sorted by their UTF-8 bytes, of a repeated key only the
  /// last member; strings by their content (see `JSONEscapes.appendCanonical`); numbers as the file spells them, because
  /// 1.0 and 1 may mean different things to the program that wrote them.
  public var canonicalHash: [UInt8] {
    var form = CanonicalForm(sink: .hash(SHA256()))
    form.write(self)
    return form.finish()
  }

  /// The canonical form itself.
  public var canonicalBytes: [UInt8] {
    var form = CanonicalForm(sink: .bytes)
    form.write(self)
    return form.finish()
  }
}

/// Writes the canonical form, in pieces of 64 KiB when it is only hashed, so that a huge record costs little memory.
private struct CanonicalForm {
  enum Sink {
    case bytes
    case hash(SHA256)
  }

  private static let pieceSize = 1 << 16

  private var out: [UInt8] = []
  private var hash: SHA256?
  /// A stack of the key entries of the objects being written: one array for all of them saves an allocation for each.
  private var order: [Int] = []

  init(sink: Sink) {
    if case .hash(let hash) = sink { self.hash = hash }
  }

  mutating func write(_ document: JSONDocument) {
    document.bytes.withUnsafeBufferPointer { bytes in
      document.tape.withUnsafeBufferPointer { tape in
        guard let p = bytes.baseAddress, !tape.isEmpty else { return }
        if hash != nil { out.reserveCapacity(min(bytes.count, Self.pieceSize) + 256) }
        value(0, p, tape)
      }
    }
  }

  mutating func finish() -> [UInt8] {
    guard hash != nil else { return out }
    flush()
    return hash.map { Array($0.finalize()) } ?? []
  }

  private mutating func flush() {
    out.withUnsafeBytes { hash?.update(bufferPointer: $0) }
    out.removeAll(keepingCapacity: true)
  }

  private mutating func put(_ p: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
    let piece = UnsafeRawBufferPointer(start: p + start, count: end - start)
    if hash != nil, out.count + piece.count > Self.pieceSize {
      flush()
      if piece.count > Self.pieceSize {
        hash?.update(bufferPointer: piece)
        return
      }
    }
    out.append(contentsOf: piece)
  }

  /// Writes the value at a tape index. Recursion is as deep as the document, at most `JSONDocument.maximumDepth`.
  private mutating func value(_ index: Int, _ p: UnsafePointer<UInt8>, _ tape: UnsafeBufferPointer<TapeEntry>) {
    let entry = tape[index]
    switch entry.kind {
    case .string: string(entry, p)
    case .array:
      out.append(UInt8(ascii: "["))
      var at = index + 1
      while at < Int(entry.next) {
        if at > index + 1 { out.append(UInt8(ascii: ",")) }
        value(at, p, tape)
        at = Int(tape[at].next)
      }
      out.append(UInt8(ascii: "]"))
    case .object: object(index, p, tape)
    default: put(p, Int(entry.start), Int(entry.end))
    }
  }

  private mutating func string(_ entry: TapeEntry, _ p: UnsafePointer<UInt8>) {
    let start = Int(entry.start)
    let end = Int(entry.end)
    guard entry.flags.contains(.respelled) else { return put(p, start - 1, end + 1) }
    out.append(UInt8(ascii: "\""))
    JSONEscapes.appendCanonical(p, start, end, to: &out)
    out.append(UInt8(ascii: "\""))
  }

  private mutating func object(_ index: Int, _ p: UnsafePointer<UInt8>, _ tape: UnsafeBufferPointer<TapeEntry>) {
    let base = order.count
    var at = index + 1
    let end = Int(tape[index].next)
    while at < end {
      order.append(at)
      at = Int(tape[at + 1].next)
    }
    sort(from: base, p, tape)
    out.append(UInt8(ascii: "{"))
    var first = true
    var k = base
    while k < order.count {
      let key = order[k]
      k += 1
      // Equal keys stand next to each other in file order: all but the last are passed over.
      if k < order.count, compare(key, order[k], p, tape) == 0 { continue }
      if !first { out.append(UInt8(ascii: ",")) }
      first = false
      string(tape[key], p)
      out.append(UInt8(ascii: ":"))
      value(key + 1, p, tape)
    }
    out.append(UInt8(ascii: "}"))
    order.removeLast(order.count - base)
  }

  private mutating func sort(from base: Int, _ p: UnsafePointer<UInt8>, _ tape: UnsafeBufferPointer<TapeEntry>) {
    guard order.count - base <= 24 else {
      let sorted = order[base...].sorted { a, b in
        let c = compare(a, b, p, tape)
        return c == 0 ? a < b : c < 0
      }
      order.replaceSubrange(base..., with: sorted)
      return
    }
    for i in (base + 1)..<max(order.count, base + 1) {
      let key = order[i]
      var k = i
      while k > base, compare(order[k - 1], key, p, tape) > 0 {
        order[k] = order[k - 1]
        k -= 1
      }
      order[k] = key
    }
  }

  /// Compares two keys by the UTF-8 of their content.
  private func compare(
    _ a: Int, _ b: Int, _ p: UnsafePointer<UInt8>, _ tape: UnsafeBufferPointer<TapeEntry>
  ) -> Int {
    let a = tape[a]
    let b = tape[b]
    if a.flags.contains(.escaped) || b.flags.contains(.escaped) {
      let left = canonical(a, p)
      let right = canonical(b, p)
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }
    let left = UnsafeBufferPointer(start: p + Int(a.start), count: Int(a.end - a.start))
    let right = UnsafeBufferPointer(start: p + Int(b.start), count: Int(b.end - b.start))
    var k = 0
    while k < left.count, k < right.count {
      if left[k] != right[k] { return left[k] < right[k] ? -1 : 1 }
      k += 1
    }
    return left.count - right.count
  }

  /// A key's canonical spelling: equal for equal keys, which is all that sorting escaped keys needs.
  private func canonical(_ entry: TapeEntry, _ p: UnsafePointer<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    JSONEscapes.appendCanonical(p, Int(entry.start), Int(entry.end), to: &bytes)
    return bytes
  }
}
