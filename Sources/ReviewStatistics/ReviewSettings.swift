import ReviewStore

/// The work of reviewers: the `[review]` table of `deepcritic.toml` and of the user's own file.
public struct ReviewSettings: Sendable, Hashable, Codable {
  /// Decisions a reviewer wants to take a day; 0 for no goal. Personal: the user's file wins.
  public var dailyGoal = 0
  /// A longer time without a decision is a pause, in seconds. Personal: the user's file wins.
  public var idleSeconds = 120
  /// The share of items with a known label in mixed queues, from 0 to 0.5. A rule of the workspace.
  public var goldRate = 0.0
  /// Which solutions can be such items, as a filter; `nil` for PRM800K's quality-control and screening items. A rule of the
  /// workspace.
  public var gold: String?
  /// Decides which items are mixed in, and where. A rule of the workspace.
  public var goldSeed: UInt64 = 42
  /// When blind review shows labels and critiques. A rule of the workspace.
  public var reveal = Reveal.solution

  /// The defaults.
  public init() {}

  /// ``idleSeconds`` in milliseconds.
  public var idle: Int64 { Int64(idleSeconds) * 1000 }

  private static let keys = ["daily_goal", "idle_seconds", "gold_rate", "gold", "gold_seed", "reveal"]

  /// Reads the `[review]` tables; a file or table that is missing sets nothing.
  ///
  /// - Parameters:
  ///   - workspace: path of the workspace's settings file.
  ///   - user: path of the user's own file.
  ///   - fields: the conditions that a filter may have.
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(workspace: String?, user: String? = nil, fields: FilterFields) throws {
    self.init()
    let shared = try workspace.flatMap { try SettingsTable("review", of: $0) }
    let own = try user.flatMap { try SettingsTable("review", of: $0) }
    for table in [shared, own].compactMap({ $0 }) {
      try table.refuse(allBut: Self.keys)
      dailyGoal = try table.integer("daily_goal", in: 0...1_000_000) ?? dailyGoal
      // Up to a day.
      idleSeconds = try table.integer("idle_seconds", in: 1...86400) ?? idleSeconds
    }
    guard let shared else { return }
    goldRate = try shared.number("gold_rate", in: 0...0.5) ?? goldRate
    goldSeed = try shared.integer("gold_seed").map { UInt64($0) } ?? goldSeed
    if let text = try shared.text("reveal") {
      guard let value = Reveal(rawValue: text) else {
        throw shared.problem("reveal", "must be \"solution\" or \"step\"")
      }
      reveal = value
    }
    if let text = try shared.text("gold") {
      do { _ = try QueueFilter(text, fields: fields) } catch {
        throw shared.problem("gold", "must be a filter: \(error)")
      }
      gold = text
    }
  }
}
