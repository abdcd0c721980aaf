import ReviewStore

extension RunSpecification {
  /// Lays a workspace's own defaults over this specification: `[train.sft]` and `[train.rl]` of its `deepcritic.toml`, with
  /// the keys of ``RunSetting``.
  ///
  /// - Throws: `SettingsError`, ``SpecificationError`` naming the file.
  public mutating func readDefaults(settings path: String) throws {
    guard let table = try SettingsTable("train", of: path) else { return }
    try table.refuse(allBut: ["sft", "rl", "python"])
    if let own = try table.table(stage.rawValue) { try read(own.contents, file: path) }
  }
}
