/// Files that are not JSON and are met often enough to be named.
struct FileKind {
  let error: DatasetError

  /// Recognises a file by its first bytes; `nil` for anything that may be JSON.
  init?(magic bytes: UnsafeBufferPointer<UInt8>, path: String) {
    func starts(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    func starts(_ prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }
    func other(_ kind: String, _ remedy: String) -> DatasetError { .otherKind(path: path, kind: kind, remedy: remedy) }
    if starts("PAR1") {
      error = .parquet(path: path)
    } else if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) {
      error = other("UTF-16 text", "Convert it with iconv -f UTF-16 -t UTF-8.")
    } else if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      error = other("compressed with zstd", "Decompress it first (zstd -d), or compress it with gzip.")
    } else if starts("PK\u{3}\u{4}") {
      error = other("a zip archive", "Unpack it first and open the files in it.")
    } else if starts("BZh") {
      error = other("compressed with bzip2", "Decompress it first (bunzip2), or compress it with gzip.")
    } else if starts([0xFD, 0x37, 0x7A, 0x58]) {
      error = other("compressed with xz", "Decompress it first (unxz), or compress it with gzip.")
    } else if starts("version https://git-lfs") {
      error = other("a Git LFS pointer, not the data itself", "Run git lfs pull in its repository.")
    } else if starts("ARROW1") {
      error = other("an Arrow file", "Convert it to JSON Lines first, for example with pyarrow.")
    } else if starts("SQLite format 3") {
      error = other("an SQLite database", "Open it as a workspace, or export JSON Lines from it.")
    } else if starts("<!DOCTYPE") || starts("<!doctype") || starts("<html") {
      error = other("a web page", "The download was not the file itself; get the raw file.")
    } else {
      return nil
    }
  }
}
