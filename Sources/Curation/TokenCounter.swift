import Crypto
import DatasetFormats
import Formatting
import Foundation
import JSON
import ReviewStore

/// Counts tokens with a tokenizer's file (`tokenizer.json`), by the Python package `tokenizers`. Counts are kept in the
/// workspace, so that a row is counted once.
public struct TokenCounter: Sendable {
  /// Path of the file.
  public let path: String
  /// SHA-256 of the file.
  public let hash: [UInt8]
  /// The interpreter: `DEEPCRITIC_PYTHON` in the environment, else `python3`.
  public let python: String

  /// - Throws: ``TokenCounterError`` when the file cannot be read.
  public init(tokenizer path: String) throws {
    let data: [UInt8]
    do { data = try PlainFile.read(path) } catch {
      throw TokenCounterError(
        description: "\(path): the tokenizer's file cannot be read: \(error.reason); check [curate] tokenizer.")
    }
    self.path = path
    hash = Array(SHA256.hash(data: data))
    python = PythonProgram.interpreter
  }

  /// Tokens of rows: those of their turns together, without the marks that a chat template puts around them.
  func count(_ rows: [TrainingRow], keeping workspace: Workspace) throws -> [Int?] {
    let keys = rows.map(Self.key)
    var known = try workspace.tokenCounts(tokenizer: hash, rows: keys)
    var missing: [(key: [UInt8], row: TrainingRow)] = []
    for (key, row) in zip(keys, rows) where known[key] == nil { missing.append((key, row)) }
    if !missing.isEmpty {
      let counted = try ask(missing.map(\.row))
      var fresh: [[UInt8]: Int] = [:]
      for (one, tokens) in zip(missing, counted) { fresh[one.key] = tokens }
      try workspace.keepTokenCounts(tokenizer: hash, fresh)
      known.merge(fresh) { _, new in new }
    }
    return keys.map { known[$0] }
  }

  /// Tokens of rows as far as they were counted before.
  func known(_ rows: [TrainingRow], _ workspace: Workspace) throws -> [Int?] {
    let keys = rows.map(Self.key)
    let known = try workspace.tokenCounts(tokenizer: hash, rows: keys)
    return keys.map { known[$0] }
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
        sys.exit("the Python package tokenizers is missing; install it with: pip install tokenizers")
    tokenizer = Tokenizer.from_file(sys.argv[1])
    for line in open(sys.argv[2], encoding="utf-8"):
        texts = tokenizer.encode_batch(json.loads(line), add_special_tokens=False)
        print(sum(len(text.ids) for text in texts))
    """

  private func ask(_ rows: [TrainingRow]) throws -> [Int] {
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
    func problem(_ reason: String) -> TokenCounterError {
      TokenCounterError(
        description: "tokens cannot be counted with \(path) by '\(python)': \(reason). Another interpreter is named in "
          + "DEEPCRITIC_PYTHON; without [curate] tokenizer, characters are counted.")
    }
    let numbers: String
    do throws(PythonProgram.Failure) {
      numbers = try PythonProgram(source: Self.program, python: python).run([path, input])
    } catch { throw problem(error.reason) }
    let counts = numbers.split(separator: "\n").compactMap { Int($0) }
    guard counts.count == rows.count else { throw problem("it gave no reason") }
    return counts
  }
}

extension Curator {
  /// Tokens of the rows that may be over the limit, by solution, a few hundred rows at a time.
  func countTokens(progress: (Int) throws -> Void) throws -> [Int64: Int] {
    guard let tokens, let limit = settings.maxTokens else { return [:] }
    var counted: [Int64: Int] = [:]
    let asked = try workspace.curationSnapshot(benchmarks: settings.benchmarks) { reader in
      var asked: [ItemDecision] = []
      try reader.outlines(through: try reader.lastID()) { outline in
        guard includes(outline.id) else { return }
        let decision = rules.decide(outline)
        // The others are out, or short enough, whatever the tokenizer says.
        if decision.reasons.isEmpty, decision.mayExceed(limit) { asked.append(decision) }
      }
      return asked
    }
    for start in stride(from: 0, to: asked.count, by: 256) {
      let page = asked[start..<min(start + 256, asked.count)]
      let rows = try workspace.curationSnapshot(benchmarks: []) { reader in
        try page.map { decision -> (Int64, TrainingRow?) in
          let material = try reader.material(decision.id, critiques: decision.used.map(\.id))
          return (decision.id, maker.row(try material.solution(), decision, texts: material.texts))
        }
      }
      let made = rows.compactMap { row in row.1.map { (row.0, $0) } }
      let counts = try tokens.count(made.map(\.1), keeping: workspace)
      for (row, count) in zip(made, counts) { counted[row.0] = count }
      try progress(counted.count)
    }
    return counted
  }
}

/// Why tokens could not be counted, with what to do.
public struct TokenCounterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let description: String
}
