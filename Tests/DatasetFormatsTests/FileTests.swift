import Foundation
import Testing

@testable import DatasetFormats

@Suite("Files: opening, compression, detection, atomic writing")
struct FileTests {
  let row = #"{"id": "a", "problem": "p", "steps": ["a"], "final_answer_correct": true, "label": -1}"#

  // MARK: Opening

  @Test func whatIsNotAFile() throws {
    let folder = try TemporaryFolder()
    #expect(read(path: folder.path + "/none").error?.description.contains("there is no such file") == true)
    #expect(read(path: folder.path).error?.description.contains("it is a folder") == true)
    let pipe = folder.path + "/pipe"
    mkfifo(pipe, 0o600)
    #expect(read(path: pipe).error?.description.contains("it is a pipe") == true)
    #expect(read(path: "/dev/null").error?.description.contains("it is a device") == true)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read anything"))
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(Array(row.utf8))
    chmod(path, 0)
    #expect(read(path: path).error?.description.contains("you may not read it") == true)
  }

  @Test(arguments: ["", " \n\t\r\n", "\u{FEFF}", "[]", " [ ] "])
  func empty(_ text: String) throws {
    for format in [nil, DatasetFormat.processbench] {
      let reading = try read(text, format)
      guard case .empty = reading.error else {
        Issue.record("\(text.debugDescription): \(String(describing: reading.error))")
        continue
      }
    }
  }

  @Test func otherKinds() throws {
    let parquet = try read("PAR1\u{15}\u{4}").error
    #expect(parquet?.description.contains("python3 -c") == true)
    #expect(parquet?.description.contains("pyarrow") == true)
    #expect(try read([0xFF, 0xFE, 0x7B, 0]).error?.description.contains("UTF-16") == true)
    #expect(
      try read("version https://git-lfs.github.com/spec/v1\noid").error?.description.contains("git lfs pull") == true)
    #expect(try read("PK\u{3}\u{4}abc").error?.description.contains("zip") == true)
    #expect(try read("<!DOCTYPE html>").error?.description.contains("web page") == true)
  }

  // MARK: Detection

  @Test(arguments: [
    "# Problem\nWhat is 1 + 1?\n\n# Solution\nTwo.\n\nOr three.",
    "What is 1 + 1?\r\n\r\nStep 1: Two.\r\nStep 2: Or three.",
  ])
  func aWrittenSolutionIsARecord(_ text: String) throws {
    let reading = try read(text)
    #expect(reading.error == nil && reading.bad.isEmpty)
    #expect(reading.records.count == 1 && reading.records.first?.format == .generic)
    let solution = reading.records.first?.content.solutions.first
    #expect(solution?.problem == "What is 1 + 1?" && solution?.steps.map(\.text) == ["Two.", "Or three."])
    #expect(solution?.steps.allSatisfy { $0.rating == nil } == true)
  }

  @Test func halfAWrittenSolutionSaysWhatIsMissing() throws {
    #expect(try read("# Solution\nStep 1: x").error?.description.contains("write it above the solution") == true)
    // Other texts are none.
    guard case .notJSON = try read("Dear reader,\n\nthe solution is near.\n").error else {
      Issue.record("a letter was read as a solution")
      return
    }
    // Where another format is asked for, that counts.
    #expect(try read("What?\n\nStep 1: x", .processbench).records.isEmpty)
  }

  @Test func notJSON() throws {
    guard case .notJSON(_, 1, _) = try read("id,problem\n1,2\n").error else {
      Issue.record("a table is not JSON")
      return
    }
    #expect(try read("{\"id\": ").error?.description.contains("line 1") == true)
    #expect(try read("[1, 2]").error?.description.contains("records must be objects") == true)
    #expect(try read("{\"x\": 1, \"y\": 2}").error?.description.contains("`x`, `y`") == true)
    #expect(try read(String(repeating: "x\n", count: 5000)).error?.description.contains("line 1") == true)
  }

  @Test func detectionPassesOverDamageAndDeliversIt() throws {
    let reading = try read("oops\n{\"id\": \n\(row)\n")
    #expect(reading.format == .processbench)
    #expect(reading.bad.map(\.line) == [1, 2])
    #expect(reading.records.map(\.line) == [3])
  }

  @Test func askedFormat() throws {
    let reading = try read(row + "\n{\"problem\": \"p\", \"answer\": \"1\"}", .problems)
    #expect(reading.records.map(\.line) == [2])
    #expect(reading.bad.first?.reason.contains("no answer") == true)
    let generic = try read(row, .generic)
    #expect(generic.format == .generic)
    #expect(generic.records.count == 1)
  }

  @Test func equalRecordsHaveEqualHashes() throws {
    let respelled = #"{"label":-1,"problem":"\u0070","steps":["a"],"final_answer_correct":true,"id":"a"}"#
    let records = try read(row + "\n" + respelled + "\n" + row.replacing("-1", with: "0")).records
    #expect(records.count == 3)
    #expect(records[0].hash == records[1].hash)
    #expect(records[0].hash != records[2].hash)
    #expect(records[0].hash.count == 32)
  }

  @Test func progress() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(Array(Array(repeating: row, count: 9).joined(separator: "\n").utf8))
    let reader = try DatasetReader(path: path)
    while try reader.next() != nil {}
    #expect(reader.bytesRead == reader.totalBytes)
    #expect(reader.totalBytes == Int64(row.utf8.count * 9 + 8))
    #expect(try reader.next() == nil)
  }

  // MARK: gzip

  func rows(_ range: Range<Int>) -> String {
    range.map { row.replacing("\"a\", \"problem", with: "\"\($0)\", \"problem") + "\n" }.joined()
  }

  @Test func gzipWithMembersAndPadding() throws {
    let plain = gzip(Array(rows(0..<3000).utf8))
    #expect(try read(plain).records.count == 3000)
    let members = plain + gzip(Array(rows(3000..<3005).utf8)) + [0, 0, 0, 0]
    let reading = try read(members)
    #expect(reading.error == nil)
    #expect(reading.solutions.map(\.sourceID) == (0..<3005).map(String.init))
    #expect(try read(gzip(Array("[\(row)]".utf8))).records.count == 1)
    guard case .empty = try read(gzip([])).error else {
      Issue.record("an empty archive is empty")
      return
    }
  }

  @Test func truncatedGzip() throws {
    let whole = gzip(
      Array((0..<20_000).map { "\(row.dropLast())," + "\"x\": \($0 &* 2_654_435_761)}\n" }.joined().utf8))
    let reading = try read(Array(whole.prefix(whole.count / 2)))
    #expect(reading.records.count > 1000)
    #expect(reading.records.count < 20_000)
    #expect(reading.bad.count <= 1)
    #expect(reading.error?.description.contains("cut off") == true)
    // Ten bytes are a header and nothing else.
    #expect(try read(Array(whole.prefix(10))).error?.description.contains("cut off") == true)
    #expect(try read(Array(whole.dropLast(4))).error?.description.contains("cut off") == true)
  }

  @Test func damagedGzip() throws {
    var whole = gzip(
      Array((0..<20_000).map { "\(row.dropLast())," + "\"x\": \($0 &* 2_654_435_761)}\n" }.joined().utf8))
    whole[whole.count - 6] ^= 0xFF
    let reading = try read(whole)
    #expect(reading.error?.description.contains("damaged") == true)
    #expect(reading.records.count == 20_000)
    let garbage = gzip(Array((row + "\n").utf8)) + Array("garbage".utf8)
    let after = try read(garbage)
    #expect(after.records.count == 1)
    #expect(after.error?.description.contains("other data after") == true)
  }

  // MARK: Atomic writing

  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(Array("old".utf8), "out.jsonl")
    chmod(path, 0o640)
    let link = folder.path + "/link"
    symlink("out.jsonl", link)
    var file = try AtomicFileWriter(path: link)
    try file.writeLine(Array(row.utf8))
    try file.write([UInt8](repeating: 0x20, count: 600_000))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try file.commit()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == row.utf8.count + 1 + 600_000)
    #expect(file.bytesWritten == Int64(row.utf8.count + 1 + 600_000))
    var info = stat()
    stat(path, &info)
    #expect(info.st_mode & 0o777 == 0o640)
    lstat(link, &info)
    #expect(info.st_mode & S_IFMT == S_IFLNK)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["link", "out.jsonl"])
  }

  @Test func abandonedWritesLeaveNothing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(Array("old".utf8), "out.jsonl")
    do {
      var file = try AtomicFileWriter(path: path)
      try file.write(Array("new".utf8))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.jsonl"])
  }

  @Test func writeErrorsSaySo() throws {
    func message(_ path: String) -> String {
      do {
        var file = try AtomicFileWriter(path: path)
        try file.write([UInt8](repeating: 0x20, count: 1 << 20))
        try file.commit()
        return "(written)"
      } catch {
        return "\(error)"
      }
    }
    let folder = try TemporaryFolder()
    #expect(message(folder.path).contains("it is a directory"))
    #expect(message(folder.path + "/none/x").contains("its directory does not exist"))
    let file = try folder.file([1], "plain")
    #expect(message(file + "/x").contains("is not a directory"))
    #expect(message(folder.path + "/" + String(repeating: "n", count: 300)).contains("too long"))
    #expect(message("/proc/nothing").contains("was not written"))
  }
}
