import DeepCriticCore
import Foundation
import Recording
import Terminal

/// A talk as it is written: a TOML file with a list of items.
///
/// ```toml
/// title = "A critic at work"
///
/// [[item]]
/// title = "Which step is wrong?"
/// show = "demonstration"
/// solution = "demonstration-1"
/// ```
public struct TalkFile {
  /// What an item may show.
  enum Kind: String, CaseIterable {
    case demonstration, live, recording

    var keys: [String] {
      switch self {
      case .demonstration: ["solution", "file"]
      case .live:
        [
          "solution", "file", "endpoints", "models", "challenge", "blind", "stages", "fallback", "max_tokens",
          "temperature",
        ]
      case .recording: ["file", "speed"]
      }
    }
  }

  /// Where items get what they name.
  public struct Sources {
    /// Solutions that are named without a file.
    public var workspace: Workspace
    /// A workspace with the solutions of a file.
    public var importing: (String) throws -> Workspace
    /// What a cast or a session's log shows.
    public var film: (String) throws -> Film
    /// Where servers and keys are looked for.
    public var environment: [String: String]

    /// Sources with all their parts.
    public init(
      workspace: Workspace, environment: [String: String], importing: @escaping (String) throws -> Workspace,
      film: @escaping (String) throws -> Film
    ) {
      self.workspace = workspace
      self.environment = environment
      self.importing = importing
      self.film = film
    }
  }

  private static let common = ["title", "notes", "minutes", "show"]
  private static let mostItems = 99

  /// The file.
  public let path: String
  /// The workspace that it names; relative paths begin beside the file.
  public let workspace: String?
  private let title: String
  private let items: [SettingsTable]

  /// Reads the file as TOML; the items are looked at by ``talk(from:)``.
  ///
  /// - Throws: `SettingsError` with file and line.
  public init(path: String) throws {
    let table = try SettingsTable(file: path)
    try table.refuse(allBut: ["title", "workspace", "item"])
    self.path = path
    title = try table.text("title") ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    workspace = try table.file("workspace")
    items = try table.tables("item") ?? []
    guard (1...Self.mostItems).contains(items.count) else {
      throw table.problem(
        "item", items.isEmpty ? "is missing: a talk needs at least one [[item]]" : "is there more than 99 times")
    }
  }

  /// Reads everything that the items name, so that nothing is missing during the talk.
  ///
  /// - Throws: ``TalkError`` with the first mistake of every item.
  public func talk(from sources: Sources) throws -> Talk {
    var talk = Talk(path: URL(fileURLWithPath: path).standardizedFileURL.path, title: title, items: [])
    var mistakes: [String] = []
    for table in items {
      do { talk.items.append(try Self.item(table, sources)) } catch { mistakes.append("\(error)") }
    }
    guard mistakes.isEmpty else { throw TalkError(mistakes: mistakes) }
    return talk
  }

  private static func item(_ table: SettingsTable, _ sources: Sources) throws -> Talk.Item {
    let names = Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    guard let show = try table.text("show") else { throw table.problem("show", "is missing: one of \(names)") }
    guard let kind = Kind(rawValue: show) else {
      throw table.problem("show", "must be one of \(names), not \"\(TextSafety.line(show))\"")
    }
    try table.refuse(allBut: common + kind.keys)
    guard let title = try table.text("title") else { throw table.problem("title", "is missing: name the item") }
    let opening: Workbench.Opening =
      switch kind {
      case .demonstration: .demonstration(try demonstration(table, sources))
      case .live: .live(try live(table, sources))
      case .recording: .recording(try recording(table, sources), title: title)
      }
    return Talk.Item(
      title: title, notes: try table.text("notes")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "",
      minutes: try table.number("minutes", in: 0...600), opening: opening)
  }

  /// Errors about a key name its line.
  private static func about<Value>(_ key: String, in table: SettingsTable, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let known as SettingsError { throw known } catch {
      throw table.problem(key, "cannot be used: \(TextSafety.line("\(error)"))")
    }
  }

  // MARK: - Solutions

  private static func demonstration(_ table: SettingsTable, _ sources: Sources) throws -> StoredSolution {
    let (workspace, found) = try solution(table, sources) { Demonstration($0) != nil }
    if let lack = Demonstration.lack(of: found) {
      let key = try table.textOrInteger("solution") == nil ? "file" : "solution"
      throw table.problem(
        key, "cannot be demonstrated: \(lack). \(try Demonstration.others(in: workspace, than: found.id))")
    }
    return found
  }

  /// The solution that an item names: of its file, else of the workspace.
  ///
  /// - Parameter isWanted: which one is taken of a file where none is named.
  private static func solution(
    _ table: SettingsTable, _ sources: Sources, _ isWanted: (StoredSolution) -> Bool
  ) throws -> (Workspace, StoredSolution) {
    let name = try table.textOrInteger("solution")
    let file = try table.file("file")
    guard name != nil || file != nil else {
      throw table.problem("solution", "is missing: name a solution of the workspace, or a 'file'")
    }
    let workspace = try file.map { file in try about("file", in: table) { try sources.importing(file) } }
    let home = workspace ?? sources.workspace
    if let name {
      return (home, try about("solution", in: table) { try home.solution(home.solutionID(matching: name)) })
    }
    let all = try home.queue(sort: .imported, reviewer: "").map { try home.solution($0) }
    guard let found = all.first(where: isWanted) ?? all.first else {
      throw table.problem("file", "holds no solution: name a file with a problem and its steps")
    }
    return (home, found)
  }

  // MARK: - Live rounds

  private static func live(_ table: SettingsTable, _ sources: Sources) throws -> LiveRequest {
    var request = LiveRequest()
    request.endpoints = try table.texts("endpoints") ?? []
    for text in request.endpoints { _ = try about("endpoints", in: table) { try Endpoint(text) } }
    request.models = try table.texts("models") ?? []
    request.isChallenge = try table.flag("challenge") ?? false
    request.isBlind = try table.flag("blind") ?? false
    request.mode = try table.flag("stages") == true ? .stages : .whole
    request.maxTokens = try table.integer("max_tokens", in: RequestLimits.tokens)
    request.temperature = try table.number("temperature", in: RequestLimits.temperature)
    request.fallbacks = try (table.texts("fallback") ?? []).map { name in
      try about("fallback", in: table) {
        let text = try PlainFile.text(table.file(named: name), limit: 4 << 20)
        guard !text.allSatisfy(\.isWhitespace) else { throw LiveError("\(name) is empty.") }
        return text
      }
    }
    let (_, found) = try solution(table, sources) { !$0.solution.steps.isEmpty }
    guard !found.solution.steps.isEmpty else {
      throw table.problem("solution", "has no steps, so there is nothing to critique")
    }
    if try table.text("file") == nil { request.stored = found.id } else { request.solution = found.solution }
    if request.mode == .stages, !request.fallbacks.isEmpty {
      throw table.problem("fallback", "is a text of the whole solution and cannot be combined with 'stages'")
    }
    let critics = try about(request.endpoints.isEmpty ? "models" : "endpoints", in: table) {
      let settings = try request.settings(of: sources.workspace)
      return try request.critics(settings.endpoints(environment: sources.environment), settings)
    }
    if let critics, request.fallbacks.count > critics.count {
      throw table.problem("fallback", "names \(request.fallbacks.count) texts: one for each critic is enough")
    }
    if critics == nil, !request.fallbacks.isEmpty {
      throw table.problem("fallback", "needs 'models': the text replaces a named model")
    }
    return request
  }

  // MARK: - Recordings

  private static func recording(_ table: SettingsTable, _ sources: Sources) throws -> Film {
    let speed = try table.number("speed", in: 0.01...100) ?? 1
    guard let file = try table.file("file") else {
      throw table.problem("file", "is missing: name a cast (.cast) or the log of a session")
    }
    return try about("file", in: table) { try sources.film(file).timed(speed: speed) }
  }
}

/// Why a talk cannot be given: the first mistake of every item.
public struct TalkError: Error, Sendable, CustomStringConvertible {
  /// Sentences with file and line.
  public let mistakes: [String]
  /// All of them.
  public var description: String { mistakes.joined(separator: " ") }
}
