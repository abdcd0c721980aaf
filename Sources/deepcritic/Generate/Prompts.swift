import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Prompts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the prompt templates in use.",
    discussion: """
      With a purpose, prints its template as a start for your own: \
      'deepcritic prompts deep > deep.md', then 'deepcritic generate deep --prompt deep=deep.md', or in deepcritic.toml \
      [generate.prompts] deep = "deep.md".
      """)

  @Argument(
    help: """
      Template: initial, deep, merged, critic (training and evaluation), paragraphs (ProcessBench evaluation), \
      solver (rollouts) or refiner (refinement). Default: list all.
      """)
  var purpose: PromptPurpose?
  @Flag(help: "Show the built-in template, ignoring settings.")
  var builtIn = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  private struct Listed: Encodable {
    var purpose: String
    var file: String?
    var hash: String
    var text: String
  }

  func run() throws {
    var files: [PromptPurpose: String] = [:]
    let option = workspace.or(root)
    // Templates can be looked at anywhere; a workspace may replace some.
    if !builtIn, option.named != nil || Workspace.exists(at: ".") {
      files = try GenerateSettings(path: try option.open().settingsPath).prompts
    }
    let library = try PromptLibrary(replacing: files)
    let listed = PromptPurpose.allCases.filter { purpose == nil || purpose == $0 }.map { purpose in
      Listed(
        purpose: purpose.rawValue, file: files[purpose], hash: library[purpose].hexadecimalHash,
        text: library[purpose].text)
    }
    if json { return try JSONOutput.write(listed) }
    if purpose != nil, let only = listed.first {
      let output = StandardOutput()
      // A file gets the exact text; a terminal must not obey it.
      let isScreen = isatty(STDOUT_FILENO) == 1
      try output.write((isScreen ? TextSafety.block(only.text) : only.text).utf8)
      return try output.flush()
    }
    let rows = listed.map { [$0.purpose, String($0.hash.prefix(12)), $0.file ?? "built-in"] }
    try StandardOutput.write(lines: Screen.lines(TextTable(words: rows), isCut: false))
  }
}

extension PromptPurpose: ExpressibleByArgument {}
