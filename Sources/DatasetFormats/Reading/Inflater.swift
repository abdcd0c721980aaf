import CZlib

/// Streaming gzip decompression, with concatenated members as `gzip` and `pigz` write them.
final class Inflater {
  private enum State {
    /// Inside a member.
    case member
    /// Between members: another may follow, or zero padding, or the end.
    case between
    case failed
  }

  private let path: String
  // zlib keeps a pointer to its own stream structure, so it must not move: it lives on the heap.
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.member

  init(path: String) throws(DatasetError) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window plus 16: gzip format only. The macro inflateInit2 is not visible to Swift.
    let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      throw .gzip(path: path, reason: "zlib could not start (code \(code))")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Decompresses some of `input` into `room`; both counts may be 0 when `input` is used up.
  func step(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) -> (used: Int, made: Int) {
    guard state != .failed else { return (input.count, 0) }
    var skipped = 0
    if state == .between {
      while skipped < input.count, input[skipped] == 0 { skipped += 1 }
      guard skipped < input.count else { return (skipped, 0) }
      guard input[skipped] == 0x1F else {
        state = .failed
        throw .gzip(path: path, reason: "there is other data after the compressed data")
      }
      inflateReset(stream)
      state = .member
    }
    let rest = UnsafeRawBufferPointer(rebasing: input[skipped...])
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: rest.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(clamping: rest.count)
    stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: room.count)
    let (offered, space) = (stream.pointee.avail_in, stream.pointee.avail_out)
    let code = inflate(stream, Z_NO_FLUSH)
    let used = skipped + Int(offered - stream.pointee.avail_in)
    let made = Int(space - stream.pointee.avail_out)
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .between
    default:
      state = .failed
      // What was made before the damage is given out first; the next call of the source finds the error.
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
      if made > 0 {
        deferred = .gzip(path: path, reason: "its data is damaged (\(reason))")
        return (used, made)
      }
      throw .gzip(path: path, reason: "its data is damaged (\(reason))")
    }
    return (used, made)
  }

  private var deferred: DatasetError?

  /// Called when there is no more input: throws when a member is not complete.
  func finish() throws(DatasetError) {
    if let deferred {
      self.deferred = nil
      throw deferred
    }
    if state == .member {
      state = .failed
      throw .gzip(path: path, reason: "it is cut off; get the whole file again")
    }
  }
}
