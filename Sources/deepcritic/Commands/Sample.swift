import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// The workspace with the sample data. It is kept, with its reviews, in the user's data folder.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open a workspace with sample data.",
    discussion: """
      The workspace is created in $XDG_DATA_HOME/deepcritic/sample (else ~/.local/share). Its reviews are kept, \
      also when a new version of the program brings new sample data.
      """)

  @Flag(help: "Create or update the workspace and print its path.")
  var path = false
  @Flag(help: "Print the directory of the sample data.")
  var data = false
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if path, data { throw ValidationError("--path and --data cannot be combined.") }
  }

  func run() throws {
    if data { return try StandardOutput.write(lines: [try Self.dataFolder().path]) }
    let folder = try Self.folder(environment: ProcessInfo.processInfo.environment)
    try Self.prepare(folder)
    guard !path else { return try StandardOutput.write(lines: [folder]) }
    var workbench = root
    workbench.workspace.workspace = folder
    try workbench.run()
  }

  /// - Throws: when there is no home directory.
  static func folder(environment: [String: String]) throws -> String {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    guard let data = value("XDG_DATA_HOME") ?? value("HOME").map({ $0 + "/.local/share" }) else {
      throw CommandError("there is no home directory for the sample workspace. Set HOME or XDG_DATA_HOME.")
    }
    return data + "/deepcritic/sample"
  }

  /// Makes the workspace, and brings in sample data that it does not have.
  private static func prepare(_ folder: String) throws {
    let files = try dataFolder().files
    let stamp = folder + "/.sample-data"
    let state = try files.map(state(of:)).joined()
    if Workspace.exists(at: folder), (try? String(contentsOfFile: stamp, encoding: .utf8)) == state { return }
    if !Workspace.exists(at: folder) {
      try Workspace.create(at: folder).close()
      try? WorkspaceTrust.rememberMade(folder)
    }
    let workspace = try Workspace(at: folder)
    defer { try? workspace.close() }
    if let refusal = workspace.refusal { throw refusal }
    for file in files { _ = try workspace.importFile(file, programVersion: Version.number) }
    var file = try AtomicFileWriter(path: stamp)
    try file.write(state.utf8)
    try file.commit()
  }

  /// A line that changes when a file does.
  private static func state(of file: String) throws -> String {
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(file) \(attributes[.size] ?? 0) \(time)\n"
  }

  /// The solutions first: they give the names that critiques of them then belong to.
  private static func dataFolder() throws -> (path: String, files: [String]) {
    let folders = InstalledFiles.folders(program: Program.path, installed: "sample-data", source: "SampleData")
    for folder in folders {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      let solutions = names.filter { $0.hasPrefix("solutions") && $0.hasSuffix(".jsonl") }
      let critiques = names.filter { $0.hasPrefix("critiques") && $0.hasSuffix(".jsonl") }
      guard !solutions.isEmpty else { continue }
      let files = solutions + names.filter { $0.hasSuffix(".json") } + critiques
      return (folder, files.map { folder + "/" + $0 })
    }
    throw CommandError("the sample data is missing: \(folders[0]). Install the program again.")
  }
}
