import DatasetFormats
import Dispatch
import Formatting
import Foundation
import Hashing
import JSON
import ReviewStore
import Synchronization

/// A file of predictions made elsewhere.
public struct PredictionFile: Sendable {
  /// The file.
  public var path: String
  /// The set that its name speaks of: "gsm8k" of "gsm8k_error.jsonl".
  public var set: String
  /// Its rows, in order.
  public var rows: [PredictionRow]
  /// Records that cannot be read.
  public var bad: [BadRecord]
  /// SHA-256 of the file's bytes.
  public var digest: [UInt8]

  /// Reads a file: the reference scripts' output, rows with an identifier and a prediction, texts or scores, or one object
  /// of identifiers and predictions.
  ///
  /// - Parameter rule: reads texts by it at once and lets go of them; `nil` keeps them.
  /// - Throws: `DatasetError`; ``EvaluationError/row(path:line:reason:remedy:)`` for a row that is none;
  ///   ``EvaluationError/noPredictions(path:)``.
  public init(_ path: String, reading rule: AnswerExtractor? = nil) throws {
    self.path = path
    set = Self.setName(path)
    rows = []
    bad = []
    digest = []
    var written = rule
    written?.base = .one
    if let (rows, digest) = Self.lines(path, written) {
      self.rows = rows
      self.digest = digest
      return
    }
    let reader = try JSONRecordReader(path: path)
    while let item = try reader.next() {
      switch item {
      case .bad(let record): bad.append(record)
      case .record(let root, let line): try add(root, line)
      }
    }
    guard !rows.isEmpty else { throw EvaluationError.noPredictions(path: path) }
    if let written { for place in rows.indices { rows[place].readTexts(written) } }
    let bytes = try PlainFile.read(path)
    digest = Array(SHA256.hash(data: bytes))
  }

  private mutating func add(_ root: JSONView, _ line: Int) throws {
    guard root.kind == .object else { throw wrong(line, "a row must be an object, not \(root.kind.word)") }
    do throws(RecordError) {
      if let row = try PredictionRow(root, line: line) {
        rows.append(row)
      } else if rows.isEmpty, Self.isMap(root) {
        for (id, value) in root.members {
          if let row = try PredictionRow(id: id, value: value, line: line) { rows.append(row) }
        }
      } else {
        throw RecordError("there is no prediction in this row")
      }
    } catch {
      throw wrong(line, error.reason)
    }
  }

  /// Whether every member of an object could be a prediction.
  private static func isMap(_ root: JSONView) -> Bool {
    root["problem"] == nil && root["steps"] == nil && root["id"] == nil && root.count > 0
      && root.members.allSatisfy { $0.value.kind != .bool }
  }

  private func wrong(_ line: Int, _ reason: String) -> EvaluationError {
    .row(
      path: path, line: line, reason: reason,
      remedy: "A row needs `prediction` (a number or null), `generated_critique` (a text or several) or `scores`.")
  }

  // MARK: - Plain JSON Lines, on all cores

  /// The rows of a file with a row on each line; `nil` for any other file, and for one with anything wrong in it: the
  /// careful way then says what and where.
  private static func lines(
    _ path: String, _ rule: AnswerExtractor?
  ) -> (rows: [PredictionRow], digest: [UInt8])? {
    let url = URL(fileURLWithPath: path)
    // A pipe cannot be read twice; the careful way refuses it.
    guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true,
      let data = try? Data(contentsOf: url, options: .mappedIfSafe), data.first == UInt8(ascii: "{")
    else { return nil }
    let ranges = lineRanges(data)
    let size = max((ranges.count + 63) / 64, 1)
    let chunks = stride(from: 0, to: ranges.count, by: size).map { ($0, min($0 + size, ranges.count)) }
    let found = Mutex((parts: [Int: [PredictionRow]](), digest: [UInt8](), isPlain: true))
    DispatchQueue.concurrentPerform(iterations: chunks.count + 1) { place in
      if place == 0 {
        let digest = Array(SHA256.hash(data: data))
        found.withLock { $0.digest = digest }
        return
      }
      guard found.withLock({ $0.isPlain }) else { return }
      let (first, end) = chunks[place - 1]
      let part = parsed(data, ranges[first..<end], rule)
      found.withLock { found in
        if let part { found.parts[place] = part } else { found.isPlain = false }
      }
    }
    let (parts, digest, isPlain) = found.withLock { $0 }
    guard isPlain else { return nil }
    let rows = (1...chunks.count).flatMap { parts[$0] ?? [] }
    return rows.isEmpty ? nil : (rows, digest)
  }

  /// Where each line that is not empty begins and ends, and its number.
  private static func lineRanges(_ data: Data) -> [(line: Int, range: Range<Int>)] {
    data.withUnsafeBytes { bytes in
      var ranges: [(line: Int, range: Range<Int>)] = []
      guard let base = bytes.baseAddress else { return ranges }
      var start = 0
      var line = 1
      while start < bytes.count {
        let found = memchr(base + start, 0x0A, bytes.count - start)
        let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
        if bytes[start..<end].contains(where: { $0 > 0x20 }) { ranges.append((line, start..<end)) }
        start = end + 1
        line += 1
      }
      return ranges
    }
  }

  private static func parsed(
    _ data: Data, _ lines: ArraySlice<(line: Int, range: Range<Int>)>, _ rule: AnswerExtractor?
  ) -> [PredictionRow]? {
    var rows: [PredictionRow] = []
    rows.reserveCapacity(lines.count)
    for (line, range) in lines {
      let bytes = data.withUnsafeBytes { Array($0[range]) }
      guard let root = try? JSONDocument(parsing: bytes).root, root.kind == .object,
        var row = try? PredictionRow(root, line: line)
      else { return nil }
      if let rule { row.readTexts(rule) }
      rows.append(row)
    }
    return rows
  }

  /// "gsm8k" of "out/gsm8k_error.jsonl".
  static func setName(_ path: String) -> String {
    var name = BenchmarkFile.stem(path)
    for ending in ["_error", "_correct"] where name.hasSuffix(ending) && name.count > ending.count {
      name.removeLast(ending.count)
    }
    return name
  }

  /// Whether the file's rows say what they are about, so that no benchmark is needed.
  public var describesItself: Bool {
    rows.allSatisfy { $0.problem != nil && $0.steps?.isEmpty == false && $0.label != nil }
  }
}

extension PredictionFile {
  /// Where the written numbers begin to count, told by labels and whether they matched; `nil` where nothing tells.
  ///
  /// - Parameter extractor: reads texts; its base plays no part.
  public static func base(of files: [PredictionFile], extractor: AnswerExtractor) -> IndexBase? {
    var plain = extractor
    plain.base = .one
    var (zero, one) = (0, 0)
    for file in files {
      for row in file.rows {
        guard case (let label?, true?) = (row.label, row.match), label >= 0 else { continue }
        let written = Ballots(row.answers.compactMap { Self.written($0, plain) }).prediction ?? row.prediction
        if written == label { zero += 1 } else if written == label + 1 { one += 1 }
      }
    }
    if zero != one { return zero > one ? .zero : .one }
    return baseByRange(files)
  }

  /// Step 0 exists only when counting from 0, a number as large as the count of steps only when counting from 1.
  private static func baseByRange(_ files: [PredictionFile]) -> IndexBase? {
    var hasZero = false
    var hasLast = false
    for file in files {
      for row in file.rows {
        for case .number(let number) in row.answers {
          if number == 0 { hasZero = true }
          if let steps = row.steps?.count, number == steps { hasLast = true }
        }
      }
    }
    return hasZero == hasLast ? nil : hasZero ? .zero : .one
  }

  private static func written(_ answer: WrittenAnswer, _ extractor: AnswerExtractor) -> SampleReading? {
    switch answer {
    case .text(let text): text.read(extractor)
    case .read(let reading): reading
    case .number(let number): .step(number)
    default: nil
    }
  }
}
