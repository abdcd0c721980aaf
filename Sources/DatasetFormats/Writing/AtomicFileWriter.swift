import CFiles
import Formatting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file could not be written, with what to do.
public struct FileWriteError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, as the caller named it.
  public var path: String
  /// A clause that says why, and what to do where something can be done.
  public var reason: String

  /// A sentence that names the file.
  public var description: String { "\(path) was not written: \(Clause.of(reason))." }

  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  init(path: String, code: Int32, doing: String) {
    self.path = path
    reason =
      switch code {
      case ENOSPC: "the disk is full; free some space and try again"
      case EDQUOT: "your disk quota is used up"
      case EROFS: "the file system is read-only"
      case EACCES, EPERM: "you may not write there (check the directory's permissions)"
      case ENOENT: "its directory does not exist"
      case ENOTDIR: "a part of the path is not a directory"
      case EISDIR: "it is a directory"
      case ENAMETOOLONG: "the name is too long"
      default: "\(doing) failed (\(systemMessage(code)))"
      }
  }
}

/// Writes a file so that its name holds either the old content or all of the new, whatever happens in between.
///
/// Bytes go to a temporary file in the same folder. `commit()` flushes it to the disk, renames it over the target and
/// flushes the folder. A writer that ends without a commit (an error, an early return) removes its temporary file; one
/// that was left by a kill is removed by the next writer in that folder. A symbolic link at the path stays one: the file it names is replaced. Existing permissions are kept.
///
/// ```swift
/// var file = try AtomicFileWriter(path: path)
/// try file.writeLine(bytes)
/// try file.commit()
/// ```
public struct AtomicFileWriter: ~Copyable {
  private static let bufferSize = 256 << 10

  /// The file as the caller named it.
  public let path: String
  private let target: String
  private let temporary: String
  private var descriptor: Int32
  private var flushed: Int64 = 0
  private var begun: Int64 = 0
  private static var writebackEvery: Int64 { 16 << 20 }
  private var buffer: [UInt8] = []
  /// Bytes given to the writer so far.
  public private(set) var bytesWritten: Int64 = 0
  private var isCommitted = false
  private let parents: ParentFolders?

  /// Creates the temporary file.
  ///
  /// - Parameter makesFolders: also make the folders that lead to it; they go again when nothing is written.
  public init(path: String, makesFolders: Bool = false) throws(FileWriteError) {
    self.path = path
    target = Self.resolved(path)
    var info = stat()
    let exists = stat(target, &info) == 0
    if exists, info.st_mode & S_IFMT == S_IFDIR { throw FileWriteError(path: path, code: EISDIR, doing: "writing") }
    // A file in its place would replace what others read from, or even /dev/null.
    if let kind = PlainFile.otherKind(target) {
      throw FileWriteError(path: path, reason: "it is \(kind), not a file; write a file and copy it there")
    }
    let (folder, name) = Self.parts(target)
    let parents = makesFolders ? try ParentFolders(making: folder, for: path) : nil
    TemporaryFiles.sweep(folder)
    var made: (descriptor: Int32, path: String)?
    var code: Int32 = 0
    for _ in 0..<16 where made == nil {
      let candidate = folder + "/" + TemporaryFiles.name(for: name)
      let descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      code = errno
      if descriptor >= 0 { made = (descriptor, candidate) } else if code != EEXIST { break }
    }
    guard let made else {
      parents?.remove()
      throw FileWriteError(path: path, code: code, doing: "creating a temporary file")
    }
    self.parents = parents
    TemporaryFiles.hold(made.descriptor)
    if exists { fchmod(made.descriptor, info.st_mode & 0o7777) }
    descriptor = made.descriptor
    temporary = made.path
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if isCommitted { return }
    unlink(temporary)
    parents?.remove()
  }

  /// Adds bytes.
  public mutating func write(_ bytes: some Sequence<UInt8>) throws(FileWriteError) {
    let before = buffer.count
    buffer.append(contentsOf: bytes)
    bytesWritten += Int64(buffer.count - before)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Adds bytes and a line end.
  public mutating func writeLine(_ bytes: some Sequence<UInt8>) throws(FileWriteError) {
    try write(bytes)
    try write(CollectionOfOne(0x0A))
  }

  /// Makes the new content durable and puts it in place. The writer must not be used afterwards.
  public mutating func commit() throws(FileWriteError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw error("flushing to the disk") }
    let file = descriptor
    descriptor = -1
    // Network file systems report a full disk only here.
    guard close(file) == 0 else { throw error("closing") }
    guard rename(temporary, target) == 0 else { throw error("renaming the temporary file") }
    isCommitted = true
    // The rename itself is durable once its folder is. Some file systems cannot do this and say EINVAL.
    let folder = open(Self.parts(target).folder, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    let code = fsync(folder) == 0 ? 0 : errno
    close(folder)
    if code != 0, code != EINVAL { throw FileWriteError(path: path, code: code, doing: "flushing the folder") }
  }

  private mutating func flush() throws(FileWriteError) {
    var done = 0
    while done < buffer.count {
      let n = buffer.withUnsafeBytes { bytes in
        #if canImport(Glibc)
          Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        #elseif canImport(Musl)
          Musl.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        #else
          Darwin.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        #endif
      }
      if n < 0 {
        if errno == EINTR { continue }
        throw error("writing")
      }
      done += n
    }
    flushed += Int64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
    // Large files go to the disk while the rest is still being made.
    if flushed - begun >= Self.writebackEvery {
      deepcritic_begin_writeback(descriptor, begun, flushed - begun)
      begun = flushed
    }
  }

  private func error(_ doing: String) -> FileWriteError {
    FileWriteError(path: path, code: errno, doing: doing)
  }

  /// The file a chain of symbolic links names; the path itself when it is not a link or is broken.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  static func parts(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }
}
