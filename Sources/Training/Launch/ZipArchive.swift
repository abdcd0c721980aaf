import CZlib
import Foundation

/// A ZIP file whose members are stored as they are: what a cluster takes a working directory as. The same files give the
/// same bytes.
struct ZipArchive {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Most bytes of an archive: what Ray takes.
  static let limit = 450 << 20

  /// Bytes so far.
  var size: Int { bytes.count }

  /// Adds a file.
  mutating func add(_ name: String, _ content: [UInt8]) {
    let path = Array(name.utf8)
    let sum = content.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
    let offset = bytes.count
    // Version 2.0, UTF-8 names, stored, 1980-01-01.
    let common =
      Self.words16([20, 0x0800, 0, 0, 0x0021]) + Self.words32([Int(sum), content.count, content.count])
      + Self.words16([path.count, 0])
    bytes += Self.words32([0x0403_4B50]) + common + path + content
    directory += Self.words32([0x0201_4B50]) + Self.words16([20 | 3 << 8]) + common + Self.words16([0, 0, 0])
    directory += Self.words32([0o100644 << 16, offset]) + path
    count += 1
  }

  /// The whole file.
  func finished() -> [UInt8] {
    bytes + directory + Self.words32([0x0605_4B50]) + Self.words16([0, 0, count, count])
      + Self.words32([directory.count, bytes.count]) + Self.words16([0])
  }

  private static func words16(_ values: [Int]) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private static func words32(_ values: [Int]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }

  /// The files of a run's folder that a job needs: what it was written with, the rows, and a model that travels along.
  static func names(of folder: RunFolder) throws -> [String] {
    let files = FileManager.default
    var names = try files.contentsOfDirectory(atPath: folder.path).filter { name in
      [".toml", ".json", ".txt"].contains { name.hasSuffix($0) }
        && !["process.json", "job.json", "log.txt"].contains(name)
    }
    for inner in ["scripts", "data"] + CarriedModel.names.sorted()
    where files.fileExists(atPath: folder.path + "/" + inner) {
      names += try files.contentsOfDirectory(atPath: folder.path + "/" + inner).filter { !$0.hasPrefix("_") }
        .map { inner + "/" + $0 }
    }
    return names.sorted()
  }

  /// The archive of a run's folder.
  static func of(_ folder: RunFolder) throws -> [UInt8] {
    var zip = ZipArchive()
    for name in try names(of: folder) {
      guard let data = FileManager.default.contents(atPath: folder.path + "/" + name) else {
        throw LaunchError("\(folder.path)/\(name) cannot be read")
      }
      guard zip.size + data.count <= limit else {
        throw LaunchError(
          "rows and model are too large to be sent with a Ray job (\(limit >> 20) MB at most); export fewer rows, name a "
            + "model that the cluster has, or use script:kuberay")
      }
      zip.add(name, [UInt8](data))
    }
    return zip.finished()
  }
}
