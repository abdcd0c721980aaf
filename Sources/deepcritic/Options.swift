import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// Which workspace a command is about.
struct WorkspaceOption: ParsableArguments {
  @Option(
    name: [.customShort("w"), .long],
    help: ArgumentHelp(
      "Workspace directory (default: DEEPCRITIC_WORKSPACE or the current directory).", valueName: "dir"),
    completion: .directory)
  var workspace: String?
  @Flag(help: "Allow once what the workspace may run, read or send (see 'deepcritic trust').")
  var trust = false

  static let variable = "DEEPCRITIC_WORKSPACE"

  /// The folder that was named, by option or environment.
  var named: String? {
    if let workspace { return workspace }
    let value = ProcessInfo.processInfo.environment[Self.variable]
    return value?.isEmpty == false ? value : nil
  }

  /// The workspace's folder.
  ///
  /// - Throws: when none was named and the current folder is not one.
  func path() throws -> String {
    if trust { WorkspaceTrust.allowForThisProcess() }
    if let named { return named }
    guard Workspace.exists(at: ".") else {
      throw CommandError(
        "this directory is not a workspace. Create one with 'deepcritic init DIR', name one with -w DIR or \(Self.variable), "
          + "or try the sample data with 'deepcritic sample'.")
    }
    return "."
  }

  func open() throws -> Workspace { try Workspace(at: path()) }

  /// - Throws: also for a workspace that cannot be written to.
  func openForWriting() throws -> Workspace {
    let workspace = try open()
    if let refusal = workspace.refusal { throw refusal }
    return workspace
  }
}

/// Who reviews, and what is hidden from them.
struct ReviewerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Reviewer name (default: DEEPCRITIC_REVIEWER, settings or login name).", valueName: "name"))
  var reviewer: String?
  @Option(
    help: ArgumentHelp(
      "Hide labels and critiques until you finish (blind), or show them (audit).", valueName: "mode"))
  var mode: ReviewMode?

  func validate() throws {
    if let reviewer, reviewer.allSatisfy(\.isWhitespace) { throw ValidationError("The reviewer's name is empty.") }
  }

  func name(settings: WorkspaceSettings) -> String {
    reviewer ?? Session.reviewerName(settings: settings, environment: ProcessInfo.processInfo.environment)
  }

  func mode(settings: WorkspaceSettings) -> ReviewMode { mode ?? settings.mode }
}

extension Workspace {
  /// Says, after a decision, that others are dated ahead of this machine's clock.
  func remarkOnClocks() {
    if let ahead = try? decisionsAhead() { StandardError.write(TextSafety.line(ahead.remark)) }
  }

  /// The user's settings and the workspace's.
  func settings() throws -> WorkspaceSettings {
    try WorkspaceSettings(workspace: settingsPath, user: WorkspaceSettings.userPath)
  }
}

extension WorkspaceSettings {
  /// The user's own file.
  static var userPath: String? { SettingsFile.userPath(environment: ProcessInfo.processInfo.environment) }

  /// The keys that hold.
  ///
  /// - Throws: a sentence that names the file with the binding that cannot be used.
  func keyMap() throws -> KeyMap {
    do { return try KeyMap(overrides: keys) } catch let problem as KeyMapError { throw failure(for: problem) }
  }

  /// The sentence for a binding that cannot be used, with its file.
  func failure(for problem: KeyMapError) -> CommandError {
    CommandError("\(origins["keys." + problem.action] ?? "settings"): \(problem)")
  }
}

extension ReviewMode: ExpressibleByArgument {}
extension DatasetFormat: ExpressibleByArgument {}
extension Stage: ExpressibleByArgument {}
extension LabelChoice: ExpressibleByArgument {}
extension QueueSort: ExpressibleByArgument {
  private static let all = WorkspaceSchema.complete.sorts

  /// The order with a name.
  public init?(argument: String) {
    guard let sort = Self.all.first(where: { $0.rawValue == argument }) else { return nil }
    self = sort
  }

  /// The names of all orders.
  public static var allValueStrings: [String] { all.map(\.rawValue) }
  /// The name, as help shows it.
  public var defaultValueDescription: String { rawValue }
}

// Options may stand before the subcommand too: 'deepcritic -w DIR list'.

extension WorkspaceOption {
  func or(_ root: DeepCritic) -> WorkspaceOption {
    var merged = self
    merged.workspace = workspace ?? root.workspace.workspace
    merged.trust = trust || root.workspace.trust
    return merged
  }

  /// Another command about the same workspace, as it can be typed.
  func command(_ words: String) -> String {
    "deepcritic " + (workspace.map { "-w \(ShellWords.quoted($0)) " } ?? "") + words
  }
}

extension ReviewerOptions {
  func or(_ root: DeepCritic) -> ReviewerOptions {
    var merged = self
    merged.reviewer = reviewer ?? root.reviewing.reviewer
    merged.mode = mode ?? root.reviewing.mode
    return merged
  }

  /// Who decides, and how.
  func context(_ root: DeepCritic, _ settings: WorkspaceSettings) -> ReviewContext {
    let merged = or(root)
    return ReviewContext(reviewer: merged.name(settings: settings), mode: merged.mode(settings: settings))
  }
}

/// What numbers on the command line must be.
enum OptionCheck {
  static func positive(_ value: Int?, _ name: String) throws {
    if let value, value < 1 { throw ValidationError("\(name) must be 1 or more.") }
  }

  static func range(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws {
    if let value, !range.contains(value) {
      throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
    }
  }

  static func range(_ value: Double?, _ range: ClosedRange<Double>, _ name: String) throws {
    if let value, !range.contains(value) {
      throw ValidationError(
        String(format: "\(name) must be from %g to %g.", range.lowerBound, range.upperBound))
    }
  }
}

/// How the screen looks.
struct LookOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Theme name (see 'deepcritic themes') or file.", valueName: "name"))
  var theme: String?
  @Flag(help: "Use ASCII characters only.")
  var ascii = false
  @Flag(help: "Disable colours (also: NO_COLOR).")
  var noColor = false

  /// Whether signs beyond ASCII are written.
  var isUnicode: Bool { !ascii && TerminalChecks.localeIsUTF8 }

  func or(_ root: DeepCritic) -> LookOptions {
    var merged = self
    merged.theme = theme ?? root.look.theme
    merged.ascii = ascii || root.look.ascii
    merged.noColor = noColor || root.look.noColor
    return merged
  }

  /// Options of the screen with these colours, else the settings'.
  func options(settings: WorkspaceSettings) throws -> Workbench.Options {
    let folders = ThemeFiles.folders(environment: ProcessInfo.processInfo.environment, program: Program.path)
    var options = Workbench.Options(
      screen: TerminalScreen.Options(color: noColor ? .never : .auto, asciiOnly: ascii),
      theme: try ThemeFiles.load(theme ?? settings.theme, folders: folders))
    options.themeFolders = folders
    return options
  }
}
