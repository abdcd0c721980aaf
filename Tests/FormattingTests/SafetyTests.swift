import Foundation
import Testing

@testable import Formatting

/// What is copied, pasted or opened elsewhere does there what it says.
@Suite struct SafetyTests {
  @Test(arguments: [
    "plain", "", "two words", "it's", "$(touch x)", "`x`", "a\nb", "-n", "~", "*", "a'\u{301}b", "\\", "é",
    "'; rm -rf /",
  ])
  func aShellReadsAQuotedWordBack(word: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "printf %s " + ShellWords.quoted(word)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: bytes, as: UTF8.self) == word || (word == "-n" && bytes.isEmpty))
    #expect(!ShellWords.quoted(word).contains("\n"))
  }

  @Test func markdownStaysText() {
    #expect(Markdown.escaped("[a](javascript:x)") == "&#91;a&#93;(javascript:x)")
    #expect(Markdown.escaped("[\u{301}a]") == "&#91;\u{301}a&#93;")
    #expect(Markdown.escaped("<b>|*x*_y_`z`") == "&lt;b&gt;\\|\\*x\\*\\_y\\_\\`z\\`")
    #expect(Markdown.escaped("http://x @me #1") == "http:&#8288;//x @&#8288;me \\#&#8288;1")
    let table = TextTable(header: ["critic"], rows: [["[x](http://y) | z"]])
    #expect(table.markdown.hasSuffix("| &#91;x&#93;(http:&#8288;//y) \\| z |"))
  }

  @Test func spreadsheetsFindNoFormulasAndNoBrokenCells() {
    let table = TextTable(rows: [["=1+1", "＝1", "-2", "-x", "a\"\u{301},b", "a\rb"]])
    #expect(table.csv == "'=1+1,'＝1,-2,'-x,\"a\"\"\u{301},b\",\"a\rb\"")
  }

  @Test func numbersFromOutsideDoNotOverflow() {
    #expect(Int.max.saturatingAdding(1) == .max)
    #expect(Int.min.saturatingAdding(-1) == .min)
    #expect(3.saturatingAdding(4) == 7)
    #expect(Int(saturating: 1e300) == .max)
    #expect(Int(saturating: -.infinity) == .min)
    #expect(Int(saturating: .nan) == 0)
    #expect(Int(saturating: 2.6) == 3)
  }

  @Test func onlyFilesAreRead() throws {
    let folder = NSTemporaryDirectory() + "plain-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/fifo", 0o600) == 0)
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
    #expect(try PlainFile.text(folder + "/file") == "text")
    for (name, words) in [
      (folder, "it is a directory"), (folder + "/fifo", "it is a pipe"), ("/dev/zero", "it is a device"),
      (folder + "/none", "there is no such file"),
    ] {
      do {
        _ = try PlainFile.read(name)
        Issue.record("\(name) was read")
      } catch { #expect(error.reason.hasPrefix(words)) }
    }
    #expect(throws: PlainFileError.self) { try PlainFile.read(folder + "/file", limit: 2) }
  }
}
