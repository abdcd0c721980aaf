import CZlib
import CritiqueModel
import Foundation
import Testing

@testable import DatasetFormats

/// A folder that is removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "deepcritic-formats-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ bytes: [UInt8], _ name: String = "data.json") throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// Everything a reader gave.
struct Reading {
  var format: DatasetFormat?
  var records: [SourceRecord] = []
  var bad: [BadRecord] = []
  var error: DatasetError?

  var solutions: [Solution] { records.flatMap { $0.content.solutions } }
}

/// Reads a whole file.
func read(path: String, _ format: DatasetFormat? = nil, limits: ReaderLimits = .init()) -> Reading {
  var reading = Reading()
  do throws(DatasetError) {
    let reader = try DatasetReader(path: path, format: format, limits: limits)
    reading.format = reader.format
    while let item = try reader.next() {
      switch item {
      case .record(let record): reading.records.append(record)
      case .bad(let bad): reading.bad.append(bad)
      }
    }
  } catch {
    reading.error = error
  }
  return reading
}

/// Writes bytes to a file and reads them.
func read(_ bytes: [UInt8], _ format: DatasetFormat? = nil, limits: ReaderLimits = .init()) throws -> Reading {
  let folder = try TemporaryFolder()
  return read(path: try folder.file(bytes), format, limits: limits)
}

/// Writes text to a file and reads it.
func read(_ text: String, _ format: DatasetFormat? = nil, limits: ReaderLimits = .init()) throws -> Reading {
  try read(Array(text.utf8), format, limits: limits)
}

/// Decodes one record.
func content(_ json: String, _ format: DatasetFormat) throws -> SourceRecord.Content {
  try RecordDecoder.content(of: Array(json.utf8), format: format)
}

/// The reason a record is refused.
func refusal(_ json: String, _ format: DatasetFormat) -> String {
  do {
    _ = try content(json, format)
    return "(accepted)"
  } catch {
    return "\(error)"
  }
}

/// Compresses bytes as gzip.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1024)
  let made = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
  }
  return Array(output.prefix(made))
}
