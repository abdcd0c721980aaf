import Foundation

/// Copies of model and tokenizer in the run's folder, for machines that have neither.
enum CarriedModel {
  private static let model = "base-model"
  private static let tokenizer = "base-tokenizer"

  /// The folders of the copies, relative to the run's.
  static let names: Set<String> = [model, tokenizer]

  /// The specification as the machine that trains has it: with the copies in place of what they are copies of.
  static func placed(_ spec: RunSpecification) -> RunSpecification {
    guard travels(spec) else { return spec }
    var placed = spec
    // Our own name is never refused.
    try? placed.set(\.model, to: model)
    if !spec.tokenizer.isEmpty { try? placed.set(\.tokenizer, to: tokenizer) }
    return placed
  }

  /// Copies what travels into the run's folder. Checkpoints within the model's folder stay.
  static func copy(_ spec: RunSpecification, to folder: String) throws {
    guard travels(spec) else { return }
    for (source, name) in [(spec.model, model), (spec.tokenizer, tokenizer)] where !source.isEmpty {
      let target = folder + "/" + name
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      for file in try FileManager.default.contentsOfDirectory(atPath: source) {
        // Files of the hub's cache are links to their content.
        let path = URL(fileURLWithPath: source + "/" + file).resolvingSymlinksInPath()
        let isFolder = try path.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
        if isFolder { continue }
        try FileManager.default.copyItem(at: path, to: URL(fileURLWithPath: target + "/" + file))
      }
    }
  }

  private static func travels(_ spec: RunSpecification) -> Bool { spec.launcher != .local && spec.carryModel == .on }
}
