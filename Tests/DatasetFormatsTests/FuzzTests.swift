import Foundation
import JSON
import TestSupport
import Testing

@testable import DatasetFormats

@Suite("Random damage")
struct FuzzTests {
  /// Damages some bytes. `keepsLines` leaves line ends as they are.
  func mutate(_ bytes: [UInt8], _ random: inout SplitMix, keepsLines: Bool) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let spice: [UInt8] = [0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x3A, 0x00, 0xFF, 0xC3, 0x75, 0x2D, 0x30, 0x0A]
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[at] = spice.randomElement(using: &random) ?? 0
      case 2: bytes.insert(spice.randomElement(using: &random) ?? 0, at: at)
      case 3: bytes.remove(at: at)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
      default:
        let piece = Array(bytes[at..<min(bytes.count, at + Int.random(in: 1...40, using: &random))])
        bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
      }
    }
    return keepsLines ? bytes.map { $0 == 0x0A ? 0x20 : $0 } : bytes
  }

  @Test(
    arguments: DataFolder.available,
    ["prm800k/samples.jsonl", "processbench/gsm8k.json", "mr-gsm8k/processed_test.json"])
  func everyDamagedLineIsARecordOrABadRecordOnItsLine(_ data: DataFolder, _ name: String) throws {
    let source = read(path: try data.path(name))
    let format = try #require(source.format)
    // On one line each, as pretty-printed elements are not.
    let lines = source.records.prefix(40).map { $0.raw.map { $0 == 0x0A ? 0x20 : $0 } }
    let folder = try TemporaryFolder()
    for seed in 0..<150 {
      var random = SplitMix(seed: UInt64(seed))
      let damaged = lines.map { Bool.random(using: &random) ? mutate($0, &random, keepsLines: true) : $0 }
      let path = try folder.file(Array(damaged.joined(separator: [0x0A])))
      let reading = read(path: path, format, limits: ReaderLimits(chunkBytes: 4096))
      #expect(reading.error == nil)
      let seen = reading.records.map(\.line) + reading.bad.map(\.line)
      let expected = damaged.indices.filter { k in damaged[k].contains { !isJSONSpace($0) } }.map { $0 + 1 }
      #expect(seen.sorted() == expected, "seed \(seed)")
      for (k, line) in damaged.enumerated() where line == lines[k] {
        #expect(reading.records.contains { $0.line == k + 1 && $0.raw == line }, "seed \(seed), line \(k + 1)")
      }
    }
  }

  @Test(arguments: DataFolder.available, ["processbench/gsm8k.json", "mr-gsm8k/processed_test.json"])
  func damagedListsLoseOnlyWhatIsDamaged(_ data: DataFolder, _ name: String) throws {
    let path = try data.path(name)
    let source = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))).prefix(60_000)
    let whole = try read(Array(source)).records
    let folder = try TemporaryFolder()
    let lineCount = source.count { $0 == 0x0A } + 60
    for seed in 0..<150 {
      var random = SplitMix(seed: UInt64(seed))
      let head = Array(source.prefix(8))
      let damaged = head + mutate(Array(source.dropFirst(8)), &random, keepsLines: false)
      let reading = read(path: try folder.file(damaged), .processbench, limits: ReaderLimits(chunkBytes: 4096))
      #expect(reading.error == nil, "seed \(seed)")
      #expect((reading.records.map(\.line) + reading.bad.map(\.line)).allSatisfy { $0 >= 1 && $0 <= lineCount })
      // At most four places are damaged, each of which may take its own record and the one it runs into.
      #expect(reading.records.count >= whole.count - 12, "seed \(seed): \(reading.records.count) of \(whole.count)")
      #expect(!reading.bad.isEmpty)
    }
  }

  @Test func anyBytesAtAll() throws {
    let folder = try TemporaryFolder()
    for seed in 0..<300 {
      var random = SplitMix(seed: UInt64(seed) &+ 7)
      let alphabet = Array("{}[]\",:\\ \n\r\t0123456789-+.eEtruefalsn\u{0}é".utf8) + [0xFF, 0x1F, 0x8B]
      var bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      if seed % 3 == 0 { bytes.insert(UInt8(ascii: "["), at: 0) }
      if seed % 3 == 1 { bytes = [0x1F, 0x8B, 8, 0] + bytes }
      let path = try folder.file(bytes)
      _ = read(path: path)
      _ = read(path: path, .generic)
      _ = try? JSONDocument(parsing: bytes).canonicalHash
    }
  }
}
