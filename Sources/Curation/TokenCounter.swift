import DatasetFormats
import Formatting
import Foundation
import Hashing
import JSON
import ReviewStore
import Synchronization

/// Counts tokens with a tokenizer's file (`tokenizer.json`), by the Python package `tokenizers`. Counts are kept in the
/// workspace, so that a row is counted once.
public final class TokenCounter: Sendable {
  /// Path of the file.
  public let path: String
  /// SHA-256 of the file.
  public let hash: [UInt8]
  /// Counts for a workspace that cannot be written to.
  private let unkept = Mutex<[[UInt8]: Int]>([:])

  /// - Throws: ``TokenCounterError`` when the file cannot be read.
  public init(tokenizer path: String) throws {
    let data: [UInt8]
    do { data = try PlainFile.read(path) } catch {
      throw TokenCounterError(
        description: "\(path): the tokenizer's file cannot be read: \(error.reason); check [curate] tokenizer.")
    }
    self.path = path
    hash = Array(SHA256.hash(data: data))
  }

  /// Counts the rows that were not counted before.
  ///
  /// - Returns: tokens of each row: those of its turns together, without the marks that a chat template puts around them.
  func count(_ rows: [TrainingRow], keeping workspace: Workspace) async throws -> [Int?] {
    let missing = zip(rows, try known(rows, workspace)).filter { $1 == nil }.map(\.0)
    if !missing.isEmpty {
      let counts = try await ask(missing)
      let fresh = Dictionary(zip(missing.map(Self.key), counts), uniquingKeysWith: { _, new in new })
      if workspace.isReadOnly {
        unkept.withLock { $0.merge(fresh) { _, new in new } }
      } else {
        try workspace.keepTokenCounts(tokenizer: hash, fresh)
      }
    }
    return try known(rows, workspace)
  }

  /// Tokens of rows; `nil` for those that were not counted.
  func known(_ rows: [TrainingRow], _ workspace: Workspace) throws -> [Int?] {
    let keys = rows.map(Self.key)
    let kept = try workspace.tokenCounts(tokenizer: hash, rows: keys)
    return unkept.withLock { unkept in keys.map { kept[$0] ?? unkept[$0] } }
  }

  private static func key(_ row: TrainingRow) -> [UInt8] {
    var hash = SHA256()
    for text in [row.system ?? "", row.user, row.assistant] {
      hash.update(data: Array(text.utf8))
      hash.update(data: [0] as [UInt8])
    }
    return Array(hash.finalize())
  }

  /// Reads one JSON list of texts a line, and writes the number of tokens of each line.
  private static let prefix = "deepcritic-rows-"
  private static let program = """
    import json, sys
    try:
        from tokenizers import Tokenizer
    except ImportError:
        sys.exit("the Python package tokenizers is missing")
    tokenizer = Tokenizer.from_file(sys.argv[1])
    for line in open(sys.argv[2], encoding="utf-8"):
        texts = tokenizer.encode_batch(json.loads(line), add_special_tokens=False)
        print(sum(len(text.ids) for text in texts))
    """

  private func ask(_ rows: [TrainingRow]) async throws -> [Int] {
    let input = NSTemporaryDirectory() + "\(Self.prefix)\(UUID().uuidString).jsonl"
    TemporaryFiles.sweep(NSTemporaryDirectory()) { $0.hasPrefix(Self.prefix) && $0.hasSuffix(".jsonl") }
    defer { try? FileManager.default.removeItem(atPath: input) }
    var file = try AtomicFileWriter(path: input)
    for row in rows {
      var json = JSONWriter()
      json.array { json in
        for text in [row.system ?? "", row.user, row.assistant] { json.string(text) }
      }
      try file.writeLine(json.bytes)
    }
    try file.commit()
    func problem(_ python: String, _ reason: String) -> TokenCounterError {
      TokenCounterError(
        description:
          "cannot count tokens with \(path) and '\(python)': \(Clause.of(reason)). Another interpreter is named in "
          + "DEEPCRITIC_PYTHON; without [curate] tokenizer, characters are counted.")
    }
    let numbers = try await PythonProgram.run(Self.program, [path, input], problem: problem)
    let counts = numbers.split(separator: "\n").compactMap { Int($0) }
    guard counts.count == rows.count else { throw problem(PythonProgram.interpreter, "it did not count every row") }
    return counts
  }
}

extension Curator {
  /// Counts the tokens of the rows that may be over the limit, those only that were not counted before.
  ///
  /// - Returns: tokens by solution.
  func countTokens(progress: (Int) throws -> Void) async throws -> [Int64: Int] {
    guard let tokens else { return [:] }
    return try await counts(of: try longRows(), progress, make: longRow) {
      try await tokens.count($0, keeping: workspace)
    }
  }

  /// Tokens of the rows that may be over the limit and were counted before, by solution.
  func countedTokens() throws -> [Int64: Int] {
    guard let tokens else { return [:] }
    var counted: [Int64: Int] = [:]
    for page in pages(of: try longRows()) {
      let rows = try rows(page, make: longRow)
      for (row, count) in zip(rows, try tokens.known(rows.map(\.1), workspace)) { counted[row.0] = count }
    }
    return counted
  }

  /// Counts the tokens of the rows that a solution gives, as it is and by a hypothesis.
  public func countTokens(of hypothesis: Hypothesis = .nothing, on item: CurationItem) async throws {
    guard let tokens, let limit = settings.maxTokens else { return }
    let rows = [item, item.assuming(hypothesis)].compactMap { item -> TrainingRow? in
      let decision = rules.decide(item.outline)
      return decision.mayExceed(limit) ? maker.row(item.solution, decision, texts: item.texts) : nil
    }
    _ = try await tokens.count(rows, keeping: workspace)
  }

  /// Counts rows, a few hundred at a time.
  func counts<Subject>(
    of asked: [Subject], _ progress: (Int) throws -> Void,
    make: (CurationReader, Subject) throws -> (Int64, TrainingRow)?, count: ([TrainingRow]) async throws -> [Int?]
  ) async throws -> [Int64: Int] {
    var counted: [Int64: Int] = [:]
    for page in pages(of: asked) {
      let rows = try rows(page, make: make)
      for (row, count) in zip(rows, try await count(rows.map(\.1))) { counted[row.0] = count }
      try progress(counted.count)
    }
    return counted
  }

  private func pages<Subject>(of asked: [Subject]) -> [ArraySlice<Subject>] {
    stride(from: 0, to: asked.count, by: 256).map { asked[$0..<min($0 + 256, asked.count)] }
  }

  private func rows<Subject>(
    _ page: ArraySlice<Subject>, make: (CurationReader, Subject) throws -> (Int64, TrainingRow)?
  ) throws -> [(Int64, TrainingRow)] {
    try workspace.curationSnapshot(benchmarks: []) { reader in try page.compactMap { try make(reader, $0) } }
  }

  /// Solutions whose rows may be over the limit: the others are out, or short enough, whatever the tokenizer says.
  private func longRows() throws -> [ItemDecision] {
    guard let limit = settings.maxTokens else { return [] }
    return try workspace.curationSnapshot(benchmarks: settings.benchmarks) { reader in
      var long: [ItemDecision] = []
      try reader.outlines(through: try reader.lastID()) { outline in
        guard includes(outline.id) else { return }
        let decision = rules.decide(outline)
        if decision.reasons.isEmpty, decision.mayExceed(limit) { long.append(decision) }
      }
      return long
    }
  }

  private func longRow(_ reader: CurationReader, _ decision: ItemDecision) throws -> (Int64, TrainingRow)? {
    let material = try reader.material(decision.id, critiques: decision.used.map(\.id))
    return maker.row(try material.solution(), decision, texts: material.texts).map { (decision.id, $0) }
  }
}

/// Why tokens could not be counted, with what to do.
public struct TokenCounterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let description: String
}
