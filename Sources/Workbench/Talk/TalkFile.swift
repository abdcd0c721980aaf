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
  /// - Throws: ``TalkError`` with all mistakes of all items.
  public func talk(from sources: Sources) throws -> Talk {
    var talk = Talk(path: URL(fileURLWithPath: path).standardizedFileURL.path, title: title, items: [])
    var mistakes = Mistakes()
    for table in items { if let item = Self.item(table, sources, &mistakes) { talk.items.append(item) } }
    guard mistakes.all.isEmpty else { throw TalkError(mistakes: mistakes.all) }
    return talk
  }

  /// Mistakes as they are found, so that all of them are reported at once.
  private struct Mistakes {
    private(set) var all: [String] = []

    mutating func add(_ error: any Error) {
      let words = "\(error)"
      if !all.contains(words) { all.append(words) }
    }

    /// - Returns: `nil` for what cannot be read, and for what is missing and may be.
    mutating func look<Value>(_ body: () throws -> Value?) -> Value? {
      do { return try body() } catch {
        add(error)
        return nil
      }
    }
  }

  private static func item(_ table: SettingsTable, _ sources: Sources, _ mistakes: inout Mistakes) -> Talk.Item? {
    let names = Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    let kind = mistakes.look { () -> Kind? in
      guard let show = try table.text("show") else { throw table.problem("show", "is missing: one of \(names)") }
      guard let kind = Kind(rawValue: show) else {
        throw table.problem("show", "must be one of \(names), not \"\(TextSafety.line(show))\"")
      }
      return kind
    }
    let keys = kind.map(\.keys) ?? Kind.allCases.flatMap(\.keys)
    for mistake in table.unknown(besides: common + keys) { mistakes.add(mistake) }
    let title = mistakes.look { () -> String? in
      guard let title = try table.text("title") else { throw table.problem("title", "is missing: name the item") }
      return title
    }
    let notes = mistakes.look { try table.text("notes") } ?? ""
    let minutes = mistakes.look { try table.number("minutes", in: 0...600) }
    let opening: Workbench.Opening? =
      switch kind {
      case .demonstration: mistakes.look { Workbench.Opening.demonstration(try demonstration(table, sources)) }
      case .live: live(table, sources, &mistakes).map { Workbench.Opening.live($0) }
      case .recording:
        recording(table, sources, &mistakes).map { Workbench.Opening.recording($0, title: title ?? "") }
      case nil: nil
      }
    guard let title, let opening else { return nil }
    return Talk.Item(
      title: title, notes: notes.trimmingCharacters(in: .whitespacesAndNewlines), minutes: minutes, opening: opening)
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

  private static func live(
    _ table: SettingsTable, _ sources: Sources, _ mistakes: inout Mistakes
  ) -> LiveRequest? {
    var request = LiveRequest()
    let known = mistakes.all.count
    request.endpoints = mistakes.look { try endpoints(table) } ?? []
    request.models = mistakes.look { try table.texts("models") } ?? []
    request.isChallenge = mistakes.look { try table.flag("challenge") } ?? false
    request.isBlind = mistakes.look { try table.flag("blind") } ?? false
    request.mode = mistakes.look { try table.flag("stages") } == true ? .stages : .whole
    request.maxTokens = mistakes.look { try table.integer("max_tokens", in: RequestLimits.tokens) }
    request.temperature = mistakes.look { try table.number("temperature", in: RequestLimits.temperature) }
    request.fallbacks = mistakes.look { try fallbacks(table) } ?? []
    if let found = mistakes.look({ () -> StoredSolution? in
      let (_, found) = try solution(table, sources) { !$0.solution.steps.isEmpty }
      guard !found.solution.steps.isEmpty else {
        throw table.problem("solution", "has no steps, so there is nothing to critique")
      }
      return found
    }) {
      if (try? table.text("file")) == nil { request.stored = found.id } else { request.solution = found.solution }
    }
    if request.mode == .stages, !request.fallbacks.isEmpty {
      mistakes.add(table.problem("fallback", "is a text of the whole solution and cannot be combined with 'stages'"))
    }
    // What servers and fallbacks mean together can be said of keys that can be read.
    if mistakes.all.count == known { _ = mistakes.look { try check(request, table, sources) } }
    return mistakes.all.count == known ? request : nil
  }

  private static func endpoints(_ table: SettingsTable) throws -> [String] {
    let texts = try table.texts("endpoints") ?? []
    for text in texts {
      guard text.contains("://") else {
        throw table.problem(
          "endpoints", "cannot be used: '\(TextSafety.line(text))' has no scheme; write http://localhost:8000/v1")
      }
      _ = try about("endpoints", in: table) { try Endpoint(text) }
    }
    return texts
  }

  private static func fallbacks(_ table: SettingsTable) throws -> [String] {
    try (table.texts("fallback") ?? []).map { name in
      try about("fallback", in: table) {
        let text = try PlainFile.text(table.file(named: name), limit: 4 << 20)
        guard !text.allSatisfy(\.isWhitespace) else { throw LiveError("\(name) is empty.") }
        return text
      }
    }
  }

  private static func check(_ request: LiveRequest, _ table: SettingsTable, _ sources: Sources) throws {
    let critics = try about(request.endpoints.isEmpty ? "models" : "endpoints", in: table) {
      let settings = try request.settings(of: sources.workspace)
      guard !settings.servers.isEmpty || sources.environment["OPENAI_BASE_URL"]?.isEmpty == false else {
        throw table.problem("endpoints", "is missing, and the settings name no server")
      }
      return try request.critics(settings.endpoints(environment: sources.environment), settings)
    }
    guard !request.fallbacks.isEmpty else { return }
    guard let critics else {
      throw table.problem("fallback", "needs 'models': the text replaces a named model")
    }
    if request.fallbacks.count != critics.count {
      throw table.problem(
        "fallback",
        "names \(Figures.count(request.fallbacks.count, "text")) for \(Figures.count(critics.count, "critic")): "
          + "name one for each critic")
    }
  }

  // MARK: - Recordings

  private static func recording(
    _ table: SettingsTable, _ sources: Sources, _ mistakes: inout Mistakes
  ) -> Film? {
    let known = mistakes.all.count
    let speed = mistakes.look { try table.number("speed", in: 0.01...100) } ?? 1
    let film = mistakes.look { () -> Film? in
      guard let file = try table.file("file") else {
        throw table.problem("file", "is missing: name a cast (.cast) or the log of a session")
      }
      return try about("file", in: table) { try sources.film(file) }
    }
    return mistakes.all.count == known ? film?.timed(speed: speed) : nil
  }
}

/// Why a talk cannot be given.
public struct TalkError: Error, Sendable, CustomStringConvertible {
  /// Sentences with file and line.
  public let mistakes: [String]
  /// All of them.
  public var description: String { mistakes.joined(separator: " ") }
}
