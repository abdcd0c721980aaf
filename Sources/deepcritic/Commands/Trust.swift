import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Trust: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Allow what a workspace from elsewhere wants to run, read or send.",
    discussion: """
      Interpreters, key files, servers on other machines and the scripts of runs that a workspace names are used only when \
      you made the workspace on this machine, or allowed exactly these values. What you allow is remembered in your state \
      directory; a changed value asks again.
      """)

  @Argument(
    help: ArgumentHelp("The workspace (else -w, DEEPCRITIC_WORKSPACE, the current folder).", valueName: "dir"),
    completion: .directory)
  var folder: String?
  @Flag(help: "Show what it wants, and allow nothing.")
  var list = false
  @Flag(help: "Forget what was allowed.")
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
      return StandardError.write("\(TextSafety.line(path)): nothing is allowed any more.")
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
        ? "\(TextSafety.line(path)) wants nothing that has to be allowed."
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
