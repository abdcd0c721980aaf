import Foundation
import Testing

/// A sample of `scripts/inject`: the disk fails under the program, and what is left is checked.
@Suite struct InjectionTests {
  @Test func aSampleOfFailuresLosesNothing() throws {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("fault-injection")
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = ["--sample", "4", "--seed", "\(Int.random(in: 1...1_000_000))"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(told)")
    #expect(told.contains(" 0 findings"))
  }
}
