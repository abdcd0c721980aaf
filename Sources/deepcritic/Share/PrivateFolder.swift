import DeepCriticCore
import Dispatch
import Foundation

/// A temporary folder that nobody else may look into; it goes when the command ends or is interrupted, after a kill when the
/// next one is made.
final class PrivateFolder {
  let path: String
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private static let prefix = "deepcritic-"
  private let sources: [any DispatchSourceSignal]

  /// Makes one that its caller removes.
  ///
  /// - Throws: ``CommandError`` when it cannot be made.
  static func make() throws -> String {
    let parent = URL(fileURLWithPath: NSTemporaryDirectory())
    TemporaryFiles.sweep(parent.path) {
      $0.hasPrefix(prefix) && UUID(uuidString: String($0.dropFirst(prefix.count))) != nil
    }
    let path = parent.appendingPathComponent(prefix + UUID().uuidString).path
    guard mkdir(path, 0o700) == 0 else {
      throw CommandError(
        "\(path): the temporary folder cannot be made: \(String(cString: strerror(errno))). Name another place with "
          + "TMPDIR.")
    }
    // Held as long as this process lives.
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { TemporaryFiles.hold(descriptor) }
    return path
  }

  /// - Throws: ``CommandError`` when it cannot be made.
  init() throws {
    let path = try Self.make()
    self.path = path
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        try? FileManager.default.removeItem(atPath: path)
        _exit(InterruptedError(signal: number).exitCode)
      }
      source.resume()
      return source
    }
  }

  /// Removes it with all that is in it.
  func remove() {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
    try? FileManager.default.removeItem(atPath: path)
  }
}
