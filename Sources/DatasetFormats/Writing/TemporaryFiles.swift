#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The names of files and folders that are on their way to another name, and what becomes of those that nobody finishes.
///
/// Each is locked by whoever makes it for as long as it is in use. A process that is killed lets go of its locks, on this
/// machine and in any container or machine that shares the folder: what can be locked is left over. Nothing but names of
/// this form is ever looked at.
package enum TemporaryFiles {
  private static let ending = ".deepcritic.tmp"
  /// Seconds after which what cannot be in the making any more may be removed.
  package static let grace = 10

  /// Whether a name is of this form: ".NAME.RANDOM.deepcritic.tmp".
  package static func isName(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(ending) && name.utf8.count > ending.utf8.count + 1
  }

  /// A name that nobody has, for something that will be called `target`.
  static func name(for target: String) -> String {
    // Short, because all parts together must fit 255 bytes.
    let shown = String(decoding: target.utf8.prefix(180), as: UTF8.self)
    return ".\(shown).\(String(UInt64.random(in: .min ... .max), radix: 36))\(ending)"
  }

  /// Marks an open file or folder as in use until its descriptor is closed. Where a file system has no locks, nothing is
  /// swept either.
  package static func hold(_ descriptor: Int32) { _ = flock(descriptor, LOCK_EX | LOCK_NB) }

  /// Removes what processes that are no more left in a folder.
  ///
  /// - Parameters:
  ///   - age: seconds since the last change, for what is not locked while it is made.
  ///   - isOurs: which names; else those of ``isName(_:)``.
  package static func sweep(_ folder: String, age: Int = grace, isOurs: (String) -> Bool = isName) {
    for name in list(folder) ?? [] where isOurs(name) {
      let path = folder + "/" + name
      var facts = stat()
      guard lstat(path, &facts) == 0, facts.st_uid == geteuid() || geteuid() == 0,
        [S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT), facts.st_mtim.tv_sec < time(nil) - age
      else { continue }
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { remove(path, isFolder: facts.st_mode & S_IFMT == S_IFDIR) }
      close(descriptor)
    }
  }

  /// Names in a folder, in alphabetical order; `nil` when it cannot be read.
  static func list(_ folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String, isFolder: Bool) {
    guard isFolder else {
      unlink(path)
      return
    }
    for name in list(path) ?? [] {
      var facts = stat()
      let inner = path + "/" + name
      remove(inner, isFolder: lstat(inner, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR)
    }
    rmdir(path)
  }
}
