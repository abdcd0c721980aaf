import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// Saved queues: who is to review what, how often and in which order.
struct Queues: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, save and delete queues.", subcommands: [ListQueues.self, SaveQueue.self, DeleteQueue.self],
    defaultSubcommand: ListQueues.self)

  struct ListQueues: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List saved queues.")

    @Flag(help: "Write JSON.")
    var json = false
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var queues: Queues

    func run() throws {
      let saved = try workspace.or(queues.root).open().savedQueues()
      if json { return try JSONOutput.write(saved) }
      if saved.isEmpty { StandardError.write("No saved queues. Save one with 'deepcritic queues save NAME'.") }
      try StandardOutput.write(lines: saved.map { TextSafety.line("\($0.name): \($0.about)") })
    }
  }

  struct SaveQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "save", abstract: "Save a queue, replacing one of the same name.",
      discussion: """
        'deepcritic --queue NAME' opens the queue. Without --mode, an existing queue keeps its mode. Blind queues \
        refuse filters and orders that would reveal labels.
        """)

    @Argument(help: "Its name.")
    var name: String
    @Option(help: ArgumentHelp("Words and conditions to match, as in 'deepcritic list'.", valueName: "filter"))
    var filter = ""
    @Option(help: ArgumentHelp("Order of the list.", valueName: "order"))
    var sort = QueueSort.imported
    @Option(help: ArgumentHelp("Review mode of the queue.", valueName: "mode"))
    var mode: ReviewMode?
    @Option(help: ArgumentHelp("Number of solutions each reviewer should finish.", valueName: "n"))
    var quota: Int?
    @Option(help: ArgumentHelp("Number of reviewers for each solution.", valueName: "n"))
    var overlap: Int?
    @Option(help: ArgumentHelp("Share of gold items to mix in.", valueName: "share"))
    var gold = 0.0
    @Option(help: ArgumentHelp("Random seed.", valueName: "number"))
    var seed: UInt64 = 0
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var queues: Queues

    func run() throws {
      let opened = try workspace.or(queues.root).open()
      var queue = SavedQueue(name: name)
      queue.filter = filter
      queue.sort = sort
      // The root has an option of that name too, and takes it wherever it stands.
      queue.mode = try mode ?? queues.root.reviewing.mode ?? opened.savedQueue(name)?.mode
      queue.quota = quota
      queue.overlap = overlap
      queue.goldRate = gold
      queue.seed = seed
      try Blindness.check(queue.mode ?? opened.settings().mode, QueueFilter(filter), sort)
      try opened.save(queue)
      StandardError.write("Saved: \(queue.name), \(queue.about).")
    }
  }

  struct DeleteQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete a queue; its decisions stay.")

    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var queues: Queues

    func run() throws {
      guard try workspace.or(queues.root).open().deleteQueue(name) else {
        throw ValidationError("There is no queue '\(name)'; 'deepcritic queues' lists them.")
      }
      StandardError.write("Deleted: \(name).")
    }
  }

  @ParentCommand var root: DeepCritic
}
