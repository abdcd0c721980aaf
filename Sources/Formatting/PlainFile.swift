import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads whole files that people or settings name. Only regular files: a pipe may never end, and opening one waits for whoever
/// writes to it.
public enum PlainFile {
  /// More than any file has that is read as a whole.
  public static let limit = 1 << 30

  /// The bytes of a file.
  ///
  /// - Throws: ``PlainFileError`` with its name.
  public static func read(_ path: String, limit: Int = limit) throws(PlainFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    let code = errno
    var facts = stat()
    guard (descriptor >= 0 ? fstat(descriptor, &facts) : stat(path, &facts)) == 0 else {
      if descriptor >= 0 { close(descriptor) }
      throw PlainFileError(path, reason(code))
    }
    if let kind = kind(facts.st_mode) {
      if descriptor >= 0 { close(descriptor) }
      throw PlainFileError(path, "it is \(kind), not a file")
    }
    guard descriptor >= 0 else { throw PlainFileError(path, reason(code)) }
    defer { close(descriptor) }
    if Int64(facts.st_size) > Int64(limit) { throw PlainFileError(path, "it is larger than \(limit >> 20) MB") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(facts.st_size) + 1)
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw PlainFileError(path, reason(errno)) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      // It grows while it is read.
      if bytes.count > limit { throw PlainFileError(path, "it is larger than \(limit >> 20) MB") }
    }
  }

  /// The text of a file.
  ///
  /// - Throws: ``PlainFileError``, also for what is not UTF-8.
  public static func text(_ path: String, limit: Int = limit) throws(PlainFileError) -> String {
    let bytes = try read(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PlainFileError(path, PlainFileError.notText)
    }
    return text
  }

  /// The bytes of a file; `nil` where there is none that can be read.
  public static func data(_ path: String) -> Data? { (try? read(path)).map { Data($0) } }

  /// What is at a path, where that is something else than a file: "a directory", "a pipe"; `nil` for a file or nothing.
  public static func otherKind(_ path: String) -> String? {
    var facts = stat()
    return stat(path, &facts) == 0 ? kind(facts.st_mode) : nil
  }

  private static func kind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a directory"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "you may not read it"
    default: String(cString: strerror(code))
    }
  }
}

/// Why a file cannot be read.
public struct PlainFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// A clause that says why.
  public var reason: String

  /// The reason why a file is not text.
  public static let notText = "it is not UTF-8 text"

  init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// A sentence that names the file.
  public var description: String { "\(path) cannot be read: \(reason)." }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
