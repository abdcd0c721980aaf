import CritiqueGeneration
import Foundation
import ModelClient
import ReviewStore

/// How a prefix is sent to servers.
public enum ContinuationChoice: String, Sendable, Hashable, CaseIterable {
  /// Each server is tried.
  case auto
  /// As a last assistant turn with `continue_final_message`.
  case chat
  /// As one text to `/completions`.
  case raw
}

/// The table `[label]` of `deepcritic.toml`: how labels are estimated. Servers, prices and the key are in
/// `[generate]`.
public struct LabelSettings: Sendable {
  /// Solutions of problems (paper, section 3.2).
  public var sample = StageSettings(samples: 8, temperature: 1.0, topP: 1.0, maxTokens: 2048)
  /// Continuations of prefixes.
  public var rollout = StageSettings(samples: 8, temperature: 0.7, topP: 0.9, maxTokens: 4096)
  /// The thresholds.
  public var rule = EstimateRule()
  /// How answers are graded.
  public var grading = GradingSettings()
  /// How prefixes are sent.
  public var continuation = ContinuationChoice.auto
  /// How conversations are written for raw completions.
  public var rawFormat = RawFormat.plain

  /// The method's values.
  public init() {}

  /// The settings of a kind.
  public subscript(kind: RolloutKind) -> StageSettings {
    get { kind == .sample ? sample : rollout }
    set { if kind == .sample { sample = newValue } else { rollout = newValue } }
  }

  /// Reads the tables of a workspace's `deepcritic.toml` and of the user's own file, which wins; what neither has is the
  /// default.
  ///
  /// - Parameters:
  ///   - path: the workspace's file.
  ///   - user: the user's file.
  /// - Throws: `SettingsError` naming file and key.
  public init(path: String, user: String? = SettingsFile.userPath(environment: ProcessInfo.processInfo.environment))
    throws
  {
    self.init()
    try read(path, workspace: (path as NSString).deletingLastPathComponent)
    if let user { try read(user, workspace: nil) }
  }

  /// What a workspace's `[label]` would have the program run.
  ///
  /// - Parameter path: its `deepcritic.toml`.
  /// - Throws: `SettingsError`.
  public static func trustItems(path: String) throws -> [TrustItem] {
    try LabelSettings(path: path, user: nil).grading.trustItems
  }

  private mutating func read(_ path: String, workspace: String?) throws {
    guard let table = try SettingsTable("label", of: path) else { return }
    try table.refuse(allBut: ["model", "sample", "rollout", "estimate", "grading", "continuation", "raw_format", "rl"])
    let model = try table.text("model")
    for kind in RolloutKind.allCases {
      self[kind].model = model ?? self[kind].model
      if let own = try table.table(kind.rawValue) { try self[kind].read(own) }
    }
    if let own = try table.table("estimate") {
      try own.refuse(allBut: ["fail", "succeed", "recover"])
      rule.fail = try own.number("fail", in: 0...1) ?? rule.fail
      rule.succeed = try own.number("succeed", in: 0...1) ?? rule.succeed
      rule.recover = try own.number("recover", in: 0...1) ?? rule.recover
      guard rule.fail <= rule.succeed else { throw own.problem("fail", "must not be more than 'succeed'") }
    }
    if let own = try table.table("grading") {
      try own.refuse(allBut: ["python", "workers", "time_limit"])
      if let python = try own.text("python") { (grading.python, grading.workspace) = (python, workspace) }
      grading.workers = try own.integer("workers", in: GradingSettings.workerLimits) ?? grading.workers
      grading.timeLimit = try own.number("time_limit", in: 0.1...3600) ?? grading.timeLimit
    }
    if let text = try table.text("continuation") {
      guard let choice = ContinuationChoice(rawValue: text) else {
        throw table.problem("continuation", "must be \"auto\", \"chat\" or \"raw\"")
      }
      continuation = choice
    }
    if let text = try table.text("raw_format") {
      guard let format = RawFormat(rawValue: text) else {
        throw table.problem(
          "raw_format", "must be one of " + RawFormat.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
      }
      rawFormat = format
    }
  }
}
