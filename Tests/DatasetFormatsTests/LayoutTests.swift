import Foundation
import Testing

@testable import DatasetFormats

@Suite("Layouts, damage and limits")
struct LayoutTests {
  func row(_ id: String) -> String {
    "{\"id\": \"\(id)\", \"problem\": \"p\", \"steps\": [\"a\", \"b\"], \"final_answer_correct\": true, \"label\": -1}"
  }

  func pretty(_ id: String, _ indent: String = "  ") -> String {
    let lines = [
      "{", "  \"id\": \"\(id)\",", "  \"problem\": \"p [ { \\\" \",", "  \"steps\": [", "    \"a\"", "  ],",
      "  \"final_answer_correct\": true,", "  \"label\": 0", "}",
    ]
    return lines.map { indent + $0 }.joined(separator: "\n")
  }

  func ids(_ reading: Reading) -> [String?] { reading.solutions.map(\.sourceID) }

  // MARK: Lines

  @Test func linesWithBlanksAndCRLF() throws {
    let reading = try read("\n\r\n\(row("a"))\r\n\n   \n  \(row("b"))  \r\n\(row("c"))")
    #expect(ids(reading) == ["a", "b", "c"])
    #expect(reading.records.map(\.line) == [3, 6, 7])
    #expect(reading.bad == [])
    #expect(reading.records.map(\.raw) == ["a", "b", "c"].map { Array(row($0).utf8) })
  }

  @Test func byteOrderMark() throws {
    #expect(ids(try read("\u{FEFF}\(row("a"))\n\(row("b"))")) == ["a", "b"])
    #expect(ids(try read("\u{FEFF}[\(row("a"))]")) == ["a"])
  }

  @Test func truncatedLastLine() throws {
    let full = row("b")
    for cut in [1, 5, 20, full.utf8.count - 1] {
      let reading = try read("\(row("a"))\n\(full.prefix(cut))")
      #expect(ids(reading) == ["a"])
      #expect(reading.bad.map(\.line) == [2])
      #expect(reading.bad.first?.reason.contains("the last line is cut off") == true, "\(cut)")
      #expect(reading.bad.first?.remedy != nil)
    }
  }

  @Test func badLinesAreNamedAndPassedOver() throws {
    let lines = [
      row("a"), "nonsense", "{\"id\": 1", "[1]", "{\"a\": NaN}", "{\"x\": 1}", row("b") + row("c"),
      "{\"k\": \"\u{1}\"}",
      row("d"),
    ]
    let reading = try read(lines.joined(separator: "\n"))
    #expect(ids(reading) == ["a", "d"])
    #expect(reading.bad.map(\.line) == [2, 3, 4, 5, 6, 7, 8])
    #expect(reading.bad[2].reason.contains("a record must be an object, not a list"))
    #expect(reading.bad[3].reason.contains("NaN is not JSON"))
    #expect(reading.bad[4].reason.contains("processbench"))
    #expect(reading.bad[4].reason.contains("`x`"))
    #expect(reading.bad[5].reason.contains("more text after the end"))
    #expect(reading.bad[0].description.hasSuffix(":2: " + reading.bad[0].reason))
  }

  @Test func badBytes() throws {
    let good = Array(row("a").utf8) + [10]
    func with(_ bytes: [UInt8]) -> [UInt8] { good + Array("{\"id\": \"".utf8) + bytes + Array("\"}\n".utf8) + good }
    for (bytes, word) in [([0xFF], "UTF-8"), ([0xC3], "UTF-8"), ([0], "NUL"), ([0xED, 0xA0, 0x80], "UTF-8")]
      as [([UInt8], String)]
    {
      let reading = try read(with(bytes))
      #expect(reading.records.map(\.line) == [1, 3])
      #expect(reading.bad.first?.line == 2)
      #expect(reading.bad.first?.reason.contains(word) == true)
      #expect(reading.bad.first?.reason.contains("byte 9") == true)
    }
  }

  @Test func loneSurrogatesAndRepeatedKeysAreRead() throws {
    let text = row("a").replacing("\"p\"", with: "\"\\ud800\", \"problem\": \"x\\udfffy\"")
    let reading = try read(text)
    #expect(reading.solutions.first?.problem == "x\u{FFFD}y")
    #expect(reading.records.first?.raw == Array(text.utf8))
  }

  @Test func deepNestingIsABadRecord() throws {
    let deep = "{\"a\": " + String(repeating: "[", count: 200_000) + "}"
    let reading = try read("\(row("a"))\n\(deep)\n\(row("b"))")
    #expect(ids(reading) == ["a", "b"])
    #expect(reading.bad.first?.reason.contains("deeper than 512") == true)
    let listed = try read("[\(row("a")),\n\(deep),\n\(row("b"))]")
    #expect(ids(listed) == ["a", "b"])
    #expect(listed.bad.map(\.line) == [2])
  }

  // MARK: Lists

  @Test func listsInEveryDress() throws {
    let rows = [row("a"), row("b"), row("c")]
    #expect(ids(try read("[" + rows.joined(separator: ",") + "]")) == ["a", "b", "c"])
    let lines = try read("[\n" + rows.joined(separator: ",\n") + "\n]\n")
    #expect(ids(lines) == ["a", "b", "c"])
    #expect(lines.records.map(\.line) == [2, 3, 4])
    let reading = try read("\n[\n\(pretty("a")),\n\(pretty("b"))\n]")
    #expect(ids(reading) == ["a", "b"])
    #expect(reading.records.map(\.line) == [3, 12])
    #expect(reading.bad == [])
    #expect(reading.records[0].raw == Array(pretty("a").dropFirst(2).utf8))
    #expect(ids(try read("[\r\n  \(rows[0])  \r\n ,\r\n \(rows[1])\r\n]")) == ["a", "b"])
  }

  @Test func listsWithDamage() throws {
    func list(_ middle: String) -> String { "[\n\(pretty("a")),\n\(middle),\n\(pretty("c"))\n]" }
    // Whole but not JSON, of another shape, unclosed brackets, unclosed text, too many closers.
    let cases = [
      "  {\"id\": nope}", "  17", "  {\"id\": 3}", "  {\n    \"id\": [\n  }",
      "  {\n    \"id\": \"x,\n    \"b\": 2\n  }",
      "  {\n    \"id\": 1 ] }", "  {\n    \"id\": 1 } }",
    ]
    for text in cases {
      let reading = try read(list(text))
      #expect(ids(reading) == ["a", "c"], "\(text) \(reading.bad)")
      #expect(reading.bad.first?.line == 11, "\(text) \(reading.bad)")
      #expect(reading.error == nil)
    }
  }

  @Test func compactListsWithDamage() throws {
    for middle in [#"{"id": "b]}"#, #"{"id": [1}"#, #"{"id": "b", x"#, #"{"id": {"#] {
      let reading = try read("[\(row("a")), \(middle), \(row("c")), \(row("d"))]")
      #expect(ids(reading).first == "a")
      #expect(ids(reading).last == "d", "\(middle) \(reading.bad)")
      #expect(!reading.bad.isEmpty)
      #expect(reading.bad.allSatisfy { $0.line == 1 })
    }
  }

  @Test func commasAndEnds() throws {
    func bad(_ text: String) throws -> ([String?], [String]) {
      let reading = try read(text)
      return (ids(reading), reading.bad.map(\.reason))
    }
    let (a, b) = (row("a"), row("b"))
    #expect(try bad("[\(a)\n\(b)]") == (["a", "b"], ["a comma is missing before this element"]))
    #expect(try bad("[\(a),,\(b)]") == (["a", "b"], ["an element is missing before this comma"]))
    #expect(try bad("[\(a),\(b),]") == (["a", "b"], ["a comma before the end of the list"]))
    #expect(try bad("[\(a)] x").1 == ["there is more text after the end of the list"])
    #expect(try bad("[\(a),\n\(b)\n").1.first?.contains("the list is not closed") == true)
    #expect(try bad("[\(a),\n\(b.dropLast(9))").1.first?.contains("the file ends inside the record") == true)
    #expect(try read("[\(a),\n\(b.dropLast(9))").bad.map(\.line) == [2])
    #expect(try bad("[\(a)}").0 == ["a"])
    #expect(try bad("[}, \(a)]").0 == ["a"])
  }

  @Test func restThatCannotBeFoundIsSaidToBeLost() throws {
    let reading = try read("[\(row("a")), {\"id\": [} ")
    #expect(ids(reading) == ["a"])
    #expect(reading.bad.count == 1)
    #expect(reading.bad.first?.reason.contains("the rest of the file is lost") == true)
  }

  // MARK: Objects over several lines

  @Test func looseObjects() throws {
    #expect(ids(try read(pretty("a", ""))) == ["a"])
    let reading = try read(pretty("a", "") + "\n" + pretty("b", "") + "\n\n" + pretty("c", "") + "\n")
    #expect(ids(reading) == ["a", "b", "c"])
    #expect(reading.records.map(\.line) == [1, 10, 20])
    let damaged = try read(pretty("a", "") + "\n{\n  \"id\": [}\n" + pretty("c", ""))
    #expect(ids(damaged) == ["a", "c"])
    #expect(damaged.bad.map(\.line) == [10])
    let cut = try read(pretty("a", "") + "\n" + pretty("b", "").dropLast(4))
    #expect(ids(cut) == ["a"])
    #expect(cut.bad.map(\.line) == [10])
  }

  @Test func damagedFirstLineDoesNotHideTheLayout() throws {
    let reading = try read("\(row("z").dropLast(30))\n\(row("a"))\n\(row("b"))\n")
    #expect(ids(reading) == ["a", "b"])
    #expect(reading.bad.map(\.line) == [1])
  }

  // MARK: Limits

  @Test(arguments: [false, true])
  func longRecordsArePassedOver(_ inList: Bool) throws {
    let limits = ReaderLimits(maximumRecordBytes: 1000, chunkBytes: 4096)
    let long = "{\"id\": \"" + String(repeating: "x\\\"", count: 20_000) + "\"}"
    let middle = "{\"id\": \"" + String(repeating: "y", count: 1500) + "\"}"
    let rows = [row("a"), long, row("b"), middle, row("c")]
    let text = inList ? "[\n" + rows.joined(separator: ",\n") + "\n]" : rows.joined(separator: "\n")
    let reading = try read(text, limits: limits)
    #expect(ids(reading) == ["a", "b", "c"])
    #expect(reading.bad.map(\.line) == (inList ? [3, 5] : [2, 4]))
    #expect(reading.bad.allSatisfy { $0.reason.contains("longer than the limit of 1000 bytes") })
    #expect(try read(row("a") + "\n" + long, limits: limits).bad.map(\.line) == [2])
    #expect(try read("[" + row("a") + "," + long.dropLast(5), limits: limits).bad.count == 1)
  }

  @Test func chunkBoundariesDoNotMatter() throws {
    let rows = (0..<400).map { row("é\($0)" + String(repeating: "z", count: $0 % 97)) }
    for text in [rows.joined(separator: "\n"), "[" + rows.joined(separator: ",\n  ") + "]"] {
      let reading = try read(text, limits: ReaderLimits(chunkBytes: 4096))
      #expect(reading.records.map(\.raw) == rows.map { Array($0.utf8) })
      #expect(reading.records.map(\.line) == Array(1...400))
    }
  }
}
