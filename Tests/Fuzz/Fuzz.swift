import Foundation

/// What libFuzzer calls with one input after another. `scripts/fuzz NAME` starts it; the reader is named by `DEEPCRITIC_FUZZ`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let chosen: FuzzedReader = {
  let name = ProcessInfo.processInfo.environment["DEEPCRITIC_FUZZ"] ?? ""
  guard let reader = FuzzedReader.all.first(where: { $0.name == name }) else {
    FileHandle.standardError.write(
      Data("DEEPCRITIC_FUZZ names one of: \(FuzzedReader.all.map(\.name).joined(separator: " "))\n".utf8))
    exit(2)
  }
  return reader
}()

/// A reader of something that comes from outside.
struct FuzzedReader: Sendable {
  let name: String
  /// Reads an input; traps where its outcome is not what it must be.
  let read: @Sendable ([UInt8]) -> Void

  init(_ name: String, _ read: @escaping @Sendable ([UInt8]) -> Void) {
    self.name = name
    self.read = read
  }
}

/// Ends the program with a reason, for libFuzzer to keep the input.
func require(_ holds: Bool, _ reason: @autoclosure () -> String) {
  if !holds { fatalError(reason()) }
}

/// An input as a file, for readers that take no other: always the same one, in memory where there is such a place.
enum InputFile {
  static let path = {
    let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    return "\(folder)/deepcritic-fuzz-\(getpid())"
  }()

  static func write(_ bytes: [UInt8]) -> String {
    guard let file = fopen(path, "w") else { fatalError("\(path) cannot be written") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path
  }
}

extension [UInt8] {
  /// The first byte, as a choice, and the rest.
  func choice(of count: Int) -> (choice: Int, rest: [UInt8]) {
    guard let first else { return (0, []) }
    return (Int(first) % count, Array(dropFirst()))
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}

/// Characters that may not reach a terminal raw.
func hasControls(_ text: String) -> Bool {
  text.unicodeScalars.contains {
    $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || (0x202A...0x202E).contains($0.value)
  }
}
