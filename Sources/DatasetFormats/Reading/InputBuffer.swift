#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A window over the file that moves forward, grows to what a record needs, and counts lines.
///
/// Offsets are relative to the first byte not yet discarded, so they stay valid when the window refills.
final class InputBuffer {
  private let source: ByteSource
  private let limits: ReaderLimits
  private var storage: [UInt8]
  private var start = 0
  private var end = 0

  /// The 1-based line of the byte at offset 0.
  private(set) var line = 1
  /// No more bytes will come.
  private(set) var atEnd = false
  /// What ended the file early. The bytes read before it are still delivered.
  private(set) var failure: DatasetError?

  init(source: ByteSource, limits: ReaderLimits) {
    self.source = source
    self.limits = limits
    storage = [UInt8](repeating: 0, count: limits.chunkBytes)
  }

  /// How many bytes are in the window.
  var count: Int { end - start }

  subscript(offset: Int) -> UInt8 { storage[start + offset] }

  /// Runs `body` on the bytes in the window.
  @inline(__always)
  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    storage.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }

  /// Copies bytes out of the window.
  func copy(_ range: Range<Int>) -> [UInt8] {
    Array(storage[(start + range.lowerBound)..<(start + range.upperBound)])
  }

  /// Takes in more bytes; false at the end of the file.
  func fill() -> Bool {
    guard !atEnd else { return false }
    if start > 0, end == storage.count || start == end {
      storage.withUnsafeMutableBytes { all in
        if let base = all.baseAddress { memmove(base, base + start, end - start) }
      }
      end -= start
      start = 0
    }
    if end == storage.count { grow() }
    do throws(DatasetError) {
      let n = try storage.withUnsafeMutableBufferPointer { (all) throws(DatasetError) in
        try source.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: all[end...])))
      }
      if n == 0 { atEnd = true }
      end += n
      return n > 0
    } catch {
      failure = error
      atEnd = true
      return false
    }
  }

  /// Doubles, but goes straight to the largest size a record may need once half of it is reached: growing copies, and
  /// old and new exist together for a moment.
  private func grow() {
    let largest = limits.maximumRecordBytes + limits.chunkBytes
    let doubled = storage.count * 2
    let size = doubled >= largest / 2 ? max(largest, storage.count + limits.chunkBytes) : doubled
    storage.append(contentsOf: repeatElement(0, count: size - storage.count))
  }

  /// The reason the file ended early, once.
  func takeFailure() -> DatasetError? {
    defer { failure = nil }
    return failure
  }

  /// Moves the window forward, counting the lines left behind.
  func discard(_ n: Int) {
    line += newlines(in: 0..<n)
    start += n
  }

  /// Moves the window past one line, whose end is known to be the only one in it.
  func discardLine(endingAt end: Int) {
    line += 1
    start += end + 1
  }

  /// The number of line ends in a range.
  func newlines(in range: Range<Int>) -> Int {
    storage.withUnsafeBufferPointer { all in
      var n = 0
      for byte in UnsafeBufferPointer(rebasing: all[(start + range.lowerBound)..<(start + range.upperBound)])
      where byte == 0x0A { n &+= 1 }
      return n
    }
  }

  /// The offset of the first line end at or after `offset`.
  func newline(from offset: Int) -> Int? {
    withBytes { bytes in
      guard offset < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + offset, 0x0A, bytes.count - offset)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// The range without JSON white space at its ends; empty when there is nothing else.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, isJSONSpace(self[low]) { low += 1 }
    while high > low, isJSONSpace(self[high - 1]) { high -= 1 }
    return low..<high
  }
}

/// Whether a byte is white space in JSON.
@inline(__always)
func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
