import Foundation
import ReviewStore

extension RunSpecification {
  /// Lays a workspace's own defaults over this specification: `[train.sft]` and `[train.rl]` of its `deepcritic.toml`, with
  /// the keys of ``RunSetting``.
  ///
  /// - Throws: `SettingsError`, ``SpecificationError`` naming the file; `UntrustedError` where they would run, read or send
  ///   something that the user has not allowed.
  public mutating func readDefaults(settings path: String) throws {
    guard let table = try SettingsTable("train", of: path) else { return }
    try table.refuse(allBut: ["sft", "rl", "python"])
    guard let own = try table.table(stage.rawValue) else { return }
    try WorkspaceTrust.require(
      try Self.trustItems(path: path, stage: stage), in: (path as NSString).deletingLastPathComponent)
    try read(own.contents, file: path)
  }
}

extension RunSpecification {
  /// Settings that make programs run, files be read or something be sent.
  private static let guarded: [(key: String, words: @Sendable (String) -> String)] = [
    ("python", { "run \($0) on the machines of a cluster" }),
    ("ray_address", { "send runs, and your Ray token, to \($0)" }),
    ("secrets", { "hand the variables \($0) to a trainer" }),
    ("setup", { "run '\($0)' before a trainer starts" }),
    ("extra_sbatch", { "pass \($0) to sbatch" }),
    ("extra_yaml", { "merge the file \($0) into what a cluster is given" }),
    ("image", { "run the container image \($0)" }),
    ("bucket", { "write results to \($0)" }),
  ]

  /// What a workspace's `[train.sft]` or `[train.rl]` would have the program do.
  ///
  /// - Parameters:
  ///   - path: its `deepcritic.toml`.
  ///   - stage: `nil` for both.
  /// - Throws: `SettingsError`.
  public static func trustItems(path: String, stage: TrainingStage? = nil) throws -> [TrustItem] {
    guard let table = try SettingsTable("train", of: path) else { return [] }
    return try TrainingStage.allCases.filter { stage == nil || stage == $0 }.flatMap { stage in
      guard let own = try table.table(stage.rawValue) else { return [TrustItem]() }
      // Of another kind than a text it is refused where it is read.
      return guarded.compactMap { key, words in
        (try? own.text(key)).flatMap(\.self).map { TrustItem("train.\(stage.rawValue).\(key)", $0, words($0)) }
      }
    }
  }
}
