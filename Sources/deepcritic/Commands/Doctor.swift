import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal
import Workbench

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the terminal, the program and the workspace.",
    discussion:
      "Every problem comes with a remedy. Exits with 1 if there is a problem; warnings do not count. Changes nothing without --rebuild."
  )

  @Flag(help: "Also verify every database index (slow on large workspaces).")
  var thorough = false
  @Flag(help: "First recompute everything derived from decisions.")
  var rebuild = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func run() async throws {
    let workspace = workspace.or(root)
    if rebuild { try workspace.open().rebuildProjections() }
    let checks =
      ProgramChecks.all() + WorkspaceChecks.all(workspace, thorough: thorough)
      + TrustCheck.all(workspace)
      + (await GradingCheck.all(workspace)) + (await EngineChecks.all(workspace))
    if json {
      try JSONOutput.write(checks)
    } else {
      let width = checks.map(\.name.count).max() ?? 0
      try StandardOutput.write(
        lines: checks.flatMap { check in
          let line = "\(Screen.pad(check.status.rawValue, 7))  \(Screen.pad(check.name, width))  "
          return [line + TextSafety.line(check.finding)]
            + (check.remedy.map { [String(repeating: " ", count: width + 11) + TextSafety.line($0)] } ?? [])
        })
    }
    if checks.contains(where: { $0.status == .problem }) { throw ExitStatus.failed }
  }
}

/// One thing looked at.
struct Check: Encodable {
  enum Status: String, Encodable { case ok, warning, problem }
  var name: String
  var status: Status
  var finding: String
  var remedy: String?

  static func ok(_ name: String, _ finding: String) -> Check { Check(name: name, status: .ok, finding: finding) }

  static func warning(_ name: String, _ finding: String, _ remedy: String) -> Check {
    Check(name: name, status: .warning, finding: finding, remedy: remedy)
  }

  static func problem(_ name: String, _ finding: String, _ remedy: String? = nil) -> Check {
    Check(name: name, status: .problem, finding: finding, remedy: remedy)
  }
}

/// What does not depend on a workspace.
private enum ProgramChecks {
  static func all() -> [Check] {
    [version, engine, tty, terminal, locale, editor]
  }

  private static var version: Check {
    .ok("program", "deepcritic \(Version.details), built with Swift \(Version.compiler)")
  }

  private static var engine: Check {
    do {
      let facts = try DatabaseEngine.facts()
      return facts.hasFullTextSearch
        ? .ok("sqlite", "\(facts.version), with full-text search")
        : .problem(
          "sqlite", "\(facts.version), without full-text search",
          "Install a SQLite that is built with FTS5; Debian's and Ubuntu's libsqlite3-0 is.")
    } catch {
      return .problem("sqlite", Program.sentence(of: error), "Install libsqlite3-0.")
    }
  }

  private static var tty: Check {
    guard isatty(STDIN_FILENO) == 1, let size = Screen.size(STDOUT_FILENO) else {
      return .warning(
        "screen", "standard input or output is not a terminal",
        "The workbench needs one; 'deepcritic --linear' and the other commands do not.")
    }
    let finding = "\(size.columns)×\(size.rows)"
    return size.columns < 80 || size.rows < 24
      ? .warning("screen", finding, "The workbench is made for 80×24 and more; smaller ones show less.")
      : .ok("screen", finding)
  }

  private static var terminal: Check {
    let term = ProcessInfo.processInfo.environment["TERM"] ?? ""
    let remedy = "Set TERM to your terminal's name, for example xterm-256color, or use 'deepcritic --linear'."
    if term.isEmpty { return .warning("terminal", "TERM is not set", remedy) }
    if term == "dumb" { return .warning("terminal", "TERM is dumb: it cannot place its cursor", remedy) }
    guard let colors = TerminalChecks.colors(ofTerminal: term) else {
      return .warning(
        "terminal", "terminfo has no entry for \(term)",
        "Install ncurses-term, or set TERM. Until then it is driven as xterm-256color.")
    }
    let off = ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false ? ", switched off by NO_COLOR" : ""
    return .ok("terminal", "\(term), \(colors == 0 ? "no" : "\(colors)") colours\(off)")
  }

  private static var locale: Check {
    TerminalChecks.localeIsUTF8
      ? .ok("locale", "UTF-8")
      : .warning("locale", "not UTF-8: ASCII characters are used", "Set LANG=C.UTF-8 (or any UTF-8 locale).")
  }

  private static var editor: Check {
    let editor = TerminalChecks.editor()
    return editor.path.map { .ok("editor", $0) }
      ?? .warning(
        "editor", "\(editor.name) is not installed",
        "Set VISUAL or EDITOR to an editor that is, for long comments.")
  }
}

/// What depends on the workspace, from the folder inwards.
private enum WorkspaceChecks {
  static func all(_ option: WorkspaceOption, thorough: Bool) -> [Check] {
    let path: String
    do { path = try option.path() } catch {
      return [.warning("workspace", "none was chosen", Program.sentence(of: error))]
    }
    let workspace: Workspace
    do { workspace = try Workspace(at: path) } catch WorkspaceError.cannotOpen(_, let reason) {
      return [
        .problem(
          "workspace", "\(path) cannot be opened: \(reason)",
          "Put workspace.sqlite back from a backup, or import data and exported reviews into a new workspace.")
      ]
    } catch {
      return [.problem("workspace", Program.sentence(of: error))]
    }
    return [.ok("workspace", URL(fileURLWithPath: path).standardizedFileURL.path)]
      + settings(workspace) + [
        freeSpace(workspace), writable(workspace), journal(workspace), integrity(workspace, thorough: thorough),
        projections(workspace), clocks(workspace), badRecords(workspace),
      ]
  }

  private static func settings(_ workspace: Workspace) -> [Check] {
    let settings: WorkspaceSettings
    do { settings = try workspace.settings() } catch {
      return [.problem("settings", Program.sentence(of: error), "Correct the file, or remove it to have the defaults.")]
    }
    let environment = ProcessInfo.processInfo.environment
    let files = [WorkspaceSettings.userPath, workspace.settingsPath].compactMap { $0 }
      .filter { FileManager.default.fileExists(atPath: $0) }
    let named = environment[Session.reviewerVariable].map { !$0.allSatisfy(\.isWhitespace) } ?? false
    let nameOrigin = named ? Session.reviewerVariable : settings.origins["reviewer"] ?? "the login name"
    return [
      .ok("settings", files.isEmpty ? "none, the defaults hold" : files.joined(separator: ", ")),
      .ok("reviewer", Session.reviewerName(settings: settings, environment: environment) + " (\(nameOrigin))"),
      .ok("mode", "\(settings.mode.rawValue) (\(origin(of: "mode", settings)))"), theme(settings), keys(settings),
    ]
  }

  private static func origin(of name: String, _ settings: WorkspaceSettings) -> String {
    settings.origins[name] ?? "default"
  }

  private static func theme(_ settings: WorkspaceSettings) -> Check {
    let folders = ThemeFiles.folders(environment: ProcessInfo.processInfo.environment, program: Program.path)
    do {
      _ = try ThemeFiles.load(settings.theme, folders: folders)
      return .ok("theme", "\(settings.theme) (\(origin(of: "theme", settings)))")
    } catch {
      return .problem("theme", Program.sentence(of: error), "Choose a theme that 'deepcritic themes' lists.")
    }
  }

  private static func keys(_ settings: WorkspaceSettings) -> Check {
    do { _ = try settings.keyMap() } catch {
      return .problem("keys", Program.sentence(of: error), "Correct the line, or remove it.")
    }
    if settings.keys.isEmpty { return .ok("keys", "as in 'deepcritic keys' (default)") }
    let changed = settings.keys.keys.sorted().map { "\($0) (\(origin(of: "keys." + $0, settings)))" }
    return .ok("keys", "changed: " + changed.joined(separator: ", "))
  }

  private static func freeSpace(_ workspace: Workspace) -> Check {
    var facts = statvfs()
    guard statvfs(workspace.path, &facts) == 0 else {
      return .warning("disk", "free space is unknown", "Look with 'df \(ShellWords.quoted(workspace.path))'.")
    }
    let free = Double(facts.f_bavail) * Double(facts.f_frsize)
    let finding = Figures.size(Int(free)) + " free"
    if free < 10e6 { return .problem("disk", finding, "Free some space: no decision can be kept on a full disk.") }
    return free < 1e9 ? .warning("disk", finding, "Free some space soon.") : .ok("disk", finding)
  }

  private static func writable(_ workspace: Workspace) -> Check {
    if case .fullWhenOpened = workspace.refusal {
      return .problem(
        "writing", "the disk is full: the workspace can be read only", "Free some space. Saved decisions are intact.")
    }
    if workspace.isReadOnly {
      return .warning(
        "writing", "the folder or its files are read-only: the workspace can be looked at only",
        "Make the folder and its files writable to review.")
    }
    do {
      try workspace.checkWritable()
      return .ok("writing", "possible")
    } catch {
      return .problem("writing", Program.sentence(of: error))
    }
  }

  private static func journal(_ workspace: Workspace) -> Check {
    do {
      let mode = try workspace.journalMode()
      return mode == "wal" || workspace.isReadOnly
        ? .ok("journal", mode)
        : .warning(
          "journal", "\(mode) instead of wal",
          "Keep the workspace on a local disk: network folders cannot share a write-ahead log.")
    } catch {
      return .problem("journal", Program.sentence(of: error))
    }
  }

  private static func integrity(_ workspace: Workspace, thorough: Bool) -> Check {
    do {
      let problems = try workspace.integrityProblems(thorough: thorough)
      guard let first = problems.first else { return .ok("database", "sound") }
      return .problem(
        "database", "damaged: \(first)" + (problems.count > 1 ? " (and \(problems.count - 1) more)" : ""),
        "Rescue the decisions with 'deepcritic export reviews', then import data and reviews into a new workspace.")
    } catch {
      return .problem("database", Program.sentence(of: error))
    }
  }

  private static func projections(_ workspace: Workspace) -> Check {
    do {
      let count = try workspace.projectionDifferences()
      return count == 0
        ? .ok("decisions", "what is shown equals what the log says")
        : .problem(
          "decisions", "\(Figures.count(count, "row")) shown differ from what the log says",
          "Run 'deepcritic doctor --rebuild'. The log itself is untouched.")
    } catch {
      return .problem("decisions", Program.sentence(of: error), "Run 'deepcritic doctor --rebuild'.")
    }
  }

  private static func clocks(_ workspace: Workspace) -> Check {
    do {
      guard let ahead = try workspace.decisionsAhead() else {
        return .ok("clocks", "no decision is dated ahead of this clock")
      }
      return .warning(
        "clocks", ahead.words,
        "Check this machine's clock with 'date', and theirs. The order of decisions is kept, and nothing needs repair.")
    } catch {
      return .problem("clocks", Program.sentence(of: error))
    }
  }

  private static func badRecords(_ workspace: Workspace) -> Check {
    do {
      let bad = try workspace.badRecords(limit: 1000)
      guard let first = bad.first else { return .ok("imports", "every record was read") }
      let count = bad.count == 1000 ? "1,000 or more bad records" : Figures.count(bad.count, "bad record")
      return .warning(
        "imports", "\(count), the latest at \(first.file):\(first.line)",
        "'deepcritic stats --bad' lists them. Correct the file and import it again.")
    } catch {
      return .problem("imports", Program.sentence(of: error))
    }
  }
}
