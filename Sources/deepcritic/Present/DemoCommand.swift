import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play a demonstration: a solution is read, a first critique misses its error, a second look finds it.",
    discussion: """
      Without anything configured it plays what is part of the program; with -w or a solution's name, that workspace's \
      critiques; with --file, those of a file in any known data format. Space pauses, the arrow keys step, + and - change \
      the speed, ] plays the next one. For projectors: \
      --theme high-contrast and large letters; 60 columns and 20 rows are enough.
      """)

  @Argument(
    help: ArgumentHelp(
      "A solution of the workspace: its number, name, or the beginning of its key.", valueName: "solution"))
  var id: String?
  @Option(
    help: ArgumentHelp(
      "A file with solutions and critiques of their steps, in place of a workspace.", valueName: "file"),
    completion: .file())
  var file: String?
  @Flag(help: "Plain text to standard output in place of a screen: the whole story at once.")
  var linear = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var look: LookOptions
  @OptionGroup var filming: ScreenRecordingOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    try filming.needScreen(without: linear ? "linear" : nil)
    try root.refuseSpeed()
  }

  func run() async throws {
    let named = workspace.or(root)
    if let file {
      return try await Presenting.withFolder { folder in
        let workspace = try Presenting.workspace(of: file, in: folder)
        let found = try id.map { try workspace.solutionID(matching: $0) }
        if found == nil, let lack = try Demonstration.lack(in: workspace) {
          throw CommandError(
            "\(TextSafety.line(file)) cannot be demonstrated: \(lack). 'deepcritic live --file' lets critics write some."
          )
        }
        try await play(workspace, found, title: URL(fileURLWithPath: file).lastPathComponent)
      }
    }
    guard id != nil || named.workspace != nil else {
      return try await Presenting.withTemporaryWorkspace { workspace in
        try await play(workspace, nil, title: "demonstration")
      }
    }
    let opened = try named.open()
    try await play(
      opened, id.map { try opened.solutionID(matching: $0) },
      mode: root.reviewing.mode(settings: opened.settings()))
  }

  private func play(
    _ workspace: Workspace, _ solution: Int64?, title: String? = nil, mode: ReviewMode = .audit
  ) async throws {
    if linear || root.linear {
      try Presenting.tell(workspace, look.or(root), .demo(solution), mode)
    } else {
      try await Presenting.run(workspace, look.or(root), filming.or(root), .demo(solution), mode, title: title)
    }
  }
}
