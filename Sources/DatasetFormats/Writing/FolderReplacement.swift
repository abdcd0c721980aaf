import CFiles
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a folder of files so that its name leads either to all of the old files or to all of the new ones.
///
/// Files are written into a temporary folder beside the target; `commit()` puts it in the target's place in one step, where
/// the system can, and removes the old one. A folder that ends without a commit is removed, and so are those that earlier
/// processes left when they were killed.
///
/// Only a folder that holds nothing but files of the names given is replaced: nobody's other files are lost.
public struct FolderReplacement: ~Copyable {
  /// The folder as the caller named it.
  public let path: String
  private let target: String
  private let temporary: String
  /// Holds the temporary folder.
  private let descriptor: Int32
  private let parents: ParentFolders
  private var names: [String] = []
  private var isCommitted = false

  /// Makes the temporary folder, and the folders that lead to the target.
  ///
  /// - Parameter names: files that the target may hold already and that may be replaced.
  /// - Throws: when the target holds anything else, is not a directory, or its parent is not writable.
  public init(path: String, replacing names: Set<String>) throws(FileWriteError) {
    self.path = path
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    // The folder that a link leads to is replaced, not the link.
    if let real = realpath(trimmed, nil) {
      trimmed = String(cString: real)
      free(real)
    }
    target = trimmed
    if let found = try Self.entries(of: trimmed, path: path), let other = found.first(where: { !names.contains($0) }) {
      throw FileWriteError(
        path: path, reason: "the folder holds other files ('\(other)'); name an empty or a new one")
    }
    let (folder, name) = AtomicFileWriter.parts(trimmed)
    let parents = try ParentFolders(making: folder, for: path)
    TemporaryFiles.sweep(folder)
    let made = folder + "/" + TemporaryFiles.name(for: name)
    guard mkdir(made, 0o777) == 0 else {
      let code = errno
      parents.remove()
      throw FileWriteError(path: path, code: code, doing: "creating a temporary folder")
    }
    temporary = made
    self.parents = parents
    descriptor = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { TemporaryFiles.hold(descriptor) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if isCommitted { return }
    Self.remove(temporary)
    parents.remove()
  }

  /// Starts one of the files. Commit each of them before the folder.
  public mutating func file(_ name: String) throws(FileWriteError) -> AtomicFileWriter {
    do {
      let writer = try AtomicFileWriter(path: temporary + "/" + name)
      names.append(name)
      return writer
    } catch { throw named(error) }
  }

  /// Path of a file while it is written, to read it again.
  public func temporaryPath(_ name: String) -> String { temporary + "/" + name }

  /// Adds what is in a file of the folder to another one.
  public func append(_ name: String, to file: inout AtomicFileWriter) throws(FileWriteError) {
    let descriptor = open(temporary + "/" + name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileWriteError(path: path, code: errno, doing: "reading a temporary file") }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileWriteError(path: path, code: errno, doing: "reading a temporary file") }
      if count == 0 { return }
      try file.write(buffer[..<count])
    }
  }

  /// Deletes a file that was only needed while writing.
  ///
  /// - Throws: when it would stay among the others.
  public mutating func remove(_ name: String) throws(FileWriteError) {
    guard unlink(temporary + "/" + name) == 0 else {
      throw FileWriteError(path: path, code: errno, doing: "removing a temporary file")
    }
    names.removeAll { $0 == name }
  }

  /// An error about a temporary file as one about the file it was to become.
  public func named(_ error: FileWriteError) -> FileWriteError {
    var error = error
    error.path = path
    return error
  }

  /// Puts the new folder in place. It must not be used afterwards.
  @discardableResult
  public mutating func commit() throws(FileWriteError) -> FolderRemoval {
    try Self.flush(temporary, path: path)
    let old: String?
    if rename(temporary, target) == 0 {
      // There was none, or an empty one.
      old = nil
    } else if errno == ENOTEMPTY || errno == EEXIST {
      old = try exchange()
    } else {
      throw FileWriteError(path: path, code: errno, doing: "renaming the temporary folder")
    }
    isCommitted = true
    try Self.flush(AtomicFileWriter.parts(target).folder, path: path)
    return FolderRemoval(old)
  }

  /// Swaps the two folders.
  ///
  /// - Returns: where the old one is now.
  private func exchange() throws(FileWriteError) -> String {
    if deepcritic_exchange_names(temporary, target) == 0 { return temporary }
    // A file system without that: for a moment the old one has another name, and whoever looks then finds none.
    let aside = temporary + ".old"
    guard rename(target, aside) == 0 else {
      throw FileWriteError(path: path, code: errno, doing: "setting the old folder aside")
    }
    guard rename(temporary, target) == 0 else {
      let code = errno
      _ = rename(aside, target)
      throw FileWriteError(path: path, code: code, doing: "renaming the temporary folder")
    }
    return aside
  }

  private static func flush(_ folder: String, path: String) throws(FileWriteError) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let code = fsync(descriptor) == 0 ? 0 : errno
    close(descriptor)
    if code != 0, code != EINVAL { throw FileWriteError(path: path, code: code, doing: "flushing the folder") }
  }

  /// Names in a folder; `nil` when there is none.
  private static func entries(of folder: String, path: String) throws(FileWriteError) -> [String]? {
    var info = stat()
    guard stat(folder, &info) == 0 else {
      if errno == ENOENT { return nil }
      throw FileWriteError(path: path, code: errno, doing: "looking at it")
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw FileWriteError(path: path, reason: "there is a file of that name; name a folder")
    }
    guard let names = TemporaryFiles.list(folder) else {
      throw FileWriteError(path: path, code: errno, doing: "looking into it")
    }
    return names
  }

  /// Removes a folder of plain files.
  fileprivate static func remove(_ folder: String) {
    for name in TemporaryFiles.list(folder) ?? [] { unlink(folder + "/" + name) }
    rmdir(folder)
  }
}

/// The old folder on its way out: that takes a while when its files are large, and nothing need wait for it but the end.
public final class FolderRemoval: Sendable {
  private let done = DispatchGroup()

  fileprivate init(_ folder: String?) {
    guard let folder else { return }
    DispatchQueue.global().async(group: done) { FolderReplacement.remove(folder) }
  }

  deinit { wait() }

  /// Waits until the folder is gone.
  public func wait() { done.wait() }
}
