import CritiqueModel
import DatasetFormats
import Dispatch
import Formatting
import Foundation
import Hashing
import JSON
import ReviewStore
import Synchronization

/// What an export wrote.
public struct ExportReport: Sendable, Hashable, Codable {
  /// SHA-256 over the files' hashes: the dataset's identity.
  public var hash: String
  /// Rows of each split.
  public var rows: [String: Int]
  /// Solutions that the rules let in and the shape cannot hold, with the reason.
  public var refused: [String]
  /// Whether lengths were measured in "tokens" or "characters".
  public var lengthUnit: String
  /// Whether the workspace keeps which decisions made the set; not where it cannot be written to.
  public var isRecorded: Bool
}

/// A set to write: what for, and in which shape.
public enum DatasetKind: Sendable, Hashable {
  /// Supervised examples.
  case sft(SFTFormat)
  /// Step labels.
  case prm(PRMFormat)
  /// Prompts with the first error, for reinforcement learning.
  case rl(RLFormat, RLSettings, parquet: Bool = false)

  var name: String {
    switch self {
    case .sft: "sft"
    case .prm: "prm"
    case .rl: "rl"
    }
  }
  var format: String {
    switch self {
    case .sft(let format): format.rawValue
    case .prm(let format): format.rawValue
    case .rl(let format, _, _): format.rawValue
    }
  }
}

/// An export that cannot be made.
public struct ExportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String
}

extension Curator {
  /// Names of the files that a dataset's folder may hold.
  public static let fileNames: Set<String> = [
    "train.jsonl", "validation.jsonl", "manifest.json", "dataset_info.json", "train.parquet", "validation.parquet",
  ]

  /// Writes a dataset into a folder: `train.jsonl`, `validation.jsonl` where there is a split, `manifest.json`, and for
  /// LLaMA-Factory `dataset_info.json`.
  ///
  /// The same state of the workspace, settings and program give the same bytes. The folder is replaced in one step when all is
  /// written; an export that is interrupted leaves the old one as it was.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - program: name and version for the manifest.
  ///   - progress: called now and then with rows written and rows in all; may throw to stop.
  /// - Throws: `FileWriteError`, `WorkspaceError`, ``ExportError`` when no row is left.
  public func export(
    _ kind: DatasetKind, to path: String, program: String, now: Date = Date(),
    progress: (Int, Int) throws -> Void = { _, _ in try Task.checkCancellation() }
  ) async throws -> ExportReport {
    var folder = try FolderReplacement(path: path, replacing: Self.fileNames)
    try workspace.prepareCuration()
    let counted =
      if case .rl(_, let rules, _) = kind {
        try await countPromptTokens(rules) { try progress(0, 0) }
      } else {
        try await countTokens { _ in try progress(0, 0) }
      }
    let result = try workspace.withConcurrentSnapshots(benchmarks: settings.benchmarks) { reader, peer in
      let plan = try ExportPlan(self, reader, peer, kind, counted: counted) { try progress(0, 0) }
      guard !plan.rows.isEmpty else {
        throw ExportError(
          description: "No solution is in the set, so nothing was written. "
            + (plan.rl == nil ? "'deepcritic curate' says why." : "'deepcritic export rl --dry-run' says why."))
      }
      return try write(plan, kind, reader, peer, &folder, program: program, progress: progress)
    }
    if case .rl(_, _, true) = kind {
      try await ParquetConversion.convert(
        result.files.map { name in
          let path = folder.temporaryPath(name)
          return (path, path.replacing(".jsonl", with: ".parquet"))
        })
    }
    let removal = try folder.commit()
    defer { removal.wait() }
    var report = result.report
    if !workspace.isReadOnly {
      let entry = DatasetEntry(
        hash: report.hash, kind: kind.name, format: kind.format, path: Self.absolute(path),
        rows: report.rows.values.reduce(0, +),
        settings: String(decoding: Manifest.settings(settings, kind), as: UTF8.self),
        programVersion: program, at: Int64(now.timeIntervalSince1970 * 1000))
      try workspace.record(entry, rows: result.rows, contents: result.contents, events: result.events)
      report.isRecorded = true
    }
    return report
  }

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private struct Written {
    var report: ExportReport
    /// Names of the files of rows.
    var files: [String]
    var rows: [DatasetRow]
    var contents: [DatasetRowContent]
    var events: [DatasetEvent]
  }

  private func write(
    _ plan: ExportPlan, _ kind: DatasetKind, _ reader: CurationReader, _ peer: PeerReader?,
    _ folder: inout FolderReplacement, program: String, progress: (Int, Int) throws -> Void
  ) throws -> Written {
    let splits = settings.validation > 0 ? ["train", "validation"] : ["train"]
    // The order of the rows' file in the manifest is that of the folder's files.
    var train = HashedFile(try folder.file("train.jsonl"), name: "train.jsonl")
    var validation = splits.count > 1 ? HashedFile(try folder.file("validation.jsonl"), name: "validation.jsonl") : nil
    var manifestRows = try folder.file("rows.part")
    var rows: [DatasetRow] = []
    rows.reserveCapacity(plan.rows.count)
    var contents: [DatasetRowContent] = []
    contents.reserveCapacity(plan.rows.count)
    var numbers: [String: Int] = [:]
    var refused: [String] = []
    var isFirst = true
    let (specs, maker, settings, size) = (plan.rows, maker, settings, 128)
    let reading = PagedReading<MadePage>(pages: (specs.count + size - 1) / size) { page, reader in
      let page = specs[page * size..<min((page + 1) * size, specs.count)]
      return try MadePage(page, reader, kind, maker, settings)
    }
    do {
      try reading.run(reader, peer) { page in
        try train.write(page.train, rows: page.rows.count { $0.split == "train" })
        try validation?.write(page.validation, rows: page.rows.count { $0.split == "validation" })
        if !page.manifest.isEmpty {
          if !isFirst { try manifestRows.write(",\n".utf8) }
          isFirst = false
          try manifestRows.write(page.manifest)
        }
        refused += page.refused
        contents += page.contents
        for var row in page.rows {
          row.number = (numbers[row.split] ?? 0) + 1
          numbers[row.split] = row.number
          rows.append(row)
        }
        try progress(rows.count, specs.count)
      }
      try manifestRows.commit()
      var files = [try train.finish()]
      if let file = try validation?.finish() {
        // A share so small that no row falls into it leaves no empty file.
        if file.rows > 0 { files.append(file) } else { try folder.remove(file.name) }
      }
      let hash = Manifest.contentHash(files)
      let unit = tokens == nil ? "characters" : "tokens"
      let manifest = Manifest(
        kind: kind, program: program, hash: hash, files: files, settings: settings,
        template: maker.template, lengthUnit: unit, tokenizer: tokens, balance: plan.index.balance,
        keptOut: plan.keptOut, rl: plan.rl)
      var file = try folder.file("manifest.json")
      try file.write(manifest.head)
      try folder.append("rows.part", to: &file)
      try file.write("\n]}\n".utf8)
      try file.commit()
      try folder.remove("rows.part")
      if case .sft(let format) = kind,
        let info = format.datasetInfo(files: files.map { ($0.name.replacing(".jsonl", with: ""), $0.name) })
      {
        var file = try folder.file("dataset_info.json")
        try file.writeLine(info)
        try file.commit()
      }
      let report = ExportReport(
        hash: hash, rows: Dictionary(uniqueKeysWithValues: splits.map { ($0, numbers[$0] ?? 0) }), refused: refused,
        lengthUnit: unit, isRecorded: false)
      return Written(
        report: report, files: files.map(\.name), rows: rows, contents: contents,
        events: plan.rows.flatMap(\.events) + plan.keptOut)
    } catch let error as FileWriteError {
      throw folder.named(error)
    }
  }
}

/// The rows that an export writes, in the order of import.
struct ExportPlan {
  var rows: [RowSpec] = []
  /// Decisions that keep solutions out.
  var keptOut: [DatasetEvent] = []
  var index: CurationIndex
  /// The choice of a set for reinforcement learning.
  var rl: RLSelection?

  init(
    _ curator: Curator, _ reader: CurationReader, _ peer: PeerReader?, _ kind: DatasetKind, counted: [Int64: Int],
    progress: () throws -> Void
  ) throws {
    if case .rl(_, let rules, _) = kind {
      let selection = try RLSelection(curator, reader, rules, counted: counted, progress: progress)
      index = CurationIndex(selection.entries, settings: curator.settings)
      rows = selection.rows
      keptOut = selection.keptOut
      rl = selection
      return
    }
    var decided = Decided()
    let settings = curator.settings
    try curator.eachPage(reader, peer) { outlines in
      var page = Decided()
      for outline in outlines {
        page.add(outline, curator.rules.decide(outline, tokens: counted[outline.id]), kind, settings)
      }
      return page
    } take: { page in
      decided.entries += page.entries
      decided.candidates += page.candidates
      decided.keptOut += page.keptOut
      try progress()
    }
    index = CurationIndex(decided.entries, settings: settings)
    switch kind {
    case .sft:
      for candidate in decided.candidates where index.contains(candidate.id) { rows.append(candidate) }
    case .prm, .rl: rows = decided.candidates
    }
    keptOut = decided.keptOut
  }

  /// What was decided about some solutions.
  private struct Decided: Sendable {
    var entries: [CurationIndex.Entry] = []
    var candidates: [RowSpec] = []
    var keptOut: [DatasetEvent] = []

    mutating func add(
      _ outline: CurationOutline, _ decision: ItemDecision, _ kind: DatasetKind, _ settings: CurationSettings
    ) {
      entries.append(CurationIndex.Entry(outline, decision, seed: settings.seed))
      switch kind {
      case .sft where decision.reasons.isEmpty && decision.canMakeRow: candidates.append(RowSpec(outline, decision))
      case .prm where !decision.reasons.contains(where: \.reason.isAboutLabels):
        var spec = RowSpec(outline, decision)
        spec.used = []
        candidates.append(spec)
      default: keptOut += outline.keptOut(by: decision, settings)
      }
    }
  }
}

/// Some rows as they go into the files.
private struct MadePage: Sendable {
  /// Whole lines.
  var train: [UInt8] = []
  var validation: [UInt8] = []
  /// Lines of the manifest, with commas between.
  var manifest: [UInt8] = []
  /// Not numbered yet.
  var rows: [DatasetRow] = []
  /// What is compared between sets, row by row.
  var contents: [DatasetRowContent] = []
  /// Names of solutions that the shape cannot hold.
  var refused: [String] = []

  init(
    _ page: ArraySlice<RowSpec>, _ reader: CurationReader, _ kind: DatasetKind, _ maker: RowMaker,
    _ settings: CurationSettings
  ) throws {
    train.reserveCapacity(1 << 20)
    for spec in page {
      let material = try reader.material(spec.id, critiques: spec.used.map(\.id), textsOnly: kind.name == "sft")
      let split = spec.split(settings)
      guard let line = try Self.line(spec, material, kind, maker, split: split).map(JSONLines.escaped) else {
        refused.append(spec.name)
        continue
      }
      if split == "train" {
        train += line
        train.append(0x0A)
      } else {
        validation += line
        validation.append(0x0A)
      }
      if !manifest.isEmpty { manifest += ",\n".utf8 }
      let keys = spec.used.map {
        CritiqueKey(stage: .merged, step: $0.step, text: material.texts[$0.id] ?? "").description
      }
      manifest += Manifest.row(spec, split: split, material, keys: keys)
      contents.append(DatasetRowContent(spec, keys: keys))
      rows.append(DatasetRow(number: 0, split: split, solution: spec.key, firstError: spec.answer))
    }
  }

  /// `nil` when the shape cannot hold it.
  private static func line(
    _ spec: RowSpec, _ material: CurationMaterial, _ kind: DatasetKind, _ maker: RowMaker,
    split: String
  ) throws -> [UInt8]? {
    let solution = try material.solution()
    switch kind {
    case .sft(let format):
      return maker.parts(solution, spec, texts: material.texts).map { format.encode($0, solution, spec) }
    case .prm(let format): return try format.encode(solution, spec, raw: material.record(as: .prm800k))
    case .rl(let format, _, _): return format.encode(solution, spec, maker, split: split)
    }
  }
}

/// A file that is hashed while it is written, on a thread of its own.
private struct HashedFile: ~Copyable {
  private final class Hash: Sendable {
    let state = Mutex(SHA256())
  }

  private var file: AtomicFileWriter
  private let hash = Hash()
  private let queue = DispatchQueue(label: "deepcritic.hash")
  private var rows = 0
  private var pages = 0
  private let name: String

  init(_ file: consuming AtomicFileWriter, name: String) {
    self.file = file
    self.name = name
  }

  /// Adds whole lines.
  mutating func write(_ lines: [UInt8], rows count: Int) throws {
    guard !lines.isEmpty else { return }
    queue.async { [hash] in
      hash.state.withLock { state in lines.withUnsafeBytes { state.update(bufferPointer: $0) } }
    }
    try file.write(lines)
    rows += count
    pages += 1
    // What waits to be hashed must not grow without bound.
    if pages % 8 == 0 { queue.sync {} }
  }

  mutating func finish() throws -> DatasetFile {
    let bytes = file.bytesWritten
    try file.commit()
    let digest = queue.sync { [hash] in hash.state.withLock { $0.finalize() } }
    return DatasetFile(name: name, rows: rows, bytes: bytes, sha256: Hex.string(digest))
  }
}
