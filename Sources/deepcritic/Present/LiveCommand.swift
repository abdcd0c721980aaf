import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct LiveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "Let critics write before an audience, token by token.",
    discussion: """
      The solution comes from the workspace (SOLUTION), from a file (--file: a text with the problem, a line \
      '# Solution' and the steps, or the first record of any known data format; - reads standard input), or is written or \
      pasted on the screen. Two models, or two servers, critique side by side. With --linear the critique is written to \
      standard output as it comes, formulas in one line. Nothing is stored unless it is saved on the screen (ctrl-s) or with --save.
      """)

  @Argument(
    help: ArgumentHelp(
      "A solution of the workspace: its number, name, or the beginning of its key.", valueName: "solution"))
  var id: String?
  @Option(help: ArgumentHelp("A problem and its solution.", valueName: "file"), completion: .file())
  var file: String?
  @Option(
    name: .customLong("endpoint"),
    help: ArgumentHelp("An OpenAI-compatible server; two to compare. Else the settings'.", valueName: "url"))
  var endpoints: [String] = []
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "A model, as the server names it; two to compare. Else the one that the server lists.", valueName: "name"))
  var models: [String] = []
  @Flag(help: "Initial, deep and merged critiques of one step after the other, in place of one critique of all steps.")
  var stages = false
  @Flag(help: "Hide the critics' names.")
  var blind = false
  @Flag(help: "The audience guesses the first error before the critics speak; with --linear on standard input.")
  var challenge = false
  @Option(help: ArgumentHelp("Longest critique in tokens (4096).", valueName: "tokens"))
  var maxTokens: Int?
  @Option(help: ArgumentHelp("Temperature (0.6).", valueName: "value"))
  var temperature: Double?
  @Option(
    name: .customLong("fallback"),
    help: ArgumentHelp(
      "A text that is shown, marked as recorded, if the server fails; one for each critic.", valueName: "file"),
    completion: .file())
  var fallbacks: [String] = []
  @Flag(help: "Plain text to standard output in place of a screen.")
  var linear = false
  @Flag(help: "With --linear: wait for the enter key before the verdict.")
  var wait = false
  @Flag(help: "With --linear: keep the critiques in the workspace.")
  var save = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var look: LookOptions
  @OptionGroup var filming: ScreenRecordingOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if id != nil, file != nil { throw ValidationError("Name a solution of the workspace or a --file, not both.") }
    try OptionCheck.range(maxTokens, RequestLimits.tokens, "--max-tokens")
    try OptionCheck.range(temperature, RequestLimits.temperature, "--temperature")
    try filming.needScreen(without: linear ? "linear" : nil)
    try root.refuseSpeed()
    let isLinear = linear || root.linear
    if save, !isLinear { throw ValidationError("--save requires --linear; on the screen ctrl-s saves.") }
    if wait, !isLinear { throw ValidationError("--wait requires --linear.") }
    if !fallbacks.isEmpty, stages { throw ValidationError("--fallback and --stages cannot be combined.") }
    if file == "-", wait || (challenge && isLinear) {
      throw ValidationError("--file - reads standard input, which --challenge and --wait need: name a file.")
    }
  }

  func run() async throws {
    let named = workspace.or(root)
    if let path = try? named.path() {
      let opened = try Workspace(at: path)
      try await present(
        opened, stored: id.map { try opened.solution(opened.solutionID(matching: $0)) },
        mode: root.reviewing.mode(settings: opened.settings()))
    } else {
      if id != nil || save { _ = try named.open() }
      try await Presenting.withTemporaryWorkspace { try await present($0, stored: nil) }
    }
  }

  private func present(
    _ workspace: Workspace, stored: StoredSolution?, mode: ReviewMode = .audit
  ) async throws {
    var request = LiveRequest()
    request.solution = try file.map(SolutionText.read)
    request.endpoints = endpoints
    request.models = models
    request.mode = stages ? .stages : .whole
    request.isBlind = blind
    request.isChallenge = challenge
    request.fallbacks = try fallbacks.map(SolutionText.critique)
    request.maxTokens = maxTokens
    request.temperature = temperature
    if linear || root.linear {
      return try await LiveLines(
        workspace: workspace, request: request, stored: stored, saves: save, waits: wait,
        isUnicode: look.or(root).isUnicode
      ).run()
    }
    request.stored = stored?.id
    request.startsAtOnce = !challenge && (!endpoints.isEmpty || !models.isEmpty) && (stored != nil || file != nil)
    try await Presenting.run(workspace, look.or(root), filming.or(root), .live(request), mode)
  }
}

extension SolutionText {
  /// Reads a prepared critique.
  static func critique(_ path: String) throws -> String {
    let data = try Input.bytes(path)
    guard data.count < 4 << 20, let text = String(validating: data, as: UTF8.self),
      !text.allSatisfy(\.isWhitespace)
    else { throw CommandError("\(path): not a critique. A text in UTF-8 of less than 4 MB is expected.") }
    return text
  }

  /// Reads a solution from a file: of a known data format, the first that has steps; else a text.
  static func read(_ path: String) throws -> Solution {
    if path != "-", let reader = try? DatasetReader(path: path) {
      while let item = try? reader.next() {
        guard case .record(let record) = item else { break }
        if let solution = record.content.solutions.first(where: { !$0.steps.isEmpty }) { return solution }
      }
    }
    let data = try Input.bytes(path)
    guard data.count < 4 << 20, let text = String(validating: data, as: UTF8.self) else {
      throw CommandError("\(path): not the text of a problem and its solution: UTF-8 of less than 4 MB is expected.")
    }
    do { return try WrittenSolution.read(text) } catch {
      throw CommandError("\(path): \(error)")
    }
  }
}
