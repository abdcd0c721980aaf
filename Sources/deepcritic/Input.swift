import DeepCriticCore
import Foundation

/// What a command is given to read: a file, or "-" for standard input.
enum Input {
  /// The bytes of a file or of standard input.
  ///
  /// - Throws: a sentence that names it.
  static func bytes(_ path: String) throws -> [UInt8] {
    guard path == "-" else { return try PlainFile.read(path) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw CommandError("standard input cannot be read: \(String(cString: strerror(errno))).") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if bytes.count > PlainFile.limit {
        throw CommandError("standard input is larger than \(PlainFile.limit >> 20) MB.")
      }
    }
  }
}
