import Foundation
import ReviewStore
import TOMLKit

extension RunSpecification {
  /// Lays a workspace's own defaults over this specification: `[train.sft]` and `[train.rl]` of its `deepcritic.toml`, with
  /// the keys of ``RunSetting``.
  ///
  /// - Throws: `SettingsError`, ``SpecificationError`` naming the file.
  public mutating func readDefaults(settings path: String) throws {
    guard let table = try SettingsTable("train", of: path) else { return }
    try table.refuse(allBut: ["sft", "rl", "python"])
    guard try table.table(stage.rawValue) != nil, let text = try? String(contentsOfFile: path, encoding: .utf8),
      let inner = try TOMLTable(string: text)["train"]?.table?[stage.rawValue]?.table
    else { return }
    try read(toml: inner.convert(to: .toml), file: path)
  }
}
