import Foundation
import Testing

/// A sample of `scripts/inject`: the disk fails under the program, and what is left is checked.
@Suite struct InjectionTests {
  @Test func aSampleOfFailuresLosesNothing() throws {
    let (status, told) = try run("--sample", "4", "--seed", "\(Int.random(in: 1...1_000_000))")
    #expect(status == 0, "\(told)")
    #expect(told.contains(" 0 findings"))
  }

  /// The checks are worth something: on a disk that does not sync they miss what was acknowledged.
  @Test func aDiskThatDoesNotSyncIsNoticed() throws {
    let (status, told) = try run("--without-sync", "--only", "one decision")
    #expect(status == 1 && told.contains("1 acknowledged decisions are lost"), "\(told)")
  }

  private func run(_ arguments: String...) throws -> (status: Int32, told: String) {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("fault-injection")
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, told)
  }
}
