/// One value of a `JSONDocument`. Cheap to copy; keeps the document's bytes alive.
///
/// Accessors that return an optional give `nil` when the value is of another kind; nothing is converted silently. What
/// decoders call for every value can be inlined into other modules, or reading a file would take 5 % longer.
public struct JSONView: Sendable {
  @usableFromInline let bytes: [UInt8]
  @usableFromInline let tape: [TapeEntry]
  @usableFromInline let index: Int

  @usableFromInline
  init(bytes: [UInt8], tape: [TapeEntry], index: Int) {
    self.bytes = bytes
    self.tape = tape
    self.index = index
  }

  @inlinable @inline(__always)
  var entry: TapeEntry { tape[index] }

  @inlinable @inline(__always)
  func sibling(_ index: Int) -> JSONView { JSONView(bytes: bytes, tape: tape, index: index) }

  /// What the value is.
  @inlinable public var kind: JSONKind { entry.kind }

  /// Whether the value is `null`.
  @inlinable public var isNull: Bool { entry.kind == .null }

  /// The value of `true` or `false`.
  public var bool: Bool? {
    entry.kind == .bool ? bytes[Int(entry.start)] == UInt8(ascii: "t") : nil
  }

  /// The decoded text of a string. A lone surrogate reads as U+FFFD.
  public var string: String? {
    entry.kind == .string ? text(of: entry) : nil
  }

  /// A number as the file spells it ("1.50", "1e3").
  public var numberText: String? {
    entry.kind == .number ? text(of: entry) : nil
  }

  /// A whole number. `3.0` and `3e0` count (pandas writes whole numbers so); `3.5` and anything beyond 64 bits do not.
  public var int: Int? {
    guard let text = numberText else { return nil }
    if let value = Int(text) { return value }
    guard entry.flags.contains(.fractional), let value = Double(text) else { return nil }
    return Int(exactly: value)
  }

  /// A number as the nearest double (infinite when beyond its range).
  public var double: Double? { numberText.flatMap(Double.init) }

  /// The bytes of the value as the file has them (a string with its quotes).
  public var raw: ArraySlice<UInt8> {
    let entry = entry
    return entry.kind == .string
      ? bytes[(Int(entry.start) - 1)..<(Int(entry.end) + 1)] : bytes[Int(entry.start)..<Int(entry.end)]
  }

  /// How many elements a list holds, or members an object (counting repeated keys); 0 for other kinds.
  public var count: Int {
    switch entry.kind {
    case .array: return elements.reduce(into: 0) { n, _ in n += 1 }
    case .object: return members.reduce(into: 0) { n, _ in n += 1 }
    default: return 0
    }
  }

  private func text(of entry: TapeEntry) -> String {
    let start = Int(entry.start)
    let end = Int(entry.end)
    return bytes.withUnsafeBufferPointer { buffer in
      guard let p = buffer.baseAddress, end > start else { return "" }
      guard entry.flags.contains(.escaped) else {
        return String(decoding: UnsafeBufferPointer(start: p + start, count: end - start), as: UTF8.self)
      }
      return String(unsafeUninitializedCapacity: end - start) { room in
        guard let out = room.baseAddress else { return 0 }
        return JSONEscapes.decode(p, start, end, into: out)
      }
    }
  }

  // MARK: Lists

  /// The elements of a list, in order; none for other kinds.
  @inlinable public var elements: Elements {
    let isArray = entry.kind == .array
    return Elements(view: self, at: index + 1, end: isArray ? Int(entry.next) : index + 1)
  }

  /// A sequence of the elements of a list.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let view: JSONView
    @usableFromInline var at: Int
    @usableFromInline let end: Int

    @usableFromInline
    init(view: JSONView, at: Int, end: Int) {
      self.view = view
      self.at = at
      self.end = end
    }

    /// The next element, without moving.
    @inlinable public var first: JSONView? { at < end ? view.sibling(at) : nil }

    /// The next element, moving past it.
    @inlinable public mutating func next() -> JSONView? {
      guard at < end else { return nil }
      defer { at = Int(view.tape[at].next) }
      return view.sibling(at)
    }
  }

  // MARK: Objects

  /// The members of an object, in file order, repeated keys included; none for other kinds.
  public var members: Members {
    let isObject = entry.kind == .object
    return Members(view: self, at: index + 1, end: isObject ? Int(entry.next) : index + 1)
  }

  /// A sequence of the members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    let view: JSONView
    var at: Int
    let end: Int

    /// The next member, moving past it.
    public mutating func next() -> (key: String, value: JSONView)? {
      guard at < end else { return nil }
      let key = view.text(of: view.tape[at])
      let value = view.sibling(at + 1)
      at = Int(view.tape[at + 1].next)
      return (key, value)
    }
  }

  /// The keys of an object, in file order.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key; the last one when the key repeats (as Python reads it); `nil` when absent.
  @inlinable public subscript(key: StaticString) -> JSONView? {
    find(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
  }

  /// The value of a key known only at run time.
  public func value(forKey key: String) -> JSONView? {
    var key = key
    return key.withUTF8 { find($0) }
  }

  @usableFromInline func find(_ key: UnsafeBufferPointer<UInt8>) -> JSONView? {
    let object = entry
    guard object.kind == .object else { return nil }
    var found = -1
    tape.withUnsafeBufferPointer { tape in
      bytes.withUnsafeBufferPointer { bytes in
        var at = index + 1
        let end = Int(object.next)
        while at < end {
          let entry = tape[at]
          let length = Int(entry.end - entry.start)
          if entry.flags.contains(.escaped) {
            if text(of: entry).utf8.elementsEqual(key) { found = at + 1 }
          } else if length == key.count {
            let start = Int(entry.start)
            var k = 0
            while k < length, bytes[start + k] == key[k] { k += 1 }
            if k == length { found = at + 1 }
          }
          at = Int(tape[at + 1].next)
        }
      }
    }
    return found < 0 ? nil : sibling(found)
  }
}
