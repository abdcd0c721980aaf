import ArgumentParser
import DeepCriticCore
import Foundation
import Recording
import Terminal
import Workbench

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one solution: steps, labels, verdicts, critiques and comments.",
    discussion: """
      In blind review, labels, critiques and other reviewers' decisions stay hidden until you have finished the \
      solution; --mode audit shows them.

      Formats: 'text' renders mathematics on a terminal or with --width, and keeps the source in a pipe. 'ansi' adds \
      the theme's colours and shows critiques side by side from 100 columns. 'markdown' suits issues and chats: \
      LaTeX stays LaTeX, critiques of correct steps are folded. 'html' is a self-contained page.
      """)

  /// What the solution is shown as.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, ansi, markdown, html
  }

  @Argument(help: ArgumentHelp("Solution number, name or key prefix.", valueName: "solution"))
  var id: String
  @Option(help: ArgumentHelp("Show only this step, counted from 1.", valueName: "n"))
  var step: Int?
  @Option(help: ArgumentHelp("Output format.", valueName: "format"))
  var format = Format.text
  @Option(
    help: ArgumentHelp(
      "Width of text and ansi in columns (default: the terminal's, else 100 with ansi).", valueName: "n"))
  var width: Int?
  @Flag(help: "Show the source instead of rendered mathematics.")
  var source = false
  @Flag(help: "Copy to the terminal's clipboard instead of printing (OSC 52; at most 55000 bytes).")
  var copy = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var look: LookOptions
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if let width, !(40...10_000).contains(width) { throw ValidationError("--width is a number from 40 to 10000.") }
    if json, format != .text || copy { throw ValidationError("--json cannot be combined with --format or --copy.") }
    if format == .markdown || format == .html, source || width != nil {
      throw ValidationError("--source and --width require the format text or ansi.")
    }
    if copy, format == .ansi {
      throw ValidationError("--copy cannot be combined with --format ansi. Copy text, markdown or html.")
    }
  }

  func run() throws {
    let opened = try workspace.or(root).open()
    let settings = try opened.settings()
    let reviewing = reviewing.or(root)
    let stored = try opened.solution(opened.solutionID(matching: id))
    let count = stored.solution.steps.count
    if let step, !(1...max(count, 1)).contains(step) || count == 0 {
      throw CommandError("there is no step \(step) in \(stored.name), which has \(Figures.count(count, "step")).")
    }
    let visibility = try self.reviewing.visibility(root, opened)
    let reviewer = reviewing.name(settings: settings)
    if json {
      return try JSONOutput.write(
        ShownSolution(
          stored.shown(to: reviewer, visibility),
          steps: step.map { [$0] } ?? Array(stored.solution.steps.indices.map { $0 + 1 })))
    }
    let item = ShownItem(stored, step: step, reviewer: reviewer, visibility)
    let text = try text(of: item, settings)
    guard copy else {
      let output = StandardOutput()
      try output.write(text.utf8)
      return try output.flush()
    }
    do { try Clipboard.send(text) } catch {
      throw CommandError(
        "Nothing was copied: \(error) Write it to a file instead"
          + (step == nil ? ", or name one step with --step." : "."))
    }
    StandardError.write("Sent to the clipboard: \(text.utf8.count) bytes.")
  }

  private func text(of item: ShownItem, _ settings: WorkspaceSettings) throws -> String {
    let isASCII = !look.or(root).isUnicode
    switch format {
    case .text:
      let columns = width ?? (copy ? nil : Screen.columns(STDOUT_FILENO))
      let page = ItemText(item, columns: columns, isSource: source, isASCII: isASCII)
      return page.lines.map { $0 + "\n" }.joined()
    case .ansi:
      let canvas = ItemPicture.canvas(
        item, width: width ?? Screen.columns(STDOUT_FILENO) ?? 100, isSource: source, theme: try theme(settings),
        glyphs: isASCII ? .ascii : .unicode)
      return Frame(canvas).ansiLines.map { $0 + "\n" }.joined()
    case .markdown: return ItemMarkdown(item).page
    case .html: return ItemPage(item).page
    }
  }

  private func theme(_ settings: WorkspaceSettings) throws -> Theme {
    let environment = ProcessInfo.processInfo.environment
    let look = look.or(root)
    if look.noColor || environment["NO_COLOR"]?.isEmpty == false { return ThemeFiles.builtIn("monochrome") }
    return try ThemeFiles.load(
      look.theme ?? settings.theme, folders: ThemeFiles.folders(environment: environment, program: Program.path))
  }
}
