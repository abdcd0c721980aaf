import CritiqueModel
import DatasetFormats
import Foundation

/// Reads and prepares records on its own thread, a few batches ahead of the writer.
///
/// Memory is bounded by the number of batches in flight and their size in bytes, whatever the file's size.
final class ImportFeed {
  let format: DatasetFormat
  private let channel: BatchChannel

  /// Opens the file (so that a missing or unknown file is reported at once) and starts reading.
  init(path: String, options: ImportOptions) throws {
    let channel = BatchChannel(capacity: 2)
    self.channel = channel
    let stem = Self.stem(of: path)
    let thread = Thread {
      do {
        let reader = try DatasetReader(path: path, format: options.format, limits: options.limits)
        channel.started(.success(reader.format))
        try Self.readAll(reader, stem: stem, path: path, into: channel)
        channel.finish(nil)
      } catch {
        channel.started(.failure(error))
        channel.finish(error)
      }
    }
    thread.stackSize = 8 << 20
    thread.start()
    format = try channel.waitForStart()
  }

  /// The next batch; `nil` at the end.
  func next() throws -> PreparedBatch? { try channel.take() }

  /// Lets the reading thread end early.
  func cancel() { channel.cancel() }

  /// What the names of a file's records begin with: its name without the endings that only tell its form.
  static func stem(of path: String) -> String {
    var parts = URL(fileURLWithPath: path).lastPathComponent.split(separator: ".")
    func drop(_ endings: Set<String>) {
      while parts.count > 1, let last = parts.last, endings.contains(last.lowercased()) { parts.removeLast() }
    }
    drop(["gz", "json", "jsonl", "ndjson", "txt"])
    drop(Set(DatasetFormat.allCases.map(\.rawValue)))
    return parts.isEmpty ? "line" : parts.joined(separator: ".")
  }

  private static let itemsPerBatch = 8000
  /// A transaction of this size takes about 0.2 s; the pages of the indexes by hash, of which every transaction changes
  /// most, make smaller ones dearer.
  private static let bytesPerBatch = 20 << 20

  private static func readAll(_ reader: DatasetReader, stem: String, path: String, into channel: BatchChannel) throws {
    var batch = PreparedBatch()
    var search = SearchWords()
    var largest = 0
    func send() -> Bool {
      batch.bytesRead = reader.bytesRead
      batch.totalBytes = reader.totalBytes
      largest = max(largest, batch.bytes.count)
      let accepted = channel.put(batch)
      batch = PreparedBatch()
      batch.reserve(bytes: largest + largest / 16)
      return accepted
    }
    while let item = try reader.next() {
      switch item {
      case .bad(let bad):
        batch.items.append(.bad(bad))
        batch.sourceBytes += 200
      case .record(let record):
        batch.sourceBytes += record.raw.count
        prepare(record, stem: stem, path: path, search: &search, in: &batch)
      }
      if batch.items.count >= itemsPerBatch || batch.sourceBytes >= bytesPerBatch {
        guard send() else { return }
      }
    }
    _ = send()
  }

  private static func prepare(
    _ record: SourceRecord, stem: String, path: String, search: inout SearchWords, in batch: inout PreparedBatch
  ) {
    let name = "\(stem)-\(record.line)"
    let first = batch.solutions.count
    func add(_ solution: Solution, _ critiques: [Critique], _ name: String) {
      batch.solutions.append(
        PreparedSolution(solution, critiques: critiques, name: name, search: &search, in: &batch))
    }
    switch record.content {
    case .solution(let solution, let critiques): add(solution, critiques, name)
    case .solutions(let several):
      for (index, solution) in several.enumerated() { add(solution, [], "\(name).\(index + 1)") }
    case .problem(let problem): add(problem, [], name)
    case .review:
      switch ReviewsFile.event(in: record, file: path) {
      case .success(let event): batch.items.append(.event(event, line: record.line))
      case .failure(let bad): batch.items.append(.bad(bad))
      }
      return
    }
    let raw = batch.add(record.raw)
    let hash = batch.add(record.hash.prefix(16))
    batch.items.append(
      .record(
        PreparedRecord(
          raw: raw, hash: hash, line: record.line, format: record.format, solutions: first..<batch.solutions.count)))
  }
}

/// A bounded hand-over between the reading and the writing thread.
///
/// `@unchecked Sendable`: every access to the stored properties happens with `condition` locked.
private final class BatchChannel: @unchecked Sendable {
  private let condition = NSCondition()
  private let capacity: Int
  private var batches: [PreparedBatch] = []
  private var start: Result<DatasetFormat, any Error>?
  private var finished = false
  private var failure: (any Error)?
  private var cancelled = false

  init(capacity: Int) { self.capacity = capacity }

  func started(_ result: Result<DatasetFormat, any Error>) {
    condition.withLock {
      if start == nil { start = result }
      condition.broadcast()
    }
  }

  func waitForStart() throws -> DatasetFormat {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let start { return try start.get() }
      condition.wait()
    }
  }

  /// Waits for room. `false` when nobody wants more.
  func put(_ batch: PreparedBatch) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while batches.count >= capacity && !cancelled { condition.wait() }
    if cancelled { return false }
    batches.append(batch)
    condition.broadcast()
    return true
  }

  func take() throws -> PreparedBatch? {
    condition.lock()
    defer { condition.unlock() }
    while batches.isEmpty && !finished { condition.wait() }
    if !batches.isEmpty {
      defer { condition.broadcast() }
      return batches.removeFirst()
    }
    if let failure { throw failure }
    return nil
  }

  func finish(_ error: (any Error)?) {
    condition.withLock {
      finished = true
      failure = error
      condition.broadcast()
    }
  }

  func cancel() {
    condition.withLock {
      cancelled = true
      condition.broadcast()
    }
  }
}
