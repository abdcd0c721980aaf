/// What holds in a workspace for the one who works in it, from the user's own file and the workspace's.
///
/// Reviewer, theme and keys are personal: the user's file wins. The mode is a rule of the workspace: its file wins. (The
/// command line and, for the name, `DEEPCRITIC_REVIEWER` come before both; the defaults come last.)
public struct WorkspaceSettings: Sendable, Hashable {
  /// Name written into events; `nil` means the user's login name.
  public var reviewer: String?
  /// The mode in which a session begins.
  public var mode: ReviewMode = .audit
  /// Name of a theme.
  public var theme: String = "terminal"
  /// Whether the mouse is taken from the terminal; its own text selection then needs shift.
  public var mouse = false
  /// Keys by action name, replacing the defaults.
  public var keys: [String: [String]] = [:]

  /// The file that each setting came from, by its name: `reviewer`, `mode`, `theme`, and `keys.` with an action's name.
  /// What is missing has its default.
  public private(set) var origins: [String: String] = [:]

  /// The defaults.
  public init() {}

  /// Reads the two files; one that is missing sets nothing.
  ///
  /// - Parameters:
  ///   - workspace: path of the workspace's file.
  ///   - user: path of the user's own file (``SettingsFile/userPath(environment:)``).
  /// - Throws: ``SettingsError``.
  public init(workspace: String? = nil, user: String?) throws {
    let shared = try workspace.flatMap(SettingsFile.read)
    let own = try user.flatMap(SettingsFile.read)
    // The one that wins comes last.
    for file in [shared, own].compactMap({ $0 }) {
      take(file.reviewer, as: "reviewer", from: file) { $0.reviewer = $1 }
      take(file.theme, as: "theme", from: file) { $0.theme = $1 }
      take(file.mouse, as: "mouse", from: file) { $0.mouse = $1 }
      for (action, bound) in file.keys { take(bound, as: "keys." + action, from: file) { $0.keys[action] = $1 } }
    }
    for file in [own, shared].compactMap({ $0 }) { take(file.mode, as: "mode", from: file) { $0.mode = $1 } }
  }

  private mutating func take<Value>(
    _ value: Value?, as name: String, from file: SettingsFile, _ set: (inout WorkspaceSettings, Value) -> Void
  ) {
    guard let value else { return }
    set(&self, value)
    origins[name] = file.path
  }
}
