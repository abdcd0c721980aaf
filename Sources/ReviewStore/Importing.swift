import CritiqueModel
import DatasetFormats
import Foundation
import GRDB

/// What to import and how to treat bad lines.
public struct ImportOptions: Sendable {
  /// `nil`: recognised by content.
  public var format: DatasetFormat?
  /// Import nothing of a file that has a bad record.
  public var strict: Bool
  /// How large a record may be.
  public var limits: ReaderLimits

  /// The defaults recognise the format and keep what is good.
  public init(format: DatasetFormat? = nil, strict: Bool = false, limits: ReaderLimits = ReaderLimits()) {
    self.format = format
    self.strict = strict
    self.limits = limits
  }
}

/// How far an import is.
public struct ImportProgress: Sendable, Hashable {
  /// Of the file on disk (compressed, if it is).
  public var bytes: Int64
  /// Size of the file on disk.
  public var totalBytes: Int64
  /// Records read so far, good and bad.
  public var records: Int
  /// Bad records so far.
  public var bad: Int
}

/// What an import did with each record of a file. `records == added + further + already + problems… + bad` holds for
/// files with one solution per record.
public struct ImportSummary: Sendable, Hashable, Codable {
  /// The file.
  public var path: String
  /// Name of its format.
  public var format: String
  /// Records found, good and bad.
  public var records = 0
  /// Solutions (and problems) that were not here before.
  public var added = 0
  /// Records of a solution that already exists with the same labels; kept, linked to it.
  public var further = 0
  /// Records that already exist, unchanged.
  public var already = 0
  /// Critiques that were not here before.
  public var critiques = 0
  /// Review events that were not here before.
  public var events = 0
  /// Records that could not be read.
  public var bad = 0
  /// Bytes read of the file on disk.
  public var bytes: Int64 = 0
  /// Time taken.
  public var seconds = 0.0
  /// New review events that are dated ahead of this machine's clock.
  public var ahead: DecisionsAhead?
}

/// An import that stopped at a bad record because ``ImportOptions/strict`` was set.
public struct StrictImportError: Error, Sendable, CustomStringConvertible {
  /// The first bad record.
  public var bad: BadRecord
  /// The record's place and fault, and that nothing was kept.
  public var description: String {
    "\(bad)" + (bad.remedy.map { " \($0)" } ?? "") + " Nothing of this file was imported (--strict)."
  }
}

extension Workspace {
  /// Imports one file of any known format.
  ///
  /// Records are parsed on one thread and written on the calling one, in short transactions between which other
  /// processes get their turn. Importing a file again adds nothing; an import that was cut short is completed by
  /// running it again.
  ///
  /// - Parameters:
  ///   - progress: called after each transaction; an error thrown here ends the import, keeping what was committed.
  ///   - onBad: called for each record that could not be read; these are also kept in the import report.
  /// - Throws: `DatasetError` when the file cannot be read at all, ``StrictImportError``, ``WorkspaceError``.
  public func importFile(
    _ path: String, options: ImportOptions = ImportOptions(), programVersion: String = "",
    progress: (ImportProgress) throws -> Void = { _ in }, onBad: (BadRecord) -> Void = { _ in }
  ) throws -> ImportSummary {
    if let refusal { throw refusal }
    let clock = ContinuousClock()
    let began = clock.now
    if options.strict { try rejectBadRecords(path, options) }

    let feed = try ImportFeed(path: path, options: options)
    defer { feed.cancel() }
    var summary = ImportSummary(path: path, format: feed.format.rawValue)
    do {
      try relaxSynchronization()
      defer { restoreSynchronization() }
      let writer = try ImportWriter(workspace: self, path: path, format: feed.format, programVersion: programVersion)
      while let batch = try feed.next() {
        for bad in try writer.write(batch, into: &summary) { onBad(bad) }
        try progress(
          ImportProgress(
            bytes: batch.bytesRead, totalBytes: batch.totalBytes, records: summary.records, bad: summary.bad))
        summary.bytes = batch.bytesRead
      }
      // The last transaction waits for the disk, and with it all before it: an import that was reported is durable.
      restoreSynchronization()
      try writer.finish(&summary)
    } catch {
      throw translated(error)
    }
    let elapsed = (clock.now - began).components
    summary.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    return summary
  }

  /// Settings under which an import writes. An import can be repeated, a decision cannot: only imports do without one
  /// fsync per transaction. The log may grow to 64 MiB before it is moved into the database: pages that many
  /// transactions change (those of the indexes) are then moved, and the disk waited for, once instead of each time.
  private func relaxSynchronization() throws {
    do {
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4096")
      }
    } catch {
      restoreSynchronization()
      throw error
    }
  }

  /// Decisions made after an import are durable again. Each setting by itself: one that fails must not stop the other.
  private func restoreSynchronization() {
    for setting in ["synchronous=FULL", "wal_autocheckpoint=1000"] {
      try? database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA " + setting) }
    }
  }

  /// A first pass that only reads, so that a strict import leaves nothing behind.
  private func rejectBadRecords(_ path: String, _ options: ImportOptions) throws {
    let reader = try DatasetReader(path: path, format: options.format, limits: options.limits)
    var events: [String: ReviewEvent] = [:]
    while let item = try reader.next() {
      switch item {
      case .bad(let bad): throw StrictImportError(bad: bad)
      case .record(let record):
        guard case .review = record.content else { continue }
        let event: ReviewEvent
        switch ReviewsFile.event(in: record, file: path) {
        case .success(let decoded): event = decoded
        case .failure(let bad): throw StrictImportError(bad: bad)
        }
        if let known = try events[event.uuid] ?? self.event(event.uuid), !known.isSame(as: event) {
          throw StrictImportError(bad: ReviewsFile.conflict(event, file: path, line: record.line))
        }
        events[event.uuid] = event
      }
    }
  }

  /// The bad records of past imports, newest import first. Of several imports of one file the latest counts: what was
  /// corrected since is bad no more.
  public func badRecords(limit: Int = 1000) throws -> [BadRecord] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT i.path, b.line, b.reason, b.remedy FROM bad_record b JOIN import i ON i.id = b.import_id
          WHERE i.id IN (\(Self.latestImports)) ORDER BY i.id DESC, b.line LIMIT ?
          """, arguments: [limit]
      ).map { BadRecord(file: $0["path"], line: $0["line"], reason: $0["reason"], remedy: $0["remedy"]) }
    }
  }

  /// SQL for the numbers of the latest import of each file.
  package static let latestImports = "SELECT max(id) FROM import GROUP BY path"
}
