import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Trust: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Review and allow what a workspace from elsewhere may run, read or send.",
    discussion: """
      A workspace can name interpreters, key files, servers and run scripts. They are used only if you created the \
      workspace on this machine or allowed exactly these values. Your permission is stored in your state directory; \
      a changed value needs a new one.
      """)

  @Argument(
    help: ArgumentHelp("Workspace (default: -w, DEEPCRITIC_WORKSPACE or the current directory).", valueName: "dir"),
    completion: .directory)
  var folder: String?
  @Flag(help: "List requests without allowing them.")
  var list = false
  @Flag(help: "Revoke all permissions.")
  var revoke = false
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if list, revoke { throw ValidationError("--list and --revoke cannot be combined.") }
  }

  func run() throws {
    let path = try folder ?? workspace.or(root).path()
    guard Workspace.exists(at: path) else { throw WorkspaceError.missing(path) }
    if revoke {
      WorkspaceTrust.forget(path)
      return StandardError.write("\(TextSafety.line(path)): all permissions revoked.")
    }
    let items = try WorkspaceTrust.items(of: path)
    let missing = Set(WorkspaceTrust.missing(items, in: path))
    if json {
      try JSONOutput.write(items.map { Report(item: $0, isAllowed: !missing.contains($0)) })
    } else {
      try StandardOutput.write(
        lines: items.map { item in
          TextSafety.line("\(missing.contains(item) ? "not allowed" : "allowed    ")  \(item.setting): \(item.words)")
        })
    }
    if list { return }
    try WorkspaceTrust.allow(items, in: path)
    StandardError.write(
      items.isEmpty
        ? "\(TextSafety.line(path)) needs no permission."
        : "\(TextSafety.line(path)): \(Figures.count(missing.count, "value")) allowed from now on, as long as unchanged."
    )
  }

  private struct Report: Encodable {
    var setting: String
    var wants: String
    var allowed: Bool

    init(item: TrustItem, isAllowed: Bool) {
      setting = item.setting
      wants = item.words
      allowed = isAllowed
    }
  }
}

/// What the doctor says about what a workspace wants.
enum TrustCheck {
  static let remedy = "See 'deepcritic trust --list'; 'deepcritic trust' allows it."

  static func all(_ workspace: WorkspaceOption) -> [Check] {
    guard let path = try? workspace.path(), Workspace.exists(at: path) else { return [] }
    let items: [TrustItem]
    // What is wrong with the file is said by another check.
    do { items = try WorkspaceTrust.items(of: path) } catch { return [] }
    let missing = WorkspaceTrust.missing(items, in: path)
    if missing.isEmpty {
      return [.ok("trust", items.isEmpty ? "it wants nothing outside of its directory" : "allowed")]
    }
    return [.warning("trust", "it wants to " + missing.map(\.words).joined(separator: "; "), remedy)]
  }
}
