#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file, decompressed when they are gzip (told by the magic number, not the name).
final class ByteSource {
  private let path: String
  private let descriptor: Int32
  private var inflater: Inflater?
  /// The compressed bytes, and which of them are still to be used.
  private var input: [UInt8] = []
  private var inputRange = 0..<0
  private var started = false

  /// Bytes of the file on disk that have been used.
  private(set) var bytesRead: Int64 = 0
  /// The size of the file on disk.
  let totalBytes: Int64

  init(path: String) throws(DatasetError) {
    self.path = path
    // Without O_NONBLOCK, opening a FIFO nobody writes to would wait for ever.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason =
        switch errno {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "you may not read it (check its permissions)"
        case let code: systemMessage(code)
        }
      throw .cannotOpen(path: path, reason: reason)
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else {
      let reason = systemMessage(errno)
      close(descriptor)
      throw .cannotOpen(path: path, reason: reason)
    }
    let refusal: String? =
      switch info.st_mode & S_IFMT {
      case S_IFREG: nil
      case S_IFDIR: "it is a folder; name the files in it"
      case S_IFIFO, S_IFSOCK: "it is a pipe, which cannot be read again; save its output to a file and open that"
      default: "it is a device, not a file"
      }
    if let refusal {
      close(descriptor)
      throw .cannotOpen(path: path, reason: refusal)
    }
    totalBytes = Int64(info.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `room` with what one read or inflate step gives; 0 at the end. Works for any size of room above 0.
  func read(into room: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    if !started {
      started = true
      try start()
    }
    if inflater != nil { return try inflated(into: room) }
    if !inputRange.isEmpty {
      let n = min(inputRange.count, room.count)
      input.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[inputRange.prefix(n)])) }
      inputRange = (inputRange.lowerBound + n)..<inputRange.upperBound
      if inputRange.isEmpty { input = [] }
      return n
    }
    return try readFile(into: room)
  }

  /// Looks at the first bytes: gzip or not.
  private func start() throws(DatasetError) {
    input = [UInt8](repeating: 0, count: 64 << 10)
    try refill()
    if inputRange.count >= 2, input[0] == 0x1F, input[1] == 0x8B {
      inflater = try Inflater(path: path)
    }
  }

  private func refill() throws(DatasetError) {
    let n = try input.withUnsafeMutableBufferPointer { (room) throws(DatasetError) in
      try readFile(into: UnsafeMutableRawBufferPointer(room))
    }
    inputRange = 0..<n
  }

  private func readFile(into room: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    while true {
      #if canImport(Glibc)
        let n = Glibc.read(descriptor, room.baseAddress, room.count)
      #elseif canImport(Musl)
        let n = Musl.read(descriptor, room.baseAddress, room.count)
      #else
        let n = Darwin.read(descriptor, room.baseAddress, room.count)
      #endif
      if n >= 0 {
        bytesRead += Int64(n)
        return n
      }
      if errno != EINTR { throw .readFailed(path: path, reason: systemMessage(errno)) }
    }
  }

  private func inflated(into room: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    guard let inflater else { return 0 }
    while true {
      if inputRange.isEmpty { try refill() }
      let (used, made) = try input.withUnsafeBufferPointer { (all) throws(DatasetError) in
        try inflater.step(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(all)[inputRange]), into: room)
      }
      let atEnd = inputRange.isEmpty
      inputRange = (inputRange.lowerBound + used)..<inputRange.upperBound
      if made > 0 { return made }
      if atEnd {
        try inflater.finish()
        return 0
      }
    }
  }
}

/// The system's sentence for an `errno` value.
func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "system error \(code)" }
  return String(cString: text)
}
