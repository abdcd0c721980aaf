#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Folders on the way to a file that were missing and were made for it.
struct ParentFolders: Sendable {
  /// The ones that were made, the outermost first.
  private var made: [String] = []

  /// Creates a folder and its missing parents.
  ///
  /// - Parameter path: the file as the caller named it, for the error.
  init(making folder: String, for path: String) throws(FileWriteError) {
    var missing: [String] = []
    var next = folder
    var info = stat()
    while stat(next, &info) != 0, errno == ENOENT {
      missing.append(next)
      let parent = AtomicFileWriter.parts(next).folder
      if parent == next { break }
      next = parent
    }
    for folder in missing.reversed() {
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
      } else if errno != EEXIST {
        let code = errno
        remove()
        throw FileWriteError(path: path, code: code, doing: "creating its folder")
      }
    }
  }

  /// Removes those that were created and are still empty.
  func remove() {
    for folder in made.reversed() { rmdir(folder) }
  }
}
