import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

extension Runs {
  struct Note: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show or set a run's note.", discussion: "An empty note (\"\") removes it.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @Argument(help: ArgumentHelp("New note (default: show the note).", valueName: "text"))
    var text: String?
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      let run = try manager.catalog.run(name)
      if let text {
        try manager.note(run, text)
        if !common.json {
          return StandardError.write("Note of \(run.name) \(run.folder.note == nil ? "removed" : "written").")
        }
      }
      if common.json { return try JSONOutput.write(RunReport(run)) }
      guard let note = run.folder.note else { return StandardError.write("\(run.name) has no note.") }
      try StandardOutput.write(lines: [TextSafety.line(note)])
    }
  }

  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy a cluster run's results into its directory.",
      discussion: "Runs fetch.sh in the run's directory; it needs the cluster's command-line tool.")

    @Argument(help: ArgumentHelp("Run name, or 'latest'.", valueName: "run"))
    var name: String
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func run() async throws {
      let manager = try common.manager(root)
      let run = try await manager.fetch(try await manager.fresh(name))
      if common.json { return try JSONOutput.write(RunReport(run)) }
      StandardError.write("\(run.name) is \(run.status.phase.rawValue) at step \(run.entry.step): \(run.folder.path)")
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete runs with their checkpoints and models.",
      discussion:
        "Refused while a run is active, while other runs depend on its model, and while its results exist only on a cluster."
    )

    @Argument(help: ArgumentHelp("Run names.", valueName: "run"))
    var names: [String]
    @Flag(help: "Delete even if results are lost.")
    var force = false
    @OptionGroup var common: Common
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if names.isEmpty { throw ValidationError("Name a run.") }
      // The latest is another one after each.
      if names.contains("latest") { throw ValidationError("Name the run itself, not 'latest'.") }
    }

    func run() async throws {
      let manager = try common.manager(root)
      for run in try await manager.fresh(names) {
        try manager.delete(run, force: force)
        if !common.json { StandardError.write("\(run.name) deleted.") }
      }
      if common.json { try JSONOutput.write(["deleted": names]) }
    }
  }
}
