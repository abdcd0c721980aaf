import ArgumentParser
import FaultVFS
import Formatting
import Foundation
import TestSupport

/// What fails at the chosen operation.
enum Fault: String, CaseIterable {
  case inputOutput = "I/O error"
  case fullDisk = "disk full"
  case powerDropping = "power, unsynced lost"
  case powerReordering = "power, unsynced in part"

  var kind: Int32 {
    switch self {
    case .inputOutput: Int32(FAULT_IO)
    case .fullDisk: Int32(FAULT_FULL)
    case .powerDropping, .powerReordering: Int32(FAULT_POWER)
    }
  }

  var settling: Int32? {
    switch self {
    case .inputOutput, .fullDisk: nil
    case .powerDropping: Int32(FAULT_SETTLE_DROP)
    case .powerReordering: Int32(FAULT_SETTLE_SOME)
    }
  }
}

/// Does each scenario again and again, failing at another operation of SQLite's file layer each time, and checks what is left.
@main struct FaultInjection: ParsableCommand {
  @Option(help: "Operations tried of each scenario and fault (default: all).")
  var sample: Int?
  @Option(help: "Seed of the sample, and of what a power failure leaves.")
  var seed: UInt64 = 1
  @Option(help: "Only scenarios whose name contains this.")
  var only: String?

  @Flag(help: "Let the disk ignore syncs: decisions are then lost, and must be missed.")
  var withoutSync = false

  func run() throws {
    guard fault_vfs_register() == 0 else { throw Finding("the file layer cannot be registered") }
    let root = try TemporaryFolder()
    var rows: [[String]] = []
    var findings: [String] = []
    var totals = (operations: 0, injected: 0)
    for scenario in Scenario.all where only.map({ scenario.name.contains($0) }) ?? true {
      let folder = root.path + "/prepared"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      fault_vfs_arm(0, Int32(FAULT_NONE))
      try scenario.prepare(folder)
      let operations = try count(scenario, folder, root.path)
      var row = [scenario.name, Figures.count(operations)]
      totals.operations += operations
      for fault in Fault.allCases {
        let (injected, found) = try sweep(scenario, fault, operations, folder, root.path)
        row.append(Figures.count(injected))
        totals.injected += injected
        findings += found
      }
      rows.append(row + [Figures.count(findings.count)])
      FileHandle.standardError.write(Data("\(scenario.name): done\n".utf8))
      try FileManager.default.removeItem(atPath: folder)
    }
    let header = ["scenario", "operations"] + Fault.allCases.map(\.rawValue) + ["findings so far"]
    for line in TextTable(header: header, rows: rows).lines() { print(line) }
    print(
      "\(Figures.count(totals.operations)) operations, \(Figures.count(totals.injected)) failures injected, "
        + Figures.count(findings.count, "finding"))
    for finding in findings.prefix(40) { print(finding) }
    if !findings.isEmpty { throw ExitCode.failure }
  }

  /// The scenario's operations when nothing fails.
  private func count(_ scenario: Scenario, _ prepared: String, _ root: String) throws -> Int {
    let folder = try copy(prepared, root)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    fault_vfs_arm(0, Int32(FAULT_NONE))
    var acknowledged = Acknowledged()
    try scenario.run(folder, &acknowledged)
    let operations = Int(fault_vfs_count())
    try Verification.check(folder, acknowledged)
    return operations
  }

  private func sweep(
    _ scenario: Scenario, _ fault: Fault, _ operations: Int, _ prepared: String, _ root: String
  ) throws -> (injected: Int, findings: [String]) {
    var dice = SplitMix(seed: seed)
    let all = Array(1...operations)
    let chosen = sample.map { Array(all.shuffled(using: &dice).prefix($0)) } ?? all
    var injected = 0
    var findings: [String] = []
    for operation in chosen {
      let folder = try copy(prepared, root)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      var acknowledged = Acknowledged()
      fault_vfs_arm(operation, fault.kind)
      fault_vfs_ignore_syncs(withoutSync ? 1 : 0)
      do { try scenario.run(folder, &acknowledged) } catch let finding as Finding {
        findings.append("\(scenario.name), \(fault.rawValue) at \(operation): \(finding)")
      } catch {}
      if fault_vfs_fired() != 0 { injected += 1 }
      fault_vfs_disarm()
      if let open = Self.openFile(in: folder) {
        findings.append("\(scenario.name), \(fault.rawValue) at \(operation): \(open) is still open")
      }
      if let mode = fault.settling { fault_vfs_settle(mode, seed &+ UInt64(operation)) }
      do { try Verification.check(folder, acknowledged) } catch {
        findings.append("\(scenario.name), \(fault.rawValue) at \(operation): \(error)")
      }
    }
    return (injected, findings)
  }

  /// A database file below a folder that this process has open: a connection that was not closed.
  private static func openFile(in folder: String) -> String? {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.lazy.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
    }
    .first { $0.contains(folder + "/work/workspace.sqlite") }
  }

  private func copy(_ folder: String, _ root: String) throws -> String {
    let path = root + "/work-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.copyItem(atPath: folder, toPath: path)
    return path
  }
}
